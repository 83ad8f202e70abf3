# The programs.  What they share with tests is the library `tools`: all of
# tools/*/ but the file that holds a program's main().
file(GLOB tools_sources CONFIGURE_DEPENDS tools/*/*.c)
list(FILTER tools_sources EXCLUDE REGEX "/verify\\.c$")
if(tools_sources)
  add_library(tools STATIC ${tools_sources})
  include(tools/gloss.cmake)
  include(tools/objects.cmake)
  target_include_directories(tools PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(tools PUBLIC store net host core PkgConfig::JANSSON
    PkgConfig::ZSTD m)
else()
  add_library(tools INTERFACE)
  target_link_libraries(tools INTERFACE store net host core PkgConfig::JANSSON
    PkgConfig::ZSTD)
endif()

if(EXISTS ${CMAKE_SOURCE_DIR}/tools/entente.c)
  add_executable(entente tools/entente.c)
  target_link_libraries(entente PRIVATE tools)

  # man/entente.1 and its like: `entente manual` prints them from its tables.
  include(GNUInstallDirs)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
  foreach(page entente.1 entente-verify.1 entented.8 entente.conf.5)
    string(REGEX REPLACE "\\.([158])$" "" name ${page})
    string(REGEX REPLACE "^.*\\." "" section ${page})
    add_custom_command(
      OUTPUT ${CMAKE_BINARY_DIR}/man/${page}
      COMMAND entente manual ${name} > ${CMAKE_BINARY_DIR}/man/${page}
      DEPENDS entente)
    list(APPEND manual_pages ${CMAKE_BINARY_DIR}/man/${page})
    install(FILES ${CMAKE_BINARY_DIR}/man/${page}
      DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
  endforeach()
  add_custom_target(manual ALL DEPENDS ${manual_pages})
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/node/entented.c)
  add_executable(entented node/entented.c node/files.c node/options.c
    node/reload.c)
  target_link_libraries(entented PRIVATE store net host core)
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/tools/verify/verify.c)
  file(GLOB verify_sources CONFIGURE_DEPENDS tools/verify/*.c)
  add_executable(entente-verify ${verify_sources}
    tools/language/coordinate.c tools/language/zulu.c
    tools/reading/show_body.c tools/terminal/columns.c tools/terminal/local.c
    tools/terminal/moment.c tools/terminal/page.c tools/terminal/safe.c)
  target_link_libraries(entente-verify PRIVATE crypto m)
endif()
