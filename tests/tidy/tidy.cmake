# The rules that a compiler does not know, and the proof that they can fail.
add_test(NAME tidy/rules
  COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/tidy ${CMAKE_SOURCE_DIR})
add_test(NAME tidy/controls COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/test_tidy)
set_tests_properties(tidy/rules tidy/controls PROPERTIES LABELS tidy)

# The same, seen in the object files.
if(NOT ENTENTE_SANITIZE AND NOT ENTENTE_FUZZ)
  foreach(name proto crypto core host store net sim tools)
    get_target_property(type ${name} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      set(folder ${CMAKE_SOURCE_DIR}/${name})
      if(NOT IS_DIRECTORY ${folder})
        set(folder ${CMAKE_SOURCE_DIR}/node/${name})
      endif()
      list(APPEND layers ${name}=${folder}=$<TARGET_FILE:${name}>)
    endif()
  endforeach()
  add_test(NAME tidy/symbols
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/symbols ${layers})
  add_test(NAME tidy/symbols_controls
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/test_symbols)
  set_tests_properties(tidy/symbols tidy/symbols_controls PROPERTIES
    LABELS tidy)
endif()

# A false assertion ends the process, whatever CMAKE_BUILD_TYPE says.
add_executable(false_assert tests/tidy/false_assert.c)
add_test(NAME tidy/assert_fires
  COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/assert_fires
          ${CMAKE_SOURCE_DIR} $<TARGET_FILE:false_assert>)
set_tests_properties(tidy/assert_fires PROPERTIES LABELS tidy TIMEOUT 300)

# What the programs link.
if(NOT ENTENTE_SANITIZE AND TARGET entented)
  add_test(NAME tidy/links_entented
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/links $<TARGET_FILE:entented>
            libsodium libprotobuf-c libuv libsqlite3 libseccomp)
  add_test(NAME tidy/links_control
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/links $<TARGET_FILE:entented>
            libsodium libprotobuf-c libuv)
  set_tests_properties(tidy/links_entented tidy/links_control PROPERTIES
    LABELS tidy)
  set_tests_properties(tidy/links_control PROPERTIES WILL_FAIL ON)
endif()
if(NOT ENTENTE_SANITIZE AND TARGET entente-verify)
  add_test(NAME tidy/links_verify
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/links $<TARGET_FILE:entente-verify>
            libsodium libprotobuf-c libm)
  add_test(NAME tidy/alone_verify
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/alone $<TARGET_FILE:entente-verify>)
  add_test(NAME tidy/alone_control
    COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy/alone $<TARGET_FILE:entented>)
  set_tests_properties(tidy/links_verify tidy/alone_verify tidy/alone_control
    PROPERTIES LABELS tidy)
  set_tests_properties(tidy/alone_control PROPERTIES WILL_FAIL ON)
endif()
