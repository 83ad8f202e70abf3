/*
 * test_logbook.c - logs are handed out whole or not at all: channels with both
 * signatures, entries as they travelled.
 */
#include "tests/unit/asking.h"

#include "crypto/merkle.h"
#include "node/core/log/logbook.h"
#include "node/core/roster.h"

/* a sent three messages to b. */
static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    for (unsigned i = 1; i <= 3; i++) {
        duo_submit(&duo->a, "node2", i, "ROUTINE", "tea?", NULL);
        duo_run(duo);
    }
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    *state = duo;
    return 0;
}

/* The answer to a request for channels or entries, its number 1. */
static const Entente__LogResponse *
asked(struct duo *duo, struct duo_party *party, const Entente__LogRequest *log)
{
    duo_forget_told(party);
    asking_log(party, 7, 1, log);
    duo_run(duo);
    return asking_ended(party, 7, 1, ENTENTE__RESPONSE__KIND_LOG)->log;
}

static const char *
origin_of(const struct duo *duo)
{
    return duo->a.node->peers[0]->channels[0]->text.text;
}

static const Entente__LogChannel *
channel_of(const Entente__LogResponse *log, const char *origin)
{
    for (size_t i = 0; i < log->n_channels; i++)
        if (strcmp(log->channels[i]->origin, origin) == 0)
            return log->channels[i];
    fail_msg("no such channel");
    return NULL;
}

static bool
drop_frame(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    return false;
}

static bool
has_head(const Entente__LogChannel *channel, const struct head *head)
{
    return channel->size == head->size && channel->root.len == LIMIT_DIGEST &&
           memcmp(channel->root.data, head->root.bytes, LIMIT_DIGEST) == 0;
}

static void
a_channel_stands_with_both_signatures_that_verify(void **state)
{
    struct duo          *duo = *state;
    Entente__LogRequest  log = ENTENTE__LOG_REQUEST__INIT;
    struct duo_party    *parties[] = {&duo->a, &duo->b};
    const struct head   *head = &duo->a.node->peers[0]->channels[0]->head;

    log.both_signatures = true;
    for (size_t i = 0; i < 2; i++) {
        const Entente__LogChannel *channel =
            channel_of(asked(duo, parties[i], &log), origin_of(duo));
        struct cosignature cosignature = {.time_s = channel->cosigned_time};
        struct head        cosigned = {.size = channel->cosigned_size};

        assert_true(has_head(channel, head));
        assert_int_equal(channel->incoming, i == 1);
        assert_int_equal(channel->cosigned_signature.len, LIMIT_SIGNATURE);
        assert_memory_equal(channel->cosigned_signature.data,
                            channel->signature.data, LIMIT_SIGNATURE);
        assert_string_equal(channel->peer, i == 0 ? "node2" : "node1");
        assert_int_equal(
            checkpoint_verify(span_text(channel->origin), head,
                              channel->log_key.data, channel->signature.data),
            STATUS_OK);
        memcpy(cosigned.root.bytes, channel->cosigned_root.data, LIMIT_DIGEST);
        memcpy(cosignature.signature, channel->cosignature.data,
               LIMIT_SIGNATURE);
        assert_int_equal(cosignature_verify(span_text(channel->origin),
                                            &cosigned, &cosignature,
                                            channel->witness_key.data),
                         STATUS_OK);
    }
}

static void
our_signature_on_the_receipted_head_is_there_beside_the_newest(void **state)
{
    struct duo                *duo = *state;
    Entente__LogRequest        log = ENTENTE__LOG_REQUEST__INIT;
    const Entente__LogChannel *channel;
    struct head                cosigned = {.size = 0};

    log.both_signatures = true;
    duo->a.tap = drop_frame;
    duo_submit(&duo->a, "node2", 9, "ROUTINE", "lost", NULL);
    duo_run(duo);
    channel = channel_of(asked(duo, &duo->a, &log), origin_of(duo));
    assert_true(channel->cosigned_size < channel->size);
    cosigned.size = channel->cosigned_size;
    memcpy(cosigned.root.bytes, channel->cosigned_root.data, LIMIT_DIGEST);
    assert_int_equal(checkpoint_verify(span_text(channel->origin), &cosigned,
                                       channel->log_key.data,
                                       channel->cosigned_signature.data),
                     STATUS_OK);
}

static void
what_has_no_receipt_yet_has_none_in_the_answer(void **state)
{
    struct duo                *duo = *state;
    Entente__LogRequest        log = ENTENTE__LOG_REQUEST__INIT;
    struct duo_party           third;
    const Entente__LogChannel *channel;

    duo_party_init(&third, 3);
    asking_pair(&duo->a, &third, "third");
    duo_party_clear(&third);
    log.peer = asking_text("third");
    channel = asked(duo, &duo->a, &log)->channels[0];
    assert_int_equal(channel->size, 1);
    assert_int_equal(channel->signature.len, LIMIT_SIGNATURE);
    assert_int_equal(channel->cosigned_size, 0);
    assert_int_equal(channel->cosignature.len, 0);
    assert_int_equal(channel->cosigned_signature.len, 0);
}

static void
the_signature_on_the_receipted_head_comes_only_when_asked_for(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    assert_int_equal(channel_of(asked(duo, &duo->a, &log), origin_of(duo))
                         ->cosigned_signature.len,
                     0);
}

static void
one_peers_channels_are_asked_for_by_name(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    struct duo_party    third;

    duo_party_init(&third, 3);
    asking_pair(&duo->a, &third, "third");
    duo_party_clear(&third);
    assert_int_equal(asked(duo, &duo->a, &log)->n_channels, 3);
    log.peer = asking_text("node2");
    assert_int_equal(asked(duo, &duo->a, &log)->n_channels, 2);
    log.peer = asking_text("third");
    assert_int_equal(asked(duo, &duo->a, &log)->n_channels, 1);
}

static void
a_removed_peers_log_is_still_handed_out(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    asking_remove(&duo->a, 7, 2, "node2");
    duo_run(duo);
    log.peer = asking_text("node2");
    assert_int_equal(asked(duo, &duo->a, &log)->n_channels, 2);
}

static void
a_name_that_no_peer_has_is_refused(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    log.peer = asking_text("node9");
    asking_log(&duo->a, 7, 1, &log);
    duo_run(duo);
    asking_refused(&duo->a, 7, 1, "NOT_FOUND", "peer");
}

/* A part of them would look like all of them to who verifies. */
static void
channels_that_do_not_fit_one_answer_are_refused_whole(void **state)
{
    struct duo         *duo = *state;
    struct peer        *peer = duo->a.node->peers[0];
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    struct origin       origin = peer->channels[0]->origin;

    while (peer->channel_count < 4000) {
        origin.epoch++;
        (void)peer_channel_add(peer, &origin);
    }
    asking_log(&duo->a, 7, 1, &log);
    duo_turn(&duo->a);
    assert_non_null(strstr(
        asking_refused(&duo->a, 7, 1, "TOO_LARGE", "peer"), "one peer"));
    duo->a.loads_held = true; /* the channels above are not real */
}

static void
entries_come_as_they_travelled_and_make_the_root(void **state)
{
    struct duo                 *duo = *state;
    Entente__LogRequest         log = ENTENTE__LOG_REQUEST__INIT;
    const Entente__LogResponse *got;
    struct merkle_frontier      frontier = {0};
    const struct head *head = &duo->a.node->peers[0]->channels[0]->head;
    struct digest      hash, root;

    log.origin = asking_text(origin_of(duo));
    log.bodies = true;
    got = asked(duo, &duo->b, &log);
    assert_int_equal(got->n_entries, head->size);
    for (size_t i = 0; i < got->n_entries; i++) {
        const Entente__LogEntry *entry = got->entries[i];

        assert_int_equal(entry->index, i);
        assert_int_equal(entry->leaf.len, LEAF_LEN);
        assert_true(entry->body_here && entry->body.len > 0);
        merkle_leaf_hash((struct span){entry->leaf.data, entry->leaf.len},
                         &hash);
        merkle_append(&frontier, &hash);
    }
    merkle_root(&frontier, &root);
    assert_true(digest_equal(&root, &head->root));
}

static void
bodies_come_only_when_they_are_asked_for(void **state)
{
    struct duo                 *duo = *state;
    Entente__LogRequest         log = ENTENTE__LOG_REQUEST__INIT;
    const Entente__LogResponse *got;

    log.origin = asking_text(origin_of(duo));
    got = asked(duo, &duo->a, &log);
    for (size_t i = 0; i < got->n_entries; i++) {
        assert_true(got->entries[i]->body_here);
        assert_int_equal(got->entries[i]->body.len, 0);
    }
}

static void
a_page_begins_and_ends_where_it_is_asked_to(void **state)
{
    struct duo                 *duo = *state;
    Entente__LogRequest         log = ENTENTE__LOG_REQUEST__INIT;
    const Entente__LogResponse *got;

    log.origin = asking_text(origin_of(duo));
    log.from = 1;
    log.limit = 2;
    got = asked(duo, &duo->a, &log);
    assert_int_equal(got->n_entries, 2);
    assert_int_equal(got->entries[0]->index, 1);
    log.from = 1000;
    assert_int_equal(asked(duo, &duo->a, &log)->n_entries, 0);
}

static void
an_answer_holds_so_many_entries_whatever_is_asked(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    log.origin = asking_text(origin_of(duo));
    log.limit = UINT32_MAX;
    duo->a.loads_held = true;
    asking_log(&duo->a, 7, 1, &log);
    duo_run(duo);
    assert_true(duo->a.held[0].query.count <= 2048);
    assert_true(duo->a.held[0].query.bytes_max < LIMIT_CONTROL_FRAME);
}

/* Its leaf is known, its body is not here: forgotten, or yet to come. */
static void
an_entry_without_a_body_says_so(void **state)
{
    struct duo              *duo = *state;
    Entente__LogRequest      log = ENTENTE__LOG_REQUEST__INIT;
    struct event             event = {.kind = EVENT_LOADED};
    uint8_t                  leaf[LEAF_LEN] = {1};
    struct record            missing = {.kind = RECORD_MISSING,
                                        .origin = duo->a.node->peers[0]
                                                      ->channels[0]->origin,
                                        .index = 3,
                                        .leaf = SPAN_OF(leaf)};
    uint8_t                  bytes[512], list[1024];
    struct writer            out = writer_of(bytes, sizeof(bytes));
    struct writer            all = writer_of(list, sizeof(list));
    const Entente__LogEntry *entry;

    log.origin = asking_text(origin_of(duo));
    log.bodies = true;
    duo->a.loads_held = true;
    asking_log(&duo->a, 7, 1, &log);
    duo_run(duo);
    record_encode(&missing, &out);
    record_list_put(&all, writer_span(&out), SPAN_EMPTY);
    event.token = duo->a.held[0].token;
    event.bytes = writer_span(&all);
    duo_post(&duo->a, &event);
    duo_run(duo);
    entry = asking_ended(&duo->a, 7, 1, ENTENTE__RESPONSE__KIND_LOG)
                ->log->entries[0];
    assert_int_equal(entry->index, 3);
    assert_false(entry->body_here);
    assert_int_equal(entry->body.len, 0);
}

static void
what_is_no_name_of_a_log_is_refused(void **state)
{
    static const char *const names[] = {"entente/v1/", "lovely",
                                        "entente/v1/01/02/actual/wire/1-0"};
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    for (size_t i = 0; i < 3; i++) {
        log.origin = asking_text(names[i]);
        asking_log(&duo->a, 7, i, &log);
    }
    duo_run(duo);
    for (size_t i = 0; i < 3; i++)
        asking_refused(&duo->a, 7, i, "BAD_FIELD", "origin");
}

static void
a_log_that_is_not_here_has_no_entries(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    struct origin       origin = duo->a.node->peers[0]->channels[0]->origin;
    struct origin_text  text;

    origin.random++;
    text = origin_format(&origin);
    log.origin = text.text;
    assert_int_equal(asked(duo, &duo->a, &log)->n_entries, 0);
}

static void
a_store_that_fails_is_told_as_it_is(void **state)
{
    struct duo         *duo = *state;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    struct event        failed = {.kind = EVENT_LOADED,
                                  .status = STATUS_CORRUPT};

    log.origin = asking_text(origin_of(duo));
    duo->a.loads_held = true;
    asking_log(&duo->a, 7, 1, &log);
    duo_run(duo);
    failed.token = duo->a.held[0].token;
    duo_post(&duo->a, &failed);
    duo_run(duo);
    asking_refused(&duo->a, 7, 1, "CORRUPT", "");
}

#define ON_DUO(test) cmocka_unit_test_setup_teardown(test, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_channel_stands_with_both_signatures_that_verify),
        ON_DUO(our_signature_on_the_receipted_head_is_there_beside_the_newest),
        ON_DUO(the_signature_on_the_receipted_head_comes_only_when_asked_for),
        ON_DUO(what_has_no_receipt_yet_has_none_in_the_answer),
        ON_DUO(one_peers_channels_are_asked_for_by_name),
        ON_DUO(a_removed_peers_log_is_still_handed_out),
        ON_DUO(a_name_that_no_peer_has_is_refused),
        ON_DUO(channels_that_do_not_fit_one_answer_are_refused_whole),
        ON_DUO(entries_come_as_they_travelled_and_make_the_root),
        ON_DUO(bodies_come_only_when_they_are_asked_for),
        ON_DUO(a_page_begins_and_ends_where_it_is_asked_to),
        ON_DUO(an_answer_holds_so_many_entries_whatever_is_asked),
        ON_DUO(an_entry_without_a_body_says_so),
        ON_DUO(what_is_no_name_of_a_log_is_refused),
        ON_DUO(a_log_that_is_not_here_has_no_entries),
        ON_DUO(a_store_that_fails_is_told_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
