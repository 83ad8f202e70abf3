/*
 * test_protocol_link.c - what PROTOCOL.md says of frames that no honest node
 * would send: node b is offered them inside the transport of its peer a.
 */
#include "tests/unit/duo.h"

#include "crypto/seal.h"
#include "link.pb-c.h"
#include "node/core/roster.h"
#include "node/core/link/session.h"
#include "tests/unit/one_turn.h"

#include <stdlib.h>
#include <string.h>

enum { LEAVES_MAX = 16, AHEAD = LIMIT_HEAD_AHEAD + 100 };

/* A log of a's that only this test writes: its second epoch to b. */
struct forged {
    struct origin_text text;
    uint8_t            leaves[LEAVES_MAX][LEAF_LEN];
    uint64_t           size;
    char               body[1];
};

static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    *state = duo;
    return 0;
}

static struct session *
session_of(const struct duo_party *party)
{
    for (size_t i = 0; i < party->node->session_count; i++)
        if (party->node->sessions[i]->link == party->link)
            return party->node->sessions[i];
    fail_msg("no link");
    return NULL;
}

static void
say(struct duo *duo, const Entente__Frame *frame)
{
    uint8_t      bytes[8192];
    struct event event = {.kind = EVENT_LINK_FRAME, .link = duo->b.link};
    size_t       len = entente__frame__get_packed_size(frame);

    assert_true(len + LIMIT_TAG <= sizeof(bytes));
    entente__frame__pack(frame, bytes);
    assert_int_equal(noise_encrypt(&session_of(&duo->a)->send,
                                   (struct span){bytes, len}, bytes),
                     STATUS_OK);
    event.bytes = (struct span){bytes, len + LIMIT_TAG};
    duo_post(&duo->b, &event);
    duo_turn(&duo->b);
}

/* Entries of class REVOKE: unsealed, and b keeps them without a word. */
static struct forged
forged_log(const struct duo *duo, uint64_t epoch, uint64_t size)
{
    struct origin origin = {.sender = duo->a.node->cert.node,
                            .recipient = duo->b.node->cert.node,
                            .realm = REALM_ACTUAL,
                            .epoch = epoch,
                            .random = 7};
    struct forged log = {.text = origin_format(&origin),
                         .size = size,
                         .body = {'x'}};

    for (uint64_t i = 0; i < size; i++) {
        struct leaf leaf;

        assert_int_equal(
            seal_unsealed_leaf(CLASS_REVOKE, PRECEDENCE_ROUTINE,
                               origin_span(&log.text), i,
                               (struct span){(uint8_t *)log.body, 1}, &leaf),
            STATUS_OK);
        leaf_encode(&leaf, log.leaves[i]);
    }
    return log;
}

static void
say_leaves(struct duo *duo, struct forged *log, uint64_t first, uint64_t start,
           uint64_t count)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Leaves leaves = ENTENTE__LEAVES__INIT;

    leaves.origin = log->text.text;
    leaves.first = first;
    leaves.start = start;
    leaves.leaves = (ProtobufCBinaryData){count * LEAF_LEN,
                                          log->leaves[start]};
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    say(duo, &frame);
}

static void
say_head(struct duo *duo, struct forged *log)
{
    Entente__Frame         frame = ENTENTE__FRAME__INIT;
    Entente__Head          said = ENTENTE__HEAD__INIT;
    struct head            head = {.size = log->size};
    struct merkle_frontier frontier;
    struct digest          hash;
    uint8_t                signature[LIMIT_SIGNATURE];

    merkle_init(&frontier);
    for (uint64_t i = 0; i < log->size; i++) {
        merkle_leaf_hash(SPAN_OF(log->leaves[i]), &hash);
        merkle_append(&frontier, &hash);
    }
    merkle_root(&frontier, &head.root);
    checkpoint_sign(origin_span(&log->text), &head, &duo->a.node->log_key,
                    signature);
    said.origin = log->text.text;
    said.size = head.size;
    said.root = (ProtobufCBinaryData){LIMIT_DIGEST, head.root.bytes};
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &said;
    say(duo, &frame);
}

static void
say_body(struct duo *duo, struct forged *log, uint64_t index)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Fragment  fragment = ENTENTE__FRAGMENT__INIT;
    Entente__Fragment *fragments[] = {&fragment};

    fragment.index = index;
    fragment.bytes = (ProtobufCBinaryData){1, (uint8_t *)log->body};
    bodies.origin = log->text.text;
    bodies.n_fragments = 1;
    bodies.fragments = fragments;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    say(duo, &frame);
}

static void
batches_that_follow_one_another_are_taken(void **state)
{
    struct duo   *duo = *state;
    struct forged log = forged_log(duo, 2, 7);
    struct record cosigned;

    say_leaves(duo, &log, 0, 0, 3);
    say_leaves(duo, &log, 0, 3, 2); /* the same batch, in a second frame */
    say_leaves(duo, &log, 5, 5, 2);
    say_head(duo, &log);
    for (uint64_t i = 0; i < log.size; i++)
        say_body(duo, &log, i);
    cosigned = duo_record(&duo->b, RECORD_IN_COSIGNED,
                          duo_count_records(&duo->b, RECORD_IN_COSIGNED) - 1);
    assert_int_equal(cosigned.size, 7);
    assert_int_equal(cosigned.origin.epoch, 2);
}

static void
a_batch_that_was_left_cannot_be_gone_back_to(void **state)
{
    struct duo   *duo = *state;
    struct forged log = forged_log(duo, 2, 7);
    uint64_t      link = duo->b.link;

    say_leaves(duo, &log, 0, 0, 5);
    say_leaves(duo, &log, 5, 5, 1);
    say_leaves(duo, &log, 0, 6, 1);
    assert_int_not_equal(duo->b.link, link); /* closed, and dialled anew */
}

static void
a_batch_cannot_begin_before_the_leaf_that_begins_it(void **state)
{
    struct duo   *duo = *state;
    struct forged log = forged_log(duo, 2, 7);
    uint64_t      link = duo->b.link;

    say_leaves(duo, &log, 0, 0, 5);
    say_leaves(duo, &log, 3, 5, 2);
    assert_int_not_equal(duo->b.link, link); /* closed, and dialled anew */
}

static void
a_log_that_has_no_head_is_forgotten_for_the_next(void **state)
{
    struct duo        *duo = *state;
    const struct peer *peer = duo->b.node->peers[0];
    uint64_t           link = duo->b.link;

    assert_int_equal(peer->witness_count, 1);
    for (uint64_t epoch = 2; epoch < 50; epoch++) {
        struct forged log = forged_log(duo, epoch, 3);

        say_leaves(duo, &log, 0, 0, 3);
        assert_int_equal(peer->witness_count, 2);
    }
    assert_int_equal(duo->b.link, link);
    duo_cut(duo);
    assert_true(duo_turn(&duo->b));
    assert_int_equal(peer->witness_count, 1);
}

/* --- more entries than a reader takes at a time --------------------------- */

static uint8_t *
copy(struct span bytes)
{
    uint8_t *at = malloc(bytes.len + 1);

    assert_non_null(at);
    if (bytes.len > 0)
        memcpy(at, bytes.ptr, bytes.len);
    return at;
}

static void
keep_records(struct duo_party *party, const struct effects *effects)
{
    size_t need = party->record_count + effects->count;

    if (need > party->record_cap) {
        party->record_cap = 2 * need;
        party->records = realloc(party->records, party->record_cap *
                                                     sizeof(*party->records));
    }
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SAVE)
            party->records[party->record_count++] = (struct duo_record){
                copy(effects->list[i].bytes), effects->list[i].bytes.len,
                copy(SPAN_EMPTY), 0};
}

/* Control entries that a says while no link is there, each in its own turn. */
static void
say_alone(struct duo_party *party, size_t count)
{
    struct node       *node = party->node;
    struct peer       *peer = node->peers[0];
    struct one_turn   *one = one_turn_new();
    struct channel_say say = {.class = CLASS_REVOKE,
                              .precedence = PRECEDENCE_ROUTINE,
                              .body = span_text("x")};

    for (size_t i = 0; i < count; i++) {
        one_turn_begin(one, (uint8_t)i);
        one->turn.node = node;
        one->turn.vaults = &node->vaults;
        assert_int_equal(peer_say(peer, &one->turn, &say), STATUS_OK);
        peer_sign(peer, &one->turn);
        keep_records(party, &one->effects);
    }
    one_turn_free(one);
}

static void
a_log_that_grew_long_without_a_link_is_taken_head_by_head(void **state)
{
    struct duo   *duo = *state;
    struct record cosigned;

    duo_run(duo);
    duo->a.reachable = false;
    duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    say_alone(&duo->a, AHEAD);
    duo->a.reachable = true;
    duo->b.reachable = true;
    duo_wait(duo, 60000);
    duo_wait(duo, 1000);
    cosigned = duo_record(&duo->b, RECORD_IN_COSIGNED,
                          duo_count_records(&duo->b, RECORD_IN_COSIGNED) - 1);
    assert_int_equal(cosigned.size, duo->a.node->peers[0]
                                        ->channels[0]->frontier.size);
    assert_in_range(cosigned.size, AHEAD, AHEAD + 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            batches_that_follow_one_another_are_taken, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_batch_that_was_left_cannot_be_gone_back_to, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_batch_cannot_begin_before_the_leaf_that_begins_it, make,
            duo_drop),
        cmocka_unit_test_setup_teardown(
            a_log_that_has_no_head_is_forgotten_for_the_next, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_log_that_grew_long_without_a_link_is_taken_head_by_head, make,
            duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
