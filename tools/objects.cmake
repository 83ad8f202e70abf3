# The description of every --json object, printed by `entente help json`.
add_custom_command(
  OUTPUT ${GEN}/objects_lines.c
  COMMAND ${AWK} -f ${CMAKE_SOURCE_DIR}/tools/objects.awk
          ${CMAKE_SOURCE_DIR}/tools/objects.schema.json
          > ${GEN}/objects_lines.c
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/objects.schema.json
          ${CMAKE_SOURCE_DIR}/tools/objects.awk)
target_sources(tools PRIVATE ${GEN}/objects_lines.c)
