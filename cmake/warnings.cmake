# The warnings that every target of the project is built with.
function(appraise_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                           $<$<BOOL:${APPRAISE_WARNINGS_AS_ERRORS}>:-Werror>)
  # At -O3 GCC 12 warns of its own std::string (GCC bugs 105651, 105562); the development build keeps the second one.
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
  endif()
endfunction()
