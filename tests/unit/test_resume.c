/* test_resume.c - what each side shows after a handshake, and what follows. */
#include "node/core/link/resume.h"
#include "node/core/roster.h"
#include "tests/unit/rogue.h"

#include <string.h>

/* The victim's log has OPEN and three messages; nothing is cosigned. */
enum { LOG = 4 };

static int
make(void **state)
{
    struct rogue *rogue = rogue_new();

    rogue_open(rogue);
    for (unsigned i = 1; i < LOG; i++) {
        /* A window that is fresh has room for one entry. */
        struct channel *channel =
            peer_channel(rogue->victim->node->peers[0], REALM_ACTUAL);

        memset(channel->window, 0, sizeof(channel->window));
        duo_submit(rogue->victim, "node1", i, "ROUTINE", "to be resumed",
                   NULL);
        while (duo_turn(rogue->victim))
            continue;
    }
    duo_cut(rogue->duo);
    while (duo_turn(rogue->victim))
        continue;
    *state = rogue;
    return 0;
}

static struct channel *
channel_of(const struct rogue *rogue)
{
    return peer_channel(rogue_peer(rogue), REALM_ACTUAL);
}

/* A channel as its reader would show it. */
struct shown {
    Entente__ChannelSize size;
    Entente__ChannelSize *list[1];
    uint8_t              root[LIMIT_DIGEST];
    uint8_t              signature[LIMIT_SIGNATURE];
    Entente__Sizes       sizes;
};

static void
show_read(struct shown *out, const char *origin, uint64_t size,
          const struct sign_key *key)
{
    struct head head = {.size = size};

    memset(out->root, 7, LIMIT_DIGEST);
    memcpy(head.root.bytes, out->root, LIMIT_DIGEST);
    checkpoint_sign(span_text(origin), &head, key, out->signature);
    entente__channel_size__init(&out->size);
    entente__sizes__init(&out->sizes);
    out->size.origin = (char *)(uintptr_t)origin;
    out->size.size = size;
    out->size.root = (ProtobufCBinaryData){LIMIT_DIGEST, out->root};
    out->size.signature =
        (ProtobufCBinaryData){LIMIT_SIGNATURE, out->signature};
    out->list[0] = &out->size;
    out->sizes.reads = out->list;
    out->sizes.n_reads = 1;
}

/* As our own log has it. */
static void
show_ours(struct shown *out, struct rogue *rogue, uint64_t size)
{
    const struct channel *channel = channel_of(rogue);
    struct head           head = channel->cosigned;

    for (size_t i = 0; i < channel->head_count; i++)
        if (channel->heads[i].head.size == size)
            head = channel->heads[i].head;
    assert_int_equal(head.size, size);
    show_read(out, channel->text.text, size, &rogue->victim->node->log_key);
    memcpy(out->root, head.root.bytes, LIMIT_DIGEST);
    checkpoint_sign(origin_span(&channel->text), &head,
                    &rogue->victim->node->log_key, out->signature);
}

/* Indexes of the bodies that the victim sends next, as bits. */
static unsigned
bodies_heard(struct rogue *rogue)
{
    const Entente__Frame *frame;
    unsigned              heard = 0;

    while ((frame = rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES)) != NULL)
        for (size_t i = 0; i < frame->bodies->n_fragments; i++)
            heard |= 1u << frame->bodies->fragments[i]->index;
    return heard;
}

static void
to_a_reader_that_shows_nothing_all_is_sent(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *leaves;

    rogue_hail(rogue);
    rogue_sizes(rogue);
    leaves = rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES);
    assert_non_null(leaves);
    assert_int_equal(leaves->leaves->start, 0);
    assert_int_equal(bodies_heard(rogue), (1 << LOG) - 1);
    assert_true(channel_of(rogue)->live);
}

static void
a_reader_gets_what_is_above_its_size_and_what_it_misses(void **state)
{
    struct rogue         *rogue = *state;
    Entente__Range        missing = ENTENTE__RANGE__INIT;
    Entente__Range       *ranges[] = {&missing};
    const Entente__Frame *leaves;
    struct shown          shown;

    rogue_hail(rogue);
    show_ours(&shown, rogue, LOG - 1);
    missing.first = 1;
    missing.count = 1;
    shown.size.missing = ranges;
    shown.size.n_missing = 1;
    rogue_say_sizes(rogue, &shown.sizes);
    leaves = rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES);
    assert_non_null(leaves);
    assert_int_equal(leaves->leaves->start, LOG - 1);
    assert_int_equal(bodies_heard(rogue), 1 << 1 | 1 << (LOG - 1));
}

/* It was set back, and a link went down before all had come again. */
static void
a_reader_gets_what_it_misses_below_what_it_cosigned(void **state)
{
    struct rogue  *rogue = *state;
    Entente__Range missing = ENTENTE__RANGE__INIT;
    Entente__Range *ranges[] = {&missing};
    struct shown   shown;

    rogue_open(rogue);
    rogue_say_cosigned(rogue, channel_of(rogue)->text.text,
                       &channel_of(rogue)->head);
    assert_int_equal(channel_of(rogue)->cosigned.size, LOG);
    duo_cut(rogue->duo);
    rogue_hail(rogue);
    show_ours(&shown, rogue, LOG);
    missing.first = 1;
    missing.count = 2;
    shown.size.missing = ranges;
    shown.size.n_missing = 1;
    rogue_say_sizes(rogue, &shown.sizes);
    assert_non_null(strstr(rogue_peer(rogue)->alarm, "peer lost state"));
    assert_int_equal(bodies_heard(rogue), 1 << 1 | 1 << 2);
    assert_int_equal(channel_of(rogue)->window[0].entries, 0);
    rogue_say_cosigned(rogue, channel_of(rogue)->text.text,
                       &channel_of(rogue)->head);
    assert_int_equal(channel_of(rogue)->flight.count, 0);
}

static void
ranges_that_no_log_has_are_harmless(void **state)
{
    struct rogue   *rogue = *state;
    Entente__Range  missing[2 * CHANNEL_WANTED];
    Entente__Range *ranges[2 * CHANNEL_WANTED];
    struct shown    shown;

    rogue_hail(rogue);
    show_ours(&shown, rogue, LOG);
    for (size_t i = 0; i < 2 * CHANNEL_WANTED; i++) {
        entente__range__init(&missing[i]);
        missing[i].first = UINT64_MAX - i;
        missing[i].count = UINT64_MAX;
        ranges[i] = &missing[i];
    }
    shown.size.missing = ranges;
    shown.size.n_missing = 2 * CHANNEL_WANTED;
    rogue_say_sizes(rogue, &shown.sizes);
    assert_int_equal(bodies_heard(rogue), 0);
    assert_false(rogue_is_closed(rogue));
}

/* The reader shows a head of `size`, signed with our own key. */
static void
shown_our_own_signature(struct rogue *rogue, uint64_t size)
{
    struct shown shown;

    rogue_hail(rogue);
    show_read(&shown, channel_of(rogue)->text.text, size,
              &rogue->victim->node->log_key);
    rogue_say_sizes(rogue, &shown.sizes);
    assert_int_equal(channel_of(rogue)->origin.epoch, 2);
    assert_true(channel_of(rogue)->live);
    assert_false(rogue_is_closed(rogue));
}

static void
our_own_signature_on_more_than_we_hold_opens_a_new_epoch(void **state)
{
    shown_our_own_signature(*state, 99);
}

/* A copy of this disk wrote it. */
static void
our_own_signature_on_another_root_opens_a_new_epoch(void **state)
{
    shown_our_own_signature(*state, LOG);
}

static void
a_reader_that_lists_no_more_what_it_cosigned_is_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    rogue_say_cosigned(rogue, channel_of(rogue)->text.text,
                       &channel_of(rogue)->head);
    duo_cut(rogue->duo);
    rogue_hail(rogue);
    assert_string_equal(rogue_peer(rogue)->alarm, "");
    rogue_sizes(rogue);
    assert_non_null(strstr(rogue_peer(rogue)->alarm, "peer lost state"));
    assert_int_equal(bodies_heard(rogue), (1 << LOG) - 1);
}

static void
our_own_signature_in_an_epoch_that_we_lost_opens_one_above_it(void **state)
{
    struct rogue      *rogue = *state;
    struct origin      lost = channel_of(rogue)->origin;
    struct origin_text text;
    struct shown       shown;

    lost.epoch = 41;
    lost.random++;
    text = origin_format(&lost);
    rogue_hail(rogue);
    show_read(&shown, text.text, 3, &rogue->victim->node->log_key);
    rogue_say_sizes(rogue, &shown.sizes);
    assert_int_equal(channel_of(rogue)->origin.epoch, 42);
}

static void
a_head_that_is_not_ours_closes_the_link_and_changes_nothing(void **state)
{
    struct rogue *rogue = *state;
    struct shown  shown;

    rogue_hail(rogue);
    show_read(&shown, channel_of(rogue)->text.text, 99,
              &rogue->duo->a.node->log_key);
    rogue_say_sizes(rogue, &shown.sizes);
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(channel_of(rogue)->origin.epoch, 1);
}

static void
a_cosignature_that_is_not_ours_closes_the_link(void **state)
{
    struct rogue      *rogue = *state;
    Entente__Cosigned  said = ENTENTE__COSIGNED__INIT;
    struct shown       shown;

    rogue_hail(rogue);
    show_read(&shown, rogue->text.text, 5, &rogue->duo->a.node->log_key);
    said.origin = shown.size.origin;
    said.size = 5;
    said.root = shown.size.root;
    said.time = 1760000000;
    said.signature = shown.size.signature; /* of a log key, not of ours */
    shown.size.cosigned = &said;
    shown.sizes.writes = shown.list;
    shown.sizes.n_writes = 1;
    shown.sizes.n_reads = 0;
    rogue_say_sizes(rogue, &shown.sizes);
    assert_true(rogue_is_closed(rogue));
}

static void
more_channels_than_a_link_may_have_close_it(void **state)
{
    struct rogue         *rogue = *state;
    Entente__ChannelSize *list[LIMIT_CHANNELS_PER_LINK + 1];
    struct shown          shown;

    rogue_hail(rogue);
    show_ours(&shown, rogue, LOG);
    for (size_t i = 0; i <= LIMIT_CHANNELS_PER_LINK; i++)
        list[i] = &shown.size;
    shown.sizes.reads = list;
    shown.sizes.n_reads = LIMIT_CHANNELS_PER_LINK + 1;
    rogue_say_sizes(rogue, &shown.sizes);
    assert_true(rogue_is_closed(rogue));
}

/* The disk is slow: what was asked for one link comes when another is being
 * made, and the reader has not yet shown what it holds. */
static void
what_was_loaded_for_a_link_that_is_gone_is_not_taken(void **state)
{
    struct rogue *rogue = *state;

    rogue->victim->loads_held = true;
    rogue_hail(rogue);
    rogue_sizes(rogue);
    assert_int_equal(rogue->victim->held_count, 1);
    duo_cut(rogue->duo);
    while (duo_turn(rogue->victim))
        continue;
    rogue_hail(rogue);
    duo_release(rogue->victim);
    while (duo_turn(rogue->victim))
        continue;
    assert_false(channel_of(rogue)->live);
    assert_int_equal(channel_of(rogue)->flight.count, 0);
    rogue_sizes(rogue);
    rogue->victim->loads_held = false;
    duo_release(rogue->victim);
    while (duo_turn(rogue->victim))
        continue;
    assert_true(channel_of(rogue)->live);
    assert_int_equal(channel_of(rogue)->flight.count, LOG);
}

/* It opens a link and claims to hold nothing of what it cosigned. */
static void
claim_to_hold_nothing(struct rogue *rogue, uint64_t cosigned)
{
    uint8_t confirmed[LIMIT_DIGEST], pending[LIMIT_DIGEST];

    channel_of(rogue)->cosigned.size = cosigned;
    memcpy(confirmed, rogue_peer(rogue)->confirmed, LIMIT_DIGEST);
    memcpy(pending, rogue_peer(rogue)->pending, LIMIT_DIGEST);
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, confirmed, pending);
    rogue_sizes(rogue);
}

static void
a_reader_that_lost_a_little_is_sent_it_again(void **state)
{
    struct rogue *rogue = *state;

    claim_to_hold_nothing(rogue, LIMIT_HEAD_AHEAD);
    assert_int_equal(channel_of(rogue)->origin.epoch, 1);
    assert_int_equal(channel_of(rogue)->flight.count, LOG);
}

/* Nor is all of our log read into memory. */
static void
a_reader_that_lost_more_than_it_may_take_begins_anew(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *before = channel_of(rogue);

    claim_to_hold_nothing(rogue, LIMIT_HEAD_AHEAD + 1);
    assert_int_equal(channel_of(rogue)->origin.epoch, 2);
    assert_int_equal(before->flight.count, 0);
    assert_false(rogue_is_closed(rogue));
    for (uint64_t i = 3; i < LIMIT_EPOCHS + 2; i++) {
        claim_to_hold_nothing(rogue, LIMIT_HEAD_AHEAD + 1);
        assert_int_equal(channel_of(rogue)->origin.epoch, i);
    }
    claim_to_hold_nothing(rogue, LIMIT_HEAD_AHEAD + 1);
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(channel_of(rogue)->origin.epoch, LIMIT_EPOCHS + 1);
}

#define RESUME_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RESUME_TEST(to_a_reader_that_shows_nothing_all_is_sent),
        RESUME_TEST(a_reader_gets_what_is_above_its_size_and_what_it_misses),
        RESUME_TEST(a_reader_gets_what_it_misses_below_what_it_cosigned),
        RESUME_TEST(ranges_that_no_log_has_are_harmless),
        RESUME_TEST(our_own_signature_on_more_than_we_hold_opens_a_new_epoch),
        RESUME_TEST(our_own_signature_on_another_root_opens_a_new_epoch),
        RESUME_TEST(a_reader_that_lists_no_more_what_it_cosigned_is_an_alarm),
        RESUME_TEST(
            our_own_signature_in_an_epoch_that_we_lost_opens_one_above_it),
        RESUME_TEST(
            a_head_that_is_not_ours_closes_the_link_and_changes_nothing),
        RESUME_TEST(a_cosignature_that_is_not_ours_closes_the_link),
        RESUME_TEST(more_channels_than_a_link_may_have_close_it),
        RESUME_TEST(a_reader_that_lost_a_little_is_sent_it_again),
        RESUME_TEST(a_reader_that_lost_more_than_it_may_take_begins_anew),
        RESUME_TEST(what_was_loaded_for_a_link_that_is_gone_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
