# calixo_add_plugin(NAME SOURCES a.cpp b.cpp [MIGRATIONS folder] [LIBRARIES libs...])
#
# Builds ${CMAKE_BINARY_DIR}/plugins/libcalixo_NAME.so, target calixo_plugin_NAME: a module that
# exports nothing but calixo_plugin_entry. The files NNNN_what_it_does.sql of the MIGRATIONS folder
# are embedded byte for byte, for plugin.migrations(); numbers run from 0001 without gaps. After the
# link, calixo-manifest writes what the plugin registers into the section .calixo.manifest.
#
# In C++ it is built on Calixo::sdk. Where all SOURCES are C it is built on Calixo::abi, without the C++
# runtime, and reaches its embedded migrations by
#   const calixo_migration* calixo_embedded_migrations(size_t* count);

function(calixo_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "MIGRATIONS" "SOURCES;LIBRARIES")
  if(plugin_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "calixo_add_plugin(${name}): unknown words: ${plugin_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT plugin_SOURCES)
    message(FATAL_ERROR "calixo_add_plugin(${name}): SOURCES names no file")
  endif()

  set(target calixo_plugin_${name})
  add_library(${target} MODULE ${plugin_SOURCES})
  set_target_properties(${target} PROPERTIES
    PREFIX lib
    OUTPUT_NAME calixo_${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    C_STANDARD 11
    CXX_VISIBILITY_PRESET hidden
    C_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version)
  target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  _calixo_sdk_of(sdk ${name} ${plugin_SOURCES})
  target_link_libraries(${target} PRIVATE ${plugin_LIBRARIES} ${sdk})
  if(TARGET calixo_flags)
    target_link_libraries(${target} PRIVATE calixo_flags)
  endif()
  target_link_options(${target} PRIVATE -Wl,--gc-sections
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version)
  if(NOT CALIXO_SANITIZE) # a sanitizer's runtime is found in the host's executable
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(plugin_MIGRATIONS)
    _calixo_embed_migrations(${name} ${target} ${plugin_MIGRATIONS} ${sdk})
  endif()
  calixo_write_manifest(${target})
endfunction()

# The SDK target that these sources are built on.
function(_calixo_sdk_of result name)
  set(in_cxx ${ARGN})
  list(FILTER in_cxx EXCLUDE REGEX "\\.c$")
  if(NOT in_cxx)
    set(${result} Calixo::abi PARENT_SCOPE)
  elseif(TARGET Calixo::sdk)
    set(${result} Calixo::sdk PARENT_SCOPE)
  else()
    message(FATAL_ERROR "calixo_add_plugin(${name}): ${in_cxx} is not C, and C++ was not enabled when "
      "Calixo was found: write project(… LANGUAGES CXX) before find_package(Calixo)")
  endif()
endfunction()

# Writes the manifest into the library of a target that is built without calixo_add_plugin (plain C).
# The tool is a target of the server's own tree, or CALIXO_MANIFEST_TOOL names the installed program.
function(calixo_write_manifest target)
  if(TARGET calixo_manifest_tool OR NOT CALIXO_MANIFEST_TOOL)
    set(tool $<TARGET_FILE:calixo_manifest_tool>)
    add_dependencies(${target} calixo_manifest_tool)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${tool})
  else()
    set(tool ${CALIXO_MANIFEST_TOOL})
  endif()
  get_target_property(language ${target} LINKER_LANGUAGE)
  if(NOT language)
    set(language CXX)
    if(NOT CMAKE_CXX_COMPILER) # a project in C alone
      set(language C)
    endif()
  endif()
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${tool} --write $<TARGET_FILE:${target}> --objcopy ${CMAKE_OBJCOPY}
            --build "compiler=${CMAKE_${language}_COMPILER_ID} ${CMAKE_${language}_COMPILER_VERSION}"
            --build "sdk=${Calixo_VERSION}"
    VERBATIM)
endfunction()

# Adds a generated source with the folder's files to the target. A file that is added, removed or
# changed makes it anew.
function(_calixo_embed_migrations name target folder sdk)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  if(NOT IS_DIRECTORY ${folder})
    message(FATAL_ERROR "calixo_add_plugin(${name}): no folder ${folder}")
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT files)
  set(expected 0)
  foreach(file IN LISTS files)
    get_filename_component(file_name ${file} NAME)
    math(EXPR expected "${expected} + 1")
    if(NOT file_name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
      message(FATAL_ERROR "calixo_add_plugin(${name}): ${file} is not named NNNN_what_it_does.sql")
    endif()
    string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
    if(NOT number STREQUAL expected)
      message(FATAL_ERROR "calixo_add_plugin(${name}): ${file} comes where number ${expected} is due")
    endif()
  endforeach()

  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_migrations.cpp)
  if(sdk STREQUAL Calixo::abi) # a plugin in C; the text is both
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_migrations.c)
  endif()
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${joined}" -DOUTPUT=${generated}
            -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/EmbedMigrations.cmake
    DEPENDS ${files} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/EmbedMigrations.cmake
    COMMENT "Embedding the migrations of plugin ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
