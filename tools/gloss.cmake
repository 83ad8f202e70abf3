# What people read about a field comes from the schema's own comments, and
# the examples from the files beside: gloss_rows.c, the tables of gloss.h.
find_program(AWK NAMES mawk gawk awk REQUIRED)
file(GLOB EXAMPLES CONFIGURE_DEPENDS tools/examples/*.json)
add_custom_command(
  OUTPUT ${GEN}/gloss_rows.c
  COMMAND ${AWK} -v out=${GEN}/gloss_rows.c
          -f ${CMAKE_SOURCE_DIR}/tools/gloss.awk ${SCHEMA_FILES} ${EXAMPLES}
  DEPENDS ${SCHEMA_FILES} ${EXAMPLES} ${CMAKE_SOURCE_DIR}/tools/gloss.awk)
set_source_files_properties(${GEN}/gloss_rows.c PROPERTIES COMPILE_OPTIONS -w)
target_sources(tools PRIVATE ${GEN}/gloss_rows.c)
