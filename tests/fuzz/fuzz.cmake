# Each tests/fuzz/fuzz_x.c is a target (fuzz.h): always a program replay_x,
# which is a test, and with ENTENTE_FUZZ a libFuzzer program fuzz_x, which
# tests/fuzz/run runs; its --help names the targets of each reader.
file(GLOB fuzz_targets CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
add_library(fuzz_inputs STATIC tests/fuzz/by_schema.c tests/fuzz/captured.c
  tests/fuzz/identity.c tests/fuzz/notes.c)
target_link_libraries(fuzz_inputs PUBLIC test_duo ${UNIT_LIBS}
  PkgConfig::JANSSON)
target_compile_definitions(fuzz_inputs PUBLIC # named by tests/unit/*.h
  SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared" SOURCE_DIR="${CMAKE_SOURCE_DIR}")
# One input takes milliseconds: every n-th prefix and byte only.
set(stride_peer 37)
set(stride_bundle 7)
set(stride_desk 29)
set(stride_handshake 3)
set(stride_keyring 5)
set(stride_capture 3)
set(stride_evidence 5)
set(stride_export 5)
set(stride_replay 31)
set(stride_rerun 997)
set(stride_said 37)
# What a target links besides.
set(link_said -Wl,--wrap=channel_append)
set(link_rerun -Wl,--wrap=envelope_open,--wrap=capsule_open)
set(link_slot -Wl,--wrap=secret_alloc,--wrap=secret_free)
set(link_keyring ${link_slot})
# A suggestion for a misspelt word compares more than all readers together:
# libFuzzer would trace nothing else.
if(ENTENTE_FUZZ)
  set_source_files_properties(proto/words.c PROPERTIES
    COMPILE_OPTIONS -fno-sanitize=fuzzer-no-link)
endif()
add_test(NAME fuzz/run COMMAND ${CMAKE_SOURCE_DIR}/tests/fuzz/run --runs 0)
set_tests_properties(fuzz/run PROPERTIES LABELS fuzz
  PASS_REGULAR_EXPRESSION "--runs takes a whole number above 0, not '0'")
foreach(source ${fuzz_targets})
  get_filename_component(target ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" name ${target})
  add_executable(replay_${name} ${source} tests/fuzz/replay.c)
  target_link_libraries(replay_${name} PRIVATE fuzz_inputs)
  target_link_options(replay_${name} PRIVATE ${link_${name}})
  set(stride 1)
  if(DEFINED stride_${name})
    set(stride ${stride_${name}})
  endif()
  add_test(NAME fuzz/${name}
    COMMAND replay_${name} --stride ${stride}
            ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  if(ENTENTE_FUZZ)
    add_executable(${target} ${source} tests/fuzz/libfuzzer.c)
    target_link_libraries(${target} PRIVATE fuzz_inputs)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer ${link_${name}})
  endif()
endforeach()
