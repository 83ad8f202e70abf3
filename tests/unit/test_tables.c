#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/store/tables.h"
#include "proto/record.h"

static struct tables tables;

static int
begin(void **state)
{
    (void)state;
    assert_int_equal(tables_open(NULL, NULL, &tables), STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    tables_close(&tables);
    return 0;
}

static struct node_id
node_of(uint8_t number)
{
    struct node_id node;

    memset(node.bytes, number, sizeof(node.bytes));
    return node;
}

static struct origin
origin_of(uint8_t from, uint8_t to, uint64_t epoch)
{
    return (struct origin){.sender = node_of(from),
                           .recipient = node_of(to),
                           .realm = REALM_ACTUAL,
                           .epoch = epoch};
}

static struct message_id
id_of(uint64_t head, uint64_t tail)
{
    struct message_id id;
    struct writer     out = writer_of(id.bytes, sizeof(id.bytes));

    writer_u64(&out, head);
    writer_u64(&out, tail);
    return id;
}

/* --- small numbers ------------------------------------------------------- */

static void
a_peer_has_one_number(void **state)
{
    struct node_id node = node_of(4);
    struct node_id back;
    int64_t        one = 0;
    int64_t        again = 0;

    (void)state;
    assert_int_equal(tables_peer(&tables, &node, false, &one),
                     STATUS_NOT_FOUND);
    assert_int_equal(tables_peer(&tables, &node, true, &one), STATUS_OK);
    assert_int_equal(tables_peer(&tables, &node, true, &again), STATUS_OK);
    assert_int_equal(one, again);
    assert_int_equal(tables_peer_node(&tables, one, &back), STATUS_OK);
    assert_true(node_id_equal(&node, &back));
    assert_int_equal(tables_peer_node(&tables, 99, &back), STATUS_NOT_FOUND);
}

static void
more_channels_than_are_remembered_keep_their_facts(void **state)
{
    struct tables_channel *channel;

    (void)state;
    for (uint64_t i = 1; i <= 3 * TABLES_RECENT; i++) {
        struct origin origin = origin_of(1, 2, i);

        assert_int_equal(tables_channel_of(&tables, &origin, &channel),
                         STATUS_NOT_FOUND);
        assert_int_equal(tables_channel_make(&tables, &origin, true, &channel),
                         STATUS_OK);
        channel->cosigned = 10 * i;
        channel->span = i;
        assert_int_equal(tables_channel_set(&tables, channel), STATUS_OK);
    }
    for (uint64_t i = 1; i <= 3 * TABLES_RECENT; i++) {
        struct origin origin = origin_of(1, 2, i);
        int64_t       id;

        assert_int_equal(tables_channel_make(&tables, &origin, true, &channel),
                         STATUS_OK);
        assert_int_equal(channel->cosigned, 10 * i);
        assert_int_equal(channel->span, i);
        assert_int_equal(channel->pd % 2, 1);
        id = channel->id;
        assert_int_equal(tables_channel_by_id(&tables, id, &channel),
                         STATUS_OK);
        assert_true(origin_equal(&channel->origin, &origin));
    }
}

static void
an_outgoing_channel_is_its_recipients_an_incoming_its_senders(void **state)
{
    struct origin          origin = origin_of(1, 2, 1);
    struct origin          back = origin_of(2, 1, 1);
    struct tables_channel *channel;
    struct node_id         peer = node_of(2);
    int64_t                number = 0;

    (void)state;
    assert_int_equal(tables_peer(&tables, &peer, true, &number), STATUS_OK);
    assert_int_equal(tables_channel_make(&tables, &origin, true, &channel),
                     STATUS_OK);
    assert_int_equal(channel->pd, 2 * number + 1);
    assert_int_equal(tables_channel_make(&tables, &back, false, &channel),
                     STATUS_OK);
    assert_int_equal(channel->pd, 2 * number);
}

static void
channel_and_index_are_one_number_in_their_order(void **state)
{
    (void)state;
    assert_true(tables_at(1, TABLES_NUMBER_MAX) < tables_at(2, 0));
    assert_true(tables_at(2, 5) < tables_at(2, 6));
    assert_int_equal(tables_at_channel(tables_at(77, 12)), 77);
    assert_int_equal(tables_at_number(tables_at(77, 12)), 12);
}

static void
keys_are_in_the_order_of_the_bytes(void **state)
{
    struct message_id low = id_of(1, 0);
    struct message_id high = id_of(UINT64_MAX, 0);
    struct message_id middle = id_of((uint64_t)1 << 63, 0);

    (void)state;
    assert_true(tables_key(&low) < tables_key(&middle));
    assert_true(tables_key(&middle) < tables_key(&high));
}

/* --- messages ------------------------------------------------------------ */

static struct tables_message
add(int64_t pd, uint64_t head, uint64_t tail, bool queued)
{
    struct tables_message message = {.pd = pd,
                                     .message = id_of(head, tail),
                                     .state = STATE_NEW,
                                     .queued = queued};

    assert_int_equal(tables_message_add(&tables, &message), STATUS_OK);
    return message;
}

static int64_t
found(int64_t pd, uint64_t head, uint64_t tail)
{
    struct message_id     id = id_of(head, tail);
    struct tables_message message;

    if (tables_message_find(&tables, pd, &id, &message) != STATUS_OK)
        return -1;
    assert_memory_equal(message.message.bytes, id.bytes, sizeof(id.bytes));
    return message.id;
}

static void
directions_have_ids_of_their_own(void **state)
{
    (void)state;
    assert_int_equal(add(2, 1, 1, false).id - tables_first_id(false), 2);
    assert_int_equal(add(3, 1, 1, false).id - tables_first_id(true), 2);
    assert_int_equal(add(2, 2, 1, false).id - tables_first_id(false), 3);
    assert_true(tables_last_id(false) < tables_first_id(true));
}

static void
the_first_of_the_inbox_is_shown_and_the_last_of_the_outbox(void **state)
{
    int64_t first_in = add(2, 1, 1, false).id;
    int64_t first_out = add(3, 1, 1, false).id;
    int64_t other_tail = add(2, 1, 2, false).id;
    int64_t other_peer = add(4, 1, 1, false).id;
    int64_t again_in = add(2, 1, 1, false).id;
    int64_t again_out = add(3, 1, 1, false).id;

    (void)state;
    assert_int_equal(found(2, 1, 1), first_in);
    assert_int_equal(found(3, 1, 1), again_out);
    assert_int_equal(found(2, 1, 2), other_tail);
    assert_int_equal(found(4, 1, 1), other_peer);
    assert_int_equal(found(5, 1, 1), -1);
    assert_true(again_in > first_in && again_out > first_out);
}

static void
an_id_is_found_in_whatever_part_it_is(void **state)
{
    enum { MANY = 3 * 65536 };

    (void)state;
    assert_int_equal(db_exec(tables.db, "BEGIN"), STATUS_OK);
    for (uint64_t i = 1; i <= MANY; i++)
        (void)add(2, i * 0x9e3779b97f4a7c15, i, false);
    assert_int_equal(db_exec(tables.db, "COMMIT"), STATUS_OK);
    assert_true(tables_last_part(&tables, false) >= 3);
    for (uint64_t i = 1; i <= MANY; i += 9999)
        assert_int_equal(found(2, i * 0x9e3779b97f4a7c15, i), i + 1);
}

static void
what_waits_is_counted_and_found_and_leaves(void **state)
{
    struct message_id     id = id_of(7, 7);
    struct tables_message waiting = add(3, 7, 7, true);
    struct tables_message message;
    struct tables_message found_one;

    (void)state;
    assert_int_equal(tables.waiting, 1);
    assert_int_equal(tables_waiting_find(&tables, 3, &id, &found_one),
                     STATUS_OK);
    assert_int_equal(found_one.id, waiting.id);
    message = waiting;
    message.queued = false;
    message.entry = tables_at(1, 4);
    message.number = 17;
    message.state = STATE_SENT;
    assert_int_equal(tables_message_set(&tables, &waiting, &message),
                     STATUS_OK);
    assert_int_equal(tables.waiting, 0);
    assert_int_equal(tables_waiting_find(&tables, 3, &id, &found_one),
                     STATUS_NOT_FOUND);
    assert_int_equal(tables_message_find(&tables, 3, &id, &found_one),
                     STATUS_OK);
    assert_int_equal(found_one.number, 17);
    assert_int_equal(found_one.entry, tables_at(1, 4));
    assert_int_equal(found_one.state, STATE_SENT);
}

static void
after_a_roll_back_what_is_cached_is_what_the_tables_hold(void **state)
{
    struct origin          origin = origin_of(1, 2, 1);
    struct tables_channel *channel;
    int64_t                id = add(2, 1, 1, false).id;

    (void)state;
    assert_int_equal(db_exec(tables.db, "BEGIN"), STATUS_OK);
    (void)add(2, 2, 2, false);
    (void)add(3, 3, 3, true);
    assert_int_equal(tables_channel_make(&tables, &origin, true, &channel),
                     STATUS_OK);
    assert_int_equal(db_exec(tables.db, "ROLLBACK"), STATUS_OK);
    assert_int_equal(tables_forget_cached(&tables), STATUS_OK);
    assert_int_equal(tables.waiting, 0);
    assert_int_equal(add(2, 4, 4, false).id, id + 1);
    assert_int_equal(tables_channel_of(&tables, &origin, &channel),
                     STATUS_NOT_FOUND);
}

/* --- the mark ------------------------------------------------------------ */

static void
a_mark_is_of_one_journal(void **state)
{
    static const uint8_t ours[SEGMENT_FILE_ID] = {1};
    static const uint8_t other[SEGMENT_FILE_ID] = {2};
    struct tables_mark   mark = {.last = {3, 4096, 17}, .len = 99};
    struct tables_mark   read;

    (void)state;
    assert_int_equal(tables_mark_get(&tables, ours, &read), STATUS_NOT_FOUND);
    memset(mark.digest, 5, sizeof(mark.digest));
    assert_int_equal(tables_mark_set(&tables, ours, &mark), STATUS_OK);
    assert_int_equal(tables_mark_get(&tables, ours, &read), STATUS_OK);
    assert_int_equal(read.last.segment, 3);
    assert_int_equal(read.last.offset, 4096);
    assert_int_equal(read.last.sequence, 17);
    assert_int_equal(read.len, 99);
    assert_memory_equal(read.digest, mark.digest, sizeof(mark.digest));
    assert_int_equal(tables_mark_get(&tables, other, &read), STATUS_NOT_FOUND);
}

#define IN_MEMORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_MEMORY(a_peer_has_one_number),
        IN_MEMORY(more_channels_than_are_remembered_keep_their_facts),
        IN_MEMORY(
            an_outgoing_channel_is_its_recipients_an_incoming_its_senders),
        IN_MEMORY(channel_and_index_are_one_number_in_their_order),
        IN_MEMORY(keys_are_in_the_order_of_the_bytes),
        IN_MEMORY(directions_have_ids_of_their_own),
        IN_MEMORY(the_first_of_the_inbox_is_shown_and_the_last_of_the_outbox),
        IN_MEMORY(an_id_is_found_in_whatever_part_it_is),
        IN_MEMORY(what_waits_is_counted_and_found_and_leaves),
        IN_MEMORY(after_a_roll_back_what_is_cached_is_what_the_tables_hold),
        IN_MEMORY(a_mark_is_of_one_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
