# Writes the definition files below `folder` into one source file, so that the library carries them.
function(appraise_built_in folder output)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*.json)
  list(FILTER files EXCLUDE REGEX "\\.schema\\.json$")
  set(depends)
  foreach(file IN LISTS files)
    list(APPEND depends ${folder}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${output} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cmake
    DEPENDS ${depends} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cmake
    COMMENT "Building the definitions into the library"
    VERBATIM)
endfunction()
