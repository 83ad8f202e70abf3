#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "node/core/message/outbox.h"

static int
empty(void **state)
{
    *state = calloc(1, sizeof(struct outbox));
    return *state == NULL;
}

static int
drop(void **state)
{
    outbox_clear(*state);
    free(*state);
    return 0;
}

static struct outbox_item
item(unsigned id, enum precedence precedence)
{
    struct outbox_item out = {
        .precedence = precedence, .len = 10, .time_ms = 1000 + id};
    struct writer to = writer_of(out.id.bytes, sizeof(out.id.bytes));

    writer_u32(&to, id);
    return out;
}

static unsigned
id_of(const struct outbox_item *from)
{
    struct reader in = reader_of(SPAN_OF(from->id.bytes));

    return reader_u32(&in);
}

static void
put(struct outbox *box, unsigned id, enum precedence precedence)
{
    struct outbox_item one = item(id, precedence);

    assert_int_equal(outbox_put(box, &one, NULL), STATUS_OK);
}

static void
strike(struct outbox *box, unsigned id)
{
    struct outbox_item one = item(id, PRECEDENCE_ROUTINE);

    assert_int_equal(outbox_strike(box, &one.id), STATUS_OK);
}

/* The ids in order of departure, all taken out. */
static void
leaves_as(struct outbox *box, const unsigned *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_non_null(outbox_first(box));
        assert_int_equal(id_of(outbox_first(box)), ids[i]);
        outbox_pop(box);
    }
    assert_null(outbox_first(box));
    assert_int_equal(box->count, 0);
    assert_int_equal(box->bytes, 0);
}

static void
the_most_urgent_leaves_first_then_the_oldest(void **state)
{
    struct outbox *box = *state;

    put(box, 1, PRECEDENCE_ROUTINE);
    put(box, 2, PRECEDENCE_ROUTINE);
    put(box, 3, PRECEDENCE_FLASH);
    put(box, 4, PRECEDENCE_DEFERRED);
    put(box, 5, PRECEDENCE_FLASH);
    leaves_as(box, (unsigned[]){3, 5, 1, 2, 4}, 5);
}

static void
an_empty_outbox_has_no_first(void **state)
{
    struct outbox *box = *state;
    size_t         cursor = 0;

    assert_null(outbox_first(box));
    assert_null(outbox_next(box, &cursor));
    assert_null(outbox_at(box, PRECEDENCE_ROUTINE, 0));
    assert_int_equal(outbox_oldest_ms(box), 0);
}

static void
what_was_taken_out_makes_room_and_order_stays(void **state)
{
    struct outbox *box = *state;

    for (unsigned round = 0; round < 100; round++) {
        for (unsigned i = 0; i < 7; i++)
            put(box, 7 * round + i, PRECEDENCE_ROUTINE);
        for (unsigned i = 0; i < 5; i++) {
            assert_int_equal(id_of(outbox_first(box)), 5 * round + i);
            outbox_pop(box);
        }
    }
    assert_int_equal(box->count, 200);
    assert_int_equal(box->bytes, 2000);
}

static void
a_full_outbox_refuses_by_count(void **state)
{
    struct outbox     *box = *state;
    struct outbox_item one = item(1, PRECEDENCE_ROUTINE);

    for (unsigned i = 0; i < LIMIT_PENDING_COUNT; i++)
        put(box, i, PRECEDENCE_ROUTINE);
    assert_int_equal(outbox_put(box, &one, NULL), STATUS_FULL);
    assert_int_equal(box->count, LIMIT_PENDING_COUNT);
    outbox_pop(box);
    assert_int_equal(outbox_put(box, &one, NULL), STATUS_OK);
}

static void
a_full_outbox_refuses_by_bytes(void **state)
{
    struct outbox     *box = *state;
    struct outbox_item one = item(1, PRECEDENCE_ROUTINE);

    one.len = 1 << 29;
    assert_int_equal(outbox_put(box, &one, NULL), STATUS_OK);
    assert_int_equal(outbox_put(box, &one, NULL), STATUS_OK);
    one.len = 1;
    assert_int_equal(outbox_put(box, &one, NULL), STATUS_FULL);
    assert_int_equal(box->bytes, LIMIT_PENDING_BYTES);
}

static void
all_that_waits_is_told_in_order_of_departure(void **state)
{
    struct outbox *box = *state;
    size_t         cursor = 0;

    put(box, 1, PRECEDENCE_ROUTINE);
    put(box, 2, PRECEDENCE_FLASH);
    put(box, 3, PRECEDENCE_ROUTINE);
    put(box, 4, PRECEDENCE_ROUTINE);
    strike(box, 3);
    assert_int_equal(id_of(outbox_next(box, &cursor)), 2);
    assert_int_equal(id_of(outbox_next(box, &cursor)), 1);
    assert_int_equal(id_of(outbox_next(box, &cursor)), 4);
    assert_null(outbox_next(box, &cursor));
}

static void
a_struck_message_is_neither_counted_nor_found_nor_sent(void **state)
{
    struct outbox     *box = *state;
    struct outbox_item two = item(2, PRECEDENCE_ROUTINE);

    put(box, 1, PRECEDENCE_ROUTINE);
    put(box, 2, PRECEDENCE_ROUTINE);
    put(box, 3, PRECEDENCE_ROUTINE);
    strike(box, 2);
    assert_int_equal(box->count, 2);
    assert_int_equal(box->bytes, 20);
    assert_null(outbox_find(box, &two.id));
    leaves_as(box, (unsigned[]){1, 3}, 2);
}

static void
what_is_not_here_cannot_be_struck(void **state)
{
    struct outbox     *box = *state;
    struct outbox_item two = item(2, PRECEDENCE_ROUTINE);

    put(box, 1, PRECEDENCE_ROUTINE);
    assert_int_equal(outbox_strike(box, &two.id), STATUS_NOT_FOUND);
    assert_int_equal(box->count, 1);
    strike(box, 1);
    two = item(1, PRECEDENCE_ROUTINE);
    assert_int_equal(outbox_strike(box, &two.id), STATUS_NOT_FOUND);
    assert_int_equal(box->count, 0);
}

static void
a_message_struck_and_put_again_waits_once_more(void **state)
{
    struct outbox *box = *state;

    put(box, 1, PRECEDENCE_ROUTINE);
    put(box, 2, PRECEDENCE_ROUTINE);
    strike(box, 1);
    put(box, 1, PRECEDENCE_ROUTINE);
    leaves_as(box, (unsigned[]){2, 1}, 2);
}

static void
what_is_not_saved_are_the_youngest(void **state)
{
    struct outbox      *box = *state;
    struct outbox_item *kept;
    struct outbox_item  one = item(1, PRECEDENCE_ROUTINE);

    assert_int_equal(outbox_put(box, &one, &kept), STATUS_OK);
    assert_int_equal(outbox_unsettled(box, PRECEDENCE_ROUTINE), 0);
    kept->saved = true;
    assert_int_equal(outbox_unsettled(box, PRECEDENCE_ROUTINE), 1);
    put(box, 2, PRECEDENCE_ROUTINE);
    put(box, 3, PRECEDENCE_ROUTINE);
    assert_int_equal(outbox_unsettled(box, PRECEDENCE_ROUTINE), 1);
    assert_int_equal(id_of(outbox_at(box, PRECEDENCE_ROUTINE, 1)), 2);
    assert_null(outbox_at(box, PRECEDENCE_ROUTINE, 3));
}

static void
lend_all(struct outbox *box, unsigned from, unsigned count)
{
    struct record_secret loaded = {.kind = span_text("note"),
                                   .status = span_text("ACTUAL"),
                                   .subject = span_text("weather"),
                                   .message = span_text("plain")};

    for (unsigned i = from; i < from + count; i++) {
        struct outbox_item  one = item(i, PRECEDENCE_ROUTINE);
        struct outbox_item *found = outbox_find(box, &one.id);

        assert_non_null(found);
        outbox_lend(box, found, &loaded);
    }
}

static bool
is_text(struct span bytes, const char *text)
{
    return span_equal(bytes, span_text(text));
}

/* Copies of what was lent are whole; the others have nothing. */
static size_t
count_kept(const struct outbox *box)
{
    struct outbox_item *one;
    uint64_t            bytes = 0;
    size_t              count = 0;

    for (size_t at = 0; (one = outbox_at(box, PRECEDENCE_ROUTINE, at)); at++) {
        if (one->kept == NULL) {
            assert_int_equal(one->plain.len + one->kind.len, 0);
            assert_int_equal(one->status.len + one->subject.len, 0);
            continue;
        }
        assert_true(is_text(one->plain, "plain") && is_text(one->kind, "note"));
        assert_true(is_text(one->status, "ACTUAL"));
        assert_true(is_text(one->subject, "weather"));
        assert_ptr_equal(one->plain.ptr, one->kept);
        bytes += one->kept_len;
        count++;
    }
    assert_int_equal(box->kept, bytes);
    return count;
}

enum { COPY_LEN = 22 }; /* plain, note, ACTUAL, weather */

static void
without_room_the_oldest_and_the_youngest_stop_lending(void **state)
{
    struct outbox *box = *state;

    for (unsigned i = 0; i < 1000; i++)
        put(box, i, PRECEDENCE_ROUTINE);
    lend_all(box, 0, OUTBOX_LOADED);
    lend_all(box, 900, 100);
    outbox_keep(box, 0);
    assert_int_equal(count_kept(box), 0);
}

static void
copies_are_kept_as_far_as_there_is_room(void **state)
{
    struct outbox *box = *state;

    for (unsigned i = 0; i < 10; i++)
        put(box, i, PRECEDENCE_ROUTINE);
    lend_all(box, 0, 10);
    outbox_keep(box, 7 * COPY_LEN + COPY_LEN - 1);
    assert_int_equal(count_kept(box), 7);
    outbox_pop(box);
    strike(box, 5);
    assert_int_equal(count_kept(box), 5);
    lend_all(box, 7, 3);
    outbox_keep(box, 7 * COPY_LEN);
    assert_int_equal(count_kept(box), 7);
    outbox_forget(box);
    assert_int_equal(count_kept(box), 0);
}

/* A start strikes all that the journal dispatched; those that were loaded
 * then stand far behind in the ring. */
static void
those_behind_many_struck_ones_stop_lending_too(void **state)
{
    struct outbox *box = *state;

    for (unsigned i = 0; i < 1000; i++)
        put(box, i, PRECEDENCE_ROUTINE);
    for (unsigned i = 0; i < 600; i++)
        strike(box, i);
    lend_all(box, 600, 3);
    outbox_keep(box, 0);
    assert_int_equal(count_kept(box), 0);
    for (unsigned i = 700; i < 990; i++)
        strike(box, i);
    lend_all(box, 600, 100);
    lend_all(box, 990, 3);
    outbox_keep(box, 0);
    assert_int_equal(count_kept(box), 0);
}

static void
loads_are_forgotten_together(void **state)
{
    struct outbox      *box = *state;
    struct outbox_item  one = item(1, PRECEDENCE_ROUTINE);
    struct outbox_item *put_item;

    assert_int_equal(outbox_put(box, &one, &put_item), STATUS_OK);
    put_item->loading = true;
    outbox_forget(box);
    assert_false(outbox_first(box)->loading);
}

static void
the_oldest_submission_is_known_whatever_its_precedence(void **state)
{
    struct outbox *box = *state;

    put(box, 5, PRECEDENCE_FLASH);
    put(box, 2, PRECEDENCE_DEFERRED);
    put(box, 9, PRECEDENCE_DEFERRED);
    assert_int_equal(outbox_oldest_ms(box), 1002);
    strike(box, 2);
    assert_int_equal(outbox_oldest_ms(box), 1005);
}

#define OUTBOX_TEST(name) cmocka_unit_test_setup_teardown(name, empty, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(the_most_urgent_leaves_first_then_the_oldest),
        OUTBOX_TEST(an_empty_outbox_has_no_first),
        OUTBOX_TEST(what_was_taken_out_makes_room_and_order_stays),
        OUTBOX_TEST(a_full_outbox_refuses_by_count),
        OUTBOX_TEST(a_full_outbox_refuses_by_bytes),
        OUTBOX_TEST(all_that_waits_is_told_in_order_of_departure),
        OUTBOX_TEST(a_struck_message_is_neither_counted_nor_found_nor_sent),
        OUTBOX_TEST(what_is_not_here_cannot_be_struck),
        OUTBOX_TEST(a_message_struck_and_put_again_waits_once_more),
        OUTBOX_TEST(what_is_not_saved_are_the_youngest),
        OUTBOX_TEST(without_room_the_oldest_and_the_youngest_stop_lending),
        OUTBOX_TEST(copies_are_kept_as_far_as_there_is_room),
        OUTBOX_TEST(those_behind_many_struck_ones_stop_lending_too),
        OUTBOX_TEST(loads_are_forgotten_together),
        OUTBOX_TEST(the_oldest_submission_is_known_whatever_its_precedence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
