# calixo_embed_sql(TARGET FOLDER SYMBOL)
#
# Embeds the files NNNN_what_it_does.sql of FOLDER byte for byte into TARGET, which then defines
#   calixo::host::EmbeddedFiles calixo::host::SYMBOL();     (db/embedded_files.hpp)
# calixo_embed_folder does so with every file of FOLDER and of those below it, by relative names.
# Files in the order of their names; one that is added, removed or changed makes the source anew.
set(CALIXO_EMBED_FOLDER ${CMAKE_CURRENT_LIST_DIR})

function(calixo_embed_sql target folder symbol)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  _calixo_embed_files(${target} ${folder} ${symbol} ${files})
endfunction()

function(calixo_embed_folder target folder symbol)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  _calixo_embed_files(${target} ${folder} ${symbol} ${files})
endfunction()

function(_calixo_embed_files target folder symbol)
  if(NOT IS_DIRECTORY ${folder})
    message(FATAL_ERROR "embedding into ${target}: no folder ${folder}")
  endif()
  set(files ${ARGN})
  list(SORT files)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} "-DFILES=${joined}" -DOUTPUT=${generated} -DSYMBOL=${symbol}
            -P ${CALIXO_EMBED_FOLDER}/EmbedFiles.cmake
    DEPENDS ${files} ${CALIXO_EMBED_FOLDER}/EmbedFiles.cmake
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
