# calixo_define_sdk_targets(INCLUDE_FOLDER TESTING_FOLDER [SYSTEM])
#
# Defines, once a build, over the headers in those folders:
#   Calixo::abi      the C contract; all that a plugin in C needs
#   Calixo::sdk      the C++ layer                               where C++ is enabled, and asks for
#   Calixo::testing  a fake host for unit tests of handlers      the target Boost::headers
# SYSTEM silences warnings from the headers, for builds that are not the SDK's own.
set(CALIXO_SDK_CMAKE_FOLDER ${CMAKE_CURRENT_LIST_DIR})

function(calixo_define_sdk_targets include_folder testing_folder)
  cmake_parse_arguments(PARSE_ARGV 2 sdk "SYSTEM" "" "")
  set(system)
  if(sdk_SYSTEM)
    set(system SYSTEM)
  endif()
  add_library(calixo_sdk_abi INTERFACE)
  add_library(Calixo::abi ALIAS calixo_sdk_abi)
  target_include_directories(calixo_sdk_abi ${system} INTERFACE ${include_folder})

  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CXX IN_LIST languages)
    return()
  endif()

  # Boost.JSON compiled once: its header-only form, so that no plugin needs the shared library.
  add_library(calixo_boost_json STATIC EXCLUDE_FROM_ALL ${CALIXO_SDK_CMAKE_FOLDER}/boost_json.cpp)
  target_link_libraries(calixo_boost_json PUBLIC Boost::headers)
  target_compile_features(calixo_boost_json PUBLIC cxx_std_20)
  set_target_properties(calixo_boost_json PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

  add_library(calixo_sdk INTERFACE)
  add_library(Calixo::sdk ALIAS calixo_sdk)
  target_link_libraries(calixo_sdk INTERFACE calixo_sdk_abi calixo_boost_json Boost::headers)

  add_library(calixo_sdk_testing INTERFACE)
  add_library(Calixo::testing ALIAS calixo_sdk_testing)
  target_include_directories(calixo_sdk_testing ${system} INTERFACE ${testing_folder})
  target_link_libraries(calixo_sdk_testing INTERFACE calixo_sdk)
endfunction()
