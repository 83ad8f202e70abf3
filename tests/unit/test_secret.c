/* test_secret.c - what secret.h promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/secret.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
this_libsodium_refuses_mixed_order_keys_so_we_start(void **state)
{
    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    assert_int_equal(crypto_start(), STATUS_OK); /* twice does no harm */
}

static void
wiping_an_object_zeroes_all_of_it_and_nothing_beside(void **state)
{
    struct {
        uint8_t         before;
        struct secret32 secret;
        uint8_t         after;
    } memory;
    uint8_t array[7];

    (void)state;
    memset(&memory, 0xaa, sizeof(memory));
    secret_wipe(&memory.secret);
    assert_int_equal(memory.before, 0xaa);
    assert_true(secret_is_zero(memory.secret.bytes, LIMIT_KEY));
    assert_int_equal(memory.after, 0xaa);

    memset(array, 0xaa, sizeof(array));
    secret_wipe(&array);
    assert_true(secret_is_zero(array, sizeof(array)));
    memset(array, 0xaa, sizeof(array));
    secret_wipe_bytes(array, 3);
    assert_true(secret_is_zero(array, 3));
    assert_int_equal(array[3], 0xaa);
}

static void
equality_sees_every_bit(void **state)
{
    struct secret32 a = {{1, 2, 3}};
    struct secret32 b = a;

    (void)state;
    assert_true(secret_equal(a.bytes, b.bytes, sizeof(a.bytes)));
    for (size_t bit = 0; bit < 8 * sizeof(a.bytes); bit++) {
        b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(secret_equal(a.bytes, b.bytes, sizeof(a.bytes)));
        b.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    b = (struct secret32){0};
    assert_true(secret_is_zero(b.bytes, sizeof(b.bytes)));
    b.bytes[31] = 0x80;
    assert_false(secret_is_zero(b.bytes, sizeof(b.bytes)));
}

static void
guarded_memory_begins_as_zeros_and_can_be_written(void **state)
{
    struct secret64 *secret = secret_alloc(sizeof(*secret));

    (void)state;
    assert_non_null(secret);
    assert_true(secret_is_zero(secret->bytes, sizeof(secret->bytes)));
    memset(secret->bytes, 0x5a, sizeof(secret->bytes));
    secret_free(secret);
    secret_free(NULL);
}

/* Runs `fault` in a child and tells whether a signal ended it. */
static bool
dies(void (*fault)(void))
{
    int   status = 0;
    pid_t child = fork();

    if (child == 0) {
        /* A sanitizer's handler would turn the signal into an exit. */
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGABRT, SIG_DFL);
        fault();
        _exit(0);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void
write_beyond(void)
{
    volatile uint8_t *secret = secret_alloc(LIMIT_KEY);

    secret[LIMIT_KEY] = 1;
}

static void
write_inside(void)
{
    volatile uint8_t *secret = secret_alloc(LIMIT_KEY);

    secret[LIMIT_KEY - 1] = 1;
}

static void
one_byte_beyond_guarded_memory_ends_the_process(void **state)
{
    (void)state;
    assert_true(dies(write_beyond));
    assert_false(dies(write_inside));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_libsodium_refuses_mixed_order_keys_so_we_start),
        cmocka_unit_test(wiping_an_object_zeroes_all_of_it_and_nothing_beside),
        cmocka_unit_test(equality_sees_every_bit),
        cmocka_unit_test(guarded_memory_begins_as_zeros_and_can_be_written),
        cmocka_unit_test(one_byte_beyond_guarded_memory_ends_the_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
