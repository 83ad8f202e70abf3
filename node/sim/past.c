/*
 * past.c - a ring of the newest sessions a pair; older ones are never asked
 * for, since a session is journaled by both sides or by none soon after.
 */
#include "node/sim/past.h"

#include "node/sim/saved.h"

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

struct turn {
    struct past         *past;
    size_t               who;
    size_t               peer; /* LEDGER_NODES: no session is journaled */
    struct past_session  session;
    bool                 alarmed[LEDGER_NODES];
};

static void
on_step(void *arg, const struct record *record)
{
    struct turn *turn = arg;
    size_t       peer = ledger_who(turn->past->ledger, &record->peer);

    if (peer == LEDGER_NODES)
        return;
    if (record->kind == RECORD_ALARM && record->state == STATUS_FORK)
        turn->alarmed[peer] = true;
    if (record->kind != RECORD_CHAIN)
        return;
    turn->peer = peer;
    memcpy(turn->session.hash, record->root, LIMIT_DIGEST);
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
judge(struct turn *turn, const struct past_session *theirs)
{
    const char *words = NULL;

    if (share(&turn->session.held, &theirs->held))
        return;
    if (!turn->session.alarmed)
        words = "who called raises no alarm";
    else if (!theirs->alarmed)
        words = "who was called raised no alarm";
    if (words != NULL)
        verdict_break(turn->past->ledger->verdict,
                      "nodes %zu and %zu begin a session, hold none in common "
                      "and %s",
                      turn->who, turn->peer, words);
}

void
past_stepped(struct past *past, size_t who, const struct effects *effects)
{
    struct turn                turn = {.past = past,
                                       .who = who,
                                       .peer = LEDGER_NODES};
    struct past_of            *ours;
    const struct past_session *theirs;

    if (saved_each(effects, on_step, &turn) != STATUS_OK ||
        turn.peer == LEDGER_NODES)
        return;
    ours = &past->of[who][turn.peer];
    turn.session.held = ours->now;
    turn.session.alarmed = turn.alarmed[turn.peer];
    theirs = same_session(&past->of[turn.peer][who], turn.session.hash);
    if (theirs != NULL)
        judge(&turn, theirs);
    ours->list[ours->count++ % PAST_SESSIONS] = turn.session;
}
