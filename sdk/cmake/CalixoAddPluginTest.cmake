# calixo_add_plugin_test(NAME SOURCES a_test.cpp [LIBRARIES libs...])
#
# Builds the test sources together with those of plugin NAME and its embedded migrations into one
# GoogleTest program on the fake host, target and ctest test NAME_test. Call it after
# calixo_add_plugin(NAME …), in the same folder; GTest must have been found.
function(calixo_add_plugin_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;LIBRARIES")
  if(test_UNPARSED_ARGUMENTS OR NOT test_SOURCES)
    message(FATAL_ERROR "calixo_add_plugin_test(${name}): SOURCES and their files are expected")
  endif()
  set(plugin calixo_plugin_${name})
  if(NOT TARGET ${plugin})
    message(FATAL_ERROR "calixo_add_plugin_test(${name}): no calixo_add_plugin(${name} …) comes before it")
  endif()
  if(NOT TARGET GTest::gmock OR NOT TARGET GTest::gtest_main)
    message(FATAL_ERROR "calixo_add_plugin_test(${name}): write find_package(GTest REQUIRED) before it "
      "(Debian: libgtest-dev libgmock-dev)")
  endif()

  get_target_property(sources ${plugin} SOURCES)
  add_executable(${name}_test ${test_SOURCES} ${sources})
  foreach(what IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS)
    set_property(TARGET ${name}_test APPEND PROPERTY ${what} $<TARGET_PROPERTY:${plugin},${what}>)
  endforeach()
  get_target_property(libraries ${plugin} LINK_LIBRARIES)
  target_link_libraries(${name}_test PRIVATE
    ${test_LIBRARIES} ${libraries} Calixo::testing GTest::gmock GTest::gtest_main)
  add_test(NAME ${name}_test COMMAND ${name}_test)
endfunction()
