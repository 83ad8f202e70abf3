# Every tests/unit/test_foo.c is one program over cmocka, every script in
# tests/tidy and tests/e2e one test.  Each folder may bring its own rules.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# Libraries that a unit test of a module in that layer may use.
set(UNIT_LIBS tools store net sim host core crypto proto)

add_library(test_duo STATIC tests/unit/duo.c tests/unit/duo_ask.c
  tests/unit/duo_files.c tests/unit/duo_link.c tests/unit/duo_store.c tests/unit/rogue.c
  tests/unit/rogue_log.c)
target_link_libraries(test_duo PUBLIC core PkgConfig::CMOCKA)

file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/test_*.c)
foreach(source ${unit_tests})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE test_duo ${UNIT_LIBS} PkgConfig::CMOCKA
    PkgConfig::JANSSON)
  target_compile_definitions(${name} PRIVATE
    SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared"
    SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME unit/${name} COMMAND ${name})
  set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 300
    SKIP_RETURN_CODE 77)
endforeach()

foreach(folder tidy fuzz bench sim e2e captures interop model)
  include(tests/${folder}/${folder}.cmake OPTIONAL)
endforeach()
