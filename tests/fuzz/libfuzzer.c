/* libfuzzer.c - a target under libFuzzer, which brings its own main(). */
#include "crypto/secret.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    enum status st = crypto_start();

    (void)argc;
    (void)argv;
    assert(st == STATUS_OK);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)fuzz_one((struct span){data, size});
    return 0;
}
