/*
 * peer.c - what changes in one pairing.
 *
 * Invariants:
 *  (I1) of the channels of one realm and lane at most the last is open;
 *  (I2) control entries are appended in the turn of their cause, so cause and
 *       answer are one group: both durable or neither;
 *  (I3) we seal to a newly announced key only after its announcement is
 *       cosigned by us, and say from which size on.
 */
#include "node/core/peer.h"

#include "node/core/log/answer.h"
#include "node/core/grow.h"
#include "node/core/client/follow.h"
#include "node/core/recovery/giving.h"
#include "node/core/recovery/giveback.h"
#include "node/core/log/grant.h"
#include "node/core/log/lane.h"
#include "node/core/log/receipt.h"
#include "node/core/recovery/regain.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct peer *
peer_new(const struct card *card, struct span card_text, struct span name)
{
    struct peer *peer = grow_new(1, sizeof(*peer));

    peer->id = card->cert.node;
    peer_take_card(peer, card, card_text, name);
    return peer;
}

void
peer_take_card(struct peer *peer, const struct card *card,
               struct span card_text, struct span name)
{
    assert(node_id_equal(&card->cert.node, &peer->id));
    assert(name.len <= LIMIT_NAME);
    free(peer->card_text);
    peer->card = *card;
    peer->card_text = grow_new(card_text.len + 1, 1);
    memcpy(peer->card_text, card_text.ptr, card_text.len);
    memcpy(peer->name, name.ptr, name.len);
    peer->name[name.len] = '\0';
    if (peer->seal_to.number == 0)
        memcpy(peer->seal_to.key, card->first_contact, LIMIT_KEY);
    if (peer->announced.number == 0)
        peer->announced = peer->seal_to;
}

static void
end_recovery(struct peer *peer)
{
    giving_free(peer);
    grant_free(peer);
    regain_free(peer);
}

void
peer_free(struct peer *peer)
{
    if (peer == NULL)
        return;
    for (size_t i = 0; i < peer->channel_count; i++)
        channel_free(peer->channels[i]);
    for (size_t i = 0; i < peer->witness_count; i++)
        witness_free(peer->witnesses[i]);
    free(peer->channels);
    free(peer->witnesses);
    end_recovery(peer);
    said_clear(&peer->said);
    answer_forget(peer);
    free(peer->answers);
    pace_clear(&peer->pace);
    awaiting_clear(&peer->awaiting[false]);
    awaiting_clear(&peer->awaiting[true]);
    owed_clear(&peer->owed);
    feeding_clear(&peer->feeding);
    wanted_clear(&peer->wanted);
    gather_clear(&peer->gather);
    free(peer->card_text);
    outbox_clear(&peer->outbox);
    secret_wipe_bytes(peer, sizeof(*peer));
    free(peer);
}

bool
peer_removed(const struct peer *peer)
{
    return (peer->flags & PEER_REMOVED) != 0;
}

struct channel *
peer_channel(const struct peer *peer, const char *realm)
{
    assert(strcmp(realm, REALM_ACTUAL) == 0); /* the only one as yet */
    return lane_channel(peer, LANE_WIRE);
}

bool
peer_may_say(const struct peer *peer)
{
    return peer->link != NULL && peer->link->state == SESSION_OPEN &&
           peer_channel(peer, REALM_ACTUAL) != NULL;
}

struct channel *
peer_channel_of(const struct peer *peer, struct span origin)
{
    for (size_t i = peer->channel_count; i-- > 0;)
        if (span_equal(origin_span(&peer->channels[i]->text), origin))
            return peer->channels[i];
    return NULL;
}

struct witness *
peer_witness_of(const struct peer *peer, struct span origin)
{
    for (size_t i = peer->witness_count; i-- > 0;)
        if (span_equal(origin_span(&peer->witnesses[i]->text), origin))
            return peer->witnesses[i];
    return NULL;
}

const struct dh_key *
peer_own_key(const struct peer *peer, uint32_t number)
{
    for (size_t i = 0; i < peer->own_count; i++)
        if (peer->own[i].number == number)
            return &peer->own[i].key;
    return NULL;
}

/* The key we announce; made at the first epoch. */
static const struct peer_sealing_key *
own_key(struct peer *peer, struct context *turn)
{
    struct record            record = {.kind = RECORD_SEALKEY,
                                       .peer = peer->id,
                                       .outgoing = 1,
                                       .words = span_text(REALM_ACTUAL)};
    struct peer_sealing_key *own;
    struct keyring_owner     owner;

    if (peer->own_count > 0)
        return &peer->own[peer->own_count - 1];
    own = &peer->own[peer->own_count++];
    own->number = 1;
    context_random_dh(turn, &own->key);
    owner = keyring_owner_of(&peer->id, span_text(REALM_ACTUAL));
    context_keep_key(turn, KEYRING_SEALING, &owner, own->number,
                     &own->key.secret);
    record.vault = own->number;
    memcpy(record.key, own->key.public_key, LIMIT_KEY);
    context_save(turn, &record, NULL);
    return own;
}

static void
add_channel(struct peer *peer, struct channel *channel)
{
    peer->channels = grow_list(peer->channels, &peer->channel_cap,
                               peer->channel_count + 1,
                               sizeof(struct channel *));
    peer->channels[peer->channel_count++] = channel;
}

/* The OPEN entry that begins `channel` and names the epoch before it. */
static void
say_open(struct peer *peer, struct context *turn, enum lane lane,
         const struct channel *before, Entente__EntryOpen__Reason reason,
         const Entente__BadHead *bad_head)
{
    const struct peer_sealing_key *own = own_key(peer, turn);
    uint8_t             zeros[LIMIT_DIGEST] = {0};
    Entente__EntrySealkey sealkey = ENTENTE__ENTRY_SEALKEY__INIT;
    Entente__EntryOpen  open = ENTENTE__ENTRY_OPEN__INIT;
    struct channel_say  say = {.lane = lane,
                               .class = CLASS_OPEN,
                               .precedence = PRECEDENCE_IMMEDIATE};
    enum status         st;

    sealkey.number = own->number;
    sealkey.key = (ProtobufCBinaryData){
        LIMIT_KEY, (uint8_t *)(uintptr_t)own->key.public_key};
    sealkey.realm = (char *)(uintptr_t)REALM_ACTUAL;
    sealkey.secret_epoch = peer->secret_epoch;
    open.reason = reason;
    open.sealkey = &sealkey;
    open.before_root = (ProtobufCBinaryData){LIMIT_DIGEST, zeros};
    open.bad_head = (Entente__BadHead *)(uintptr_t)bad_head;
    if (before != NULL) {
        open.before_origin = (char *)(uintptr_t)before->text.text;
        open.before_size = before->head.size;
        open.before_root.data =
            (uint8_t *)(uintptr_t)before->head.root.bytes;
    }
    say.body = context_pack(turn, &open.base);
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK); /* its key was checked when it was pinned */
}

void
peer_open_epoch(struct peer *peer, struct context *turn, enum lane lane,
                Entente__EntryOpen__Reason reason,
                const Entente__BadHead    *bad_head)
{
    struct channel *before = lane_channel(peer, lane);
    struct origin   origin = {.sender = turn->node->cert.node,
                              .recipient = peer->id,
                              .realm = REALM_ACTUAL,
                              .lane = lane,
                              .epoch = lane_next_epoch(peer)};
    uint8_t         random[sizeof(uint64_t)];
    struct reader   in;

    peer_sign(peer, turn);
    if (before != NULL) {
        before->closed = true;
        follow_keep(turn->node, peer, before);
        channel_unlink(before);
    }
    context_random(turn, random, sizeof(random));
    in = reader_of(SPAN_OF(random));
    origin.random = reader_u64(&in);
    add_channel(peer, channel_new(&origin)); /* (I1) */
    peer->channels[peer->channel_count - 1]->live =
        lane == LANE_WIRE && peer_may_say(peer);
    say_open(peer, turn, lane, before, reason, bad_head);
    if (before != NULL)
        giveback_begin(turn, peer, before);
}

/* A budget is one time: that from which on all of it is there again. */
static bool
has_left(uint64_t due_ms, const struct context *turn, uint64_t many)
{
    return due_ms <= turn->input->mono_ms + (many - 1) * LIMIT_EPOCH_MS;
}

static void
spend(uint64_t *due_ms, const struct context *turn)
{
    uint64_t now = turn->input->mono_ms;

    *due_ms = (*due_ms > now ? *due_ms : now) + LIMIT_EPOCH_MS;
}

bool
peer_may_renew(const struct peer *peer, const struct context *turn)
{
    return has_left(peer->renew_due_ms, turn, LIMIT_EPOCHS);
}

void
peer_renew(struct peer *peer, struct context *turn, enum lane lane,
           Entente__EntryOpen__Reason reason, const Entente__BadHead *bad_head)
{
    spend(&peer->renew_due_ms, turn);
    peer_open_epoch(peer, turn, lane, reason, bad_head);
}

bool
peer_may_begin(const struct peer *peer, const struct context *turn)
{
    return has_left(peer->begin_due_ms, turn, LIMIT_EPOCHS_READ);
}

void
peer_begun(struct peer *peer, const struct context *turn)
{
    spend(&peer->begin_due_ms, turn);
}

static struct channel_to
seal_to(const struct peer *peer)
{
    return (struct channel_to){
        .sealing_key = peer->seal_to.number,
        .public_key = peer->seal_to.key,
        .secret_epoch = peer->secret_epoch,
        .pair_secret = peer->secret_epoch > 0 ? &peer->pair_secret : NULL};
}

enum status
peer_say(struct peer *peer, struct context *turn, const struct channel_say *say)
{
    struct channel   *channel = lane_channel(peer, say->lane);
    struct channel_to to = seal_to(peer);

    assert(channel != NULL && !peer_removed(peer));
    if (peer->batch.begun && peer->batch_channel != channel)
        peer_sign(peer, turn);
    peer->batch_channel = channel;
    return channel_append(channel, turn, &peer->batch, &to, say); /* (I2) */
}

/* A log that was named and has no head that was right.  One that is stopped is
 * in the journal; one whose head was wrong once is remembered until another
 * log is named, so that a lost link is no excuse for the second time. */
static bool
is_headless(const struct witness *witness, bool another)
{
    return witness->head.size == 0 && !witness->stopped &&
           (another ? !witness->given
                    : witness->given || !witness->refetched);
}

static void
forget_headless(struct peer *peer, enum lane lane, bool another)
{
    size_t kept = 0;

    for (size_t i = 0; i < peer->witness_count; i++) {
        if (peer->witnesses[i]->origin.lane == lane &&
            is_headless(peer->witnesses[i], another))
            witness_free(peer->witnesses[i]);
        else
            peer->witnesses[kept++] = peer->witnesses[i];
    }
    peer->witness_count = kept;
}

enum status
peer_witness_open(struct peer *peer, struct context *turn, struct span text,
                  struct witness **out)
{
    struct origin origin;
    enum status   st = origin_parse(text, &origin);

    if (st != STATUS_OK)
        return st;
    if (!origin_is_between(&origin, &peer->id, &turn->node->cert.node))
        return STATUS_BAD_FIELD;
    forget_headless(peer, origin.lane, true);
    for (size_t i = 0; i < peer->witness_count; i++) {
        const struct origin *known = &peer->witnesses[i]->origin;

        if (known->lane == origin.lane && known->epoch >= origin.epoch)
            return STATUS_FORK; /* two OPENs with one number */
    }
    *out = peer_witness_add(peer, &origin);
    return STATUS_OK;
}

struct witness *
peer_witness_add(struct peer *peer, const struct origin *origin)
{
    size_t at = lane_witness_place(peer, origin);

    peer->witnesses = grow_list(peer->witnesses, &peer->witness_cap,
                                peer->witness_count + 1,
                                sizeof(struct witness *));
    memmove(peer->witnesses + at + 1, peer->witnesses + at,
            (peer->witness_count++ - at) * sizeof(struct witness *));
    return peer->witnesses[at] = witness_new(origin);
}

struct channel *
peer_channel_add(struct peer *peer, const struct origin *origin)
{
    struct channel *channel = channel_new(origin);
    size_t          at = lane_channel_place(peer, origin);

    channel->closed = at < peer->channel_count;
    for (size_t i = 0; i < at; i++)
        if (peer->channels[i]->origin.lane == origin->lane)
            peer->channels[i]->closed = true; /* (I1) */
    add_channel(peer, channel);
    memmove(peer->channels + at + 1, peer->channels + at,
            (peer->channel_count - 1 - at) * sizeof(struct channel *));
    return peer->channels[at] = channel;
}

void
peer_sign(struct peer *peer, struct context *turn)
{
    if (peer->batch.begun)
        channel_sign(peer->batch_channel, turn, &peer->batch,
                     &turn->node->log_key);
}

/* (I3) */
static void
change_key(struct peer *peer, struct context *turn)
{
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);
    struct record         record = {.kind = RECORD_KEY_SIZE};

    if (channel == NULL || peer->announced.number <= peer->seal_to.number)
        return;
    assert(!peer->batch.begun);
    peer->seal_to = peer->announced;
    peer->changed_at = channel->frontier.size;
    record.origin = channel->origin;
    record.size = peer->changed_at;
    record.vault = peer->seal_to.number;
    context_save(turn, &record, NULL);
}

void
peer_cosign(struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < peer->witness_count; i++) {
        struct witness *witness = peer->witnesses[i];

        receipt_cosign(witness, turn, &turn->node->witness_key);
        if (origin_equal(&witness->origin, &peer->announced_in) &&
            witness->cosigned.size > peer->announced_at)
            change_key(peer, turn);
    }
}

void
peer_alarm(struct peer *peer, struct context *turn, enum status st,
           struct span evidence, const char *words)
{
    struct record record = {.kind = RECORD_ALARM,
                            .peer = peer->id,
                            .time = turn->input->wall_ms,
                            .state = (uint8_t)st,
                            .words = span_text(words),
                            .bytes = evidence};

    snprintf(peer->alarm, sizeof(peer->alarm), "%s", words);
    context_save(turn, &record, NULL);
    context_log(turn, "alarm: peer %s: %s (%s)", peer->name, words,
                status_name(st));
}

void
peer_clear_alarm(struct peer *peer, struct context *turn)
{
    struct record record = {.kind = RECORD_ALARM,
                            .peer = peer->id,
                            .time = turn->input->wall_ms};

    context_log(turn, "alarm: peer %s: cleared by a person: %s", peer->name,
                peer->alarm);
    peer->alarm[0] = '\0';
    context_save(turn, &record, NULL);
}

void
peer_unlink(struct peer *peer, struct context *turn)
{
    peer->link = NULL;
    feeding_unlink(peer, turn);
    wanted_unlink(peer);
    gather_clear(&peer->gather);
    for (size_t i = 0; i < peer->channel_count; i++) {
        follow_keep(turn->node, peer, peer->channels[i]);
        channel_unlink(peer->channels[i]);
    }
    for (size_t i = 0; i < peer->witness_count; i++)
        witness_unlink(peer->witnesses[i]);
    for (enum lane lane = 0; lane < LANE_COUNT; lane++)
        forget_headless(peer, lane, false);
    end_recovery(peer);
}

void
peer_quiesce(struct peer *peer)
{
    peer->renew_due_ms = 0;
    peer->begin_due_ms = 0;
    wanted_quiesce(peer);
    for (enum lane lane = 0; lane < LANE_COUNT; lane++)
        forget_headless(peer, lane, true);
    for (size_t i = 0; i < peer->witness_count; i++)
        witness_quiesce(peer->witnesses[i]);
}

void
peer_save(const struct peer *peer, struct context *turn)
{
    struct record record = {.kind = RECORD_PEER,
                            .peer = peer->id,
                            .words = span_text(peer->name),
                            .time = peer->paired_ms,
                            .state = peer->flags,
                            .number = peer->secret_number};
    size_t        room = LIMIT_CARD + LIMIT_ADDRESS + LIMIT_NAME + 16;
    struct writer out = writer_of(effects_alloc(turn->out, room), room);

    writer_put32(&out, span_text(peer->card_text));
    writer_put16(&out, span_text(peer->address));
    writer_put16(&out, span_text(peer->ceiling));
    assert(writer_end(&out) == STATUS_OK);
    record.bytes = writer_span(&out);
    context_save(turn, &record, NULL);
}
