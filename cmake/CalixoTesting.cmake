# Test executables, one a room: unit tests touch no other process, integration tests get a
# PostgreSQL of their own from the fixture `postgres`.
include(GoogleTest)

# Short, for its UNIX socket, and where the user postgres may enter; one a build folder.
string(SHA1 build_hash ${PROJECT_BINARY_DIR})
string(SUBSTRING ${build_hash} 0 8 build_hash)
set(CALIXO_TEST_POSTGRES_FOLDER /tmp/calixo-test-${build_hash})

# calixo_unit_tests(NAME LIBRARIES...): every *_test.cpp of the calling folder.
function(calixo_unit_tests name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${name} ${sources})
  target_link_libraries(unit_${name} PRIVATE calixo_flags ${ARGN} GTest::gmock GTest::gtest_main)
  target_include_directories(unit_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  add_test(NAME unit.${name} COMMAND unit_${name} --gtest_shuffle --gtest_brief=1)
  set_tests_properties(unit.${name} PROPERTIES TIMEOUT 300 LABELS unit)
endfunction()

# calixo_integration_tests(NAME LIBRARIES...): the same, with CALIXO_TEST_DATABASE_URL (a superuser
# on a UNIX socket; each test makes a database of its own) and CALIXO_BIN, CALIXO_PLUGINS.
function(calixo_integration_tests name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(integration_${name} ${sources})
  target_link_libraries(integration_${name} PRIVATE calixo_flags ${ARGN} GTest::gmock GTest::gtest_main)
  target_include_directories(integration_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  add_test(NAME integration.${name} COMMAND integration_${name} --gtest_shuffle --gtest_brief=1)
  set_tests_properties(integration.${name} PROPERTIES
    TIMEOUT 600 LABELS integration FIXTURES_REQUIRED postgres
    ENVIRONMENT "${CALIXO_TEST_ENVIRONMENT}")
endfunction()

set(CALIXO_TEST_ENVIRONMENT
  "CALIXO_TEST_DATABASE_URL=host=${CALIXO_TEST_POSTGRES_FOLDER} user=postgres dbname=postgres"
  "CALIXO_TEST_BIN=${PROJECT_BINARY_DIR}/bin/calixo"
  "CALIXO_TEST_PLUGINS=${PROJECT_BINARY_DIR}/plugins"
  "CALIXO_TEST_BUILD=${PROJECT_BINARY_DIR}")
