# The simulator's program: nodes with the real core, host and store on
# simulated machines (tests/sim/sim.c).
file(GLOB sim_sources CONFIGURE_DEPENDS tests/sim/*.c)
add_library(sim_parts OBJECT ${sim_sources})
target_link_libraries(sim_parts PRIVATE store sim host core crypto proto)

function(sim_program name)
  add_executable(${name} ${ARGN} $<TARGET_OBJECTS:sim_parts>)
  target_link_libraries(${name} PRIVATE store sim host core crypto proto)
  # GNU ld wraps calls from other files alone; lld wraps those within the file
  # that defines the function, too: a seed would be another run with it.
  target_link_options(${name} PRIVATE -fuse-ld=bfd
    -Wl,--wrap=seal_entry,--wrap=session_send)
endfunction()

sim_program(sim_nodes)

# Every promise, over seeds; a fault or a state table's row that never came
# fails, since what did not happen was not tried.
if(ENTENTE_SANITIZE)
  set(sim_firsts 1 10001)
  set(sim_seeds 40)
  set(sim_options)
elseif(CMAKE_BUILD_TYPE STREQUAL Debug)
  set(sim_firsts 1 10001)
  set(sim_seeds 40)
  set(sim_options)
else() # 2,000: three minutes on two processors
  set(sim_firsts 1 10001 20001 30001)
  set(sim_seeds 500)
  set(sim_options --all-fire)
endif()
foreach(first ${sim_firsts})
  add_test(NAME sim/seeds_from_${first}
    COMMAND sim_nodes ${first} ${sim_seeds} ${sim_options})
  set_tests_properties(sim/seeds_from_${first} PROPERTIES LABELS sim
    TIMEOUT 1800)
endforeach()

# Programs with one promise broken each, by a sed over a copy of one file; the
# oracle must catch each.  Built on demand, since a sed may fail to fit.
if(NOT ENTENTE_SANITIZE)
  file(GLOB mutants CONFIGURE_DEPENDS tests/sim/mutants/*.sed)
  add_custom_target(sim_mutants)
  add_test(NAME sim/mutants_build COMMAND ${CMAKE_COMMAND} --build
    ${CMAKE_BINARY_DIR} --target sim_mutants)
  set_tests_properties(sim/mutants_build PROPERTIES LABELS sim TIMEOUT 600
    FIXTURES_SETUP sim_mutants RUN_SERIAL ON)
  foreach(mutant ${mutants})
    get_filename_component(name ${mutant} NAME_WE)
    file(STRINGS ${mutant} source LIMIT_COUNT 1)
    string(REGEX REPLACE "^# *" "" source "${source}")
    set(copy ${CMAKE_BINARY_DIR}/mutants/${name}.c)
    add_custom_command(OUTPUT ${copy}
      COMMAND sed -f ${mutant} ${CMAKE_SOURCE_DIR}/${source} > ${copy}
      DEPENDS ${mutant} ${source})
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/mutants)
    sim_program(mutant_${name} ${copy})
    target_compile_options(mutant_${name} PRIVATE -w)
    set_target_properties(mutant_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    add_dependencies(sim_mutants mutant_${name})
    add_test(NAME sim/mutant_${name}
      COMMAND ${CMAKE_SOURCE_DIR}/tests/sim/mutant ${name}
        ${CMAKE_SOURCE_DIR}/${source} ${copy} $<TARGET_FILE:mutant_${name}>)
    set_tests_properties(sim/mutant_${name} PROPERTIES LABELS sim TIMEOUT 600
      FIXTURES_REQUIRED sim_mutants)
  endforeach()
endif()

if(NOT ENTENTE_SANITIZE)
  add_test(NAME sim/shrinks COMMAND ${CMAKE_SOURCE_DIR}/tests/sim/shrinks
    $<TARGET_FILE:mutant_no_fdatasync>)
  set_tests_properties(sim/shrinks PROPERTIES LABELS sim TIMEOUT 600
    FIXTURES_REQUIRED sim_mutants)
endif()

add_test(NAME sim/swarm COMMAND ${CMAKE_SOURCE_DIR}/tests/sim/swarm
  --seeds 40001-40012 --minutes 5 --jobs 2 --program $<TARGET_FILE:sim_nodes>)
set_tests_properties(sim/swarm PROPERTIES LABELS sim TIMEOUT 600
  PASS_REGULAR_EXPRESSION "^12 seeds, .* messages, .* restores, 0 violations")

# Twice the same seeds, whatever ran before them in the process.
add_test(NAME sim/same_digests COMMAND ${CMAKE_SOURCE_DIR}/tests/sim/same-digests
  $<TARGET_FILE:sim_nodes> $<TARGET_FILE:sim_nodes> 10)
set_tests_properties(sim/same_digests PROPERTIES LABELS sim TIMEOUT 600)
