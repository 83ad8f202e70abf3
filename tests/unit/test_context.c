#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "entry.pb-c.h"
#include "node/core/context.h"

static uint8_t memory[4096];

static struct span
packed_sealkey(uint32_t number, const char *realm, uint8_t *out)
{
    Entente__EntrySealkey sealkey = ENTENTE__ENTRY_SEALKEY__INIT;

    sealkey.number = number;
    sealkey.realm = (char *)(uintptr_t)realm;
    return (struct span){out, entente__entry_sealkey__pack(&sealkey, out)};
}

/* A frame holds bodies, and a body is read while the frame is. */
static void
what_was_parsed_stays_while_more_is_parsed(void **state)
{
    struct context turn = {.arena = strict_arena_of(memory, sizeof(memory))};
    uint8_t        bytes[2][64];
    const Entente__EntrySealkey *first;
    const Entente__EntrySealkey *second;

    (void)state;
    first = (const Entente__EntrySealkey *)context_parse(
        &turn, &entente__entry_sealkey__descriptor,
        packed_sealkey(1, "actual", bytes[0]));
    second = (const Entente__EntrySealkey *)context_parse(
        &turn, &entente__entry_sealkey__descriptor,
        packed_sealkey(2, "exercise-x", bytes[1]));
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(first->number, 1);
    assert_string_equal(first->realm, "actual");
    assert_int_equal(second->number, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_parsed_stays_while_more_is_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
