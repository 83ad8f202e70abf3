# Programs that share nothing with ours, on what we lay down.
add_test(NAME interop/stranger
  COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/interop/stranger.py)
set_tests_properties(interop/stranger PROPERTIES LABELS interop
  SKIP_RETURN_CODE 77)
