/*
 * false_assert.c - ends by SIGABRT at its first assertion, or tells that
 * assertions are off by ending with 0.
 */
#include <assert.h>

int
main(int argc, char **argv)
{
    (void)argv;
    assert(argc < 0);
    return 0;
}
