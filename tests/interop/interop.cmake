# Programs that share nothing with ours, on what we lay down: the examples of
# PROTOCOL.md, a node that speaks with entented, other people's verifiers.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
  add_test(NAME interop/stranger COMMAND ${Python3_EXECUTABLE} stranger.py
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/interop)
  # Debian's modules are those of Debian's interpreter, whatever PATH has first.
  find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  if(NOT DEBIAN_PYTHON)
    set(DEBIAN_PYTHON ${Python3_EXECUTABLE})
  endif()
  if(TARGET entented)
    add_test(NAME interop/verifiers COMMAND ${Python3_EXECUTABLE}
      test_verifiers.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/interop)
    add_test(NAME interop/client COMMAND ${DEBIAN_PYTHON} test_client.py -v
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/interop)
    add_test(NAME interop/auditor COMMAND ${Python3_EXECUTABLE}
      test_auditor.py -v WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/interop)
    add_test(NAME interop/hostile COMMAND ${DEBIAN_PYTHON} test_hostile.py -v
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/interop)
    list(APPEND interop_tests interop/verifiers interop/client interop/auditor
      interop/hostile)
  endif()
  set_tests_properties(interop/stranger ${interop_tests}
    PROPERTIES
    LABELS interop SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "ENTENTE_BIN=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endif()
