#include "tests/unit/rogue.h"

#include "node/core/link/outbound.h"
#include "node/core/roster.h"

#include <string.h>

static struct channel *
channel_of(const struct rogue *rogue)
{
    return peer_channel(rogue->victim->node->peers[0], REALM_ACTUAL);
}

/* An open link on which all was heard and cosigned so far. */
static void
open_and_quiet(struct rogue *rogue)
{
    rogue_open(rogue);
    rogue_say_cosigned(rogue, channel_of(rogue)->text.text,
                       &channel_of(rogue)->head);
    (void)rogue_hear(rogue, ENTENTE__FRAME__KIND_BYE);
    assert_int_equal(channel_of(rogue)->flight.count, 0);
}

/* All messages may be dispatched at once. */
static void
widen(struct rogue *rogue)
{
    for (size_t i = 0; i < 2; i++) {
        channel_of(rogue)->window[i].sample[0] = (struct window_sample){
            rogue->victim->now_ms, rogue->victim->now_ms, LIMIT_WINDOW_BYTES};
    }
}

static void
submit_long(struct rogue *rogue, unsigned id, const char *precedence,
            size_t len)
{
    static char     text[LIMIT_BODY];
    struct duo_note note = {.to = "node1",
                            .id = id,
                            .precedence = precedence,
                            .subject = "long",
                            .text = text};

    memset(text, 'x', len);
    text[len] = '\0';
    duo_submit_note(rogue->victim, &note);
}

static void
turns(struct rogue *rogue)
{
    while (duo_turn(rogue->victim))
        continue;
}

static void
leaves_come_first_then_the_head_then_bodies(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;

    open_and_quiet(rogue);
    duo_submit(rogue->victim, "node1", 1, "ROUTINE", "tea?", NULL);
    turns(rogue);
    frame = rogue_hear_next(rogue);
    assert_int_equal(frame->kind_case, ENTENTE__FRAME__KIND_LEAVES);
    assert_int_equal(frame->leaves->start, 1);
    assert_int_equal(frame->leaves->first, 1);
    assert_int_equal(frame->leaves->leaves.len, LEAF_LEN);
    frame = rogue_hear_next(rogue);
    assert_int_equal(frame->kind_case, ENTENTE__FRAME__KIND_HEAD);
    assert_int_equal(frame->head->size, 2);
    frame = rogue_hear_next(rogue);
    assert_int_equal(frame->kind_case, ENTENTE__FRAME__KIND_BODIES);
    assert_int_equal(frame->bodies->fragments[0]->index, 1);
    assert_null(rogue_hear_next(rogue));
}

static void
the_receipt_goes_before_the_answer(void **state)
{
    struct rogue *rogue = *state;

    open_and_quiet(rogue);
    rogue_announce(rogue, 1, rogue->duo->a.node->first_contact.public_key);
    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                     span_text("no message at all"));
    rogue_say_all(rogue, 0);
    assert_int_equal(rogue_hear_next(rogue)->kind_case,
                     ENTENTE__FRAME__KIND_COSIGNED);
    assert_int_equal(rogue_hear_next(rogue)->kind_case,
                     ENTENTE__FRAME__KIND_LEAVES);
}

static void
the_most_urgent_body_goes_first(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;

    open_and_quiet(rogue);
    widen(rogue);
    duo_submit(rogue->victim, "node1", 1, "DEFERRED", "later", NULL);
    duo_submit(rogue->victim, "node1", 2, "ROUTINE", "tea?", NULL);
    duo_submit(rogue->victim, "node1", 3, "FLASH", "fire", NULL);
    turns(rogue);
    frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES);
    assert_int_equal(frame->bodies->n_fragments, 3); /* small ones share */
    assert_int_equal(frame->bodies->fragments[0]->index, 1); /* the FLASH */
    assert_int_equal(frame->bodies->fragments[1]->index, 2);
    assert_int_equal(frame->bodies->fragments[2]->index, 3);
}

static size_t largest;

static bool
notes_the_largest(struct duo_party *party, struct span frame)
{
    (void)party;
    largest = frame.len > largest ? frame.len : largest;
    return true;
}

static void
no_frame_is_larger_than_the_link_allows(void **state)
{
    struct rogue *rogue = *state;

    rogue->victim->frame_max = 3000;
    largest = 0;
    rogue->victim->tap = notes_the_largest;
    open_and_quiet(rogue);
    submit_long(rogue, 1, "ROUTINE", 60000);
    turns(rogue);
    assert_in_range(largest, 2700, 3000);
}

static uint64_t given;

static bool
counts_and_keeps(struct duo_party *party, struct span frame)
{
    (void)party;
    given += frame.len;
    return false; /* gives no room back */
}

static void
no_more_is_given_to_the_link_than_it_has_room_for(void **state)
{
    struct rogue *rogue = *state;

    open_and_quiet(rogue);
    given = 0;
    rogue->victim->tap = counts_and_keeps;
    rogue->victim->node->peers[0]->link->room = 10000;
    submit_long(rogue, 1, "ROUTINE", 60000);
    turns(rogue);
    assert_in_range(given, 8000, 10000);
}

/* A body of 60,000 bytes is half way; the FLASH goes between its pieces. */
static void
a_flash_overtakes_a_body_that_is_on_its_way(void **state)
{
    struct rogue         *rogue = *state;
    struct session       *link;
    const Entente__Frame *frame;
    struct event          room = {.kind = EVENT_LINK_ROOM,
                                  .room = 16384,
                                  .frame_max = 16384};

    open_and_quiet(rogue);
    widen(rogue);
    link = rogue->victim->node->peers[0]->link;
    link->room = 20000;
    rogue->victim->tap = counts_and_keeps;
    submit_long(rogue, 1, "ROUTINE", 60000);
    turns(rogue);
    rogue->victim->tap = NULL;
    duo_submit(rogue->victim, "node1", 2, "FLASH", "fire", NULL);
    room.link = link->link;
    duo_post(rogue->victim, &room);
    rogue->receive.nonce = link->send.nonce;
    turns(rogue);
    frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES);
    assert_int_equal(frame->bodies->fragments[0]->index, 2);
    assert_int_equal(frame->bodies->fragments[1]->index, 1);
    assert_true(frame->bodies->fragments[1]->offset > 10000);
}

static void
all_pieces_of_a_body_come_in_order_without_gaps(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;
    uint64_t              offset = 0;

    rogue->victim->frame_max = 4096;
    open_and_quiet(rogue);
    submit_long(rogue, 1, "ROUTINE", 60000);
    turns(rogue);
    while ((frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES)) != NULL)
        for (size_t i = 0; i < frame->bodies->n_fragments; i++) {
            const Entente__Fragment *piece = frame->bodies->fragments[i];

            assert_int_equal(piece->index, 1);
            assert_int_equal(piece->offset, offset);
            offset += piece->bytes.len;
        }
    assert_int_equal(offset,
                     flight_at(&channel_of(rogue)->flight, 1)->body_len);
}

/* --- asked again ---------------------------------------------------------- */

static void
fetch(struct rogue *rogue, bool leaves, uint64_t leaves_from,
      uint64_t bodies_from, uint64_t count)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Fetch  asked = ENTENTE__FETCH__INIT;
    Entente__Range  range = ENTENTE__RANGE__INIT;
    Entente__Range *ranges[] = {&range};

    asked.origin = channel_of(rogue)->text.text;
    asked.leaves = leaves;
    asked.leaves_from = leaves_from;
    range.first = bodies_from;
    range.count = count;
    asked.n_bodies = count > 0;
    asked.bodies = ranges;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &asked;
    rogue_say(rogue, &frame);
}

static void
leaves_that_are_asked_for_come_again_with_head_and_bodies(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;

    open_and_quiet(rogue);
    duo_submit(rogue->victim, "node1", 1, "ROUTINE", "tea?", NULL);
    turns(rogue);
    (void)rogue_hear(rogue, ENTENTE__FRAME__KIND_BYE);
    fetch(rogue, true, 1, 0, 0);
    frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES);
    assert_int_equal(frame->leaves->start, 1);
    assert_int_equal(rogue_hear_next(rogue)->kind_case,
                     ENTENTE__FRAME__KIND_HEAD);
    frame = rogue_hear_next(rogue); /* what came before no head is lost */
    assert_int_equal(frame->kind_case, ENTENTE__FRAME__KIND_BODIES);
    assert_int_equal(frame->bodies->fragments[0]->index, 1);
    assert_null(rogue_hear_next(rogue));
}

static void
bodies_that_are_asked_for_come_again(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;

    open_and_quiet(rogue);
    duo_submit(rogue->victim, "node1", 1, "ROUTINE", "tea?", NULL);
    turns(rogue);
    (void)rogue_hear(rogue, ENTENTE__FRAME__KIND_BYE);
    fetch(rogue, false, 0, 1, 1);
    frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES);
    assert_int_equal(frame->bodies->n_fragments, 1);
    assert_int_equal(frame->bodies->fragments[0]->index, 1);
}

/* What it cosigned it has: nothing of it stands in memory any more. */
static void
leaves_that_were_cosigned_are_not_sent_again(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *frame;

    open_and_quiet(rogue);
    fetch(rogue, true, 0, 0, 0);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES));
    assert_false(rogue_is_closed(rogue));
    duo_submit(rogue->victim, "node1", 1, "ROUTINE", "tea?", NULL);
    turns(rogue);
    fetch(rogue, true, 0, 0, 0);
    frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES);
    assert_int_equal(frame->leaves->start, 1);
}

static void
what_is_not_there_is_not_sent_however_it_is_asked_for(void **state)
{
    struct rogue *rogue = *state;

    open_and_quiet(rogue);
    fetch(rogue, false, 0, 0, UINT64_MAX);
    fetch(rogue, false, 0, UINT64_MAX, UINT64_MAX);
    fetch(rogue, true, UINT64_MAX, 5, 1);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES));
    assert_false(rogue_is_closed(rogue));
}

#define OUTBOUND_TEST(name) \
    cmocka_unit_test_setup_teardown(name, rogue_make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        OUTBOUND_TEST(leaves_come_first_then_the_head_then_bodies),
        OUTBOUND_TEST(the_receipt_goes_before_the_answer),
        OUTBOUND_TEST(the_most_urgent_body_goes_first),
        OUTBOUND_TEST(no_frame_is_larger_than_the_link_allows),
        OUTBOUND_TEST(no_more_is_given_to_the_link_than_it_has_room_for),
        OUTBOUND_TEST(a_flash_overtakes_a_body_that_is_on_its_way),
        OUTBOUND_TEST(all_pieces_of_a_body_come_in_order_without_gaps),
        OUTBOUND_TEST(
            leaves_that_are_asked_for_come_again_with_head_and_bodies),
        OUTBOUND_TEST(bodies_that_are_asked_for_come_again),
        OUTBOUND_TEST(leaves_that_were_cosigned_are_not_sent_again),
        OUTBOUND_TEST(what_is_not_there_is_not_sent_however_it_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
