# The simulator's program: nodes with the real core, host and store on
# simulated machines (tests/sim/sim.c).
file(GLOB sim_sources CONFIGURE_DEPENDS tests/sim/*.c)
add_library(sim_parts OBJECT ${sim_sources})
target_link_libraries(sim_parts PRIVATE store sim host core crypto proto)

function(sim_program name)
  add_executable(${name} ${ARGN} $<TARGET_OBJECTS:sim_parts>)
  target_link_libraries(${name} PRIVATE store sim host core crypto proto)
  target_link_options(${name} PRIVATE -Wl,--wrap=seal_entry)
endfunction()

sim_program(sim_nodes)

# Every promise, over seeds; a fault or a state table's row that never came
# fails, since what did not happen was not tried.
if(ENTENTE_SANITIZE)
  set(sim_seeds 40)
  set(sim_options)
elseif(CMAKE_BUILD_TYPE STREQUAL Debug)
  set(sim_seeds 40)
  set(sim_options)
else()
  set(sim_seeds 250)
  set(sim_options --all-fire)
endif()
foreach(first 1 10001)
  add_test(NAME sim/seeds_from_${first}
    COMMAND sim_nodes ${first} ${sim_seeds} ${sim_options})
  set_tests_properties(sim/seeds_from_${first} PROPERTIES LABELS sim
    TIMEOUT 600)
endforeach()
