/* libfuzzer.c - a target under libFuzzer, which brings its own main(). */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)fuzz_one((struct span){data, size});
    return 0;
}
