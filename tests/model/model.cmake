# The protocol of a pair as a Spin model: its claims hold, each of its broken
# variants is caught, and its rows are those of the page and of the code.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND AND NOT ENTENTE_SANITIZE)
  add_test(NAME model/rows COMMAND ${Python3_EXECUTABLE}
    ${CMAKE_SOURCE_DIR}/tests/model/rows ${CMAKE_SOURCE_DIR})
  add_test(NAME model/rows_control COMMAND ${Python3_EXECUTABLE}
    ${CMAKE_SOURCE_DIR}/tests/model/rows ${CMAKE_SOURCE_DIR} --control)
  add_test(NAME model/pair COMMAND ${Python3_EXECUTABLE}
    ${CMAKE_SOURCE_DIR}/tests/model/check)
  set_tests_properties(model/rows model/rows_control model/pair PROPERTIES
    LABELS model SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1")
endif()
