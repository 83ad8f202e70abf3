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
