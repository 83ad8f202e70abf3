# Measuring programs; built with the rest so that they do not rot, run by hand.
add_executable(store_bench tests/bench/store_bench.c)
target_link_libraries(store_bench PRIVATE store)
