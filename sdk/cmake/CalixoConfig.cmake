# find_package(Calixo 1.0 CONFIG): what builds a plugin of a Calixo server.
#
#   find_package(Calixo 1.0 CONFIG REQUIRED)
#   calixo_add_plugin(hello SOURCES plugin.cpp MIGRATIONS migrations)
#
# Targets Calixo::abi, Calixo::sdk and Calixo::testing; a project in C alone gets Calixo::abi and needs
# no Boost. Found in an installed prefix, and in the source tree by -DCalixo_DIR=<tree>/sdk/cmake; there the
# program calixo-manifest is taken from a build of the tree, or from where CALIXO_MANIFEST_TOOL says.
include(${CMAKE_CURRENT_LIST_DIR}/CalixoSdkTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/CalixoAddPlugin.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/CalixoAddPluginTest.cmake)

find_program(CALIXO_MANIFEST_TOOL calixo-manifest
  HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin
        ${CMAKE_CURRENT_LIST_DIR}/../../build/release/bin ${CMAKE_CURRENT_LIST_DIR}/../../build/dev/bin
  DOC "Writes what a plugin registers into its library")
if(NOT CALIXO_MANIFEST_TOOL)
  set(Calixo_FOUND FALSE)
  set(Calixo_NOT_FOUND_MESSAGE
    "the program calixo-manifest was not found: install the component sdk, or name it by -DCALIXO_MANIFEST_TOOL=FILE")
  return()
endif()

if(NOT TARGET Calixo::abi)
  get_property(calixo_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST calixo_languages)
    include(CMakeFindDependencyMacro)
    find_dependency(Boost 1.81)
  endif()
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/../include/calixo/abi/base.h) # the source tree
    cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH calixo_sdk_folder)
    calixo_define_sdk_targets(${calixo_sdk_folder}/include ${calixo_sdk_folder}/testing/include SYSTEM)
  else() # <prefix>/lib/cmake/Calixo
    cmake_path(SET calixo_include_folder NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../../../include)
    calixo_define_sdk_targets(${calixo_include_folder} ${calixo_include_folder} SYSTEM)
  endif()
endif()
