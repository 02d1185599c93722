# The warnings that every target of the project is built with.
function(appraise_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                           $<$<BOOL:${APPRAISE_WARNINGS_AS_ERRORS}>:-Werror>)
endfunction()
