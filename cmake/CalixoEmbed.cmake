# calixo_embed_sql(TARGET FOLDER SYMBOL)
#
# Embeds the files NNNN_what_it_does.sql of FOLDER byte for byte into TARGET, which then defines
#   calixo::host::EmbeddedFiles calixo::host::SYMBOL();     (db/embedded_files.hpp)
# Files in the order of their names; one that is added, removed or changed makes the source anew.
set(CALIXO_EMBED_FOLDER ${CMAKE_CURRENT_LIST_DIR})

function(calixo_embed_sql target folder symbol)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  if(NOT IS_DIRECTORY ${folder})
    message(FATAL_ERROR "calixo_embed_sql(${target}): no folder ${folder}")
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT files)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${joined}" -DOUTPUT=${generated} -DSYMBOL=${symbol}
            -P ${CALIXO_EMBED_FOLDER}/EmbedSql.cmake
    DEPENDS ${files} ${CALIXO_EMBED_FOLDER}/EmbedSql.cmake
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
