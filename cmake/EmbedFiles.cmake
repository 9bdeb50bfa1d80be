# cmake -DFOLDER=f -DFILES=f/a|f/b/c -DOUTPUT=x.cpp -DSYMBOL=name -P EmbedFiles.cmake
# Writes the source that calixo_embed_sql and calixo_embed_folder add.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  file(RELATIVE_PATH name ${FOLDER} ${file})
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
