/*
 * grant.c - entries are read in portions; keys are collected until an entry is
 * full or all are read.
 *
 * Invariant: a content key is said to nobody but to one of the two who had it:
 * the peer, of entries of a log between the two.
 */
#include "node/core/log/grant.h"

#include "node/core/log/answer.h"
#include "node/core/grow.h"
#include "node/core/link/inbound.h"
#include "node/core/link/resume.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    PORTION_BYTES = 1 << 20,
    RUN_BYTES = 160, /* of one Keys, its keys aside */
    GRANT_BYTES = 48 << 10
};

struct granting {
    struct origin        origin;
    struct origin_text   text;
    const struct witness *witness; /* it is the peer's log; NULL: ours */
    struct resume_range  range[LIMIT_RANGES];
    size_t               range_count;
    uint64_t             next, to;
    uint64_t             load;
    /* collected, in order */
    uint64_t             index[GRANT_ENTRIES];
    uint8_t              key[GRANT_ENTRIES][LIMIT_KEY];
    size_t               count, run_count;
};

void
grant_free(struct peer *peer)
{
    if (peer->granting != NULL)
        secret_wipe_bytes(peer->granting, sizeof(*peer->granting));
    free(peer->granting);
    peer->granting = NULL;
}

static void
load_next(struct context *turn, struct peer *peer)
{
    struct granting *granting = peer->granting;
    struct query     query = {.kind = QUERY_ENTRIES,
                              .origin = granting->origin,
                              .from = granting->next,
                              .count = granting->to - granting->next,
                              .bytes_max = PORTION_BYTES};

    granting->load = roster_ask(turn, LOAD_GRANT, peer, &query)->token;
}

enum status
grant_asked(struct session *session, struct context *turn,
            const Entente__Frame *frame, struct span raw)
{
    const Entente__AskGrant *asked = frame->ask_grant;
    struct peer             *peer = session->peer;
    struct span              origin = span_text(asked->origin);
    const struct witness    *witness = peer_witness_of(peer, origin);
    struct granting         *granting;

    (void)raw;
    session->worked = true;
    if (peer->granting != NULL)
        return STATUS_BAD_STATE;
    if ((witness == NULL && peer_channel_of(peer, origin) == NULL) ||
        asked->n_entries == 0 || asked->n_entries > LIMIT_RANGES ||
        !inbound_are_apart(asked->entries, asked->n_entries))
        return STATUS_BAD_FIELD;
    granting = peer->granting = grow_new(1, sizeof(*granting));
    granting->witness = witness;
    if (origin_parse(origin, &granting->origin) != STATUS_OK)
        return STATUS_BAD_FIELD; /* not reached: it is known here */
    granting->text = origin_format(&granting->origin);
    granting->range_count = asked->n_entries;
    for (size_t i = 0; i < asked->n_entries; i++) {
        granting->range[i] = (struct resume_range){asked->entries[i]->first,
                                                   asked->entries[i]->count};
        if (asked->entries[i]->count > GRANT_ENTRIES)
            return STATUS_BAD_FIELD;
        granting->to =
            asked->entries[i]->first + asked->entries[i]->count;
    }
    granting->next = granting->range[0].first;
    if (granting->to <= granting->next ||
        granting->to - granting->next > GRANT_ENTRIES)
        return STATUS_BAD_FIELD;
    load_next(turn, peer);
    return STATUS_OK;
}

static bool
is_asked(const struct granting *granting, uint64_t index)
{
    for (size_t i = 0; i < granting->range_count; i++)
        if (index >= granting->range[i].first &&
            index - granting->range[i].first < granting->range[i].count)
            return true;
    return false;
}

/* One GRANT of what was collected. */
static void
say(struct context *turn, struct peer *peer)
{
    struct granting          *granting = peer->granting;
    Entente__EntryGrant       grant = ENTENTE__ENTRY_GRANT__INIT;
    Entente__EntryGrant__Keys keys[GRANT_ENTRIES];
    Entente__EntryGrant__Keys *list[GRANT_ENTRIES];
    struct channel_say        entry = {.class = CLASS_GRANT,
                                       .precedence = PRECEDENCE_ROUTINE};
    enum status               st;

    for (size_t i = 0; i < granting->count; i++) {
        Entente__EntryGrant__Keys *run = &keys[grant.n_keys];

        if (i == 0 || granting->index[i] != granting->index[i - 1] + 1) {
            entente__entry_grant__keys__init(run);
            run->origin = granting->text.text;
            run->first = granting->index[i];
            run->content_keys.data = granting->key[i];
            list[grant.n_keys++] = run;
        } else {
            run--;
        }
        run->content_keys.len += LIMIT_KEY;
    }
    granting->count = granting->run_count = 0;
    if (grant.n_keys == 0)
        return;
    grant.keys = list;
    entry.body = context_pack(turn, &grant.base);
    st = peer_say(peer, turn, &entry);
    assert(st == STATUS_OK); /* GRANT_BYTES is below an entry's limit */
    secret_wipe_bytes((void *)(uintptr_t)entry.body.ptr, entry.body.len);
}

static void
collect(struct context *turn, struct peer *peer, const struct record *record)
{
    struct granting     *granting = peer->granting;
    struct record_secret secret;
    size_t               at = granting->count;

    if (!is_asked(granting, record->index))
        return;
    if (record->secret.len == 0 ||
        record_secret_decode(record->secret, &secret) != STATUS_OK ||
        secret_is_zero(secret.content_key, LIMIT_KEY)) {
        if (granting->witness != NULL)
            answer_note(peer, turn, granting->witness, record->index,
                        ENTENTE__ANSWER__VERDICT__LOST, STATUS_OK,
                        PRECEDENCE_ROUTINE);
        return;
    }
    granting->run_count +=
        at == 0 || granting->index[at - 1] + 1 != record->index;
    granting->index[at] = record->index;
    memcpy(granting->key[at], secret.content_key, LIMIT_KEY);
    secret_wipe(&secret);
    granting->count++;
    if (granting->count == GRANT_ENTRIES ||
        granting->count * LIMIT_KEY + granting->run_count * RUN_BYTES >
            GRANT_BYTES)
        say(turn, peer);
}

void
grant_loaded(struct context *turn, const struct load *load, enum status st,
             struct span answer)
{
    struct peer     *peer = load->peer;
    struct granting *granting = peer->granting;
    struct reader    in = reader_of(answer);
    struct record    record;
    uint64_t         before;

    if (granting == NULL || granting->load != load->token)
        return; /* of a link that is gone */
    before = granting->next;
    while (st == STATUS_OK && granting->next < granting->to) {
        st = record_list_next(&in, &record);
        if (st == STATUS_OK && record.index == granting->next) {
            collect(turn, peer, &record);
            granting->next++;
        }
    }
    if (granting->next < granting->to && granting->next > before) {
        load_next(turn, peer);
        return;
    }
    say(turn, peer);
    grant_free(peer);
}
