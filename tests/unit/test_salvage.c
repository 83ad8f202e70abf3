#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/store/salvage.h"

#include "proto/record.h"

enum { MOST = 16 };

/* One record, as a group of its own. */
static void
take(struct salvage *salvage, const struct record *record, const char *secret,
     bool closed)
{
    uint8_t             bytes[512];
    struct writer       out = writer_of(bytes, sizeof(bytes));
    struct group_record one = {.secret = closed ? SPAN_EMPTY
                                                : span_text(secret),
                               .secret_len = (uint32_t)strlen(secret),
                               .vault = secret[0] == '\0' ? 0 : 3};
    struct group        group = {.records = &one, .count = 1};

    record_encode(record, &out);
    one.public = writer_span(&out);
    assert_int_equal(salvage_take(salvage, &group), STATUS_OK);
}

static struct record
message(enum record_kind kind, uint8_t id)
{
    struct record record = {.kind = kind, .words = span_text("actual")};

    record.peer.bytes[0] = 7;
    record.id.bytes[0] = id;
    return record;
}

static struct record
dispatched(uint8_t id)
{
    static const uint8_t leaf[LEAF_LEN];
    struct record        record = message(RECORD_OUT_ENTRY, id);

    record.origin.sender.bytes[0] = 1;
    record.origin.recipient.bytes[0] = 7;
    memcpy(record.origin.realm, REALM_ACTUAL, sizeof(REALM_ACTUAL));
    record.origin.epoch = 1;
    record.leaf = SPAN_OF(leaf);
    return record;
}

struct given {
    struct {
        enum record_kind kind;
        uint8_t          id;
        uint64_t         number;
        uint32_t         vault;
        size_t           secret_len;
    } one[MOST];
    size_t count;
};

static enum status
put(void *arg, const struct effects *saves)
{
    struct given *given = arg;

    for (size_t i = 0; i < saves->count; i++) {
        struct record record;

        assert_true(given->count < MOST);
        assert_int_equal(record_decode(saves->list[i].bytes, &record),
                         STATUS_OK);
        given->one[given->count].kind = record.kind;
        given->one[given->count].id = record.id.bytes[0];
        given->one[given->count].number = record.number;
        given->one[given->count].vault = saves->list[i].vault;
        given->one[given->count].secret_len = saves->list[i].secret.len;
        given->count++;
    }
    return STATUS_OK;
}

static struct given
given(struct salvage *salvage, struct salvage_count *count)
{
    struct given out = {.count = 0};

    assert_int_equal(salvage_give(salvage, put, &out, count), STATUS_OK);
    salvage_free(salvage);
    return out;
}

static void
only_messages_that_wait_are_kept(void **state)
{
    struct salvage      *salvage = salvage_new();
    struct record        record;
    struct salvage_count count;
    struct given         out;

    (void)state;
    for (uint8_t id = 1; id <= 4; id++) {
        record = message(RECORD_PENDING, id);
        take(salvage, &record, "words", false);
    }
    record = dispatched(1);
    take(salvage, &record, "", false);
    record = message(RECORD_STRUCK, 2);
    take(salvage, &record, "", false);
    record = dispatched(3); /* and given back */
    take(salvage, &record, "", false);
    record = message(RECORD_PENDING, 3);
    take(salvage, &record, "words", false);
    out = given(salvage, &count);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.one[0].id, 4);
    assert_int_equal(out.one[0].vault, 3);
    assert_int_equal(out.one[0].secret_len, 5);
    assert_int_equal(out.one[1].id, 3);
    assert_int_equal(count.messages, 2);
}

static void
a_message_that_no_key_opens_is_counted_and_not_given(void **state)
{
    struct salvage      *salvage = salvage_new();
    struct record        record = message(RECORD_PENDING, 1);
    struct salvage_count count;

    (void)state;
    take(salvage, &record, "words", true);
    assert_int_equal(given(salvage, &count).count, 0);
    assert_int_equal(count.closed, 1);
    assert_int_equal(count.messages, 0);
}

static void
the_newest_of_what_replaces_itself_and_in_the_order_of_replay(void **state)
{
    struct salvage      *salvage = salvage_new();
    struct record        stamp = message(RECORD_STAMP, 0);
    struct record        peer = message(RECORD_PEER, 0);
    struct record        alarm = message(RECORD_ALARM, 0);
    struct salvage_count count;
    struct given         out;

    (void)state;
    take(salvage, &alarm, "", false);
    stamp.number = 5;
    take(salvage, &stamp, "", false);
    stamp.number = 9;
    take(salvage, &stamp, "", false);
    peer.number = 1;
    take(salvage, &peer, "", false);
    peer.number = 2;
    take(salvage, &peer, "", false);
    take(salvage, &alarm, "", false);
    out = given(salvage, &count);
    assert_int_equal(out.count, 4);
    assert_int_equal(out.one[0].kind, RECORD_PEER);
    assert_int_equal(out.one[0].number, 2);
    assert_int_equal(out.one[1].kind, RECORD_STAMP);
    assert_int_equal(out.one[1].number, 9);
    assert_int_equal(out.one[2].kind, RECORD_ALARM);
    assert_int_equal(out.one[3].kind, RECORD_ALARM);
    assert_int_equal(count.peers, 1);
    assert_int_equal(count.others, 3);
}

/* What refers from a message that was dispatched went with it. */
static void
references_stay_with_their_message(void **state)
{
    struct salvage      *salvage = salvage_new();
    struct record        record;
    struct salvage_count count;
    struct given         out;

    (void)state;
    for (uint8_t id = 1; id <= 2; id++) {
        record = message(RECORD_PENDING, id);
        take(salvage, &record, "words", false);
        record = message(RECORD_REFERS, id);
        record.outgoing = 1;
        take(salvage, &record, "", false);
    }
    record = dispatched(1);
    take(salvage, &record, "", false);
    record = message(RECORD_REFERS, 2);
    record.outgoing = 0; /* of theirs */
    take(salvage, &record, "", false);
    out = given(salvage, &count);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.one[0].kind, RECORD_PENDING);
    assert_int_equal(out.one[0].id, 2);
    assert_int_equal(out.one[1].kind, RECORD_REFERS);
    assert_int_equal(out.one[1].id, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_messages_that_wait_are_kept),
        cmocka_unit_test(a_message_that_no_key_opens_is_counted_and_not_given),
        cmocka_unit_test(
            the_newest_of_what_replaces_itself_and_in_the_order_of_replay),
        cmocka_unit_test(references_stay_with_their_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
