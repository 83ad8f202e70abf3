/* test_gather.c - pieces as a hostile peer sends them. */
#include "tests/unit/rogue_answer.h"

#include "node/core/roster.h"
#include "proto/numbered.h"
#include "tests/unit/duo_files.h"

enum { SIZE = 300000, CHUNKS = 5 };

static struct duo_file    *file;
static struct duo_enclosed said;

/* A message with a file of five chunks; the victim has asked for it. */
static void
offer(struct rogue *rogue)
{
    struct duo_note note = {.to = "node2",
                            .id = 1,
                            .precedence = "ROUTINE",
                            .subject = "chart",
                            .enclosed = &said,
                            .enclosed_count = 1};
    uint8_t         packed[4096];
    struct writer   out = writer_of(packed, sizeof(packed));

    said = duo_bring(&rogue->duo->a, SIZE, 1);
    file = duo_file_of(&rogue->duo->a, true, said.digest);
    out.len = duo_pack_note(&rogue->duo->a, &note, packed);
    numbered_put(&out, 1);
    rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE, writer_span(&out));
    rogue_say_all(rogue, rogue->count - 1);
}

/* What the victim asked for last, from `chunks` on. */
static void
assert_asked(struct rogue *rogue, uint64_t chunks, bool again)
{
    const Entente__Frame *frame;
    uint64_t              is = UINT64_MAX;
    bool                  is_again = false;

    while ((frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_PARTIAL)) != NULL) {
        is = frame->partial->chunks;
        is_again = frame->partial->again;
        assert_memory_equal(frame->partial->digest.data, said.digest,
                            LIMIT_DIGEST);
    }
    assert_int_equal(is, chunks);
    assert_int_equal(is_again, again);
}

static void
say(struct rogue *rogue, uint64_t index, uint32_t offset, struct span piece,
    struct span proof)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Chunks chunks = ENTENTE__CHUNKS__INIT;

    chunks.digest = (ProtobufCBinaryData){LIMIT_DIGEST, said.digest};
    chunks.index = index;
    chunks.offset = offset;
    chunks.bytes =
        (ProtobufCBinaryData){piece.len, (uint8_t *)(uintptr_t)piece.ptr};
    chunks.proof =
        (ProtobufCBinaryData){proof.len, (uint8_t *)(uintptr_t)proof.ptr};
    frame.kind_case = ENTENTE__FRAME__KIND_CHUNKS;
    frame.chunks = &chunks;
    rogue_say(rogue, &frame);
}

static struct span
piece_of(uint64_t index, size_t from, size_t to)
{
    assert_true(to <= file->len[index]);
    return (struct span){file->chunk[index] + from, to - from};
}

static enum status
leaf_of(void *context, uint64_t index, struct digest *out)
{
    (void)context;
    attachment_leaf(index, piece_of(index, 0, file->len[index]), out);
    return STATUS_OK;
}

static struct span
proof_of(uint64_t index, struct merkle_proof *proof)
{
    const struct merkle_leaves leaves = {.hash = leaf_of};

    assert_int_equal(merkle_inclusion_make(&leaves, index, CHUNKS, proof),
                     STATUS_OK);
    return (struct span){proof->nodes[0].bytes, proof->count * LIMIT_DIGEST};
}

/* The whole chunk, in two pieces. */
static void
say_chunk(struct rogue *rogue, uint64_t index)
{
    struct merkle_proof proof;
    size_t              half = file->len[index] / 2;

    say(rogue, index, 0, piece_of(index, 0, half), proof_of(index, &proof));
    say(rogue, index, (uint32_t)half,
        piece_of(index, half, file->len[index]), SPAN_EMPTY);
}

static struct wanted_file *
wanted(struct rogue *rogue)
{
    struct peer *peer = rogue_peer(rogue);

    return peer->wanted.count > 0 ? &peer->wanted.list[0] : NULL;
}

static void
chunks_in_order_with_their_proofs_are_taken(void **state)
{
    struct rogue *rogue = *state;

    offer(rogue);
    assert_asked(rogue, 0, false);
    for (uint64_t i = 0; i < CHUNKS; i++) {
        say_chunk(rogue, i);
        assert_asked(rogue, i + 1, false);
    }
    assert_true(duo_has(rogue->victim, &said));
    assert_null(wanted(rogue));
    say_chunk(rogue, 0); /* it is nobody's any more */
    assert_false(rogue_is_closed(rogue));
}

static void
what_is_here_is_passed_over(void **state)
{
    struct rogue *rogue = *state;

    offer(rogue);
    say_chunk(rogue, 0);
    say_chunk(rogue, 0);
    assert_false(rogue_is_closed(rogue));
    assert_int_equal(wanted_here(wanted(rogue)), 1);
    say_chunk(rogue, 1);
    assert_int_equal(wanted_here(wanted(rogue)), 2);
}

/* Each on a link of its own, which it ends; what was here stays here. */
static void
pieces_that_do_not_follow_close(void **state)
{
    struct rogue       *rogue = *state;
    struct merkle_proof node;
    struct span         proof;

    offer(rogue);
    say_chunk(rogue, 0);
    proof = proof_of(1, &node);
    for (int i = 0; i < 8; i++) {
        if (i > 0)
            rogue_open(rogue);
        if (i < 4)
            say(rogue, 1, 0, piece_of(1, 0, 100), proof);
        switch (i) {
        case 0: say(rogue, 1, 99, piece_of(1, 99, 200), SPAN_EMPTY); break;
        case 1: say(rogue, 1, 101, piece_of(1, 101, 200), SPAN_EMPTY); break;
        case 2: say(rogue, 1, 100, SPAN_EMPTY, SPAN_EMPTY); break;
        case 3: say(rogue, 1, 100, piece_of(1, 100, 200), proof); break;
        case 4: say(rogue, 2, 0, piece_of(2, 0, 100), proof); break;
        case 5: say(rogue, CHUNKS, 0, piece_of(1, 0, 100), proof); break;
        case 6: say(rogue, 1, 100, piece_of(1, 100, 200), SPAN_EMPTY); break;
        default: say(rogue, UINT64_MAX, 0, piece_of(1, 0, 9), proof);
        }
        assert_true(rogue_is_closed(rogue));
        assert_int_equal(wanted_here(wanted(rogue)), 1);
    }
    rogue_open(rogue);
    assert_asked(rogue, 1, false);
    for (uint64_t i = 1; i < CHUNKS; i++)
        say_chunk(rogue, i);
    assert_true(duo_has(rogue->victim, &said));
}

static void
a_wrong_chunk_is_asked_for_again_and_what_follows_it_ignored(void **state)
{
    struct rogue *rogue = *state;

    offer(rogue);
    say_chunk(rogue, 0);
    file->chunk[1][5] ^= 1;
    say_chunk(rogue, 1);
    file->chunk[1][5] ^= 1;
    say_chunk(rogue, 2); /* it was on its way */
    assert_false(rogue_is_closed(rogue));
    assert_asked(rogue, 1, true);
    assert_int_equal(wanted_here(wanted(rogue)), 1);
    for (uint64_t i = 1; i < CHUNKS; i++)
        say_chunk(rogue, i);
    assert_true(duo_has(rogue->victim, &said));
}

static void
a_wrong_proof_is_a_wrong_chunk(void **state)
{
    struct rogue       *rogue = *state;
    struct merkle_proof node;
    struct span         proof;

    offer(rogue);
    proof = proof_of(1, &node); /* another's */
    say(rogue, 0, 0, piece_of(0, 0, 60000), proof);
    say(rogue, 0, 60000, piece_of(0, 60000, file->len[0]), SPAN_EMPTY);
    assert_false(rogue_is_closed(rogue));
    assert_asked(rogue, 0, true);
    assert_int_equal(wanted(rogue)->tries, 1);
    say_chunk(rogue, 0);
    assert_int_equal(wanted_here(wanted(rogue)), 1);
}

static void
what_is_always_wrong_is_given_up(void **state)
{
    struct rogue *rogue = *state;

    offer(rogue);
    say_chunk(rogue, 0);
    file->chunk[1][5] ^= 1;
    for (int i = 0; i < LIMIT_CHUNK_TRIES; i++)
        say_chunk(rogue, 1);
    assert_null(wanted(rogue));
    assert_false(rogue_is_closed(rogue));
    assert_null(duo_file_of(rogue->victim, false, said.digest));
    assert_int_equal(
        duo_record(rogue->victim, RECORD_ATTACHMENT, 1).state,
        ATTACHMENT_GIVEN_UP);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_ALARM), 1);
}

static void
what_nobody_asked_for_is_refused_or_passed_over(void **state)
{
    struct rogue *rogue = *state;

    rogue->victim->loads_held = true; /* it looks whether it has it */
    offer(rogue);
    say_chunk(rogue, 0);
    assert_false(rogue_is_closed(rogue));
    assert_int_equal(wanted_here(wanted(rogue)), 0);
    rogue->victim->node->disk_floor = PRECEDENCE_COUNT;
    duo_release(rogue->victim);
    rogue_pass(rogue, 1);
    say_chunk(rogue, 0); /* the disk is short: it was not asked for */
    assert_true(rogue_is_closed(rogue));
}

static void
what_is_gone_is_not_asked_for_again(void **state)
{
    struct rogue   *rogue = *state;
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Chunks chunks = ENTENTE__CHUNKS__INIT;

    offer(rogue);
    say_chunk(rogue, 0);
    chunks.digest = (ProtobufCBinaryData){LIMIT_DIGEST, said.digest};
    chunks.gone = true;
    frame.kind_case = ENTENTE__FRAME__KIND_CHUNKS;
    frame.chunks = &chunks;
    rogue_say(rogue, &frame);
    rogue_say(rogue, &frame);
    assert_false(rogue_is_closed(rogue));
    assert_null(wanted(rogue));
    assert_int_equal(
        duo_record(rogue->victim, RECORD_ATTACHMENT, 1).state,
        ATTACHMENT_GONE);
    chunks.digest.len = 31;
    rogue_say(rogue, &frame);
    assert_true(rogue_is_closed(rogue));
}

static void
a_partial_of_what_is_not_owed_is_told_that_it_is_gone(void **state)
{
    struct rogue         *rogue = *state;
    Entente__Frame        frame = ENTENTE__FRAME__INIT;
    Entente__Partial      partial = ENTENTE__PARTIAL__INIT;
    const Entente__Frame *heard;
    uint8_t               digest[LIMIT_DIGEST] = {7};

    partial.digest = (ProtobufCBinaryData){LIMIT_DIGEST, digest};
    frame.kind_case = ENTENTE__FRAME__KIND_PARTIAL;
    frame.partial = &partial;
    rogue_say(rogue, &frame);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_CHUNKS);
    assert_non_null(heard);
    assert_true(heard->chunks->gone);
    assert_memory_equal(heard->chunks->digest.data, digest, LIMIT_DIGEST);
    partial.digest.len = 0;
    rogue_say(rogue, &frame);
    assert_true(rogue_is_closed(rogue));
}

int
main(void)
{
#define ON_ROGUE(test)                                                         \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)
    const struct CMUnitTest tests[] = {
        ON_ROGUE(chunks_in_order_with_their_proofs_are_taken),
        ON_ROGUE(what_is_here_is_passed_over),
        ON_ROGUE(pieces_that_do_not_follow_close),
        ON_ROGUE(a_wrong_chunk_is_asked_for_again_and_what_follows_it_ignored),
        ON_ROGUE(a_wrong_proof_is_a_wrong_chunk),
        ON_ROGUE(what_is_always_wrong_is_given_up),
        ON_ROGUE(what_nobody_asked_for_is_refused_or_passed_over),
        ON_ROGUE(what_is_gone_is_not_asked_for_again),
        ON_ROGUE(a_partial_of_what_is_not_owed_is_told_that_it_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
