# cmake -DFILES=a.sql|b.sql -DOUTPUT=x.cpp -DSYMBOL=name -P EmbedSql.cmake
# Writes the source that calixo_embed_sql adds.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  # One byte more than the file has: an empty file would be an array of no elements.
  string(APPEND arrays "const unsigned char kFile${index}[] = {${bytes}0x00};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(kFile${index}), "
    "sizeof(kFile${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated: the files' bytes.
#include \"db/embedded_files.hpp\"

namespace calixo::host {
namespace {
${arrays}
const EmbeddedFile kFiles[] = {
${rows}    {},
};
}  // namespace

EmbeddedFiles ${SYMBOL}() { return {kFiles, ${index}}; }

}  // namespace calixo::host
")
