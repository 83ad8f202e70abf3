# Captures made by real daemons replay byte for byte, for ever.
if(Python3_FOUND AND TARGET entente)
  add_test(NAME captures/golden
    COMMAND ${Python3_EXECUTABLE}
      ${CMAKE_SOURCE_DIR}/tests/captures/test_golden.py)
  set_tests_properties(captures/golden PROPERTIES LABELS captures TIMEOUT 600
    ENVIRONMENT "ENTENTE_BIN=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endif()
