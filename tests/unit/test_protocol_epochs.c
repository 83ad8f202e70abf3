/*
 * test_protocol_epochs.c - what PROTOCOL.md says of a node that was set back:
 * a's records are cut to what they were, as an old backup has them.
 */
#include "tests/unit/duo.h"

#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_run(duo);
    *state = duo;
    return 0;
}

/* A backup of a that was made when it had so many records is restored. */
static void
set_back(struct duo *duo, size_t record_count)
{
    struct duo_party *a = &duo->a;

    assert_true(record_count <= a->record_count);
    while (a->record_count > record_count) {
        a->record_count--;
        free(a->records[a->record_count].bytes);
        free(a->records[a->record_count].secret);
    }
    duo_restart(a);
    for (int i = 0; i < 3; i++)
        duo_wait(duo, 60000);
}

/* The number of the epoch that a writes now. */
static uint64_t
epoch_of(const struct duo *duo)
{
    const struct peer *peer = duo->a.node->peers[0];

    return peer_channel(peer, REALM_ACTUAL)->origin.epoch;
}

static void
says_and_is_receipted(struct duo *duo, unsigned id)
{
    const Entente__Response *response;

    duo_forget_told(&duo->a);
    duo_submit(&duo->a, "node2", id, "ROUTINE", "tea?", "received");
    duo_run(duo);
    response = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT);
    assert_non_null(response);
    assert_string_equal(response->submit->state, "received");
}

static void
a_node_that_was_set_back_goes_on_in_a_new_epoch(void **state)
{
    struct duo *duo = *state;
    size_t      backup = duo->a.record_count;

    says_and_is_receipted(duo, 1);
    says_and_is_receipted(duo, 2);
    set_back(duo, backup);
    assert_int_equal(epoch_of(duo), 2);
    says_and_is_receipted(duo, 3);
}

/* Its peer knows higher numbers of it; another epoch of one is a fork. */
static void
who_restores_one_backup_again_goes_on_above_what_it_is_told(void **state)
{
    struct duo *duo = *state;
    size_t      backup = duo->a.record_count;
    uint64_t    before = 1;

    for (unsigned i = 0; i < 5; i++) {
        says_and_is_receipted(duo, 10 + i);
        set_back(duo, backup);
        assert_true(epoch_of(duo) > before);
        before = epoch_of(duo);
    }
    says_and_is_receipted(duo, 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_node_that_was_set_back_goes_on_in_a_new_epoch, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            who_restores_one_backup_again_goes_on_above_what_it_is_told, make,
            duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
