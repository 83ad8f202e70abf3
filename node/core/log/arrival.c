/*
 * arrival.c - from sealed body to state.
 *
 * Invariant: whatever happens in here, exactly one IN_ENTRY record with the
 * body as it came is saved and the index is settled, in one group; but for an
 * answer that comes too soon, which leaves no trace and is missing still.
 */
#include "node/core/log/arrival.h"

#include "node/core/log/answer.h"
#include "node/core/message/message.h"
#include "node/core/message/refers.h"
#include "node/core/recovery/regain.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One entry on its way through this file. */
struct arrival {
    struct peer         *peer;
    struct witness      *witness;
    uint64_t             index;
    struct leaf          leaf;
    struct seal_batch    fields;
    struct span          body;
    struct record        record;
    struct record_secret secret;
    char                 why[LIMIT_LINE]; /* it was rejected; in the secret */
    bool                 opened;
};

/* Remembers a sealing key that the peer announces for what we seal to it. */
static enum status
take_sealkey(struct arrival *arrival, struct context *turn,
             const Entente__EntrySealkey *said)
{
    struct peer  *peer = arrival->peer;
    struct record record = {.kind = RECORD_SEALKEY,
                            .peer = peer->id,
                            .words = origin_span(&arrival->witness->text),
                            .size = arrival->index,
                            .state = 2};

    if (said->key.len != LIMIT_KEY || said->number == 0 ||
        dh_public_check(said->key.data) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (strcmp(said->realm, arrival->witness->origin.realm) != 0)
        return STATUS_BAD_FIELD;
    if (said->number <= peer->announced.number)
        return STATUS_OK; /* known from an earlier epoch */
    peer->announced.number = said->number;
    peer->announced.secret_epoch = said->secret_epoch;
    memcpy(peer->announced.key, said->key.data, LIMIT_KEY);
    peer->announced_in = arrival->witness->origin;
    peer->announced_at = arrival->index;
    record.vault = said->number;
    record.count = said->secret_epoch;
    memcpy(record.key, said->key.data, LIMIT_KEY);
    context_save(turn, &record, NULL);
    return STATUS_OK;
}

static enum status
take_unsealed(struct arrival *arrival, struct context *turn)
{
    const Entente__EntryOpen    *open;
    const Entente__EntrySealkey *sealkey;

    switch (arrival->leaf.class) {
    case CLASS_OPEN:
        open = (const Entente__EntryOpen *)context_parse(
            turn, &entente__entry_open__descriptor, arrival->body);
        if (open == NULL || arrival->index != 0)
            return STATUS_BAD_ENCODING;
        if (open->reason != ENTENTE__ENTRY_OPEN__REASON__PAIRING)
            context_log(turn, "channel: %s opened a new epoch (reason %d)",
                        arrival->peer->name, (int)open->reason);
        return open->sealkey != NULL
                   ? take_sealkey(arrival, turn, open->sealkey)
                   : STATUS_BAD_FIELD;
    case CLASS_SEALKEY:
        sealkey = (const Entente__EntrySealkey *)context_parse(
            turn, &entente__entry_sealkey__descriptor, arrival->body);
        return sealkey != NULL ? take_sealkey(arrival, turn, sealkey)
                               : STATUS_BAD_ENCODING;
    default:
        return STATUS_OK; /* KEY, REVOKE: kept, acted on with rotation */
    }
}

/* The batch secret, once a batch and key. */
static enum status
batch_secret(struct arrival *arrival, struct node *node,
             struct witness_batch *batch)
{
    const struct leaf   *leaf = &arrival->leaf;
    const struct dh_key *own =
        leaf->sealing_key == 0
            ? &node->first_contact
            : peer_own_key(arrival->peer, leaf->sealing_key);
    struct seal_key key = {.suite = leaf->suite,
                           .number = leaf->sealing_key,
                           .secret_epoch = leaf->secret_epoch};
    enum status     st;

    if (own == NULL || leaf->secret_epoch != arrival->peer->secret_epoch)
        return STATUS_UNOPENED;
    if (batch->has_secret && batch->sealing_key == leaf->sealing_key)
        return STATUS_OK;
    if (leaf->secret_epoch > 0)
        key.pair_secret = &arrival->peer->pair_secret;
    memcpy(key.public_key, own->public_key, LIMIT_KEY);
    st = seal_batch_recipient(&arrival->fields, &key, &own->secret,
                              &batch->secret);
    if (st != STATUS_OK)
        return STATUS_UNOPENED;
    batch->has_secret = true;
    batch->sealing_key = leaf->sealing_key;
    return STATUS_OK;
}

/* Into node->plain; the content key into the record. */
static enum status
open_body(struct arrival *arrival, struct node *node,
          struct witness_batch *batch, struct span *plain)
{
    struct secret32 content_key = {0};
    size_t          len = 0;
    enum status     st = batch_secret(arrival, node, batch);

    if (st != STATUS_OK)
        return st;
    seal_content_key(&batch->secret, arrival->index, &content_key);
    st = seal_open(&content_key, arrival->fields.origin, arrival->index,
                   &arrival->leaf, arrival->body, node->plain, &len);
    if (st == STATUS_OK) {
        memcpy(arrival->secret.content_key, content_key.bytes, LIMIT_KEY);
        arrival->opened = true;
        *plain = (struct span){node->plain, len};
    }
    secret_wipe(&content_key);
    return st;
}

/* What the entry around a message says of it, and what was heard before; names
 * the field that is at fault. */
static enum status
compare(const struct arrival *arrival, struct context *turn,
        const Entente__Message *message, struct span plain, const char **field)
{
    *field = "precedence";
    if ((unsigned)message->precedence != (unsigned)arrival->leaf.precedence)
        return STATUS_BAD_FIELD; /* else it overtakes as what it is not */
    *field = "status";
    if (!message_fits_realm(message, arrival->witness->origin.realm))
        return STATUS_BAD_FIELD;
    *field = "id";
    return heard_take(&turn->node->heard, &arrival->peer->id,
                      &arrival->record.id, arrival->record.number, plain);
}

/* What cannot be named by its id is by its leaf's digest, so that it stands in
 * the list of what was rejected. */
static void
note_rejected(struct arrival *arrival, struct context *turn, enum status st,
              const char *field)
{
    static const struct message_id none;
    struct record                 *record = &arrival->record;

    if (memcmp(&record->id, &none, sizeof(none)) == 0)
        memcpy(record->id.bytes, arrival->leaf.digest,
               sizeof(record->id.bytes));
    if (arrival->secret.kind.len == 0) {
        arrival->secret.kind = span_text("?");
        arrival->secret.status = span_text("?");
        arrival->secret.subject = span_text("(not readable)");
    }
    (void)snprintf(arrival->why, sizeof(arrival->why), "%s: %s",
                   status_name(st), field);
    arrival->secret.message = span_text(arrival->why);
    if (st == STATUS_DUPLICATE)
        peer_alarm(arrival->peer, turn, st, SPAN_OF(arrival->record.id.bytes),
                   "one id for two messages; both are kept");
    context_log(turn, "message from %s at index %llu rejected (%s: %s)",
                arrival->peer->name, (unsigned long long)arrival->index,
                status_name(st), field);
}

/* One that comes again keeps what people here had done with it. */
static enum message_state
came_as(const struct arrival *arrival)
{
    return said_has(&arrival->peer->said, &arrival->witness->origin,
                    arrival->index, STATE_READ)
               ? STATE_READ
               : STATE_NEW;
}

/* A person's message: judged, listed, answered. */
static enum status
take_message(struct arrival *arrival, struct context *turn, struct span plain)
{
    struct message_faults faults;
    Entente__Message     *message = NULL;
    const char           *field = "";
    bool                  again = false; /* what people did stands */
    enum status           st;

    st = message_parse(plain, MESSAGE_SENT, &turn->arena, &message, &faults);
    if (faults.count > 0)
        field = faults.list[0].path[0] != '\0' ? faults.list[0].path
                                               : faults.list[0].words;
    if (message != NULL) {
        struct message_row row = message_row_of(message);

        arrival->record.id = row.id;
        arrival->record.number = row.number;
        arrival->secret.kind = span_text(row.kind);
        arrival->secret.status = span_text(row.status);
        arrival->secret.subject = span_text(row.subject);
    }
    if (message != NULL)
        again = heard_has(&turn->node->heard, &arrival->peer->id,
                          &arrival->record.id);
    if (st == STATUS_OK)
        st = compare(arrival, turn, message, plain, &field);
    if (st == STATUS_OK) {
        arrival->record.state = (uint8_t)came_as(arrival);
        if (!again)
            awaiting_take(arrival->peer, turn, false, message,
                          arrival->record.number);
        refers_note(turn, &arrival->peer->id, &arrival->record.id,
                    arrival->record.number, plain);
        wanted_take(arrival->peer, turn, arrival->witness, arrival->index,
                    message);
    } else {
        arrival->record.state = STATE_QUARANTINED;
        note_rejected(arrival, turn, st, field);
    }
    answer_note(arrival->peer, turn, arrival->witness, arrival->index,
                st == STATUS_OK ? ENTENTE__ANSWER__VERDICT__ACCEPTED
                                : ENTENTE__ANSWER__VERDICT__REJECTED,
                st, arrival->leaf.precedence);
    arrival->peer->received++;
    if (st != STATUS_OK)
        arrival->peer->read++; /* nobody is to read it */
    return STATUS_OK;
}

/* What it is about may not have come back yet, where we lost state. */
static enum status
take_answer(struct arrival *arrival, struct context *turn, struct span plain)
{
    enum status st = answer_take(arrival->peer, turn, plain);

    return (st == STATUS_NOT_FOUND || st == STATUS_BAD_FIELD) &&
                   regain_holds(arrival->peer, turn)
               ? STATUS_HELD
               : st;
}

static enum status
take_sealed(struct arrival *arrival, struct context *turn,
            struct witness_batch *batch)
{
    struct span plain = SPAN_EMPTY;
    enum status st = open_body(arrival, turn->node, batch, &plain);

    if (st != STATUS_OK) {
        arrival->record.state = STATE_UNOPENED;
        if (arrival->leaf.class == CLASS_ANSWER ||
            arrival->leaf.class == CLASS_GRANT)
            return st; /* never answered by an entry (DESIGN 2) */
        answer_note(arrival->peer, turn, arrival->witness, arrival->index,
                    ENTENTE__ANSWER__VERDICT__UNOPENED, STATUS_UNOPENED,
                    arrival->leaf.precedence);
        context_log(turn, "entry %llu of %s cannot be opened; kept",
                    (unsigned long long)arrival->index, arrival->peer->name);
        return STATUS_OK;
    }
    switch (arrival->leaf.class) {
    case CLASS_MESSAGE:
        return take_message(arrival, turn, plain);
    case CLASS_ANSWER:
        return take_answer(arrival, turn, plain);
    case CLASS_GRANT:
        return retrace_granted(arrival->peer, turn, plain);
    default:
        return STATUS_OK; /* AGREEMENT, STATEMENT: kept as they came */
    }
}

static void
save_entry(struct arrival *arrival, struct context *turn,
           const struct witness_leaf *wanted)
{
    struct record *record = &arrival->record;

    record->kind = RECORD_IN_ENTRY;
    record->origin = arrival->witness->origin;
    record->index = arrival->index;
    record->first = arrival->fields.first_index;
    record->leaf = SPAN_OF(wanted->bytes);
    record->time = turn->input->wall_ms;
    record->precedence = (uint8_t)arrival->leaf.precedence;
    record->bytes = arrival->body;
    memcpy(record->ephemeral, arrival->fields.ephemeral, LIMIT_KEY);
    memcpy(record->salt, arrival->fields.salt, LIMIT_SALT);
    context_save(turn, record, arrival->opened ? &arrival->secret : NULL);
}

static void
keep_entry(struct arrival *arrival, struct context *turn,
           const struct witness_leaf *wanted, enum status st)
{
    save_entry(arrival, turn, wanted);
    if (arrival->record.state == STATE_NEW ||
        arrival->record.state == STATE_READ)
        said_apply(arrival->peer, turn, &arrival->witness->origin,
                   arrival->index, &arrival->record.id);
    if (st != STATUS_OK)
        peer_alarm(arrival->peer, turn, st, SPAN_OF(wanted->bytes),
                   "a control entry could not be taken; kept as it came");
    witness_settle(arrival->witness, arrival->index);
}

void
arrival_take(struct peer *peer, struct context *turn, struct witness *witness,
             uint64_t index, struct span body)
{
    const struct witness_leaf *wanted = witness_wanted(witness, index);
    struct witness_batch      *batch = witness_batch_of(witness, wanted);
    size_t                     parsed = turn->arena.used;
    struct arrival             arrival = {.peer = peer,
                                          .witness = witness,
                                          .index = index,
                                          .body = body};
    enum status                st;

    st = leaf_decode(SPAN_OF(wanted->bytes), &arrival.leaf);
    assert(st == STATUS_OK); /* witness_piece read it too */
    arrival.fields.origin = origin_span(&witness->text);
    arrival.fields.first_index = batch->first;
    memcpy(arrival.fields.ephemeral, batch->ephemeral, LIMIT_KEY);
    memcpy(arrival.fields.salt, batch->salt, LIMIT_SALT);
    st = class_is_sealed(arrival.leaf.class)
             ? take_sealed(&arrival, turn, batch)
             : take_unsealed(&arrival, turn);
    if (st == STATUS_HELD)
        context_log(turn, "entry %llu of %s is held: it is taken later",
                    (unsigned long long)index, peer->name);
    else
        keep_entry(&arrival, turn, wanted, st);
    secret_wipe(&arrival.secret);
    secret_wipe_bytes(turn->node->plain, arrival.opened ? body.len : 0);
    turn->arena.used = parsed;
}
