#include "tests/unit/log_pair.h"

static void
say(struct log_pair *pair, const char *text)
{
    assert_int_equal(
        log_pair_say(pair, PRECEDENCE_ROUTINE, span_text(text)), STATUS_OK);
}

static void
sign(struct log_pair *pair)
{
    channel_sign(pair->channel, &pair->writer->turn, &pair->batch, &pair->log);
}

/* The n-th saved entry, opened with its content key. */
static void
opens_as(struct log_pair *pair, size_t n, const char *text)
{
    struct record record = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, n);
    struct record_secret secret;
    struct secret32      key;
    struct leaf          leaf;
    uint8_t              plain[1024];
    size_t               len = 0;

    assert_int_equal(record_secret_decode(record.secret, &secret), STATUS_OK);
    assert_int_equal(secret.message.len, 0);
    assert_true(span_equal(secret.kind, span_text("note")));
    assert_int_equal(leaf_decode(record.leaf, &leaf), STATUS_OK);
    memcpy(key.bytes, secret.content_key, LIMIT_KEY);
    assert_int_equal(seal_open(&key, origin_span(&pair->channel->text),
                               record.index, &leaf, record.bytes, plain, &len),
                     STATUS_OK);
    assert_true(span_equal((struct span){plain, len}, span_text(text)));
}

static void
entries_get_the_next_index_and_are_saved_as_they_travel(void **state)
{
    struct log_pair *pair = *state;

    say(pair, "tea?");
    say(pair, "at four");
    assert_int_equal(one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0).index,
                     0);
    assert_int_equal(one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 1).index,
                     1);
    opens_as(pair, 0, "tea?");
    opens_as(pair, 1, "at four");
}

static void
entries_of_one_turn_are_one_batch(void **state)
{
    struct log_pair *pair = *state;
    struct record    a, b;

    say(pair, "tea?");
    say(pair, "at four");
    a = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0);
    b = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 1);
    assert_int_equal(a.first, 0);
    assert_int_equal(b.first, 0);
    assert_memory_equal(a.ephemeral, b.ephemeral, LIMIT_KEY);
    assert_memory_equal(a.salt, b.salt, LIMIT_SALT);
}

static void
the_next_turn_begins_a_batch_with_another_ephemeral_and_salt(void **state)
{
    struct log_pair *pair = *state;
    uint8_t          ephemeral[LIMIT_KEY], salt[LIMIT_SALT];
    struct record    a, b;

    say(pair, "tea?");
    sign(pair);
    a = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0);
    memcpy(ephemeral, a.ephemeral, LIMIT_KEY);
    memcpy(salt, a.salt, LIMIT_SALT);
    log_pair_turn(pair, 2);
    say(pair, "at four");
    b = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0);
    assert_int_equal(b.first, 1);
    assert_memory_not_equal(b.ephemeral, ephemeral, LIMIT_KEY);
    assert_memory_not_equal(b.salt, salt, LIMIT_SALT);
}

static void
an_unsealed_class_is_saved_without_a_secret(void **state)
{
    struct log_pair   *pair = *state;
    struct channel_say open = {.class = CLASS_OPEN,
                               .precedence = PRECEDENCE_IMMEDIATE,
                               .body = span_text("for everyone")};
    struct record      record;

    assert_int_equal(channel_append(pair->channel, &pair->writer->turn,
                                    &pair->batch, &pair->to, &open),
                     STATUS_OK);
    record = one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0);
    assert_int_equal(record.secret.len, 0);
    assert_true(span_equal(record.bytes, open.body));
}

static void
the_head_is_signed_over_all_leaves_and_saved(void **state)
{
    struct log_pair       *pair = *state;
    struct merkle_frontier frontier;
    struct digest          hash;
    struct record          saved;
    struct head            head;

    say(pair, "tea?");
    say(pair, "at four");
    sign(pair);
    saved = one_turn_saved(pair->writer, RECORD_OUT_HEAD, 0);
    merkle_init(&frontier);
    for (size_t i = 0; i < 2; i++) {
        merkle_leaf_hash(
            one_turn_saved(pair->writer, RECORD_OUT_ENTRY, i).leaf, &hash);
        merkle_append(&frontier, &hash);
    }
    head.size = 2;
    merkle_root(&frontier, &head.root);
    assert_int_equal(saved.size, 2);
    assert_memory_equal(saved.root, head.root.bytes, LIMIT_DIGEST);
    assert_int_equal(checkpoint_verify(origin_span(&pair->channel->text),
                                       &head, pair->log.public_key,
                                       saved.signature),
                     STATUS_OK);
    assert_true(head_equal(&pair->channel->head, &head));
}

static void
a_turn_without_entries_signs_nothing(void **state)
{
    struct log_pair *pair = *state;

    sign(pair);
    assert_int_equal(one_turn_saves(pair->writer, RECORD_OUT_HEAD), 0);
    assert_int_equal(pair->channel->head_count, 0);
}

static void
the_batch_secret_is_wiped_when_the_head_is_signed(void **state)
{
    struct log_pair *pair = *state;

    say(pair, "tea?");
    assert_false(secret_is_zero(pair->batch.secret.bytes, LIMIT_KEY));
    sign(pair);
    assert_true(secret_is_zero(pair->batch.secret.bytes, LIMIT_KEY));
}

static void
a_body_that_fits_no_entry_changes_nothing(void **state)
{
    static uint8_t   large[SEAL_PLAINTEXT_MAX + 1];
    struct log_pair *pair = *state;

    assert_int_equal(log_pair_say(pair, PRECEDENCE_ROUTINE, SPAN_OF(large)),
                     STATUS_TOO_LARGE);
    sign(pair);
    assert_int_equal(one_turn_count(pair->writer, EFFECT_SAVE), 0);
    assert_int_equal(pair->channel->frontier.size, 0);
    assert_int_equal(log_pair_say(pair, PRECEDENCE_ROUTINE,
                                  (struct span){large, SEAL_PLAINTEXT_MAX}),
                     STATUS_OK);
}

static void
a_key_that_agrees_with_nobody_is_refused(void **state)
{
    static const uint8_t one[LIMIT_KEY] = {1}; /* of small order */
    struct log_pair     *pair = *state;

    pair->to.public_key = one;
    assert_int_equal(log_pair_say(pair, PRECEDENCE_ROUTINE, span_text("x")),
                     STATUS_BAD_FIELD);
    assert_false(pair->batch.begun);
    assert_int_equal(pair->channel->frontier.size, 0);
}

static void
what_is_appended_while_the_link_is_up_is_in_flight(void **state)
{
    struct log_pair           *pair = *state;
    const struct flight_entry *entry;

    say(pair, "tea?");
    entry = flight_at(&pair->channel->flight, 0);
    assert_non_null(entry);
    assert_true(span_equal(
        flight_body(&pair->channel->flight, entry),
        one_turn_saved(pair->writer, RECORD_OUT_ENTRY, 0).bytes));
    assert_int_equal(channel_window(pair->channel, PRECEDENCE_ROUTINE)->entries,
                     1);
}

static void
what_is_appended_while_it_is_down_is_in_the_journal_alone(void **state)
{
    struct log_pair *pair = *state;

    pair->channel->live = false;
    say(pair, "tea?");
    sign(pair);
    assert_int_equal(pair->channel->flight.count, 0);
    assert_int_equal(pair->channel->window[0].entries, 0);
    assert_int_equal(one_turn_saves(pair->writer, RECORD_OUT_ENTRY), 1);
    assert_int_equal(pair->channel->head.size, 1);
}

static void
immediate_and_above_have_a_window_of_their_own(void **state)
{
    struct log_pair *pair = *state;

    assert_int_equal(
        log_pair_say(pair, PRECEDENCE_PRIORITY, span_text("x")), STATUS_OK);
    assert_int_equal(
        log_pair_say(pair, PRECEDENCE_IMMEDIATE, span_text("x")), STATUS_OK);
    assert_int_equal(
        log_pair_say(pair, PRECEDENCE_OVERRIDE, span_text("x")), STATUS_OK);
    assert_int_equal(channel_window(pair->channel, PRECEDENCE_ROUTINE)->entries,
                     1);
    assert_int_equal(channel_window(pair->channel, PRECEDENCE_FLASH)->entries,
                     2);
}

static void
carry(struct log_pair *pair, uint64_t from, uint64_t to)
{
    assert_int_equal(log_pair_leaves(pair, from, to), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
    for (uint64_t i = from; i < to; i++)
        assert_int_equal(log_pair_body(pair, i), STATUS_OK);
    log_pair_cosign(pair);
}

static void
the_peers_receipt_is_kept_and_saved(void **state)
{
    struct log_pair *pair = *state;
    struct record    saved;

    log_pair_batch(pair, 2);
    carry(pair, 0, 2);
    assert_int_equal(log_pair_receipt(pair), STATUS_OK);
    assert_int_equal(pair->channel->cosigned.size, 2);
    assert_int_equal(pair->channel->head_count, 0);
    saved = one_turn_saved(pair->writer, RECORD_OUT_COSIGNED, 0);
    assert_int_equal(saved.size, 2);
    assert_memory_equal(saved.signature, pair->witness->cosignature.signature,
                        LIMIT_SIGNATURE);
    assert_int_equal(saved.time, pair->witness->cosignature.time_s);
}

static void
a_receipt_that_is_not_the_peers_changes_nothing(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    carry(pair, 0, 2);
    pair->witness->cosignature.signature[5] ^= 1;
    assert_int_equal(log_pair_receipt(pair), STATUS_BAD_PROOF);
    pair->witness->cosignature.signature[5] ^= 1;
    pair->witness->cosignature.time_s++;
    assert_int_equal(log_pair_receipt(pair), STATUS_BAD_PROOF);
    assert_int_equal(pair->channel->cosigned.size, 0);
    assert_int_equal(pair->channel->head_count, 1);
    assert_int_equal(one_turn_saves(pair->writer, RECORD_OUT_COSIGNED), 0);
}

static void
a_receipt_for_a_head_that_was_never_signed_is_refused(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    carry(pair, 0, 2);
    pair->witness->cosigned.root.bytes[0] ^= 1;
    assert_int_equal(log_pair_receipt(pair), STATUS_NOT_FOUND);
    pair->witness->cosigned.root.bytes[0] ^= 1;
    pair->witness->cosigned.size = 1;
    assert_int_equal(log_pair_receipt(pair), STATUS_NOT_FOUND);
    pair->witness->cosigned.size = 3;
    assert_int_equal(log_pair_receipt(pair), STATUS_NOT_FOUND);
}

static void
the_same_receipt_again_is_harmless(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    carry(pair, 0, 2);
    assert_int_equal(log_pair_receipt(pair), STATUS_OK);
    assert_int_equal(log_pair_receipt(pair), STATUS_DUPLICATE);
    assert_int_equal(one_turn_saves(pair->writer, RECORD_OUT_COSIGNED), 1);
}

static void
a_receipt_for_an_older_head_leaves_the_newer_waiting(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 1);
    carry(pair, 0, 1);
    log_pair_batch(pair, 1);
    assert_int_equal(pair->channel->head_count, 2);
    assert_int_equal(log_pair_receipt(pair), STATUS_OK);
    assert_int_equal(pair->channel->cosigned.size, 1);
    assert_int_equal(pair->channel->head_count, 1);
    carry(pair, 1, 2);
    assert_int_equal(log_pair_receipt(pair), STATUS_OK);
    assert_int_equal(pair->channel->cosigned.size, 2);
    assert_int_equal(pair->channel->head_count, 0);
}

static void
a_lost_link_leaves_nothing_under_way(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 3);
    channel_unlink(pair->channel);
    assert_false(pair->channel->live);
    assert_int_equal(pair->channel->flight.count, 0);
    assert_int_equal(pair->channel->window[0].entries, 0);
    assert_int_equal(pair->channel->head.size, 3);
    assert_int_equal(pair->channel->head_count, 1);
}

#define CHANNEL_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, log_pair_make, log_pair_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(entries_get_the_next_index_and_are_saved_as_they_travel),
        CHANNEL_TEST(entries_of_one_turn_are_one_batch),
        CHANNEL_TEST(
            the_next_turn_begins_a_batch_with_another_ephemeral_and_salt),
        CHANNEL_TEST(an_unsealed_class_is_saved_without_a_secret),
        CHANNEL_TEST(the_head_is_signed_over_all_leaves_and_saved),
        CHANNEL_TEST(a_turn_without_entries_signs_nothing),
        CHANNEL_TEST(the_batch_secret_is_wiped_when_the_head_is_signed),
        CHANNEL_TEST(a_body_that_fits_no_entry_changes_nothing),
        CHANNEL_TEST(a_key_that_agrees_with_nobody_is_refused),
        CHANNEL_TEST(what_is_appended_while_the_link_is_up_is_in_flight),
        CHANNEL_TEST(what_is_appended_while_it_is_down_is_in_the_journal_alone),
        CHANNEL_TEST(immediate_and_above_have_a_window_of_their_own),
        CHANNEL_TEST(the_peers_receipt_is_kept_and_saved),
        CHANNEL_TEST(a_receipt_that_is_not_the_peers_changes_nothing),
        CHANNEL_TEST(a_receipt_for_a_head_that_was_never_signed_is_refused),
        CHANNEL_TEST(the_same_receipt_again_is_harmless),
        CHANNEL_TEST(a_receipt_for_an_older_head_leaves_the_newer_waiting),
        CHANNEL_TEST(a_lost_link_leaves_nothing_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
