/*
 * past.c - a ring of the newest sessions a pair; older ones are never asked
 * for, since a session is journaled by both sides or by none soon after.
 */
#include "node/sim/past.h"

#include "node/sim/saved.h"

#include <assert.h>
#include <string.h>

void
past_init(struct past *past, struct ledger *ledger)
{
    *past = (struct past){.ledger = ledger};
}

/* --- what is durable ----------------------------------------------------- */

void
past_recalled(struct past *past, size_t who, const struct record *record)
{
    size_t              peer = ledger_who(past->ledger, &record->peer);
    struct past_hashes *now;

    if (record->kind != RECORD_CHAIN || peer == LEDGER_NODES)
        return;
    now = &past->of[who][peer].now;
    memcpy(now->confirmed, record->key, LIMIT_DIGEST);
    memcpy(now->pending, record->root, LIMIT_DIGEST);
}

struct durable {
    struct past *past;
    size_t       who;
};

static void
on_durable(void *arg, const struct record *record)
{
    struct durable *durable = arg;

    past_recalled(durable->past, durable->who, record);
}

void
past_committed(struct past *past, size_t who, const struct effects *effects)
{
    struct durable durable = {past, who};

    if (saved_each(effects, on_durable, &durable) != STATUS_OK)
        return; /* the ledger has told it */
}

/* --- the promise ---------------------------------------------------------- */

enum { TURN_SESSIONS = 32 };

struct turn {
    struct past *past;
    size_t       who;
    size_t       count; /* sessions that are journaled, in order */
    struct {
        size_t              peer;
        struct past_session session;
        struct past_hashes  then; /* after it */
    } list[TURN_SESSIONS];
    bool alarmed[LEDGER_NODES];
};

/* What this node holds, after the sessions that the turn has journaled. */
static struct past_hashes
held_now(const struct turn *turn, size_t peer)
{
    for (size_t i = turn->count; i-- > 0;)
        if (turn->list[i].peer == peer)
            return turn->list[i].then;
    return turn->past->of[turn->who][peer].now;
}

static void
on_step(void *arg, const struct record *record)
{
    struct turn *turn = arg;
    size_t       peer = ledger_who(turn->past->ledger, &record->peer);
    size_t       at = turn->count;

    if (peer == LEDGER_NODES)
        return;
    if (record->kind == RECORD_ALARM && record->state == STATUS_FORK)
        turn->alarmed[peer] = true;
    if (record->kind != RECORD_CHAIN)
        return;
    assert(at < TURN_SESSIONS);
    turn->list[at].peer = peer;
    turn->list[at].session.held = held_now(turn, peer);
    memcpy(turn->list[at].session.hash, record->root, LIMIT_DIGEST);
    memcpy(turn->list[at].then.confirmed, record->key, LIMIT_DIGEST);
    memcpy(turn->list[at].then.pending, record->root, LIMIT_DIGEST);
    turn->count++;
}

static bool
names(const struct past_hashes *held, const uint8_t hash[static LIMIT_DIGEST])
{
    return memcmp(held->confirmed, hash, LIMIT_DIGEST) == 0 ||
           memcmp(held->pending, hash, LIMIT_DIGEST) == 0;
}

static bool
share(const struct past_hashes *a, const struct past_hashes *b)
{
    return names(a, b->confirmed) || names(a, b->pending);
}

/* NULL: the peer has not journaled that session. */
static const struct past_session *
same_session(const struct past_of *of, const uint8_t hash[static LIMIT_DIGEST])
{
    for (size_t i = 0; i < PAST_SESSIONS && i < of->count; i++)
        if (memcmp(of->list[i].hash, hash, LIMIT_DIGEST) == 0)
            return &of->list[i];
    return NULL;
}

static void
judge(const struct turn *turn, size_t peer, const struct past_session *ours,
      const struct past_session *theirs)
{
    const char *words = NULL;

    if (share(&ours->held, &theirs->held))
        return;
    if (!ours->alarmed)
        words = "who called raises no alarm";
    else if (!theirs->alarmed)
        words = "who was called raised no alarm";
    if (words != NULL)
        verdict_break(turn->past->ledger->verdict,
                      "nodes %zu and %zu begin a session, hold none in common "
                      "and %s",
                      turn->who, peer, words);
}

void
past_stepped(struct past *past, size_t who, const struct effects *effects)
{
    struct turn turn = {.past = past, .who = who};

    if (saved_each(effects, on_step, &turn) != STATUS_OK)
        return; /* the ledger has told it */
    for (size_t i = 0; i < turn.count; i++) {
        size_t                     peer = turn.list[i].peer;
        struct past_session       *session = &turn.list[i].session;
        struct past_of            *ours = &past->of[who][peer];
        const struct past_session *theirs;

        session->alarmed = turn.alarmed[peer];
        theirs = same_session(&past->of[peer][who], session->hash);
        if (theirs != NULL)
            judge(&turn, peer, session, theirs);
        ours->list[ours->count++ % PAST_SESSIONS] = *session;
    }
}
