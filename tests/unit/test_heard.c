#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/core/message/heard.h"
#include "proto/protobuf.h"

static const struct node_id    one = {{[7] = 1}}, other = {{[7] = 2}};
static const struct message_id first = {{[7] = 4}}, second = {{[7] = 8}};

static int
make(void **state)
{
    static struct heard heard;

    *state = &heard;
    return 0;
}

static int
drop(void **state)
{
    heard_clear(*state);
    return 0;
}

static enum status
take(struct heard *heard, const struct node_id *peer,
     const struct message_id *id, const char *text, uint64_t number)
{
    uint8_t       bytes[64];
    struct writer out = writer_of(bytes, sizeof(bytes));

    writer_put(&out, span_text(text));
    if (number > 0)
        protobuf_put_varint(&out, 15, number);
    return heard_take(heard, peer, id, number, writer_span(&out));
}

static void
the_same_message_may_come_again(void **state)
{
    struct heard *heard = *state;

    assert_int_equal(take(heard, &one, &first, "tea?", 7), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tea?", 7), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tea?", 70000), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tea?", 0), STATUS_OK);
}

static void
one_id_means_one_message_and_the_first_is_remembered(void **state)
{
    struct heard *heard = *state;

    assert_int_equal(take(heard, &one, &first, "tea?", 7), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tee?", 7), STATUS_DUPLICATE);
    assert_int_equal(take(heard, &one, &first, "tee?", 7), STATUS_DUPLICATE);
    assert_int_equal(take(heard, &one, &first, "tea?", 8), STATUS_OK);
    assert_int_equal(take(heard, &one, &second, "tee?", 9), STATUS_OK);
}

static void
an_id_is_one_peers_alone(void **state)
{
    struct heard *heard = *state;

    assert_int_equal(take(heard, &one, &first, "tea?", 7), STATUS_OK);
    assert_int_equal(take(heard, &other, &first, "tee?", 7), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tee?", 7), STATUS_DUPLICATE);
}

/* The number that the peer's node put there is cut off, and nothing else. */
static void
bytes_that_are_no_number_are_the_authors(void **state)
{
    struct heard *heard = *state;
    uint8_t       bytes[] = {0x78, 7};

    assert_int_equal(take(heard, &one, &first, "", 7), STATUS_OK);
    assert_int_equal(heard_take(heard, &one, &first, 7, SPAN_OF(bytes)),
                     STATUS_OK);
    assert_int_equal(heard_take(heard, &one, &first, 8, SPAN_OF(bytes)),
                     STATUS_DUPLICATE);
}

static void
what_is_forgotten_for_a_later_id_is_new_again(void **state)
{
    struct heard     *heard = *state;
    struct message_id id = first;

    assert_int_equal(take(heard, &one, &first, "tea?", 0), STATUS_OK);
    id.bytes[15] = 9; /* the place is chosen by the first bytes */
    assert_int_equal(take(heard, &one, &id, "later", 0), STATUS_OK);
    assert_int_equal(take(heard, &one, &first, "tee?", 0), STATUS_OK);
    heard_clear(heard);
    assert_int_equal(take(heard, &one, &first, "toe?", 0), STATUS_OK);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_same_message_may_come_again),
        CASE(one_id_means_one_message_and_the_first_is_remembered),
        CASE(an_id_is_one_peers_alone),
        CASE(bytes_that_are_no_number_are_the_authors),
        CASE(what_is_forgotten_for_a_later_id_is_new_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
