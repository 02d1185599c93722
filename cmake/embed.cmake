# Run at build time: FOLDER/*.json -> OUTPUT, a table of paths and texts (bytes, since compilers bound string literals).
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*.json)
list(FILTER files EXCLUDE REGEX "\\.schema\\.json$")
list(SORT files)
set(arrays "")
set(rows "")
set(number 0)
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${file}\", {reinterpret_cast<const char*>(file_${number}), sizeof file_${number} - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT}.new "// Made by cmake/embed.cmake from the definitions.
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace appraise::detail {
${arrays}
extern const std::span<const std::pair<std::string_view, std::string_view>> built_in_data;
static const std::array<std::pair<std::string_view, std::string_view>, ${number}> table = {{
${rows}}};
const std::span<const std::pair<std::string_view, std::string_view>> built_in_data{table};
}  // namespace appraise::detail
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
