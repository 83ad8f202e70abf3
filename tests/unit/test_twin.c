#include "tests/unit/index_world.h"

#include "crypto/seal.h"
#include "node/store/twin.h"

static int
open_world(void **state)
{
    struct world *world = world_new(false);

    world_opened(world);
    *state = world;
    return 0;
}

/* An entry that is really sealed: `text`, then the number as the node of the
 * sender appends it. */
static void
save_sealed(struct effects *out, const struct origin *origin, uint64_t index,
            uint64_t number, const char *text)
{
    struct record record = entry_record(RECORD_IN_ENTRY, origin, index, 9);
    struct record_secret secret = {.subject = span_text(text)};
    struct secret32      key = world_key((unsigned)index);
    struct origin_text   name = origin_format(origin);
    struct seal_batch    batch = {.origin = origin_span(&name)};
    struct leaf          leaf = {.suite = SUITE_CLASSIC,
                                 .class = CLASS_MESSAGE,
                                 .precedence = PRECEDENCE_ROUTINE,
                                 .sealing_key = 1};
    uint8_t              encoded[LEAF_LEN];
    uint8_t              body[512];
    uint8_t              bytes[256];
    struct writer        plain = writer_of(body, sizeof(body));
    struct writer        to = writer_of(bytes, sizeof(bytes));
    size_t               len = 0;

    writer_put(&plain, span_text(text));
    writer_u8(&plain, 0x78);
    if (number >= 128)
        writer_u8(&plain, (uint8_t)(number | 0x80));
    writer_u8(&plain, (uint8_t)(number >= 128 ? number >> 7 : number));
    assert_int_equal(seal_entry(&key, &batch, index, writer_span(&plain), &leaf,
                                body, &len),
                     STATUS_OK);
    leaf_encode(&leaf, encoded);
    record.state = STATE_NEW;
    record.number = number;
    record.leaf = SPAN_OF(encoded);
    record.bytes = (struct span){body, len};
    memcpy(secret.content_key, key.bytes, LIMIT_KEY);
    record_secret_encode(&secret, &to);
    world_save_record(out, &record, WORLD_VAULT, writer_span(&to));
}

static void
receive_twice(struct world *world, const char *first, const char *second)
{
    struct effects *turn = turn_begin(world);
    struct origin   one = origin_from(1, 1);
    struct origin   two = origin_from(1, 2);

    save_sealed(turn, &one, 4, 17, first);
    save_sealed(turn, &two, 7, 300, second);
    turn_commit(world, turn);
}

static void
the_same_message_with_another_number_is_shown_once(void **state)
{
    struct world *world = *state;

    receive_twice(world, "tea at four", "tea at four");
    assert_int_equal(inbox(world)->count, 1);
    assert_int_equal(inbox(world)->list[0].row.number, 17);
    assert_int_equal(find_number(world, 1, false, 300)->count, 0);
}

static void
of_two_messages_under_one_id_the_later_is_quarantined(void **state)
{
    struct world      *world = *state;
    const struct rows *rows;

    receive_twice(world, "tea at four", "tea at five");
    rows = inbox(world);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[0].subject, "tea at four");
    assert_int_equal(rows->list[0].row.state, STATE_NEW);
    assert_string_equal(rows->list[1].subject, "tea at five");
    assert_int_equal(rows->list[1].row.state, STATE_QUARANTINED);
    assert_int_equal(find_prefix(world, "00000000")->count, 2);
}

static void
a_longer_message_that_begins_alike_is_another(void **state)
{
    struct world *world = *state;

    receive_twice(world, "tea at four", "tea at four, or later");
    assert_int_equal(inbox(world)->count, 2);
}

static void
what_cannot_be_read_any_more_is_no_accusation(void **state)
{
    struct world   *world = *state;
    struct effects *turn;

    receive_twice(world, "tea at four", "tea at five");
    turn = calloc(1, sizeof(*turn));
    world_turn(world, turn);
    world_destroy_key(turn, WORLD_VAULT);
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->count, 1);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, open_world, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(the_same_message_with_another_number_is_shown_once),
        ON_WORLD(of_two_messages_under_one_id_the_later_is_quarantined),
        ON_WORLD(a_longer_message_that_begins_alike_is_another),
        ON_WORLD(what_cannot_be_read_any_more_is_no_accusation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
