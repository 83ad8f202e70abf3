# The programs as people and scripts run them.  Each test_*.py is one test
# over python3's unittest; those that start a node need entented.
find_package(Python3 COMPONENTS Interpreter QUIET)
file(GLOB e2e_tests CONFIGURE_DEPENDS tests/e2e/test_*.py)
foreach(source ${e2e_tests})
  get_filename_component(name ${source} NAME_WE)
  if(NOT Python3_FOUND OR NOT TARGET entente)
    continue()
  endif()
  add_test(NAME e2e/${name}
    COMMAND ${Python3_EXECUTABLE} ${source} -v
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/e2e)
  set_tests_properties(e2e/${name} PROPERTIES LABELS e2e TIMEOUT 900
    SKIP_RETURN_CODE 77
    ENVIRONMENT "ENTENTE_BIN=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endforeach()
if(ENTENTE_SANITIZE) # slower, and the same code: fewer kills are enough
  set_property(TEST e2e/test_kills APPEND PROPERTY ENVIRONMENT ENTENTE_KILLS=12)
endif()
if(TARGET entente AND TARGET entented)
  add_test(NAME e2e/demo COMMAND ${CMAKE_SOURCE_DIR}/tools/demo)
  set_tests_properties(e2e/demo PROPERTIES LABELS e2e TIMEOUT 300
    ENVIRONMENT "ENTENTE_BIN=${CMAKE_BINARY_DIR}")
endif()
