/*
 * disclose.c - row, then entry, then each log of the other direction from its
 * beginning, as much as one answer of the store holds at a time.
 *
 * An ANSWER names what it answers in its sealed body, so each is opened here;
 * evidence is asked for seldom enough.  Those that do not go out, because there
 * are too many or the content is withheld, are counted.
 */
#include "node/core/log/disclose.h"

#include "crypto/unseal.h"
#include "node/core/grow.h"
#include "node/core/log/logbook.h"
#include "node/core/roster.h"
#include "node/core/client/viewing.h"
#include "proto/answers.h"

#include <assert.h>
#include <string.h>

enum { PAGE_ENTRIES = 2048, PAGE_BYTES = 262144 };

/* What is kept between the pages of the other direction's logs. */
struct disclosure {
    struct origin origin; /* of the message */
    uint64_t      index;
    struct origin log;    /* looked through now */
    uint64_t      from;
    uint64_t      found; /* answers so far, those above the limit too */
};

void
disclose_request(struct context *turn, uint64_t client,
                 const Entente__Request *request)
{
    struct load *load = lookup_find(turn, client, request, LOAD_EVIDENCE_ROW,
                                    request->evidence->ref);

    if (load != NULL)
        load->flag = request->evidence->withhold;
}

void
disclose_row(struct context *turn, const struct load *load, struct span answer)
{
    struct record_row row;
    struct query      query;
    struct load       before = *load;
    enum status       st = lookup_one_row(answer, &row);

    if (st != STATUS_OK) {
        lookup_fail_row(turn, load, st);
        return;
    }
    if (row.origin.len == 0) {
        desk_fail_words(turn, load->client, load->request, STATUS_BAD_STATE,
                        "ref", NULL,
                        "it has not left yet: nothing of it is signed");
        return;
    }
    viewing_query(&row, &query);
    before.peer = roster_peer_by_id(turn->node, &row.peer);
    lookup_ask(turn,
               roster_load_next(turn->node, &before, LOAD_EVIDENCE_ENTRY),
               &query);
}

/* --- one entry ------------------------------------------------------------ */

/* Its content key; false: forgotten, or it was never opened. */
static bool
key_of(const struct record *record, struct secret32 *out)
{
    struct record_secret secret;
    struct leaf          leaf;

    if (leaf_decode(record->leaf, &leaf) != STATUS_OK ||
        record_secret_decode(record->secret, &secret) != STATUS_OK)
        return false;
    memcpy(out->bytes, secret.content_key, LIMIT_KEY);
    secret_wipe(&secret);
    return seal_check_key(out, &leaf) == STATUS_OK;
}

/* `key` may be NULL: it is withheld. */
static void
tell_entry(struct context *turn, const struct load *load,
           const struct record *record, const struct secret32 *key)
{
    Entente__Response         response = ENTENTE__RESPONSE__INIT;
    Entente__EvidenceResponse evidence = ENTENTE__EVIDENCE_RESPONSE__INIT;
    Entente__LogEntry         entry;
    struct origin_text        text = origin_format(&record->origin);

    logbook_entry(record, true, &entry);
    evidence.origin = text.text;
    evidence.peer = (char *)(uintptr_t)load->peer->name;
    evidence.entry = &entry;
    if (key != NULL)
        evidence.content_key = (ProtobufCBinaryData){
            LIMIT_KEY, (uint8_t *)(uintptr_t)key->bytes};
    response.kind_case = ENTENTE__RESPONSE__KIND_EVIDENCE;
    response.evidence = &evidence;
    desk_answer(turn, load->client, load->request, false, &response);
}

static void
tell_end(struct context *turn, const struct load *load, uint64_t answers)
{
    Entente__Response         response = ENTENTE__RESPONSE__INIT;
    Entente__EvidenceResponse evidence = ENTENTE__EVIDENCE_RESPONSE__INIT;

    evidence.answers = answers;
    response.kind_case = ENTENTE__RESPONSE__KIND_EVIDENCE;
    response.evidence = &evidence;
    desk_answer(turn, load->client, load->request, true, &response);
}

/* --- the logs that may answer -------------------------------------------- */

static size_t
log_count(const struct peer *peer, bool ours)
{
    return ours ? peer->channel_count : peer->witness_count;
}

static const struct origin *
log_at(const struct peer *peer, bool ours, size_t i)
{
    return ours ? &peer->channels[i]->origin : &peer->witnesses[i]->origin;
}

/* A message to this peer is answered in its logs, one from it in ours. */
static bool
answered_by_us(const struct peer *peer, const struct origin *message)
{
    return node_id_equal(&message->sender, &peer->id);
}

static bool
comes_before(const struct origin *a, const struct origin *b)
{
    if (a->epoch != b->epoch)
        return a->epoch < b->epoch;
    if (a->random != b->random)
        return a->random < b->random;
    return a->lane < b->lane;
}

/* The next log of the message's realm in this order; `after` NULL: the first.
 * NULL: there is none. */
static const struct origin *
next_log(const struct peer *peer, const struct origin *message,
         const struct origin *after)
{
    bool                 ours = answered_by_us(peer, message);
    const struct origin *next = NULL;

    for (size_t i = 0; i < log_count(peer, ours); i++) {
        const struct origin *log = log_at(peer, ours, i);

        if (strcmp(log->realm, message->realm) == 0 &&
            (after == NULL || comes_before(after, log)) &&
            (next == NULL || comes_before(log, next)))
            next = log;
    }
    return next;
}

static void
ask_page(struct context *turn, const struct load *before,
         const struct disclosure *disclosure)
{
    struct load *load = roster_load_next(turn->node, before,
                                         LOAD_EVIDENCE_ANSWERS);
    struct query query = {.kind = QUERY_ENTRIES,
                          .origin = disclosure->log,
                          .from = disclosure->from,
                          .count = PAGE_ENTRIES,
                          .bytes_max = PAGE_BYTES};

    load->held = grow_new(sizeof(*disclosure), 1);
    load->held_len = sizeof(*disclosure);
    memcpy(load->held, disclosure, sizeof(*disclosure));
    lookup_ask(turn, load, &query);
}

void
disclose_entry(struct context *turn, const struct load *load,
               struct span answer)
{
    struct load          before = *load;
    struct reader        in = reader_of(answer);
    struct record        record;
    struct secret32      key = {{0}};
    struct disclosure    disclosure = {.from = 0};
    const struct origin *log;

    if (record_list_next(&in, &record) != STATUS_OK ||
        record.kind == RECORD_MISSING) {
        desk_fail_words(turn, before.client, before.request, STATUS_NOT_FOUND,
                        "ref", NULL, "its body is not here any more");
        return;
    }
    if (!before.flag && !key_of(&record, &key)) {
        desk_fail_words(
            turn, before.client, before.request, STATUS_BAD_STATE, "ref",
            "that it exists and who signed it can be proven with its content "
            "withheld",
            "its content is forgotten, or was never opened here");
        return;
    }
    tell_entry(turn, &before, &record, before.flag ? NULL : &key);
    secret_wipe(&key);
    if (!before.flag)
        context_log(turn, "evidence: the key of entry %llu of a log with %s "
                    "was handed out", (unsigned long long)record.index,
                    before.peer->name);
    disclosure.origin = record.origin;
    disclosure.index = record.index;
    log = next_log(before.peer, &record.origin, NULL);
    if (log == NULL) {
        tell_end(turn, &before, 0);
        return;
    }
    disclosure.log = *log;
    ask_page(turn, &before, &disclosure);
}

/* --- whether an entry answers -------------------------------------------- */

static bool
answers(struct context *turn, const struct record *record,
        const struct disclosure *disclosure)
{
    struct origin_text          origin = origin_format(&disclosure->origin);
    const Entente__EntryAnswer *entry;
    struct span                 plain;
    struct leaf                 leaf;
    size_t                      used = turn->arena.used;
    bool                        found = false;

    if (record->kind == RECORD_MISSING ||
        leaf_decode(record->leaf, &leaf) != STATUS_OK ||
        leaf.class != CLASS_ANSWER)
        return false;
    plain = viewing_plain(turn, record);
    entry = plain.len == 0
                ? NULL
                : (const Entente__EntryAnswer *)context_parse(
                      turn, &entente__entry_answer__descriptor, plain);
    if (entry != NULL && answers_check(entry) != STATUS_OK)
        entry = NULL; /* nothing in it counts */
    for (size_t i = 0; entry != NULL && i < entry->n_answers; i++)
        found = found || answers_name(entry->answers[i], origin_span(&origin),
                                      disclosure->index);
    turn->arena.used = used;
    return found;
}

void
disclose_answers(struct context *turn, const struct load *load,
                 struct span answer)
{
    struct load          before = *load;
    struct reader        in = reader_of(answer);
    struct disclosure    disclosure;
    struct record        record;
    const struct origin *log;
    uint64_t             from;

    assert(load->held_len == sizeof(disclosure));
    memcpy(&disclosure, load->held, sizeof(disclosure));
    from = disclosure.from;
    while (record_list_next(&in, &record) == STATUS_OK) {
        struct secret32 key = {{0}};

        disclosure.from = record.index + 1;
        if (!answers(turn, &record, &disclosure) || !key_of(&record, &key))
            continue;
        if (!before.flag && disclosure.found < LIMIT_EVIDENCE_ANSWERS)
            tell_entry(turn, &before, &record, &key);
        secret_wipe(&key);
        disclosure.found++;
    }
    if (disclosure.from == from) { /* nothing more in this one */
        log = next_log(before.peer, &disclosure.origin, &disclosure.log);
        if (log == NULL) {
            tell_end(turn, &before, disclosure.found);
            return;
        }
        disclosure.log = *log;
        disclosure.from = 0;
    }
    ask_page(turn, &before, &disclosure);
}
