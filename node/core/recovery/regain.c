/*
 * regain.c - one log after the other, in pieces that end with a signed head.
 *
 * Invariant: (I1) a round in which nothing came ends the matter: what the peer
 * says to hold and does not give is told, and not waited for.
 */
#include "node/core/recovery/regain.h"

#include "node/core/grow.h"
#include "node/core/log/held.h"
#include "node/core/recovery/lacking.h"
#include "node/core/log/lane.h"
#include "node/core/recovery/refetch.h"
#include "node/core/recovery/regrow.h"
#include "node/core/link/resume.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum regain_step {
    REGAIN_ASK,
    REGAIN_HEAR, /* Held is awaited */
    REGAIN_OWN,
    REGAIN_RETRACE,
    REGAIN_THEIRS,
    REGAIN_SETTLE
};

struct regain {
    enum regain_step step;
    struct lacking   lacking;
    size_t           at;                /* in its list */
    bool             ask, whole, fetch; /* to be sent */
    bool             waits;             /* for the answer to a Fetch */
    bool             came;              /* something did, this round */
    unsigned         tries;             /* for a piece that came wrong */
    uint64_t         before; /* of theirs, here when that was asked */
    uint64_t         load;   /* under way, in SETTLE */
};

void
regain_free(struct peer *peer)
{
    if (peer->regain == NULL)
        return;
    retrace_free(peer);
    regrow_free(peer);
    free(peer->regain);
    peer->regain = NULL;
}

static void
begin(struct peer *peer)
{
    if (peer->regain == NULL)
        peer->regain = grow_new(1, sizeof(*peer->regain));
    peer->regain->step = REGAIN_ASK;
    peer->regain->ask = true;
}

static void
lacks(struct peer *peer, struct context *turn)
{
    if ((peer->recovery & RECOVERY_LACKS) != 0)
        return;
    peer->recovery |= RECOVERY_LACKS;
    held_save(peer, turn);
    context_log(turn, "recovery: what this node lost is asked of %s",
                peer->name);
}

void
regain_found(struct peer *peer, struct context *turn)
{
    lacks(peer, turn);
    if (peer->regain == NULL && peer->link != NULL)
        begin(peer); /* else with the next link, whatever a stick brings */
}

/* Our own logs are as they are to be; what the peer has of what waits was not
 * looked for yet.  Then it asks, as after a loss: there may be more. */
static void
look_through(struct peer *peer)
{
    if (peer->regain != NULL)
        return;
    begin(peer);
    peer->regain->ask = false;
    peer->regain->step = REGAIN_RETRACE;
    peer->regain->lacking.news = true;
}

void
regain_receipt(struct peer *peer, struct context *turn,
               struct channel *channel, const Entente__ChannelSize *said)
{
    uint64_t from = channel->cosigned.size;

    if (lacking_receipt(peer, turn, channel, said) && !channel->regained) {
        retrace_mark(turn, channel, from, channel->frontier.size);
        look_through(peer);
    }
}

void
regain_opened(struct session *session, struct context *turn)
{
    struct peer *peer = session->peer;

    (void)turn;
    if ((peer->recovery & RECOVERY_LACKS) != 0)
        begin(peer);
    else if (retrace_is_due(peer))
        look_through(peer);
}

/* --- what is put off ------------------------------------------------------ */

bool
regain_holds(const struct peer *peer, const struct context *turn)
{
    const struct channel *channel = lane_channel(peer, LANE_WIRE);

    if (peer->regain != NULL)
        return ((peer->recovery & RECOVERY_LACKS) != 0 ||
                peer->regain->step == REGAIN_RETRACE) &&
               peer->regain->step < REGAIN_THEIRS;
    if ((peer->recovery & RECOVERY_LACKS) != 0)
        return true; /* until the next link */
    /* The keyring told of a loss: the peer's first word shows whether it has
     * seen what was lost. */
    return turn->node->loss_answered && peer->link != NULL &&
           !peer->link->heard_more && channel != NULL &&
           channel->cosigned.size == 0;
}

bool
regain_puts_off(const struct peer *peer, const struct context *turn,
                const struct witness *witness, uint64_t index)
{
    return index < witness->shown.size && peer->regain != NULL &&
           regain_holds(peer, turn) &&
           witness->shown.size - witness->whole <= REGAIN_PUT_OFF;
}

/* Own logs are here: what was put off is asked for; of logs that are closed
 * piece by piece. */
static void
release(struct peer *peer)
{
    for (size_t i = 0; i < peer->witness_count; i++) {
        struct witness *witness = peer->witnesses[i];

        witness->bodies_due = witness->whole < witness->head.size &&
                              lane_goes_on(peer, witness);
    }
}

/* --- a log of theirs ------------------------------------------------------ */

static const struct lacking_log *
current(const struct regain *regain)
{
    return regain->at < regain->lacking.count
               ? &regain->lacking.list[regain->at]
               : NULL;
}

static void
took_theirs(struct peer *peer, struct context *turn)
{
    const struct lacking_log *log = current(peer->regain);
    struct witness *witness = peer_witness_of(peer, origin_span(&log->text));

    if (witness != NULL && (witness->leaves_due || witness->bodies_due)) {
        witness->leaves_due = witness->bodies_due = false;
        return; /* something came wrong: once more, as often as 7.4 allows */
    }
    if (witness != NULL)
        refetch_give_up(peer, turn, witness);
    if (witness != NULL && witness->whole > peer->regain->before)
        peer->regain->came = true;
    else
        peer->regain->at++; /* (I1) */
}

/* --- steps ---------------------------------------------------------------- */

/* What was asked for has been given. */
static void
took(struct peer *peer, struct context *turn, const Entente__Held *held)
{
    bool spoilt = peer->regrow != NULL && peer->regrow->stopped;

    if (peer->regrow == NULL) {
        took_theirs(peer, turn);
    } else if (regrow_close(peer, turn, held)) {
        peer->regain->came = true;
    } else if (!spoilt || ++peer->regain->tries == LIMIT_BODY_TRIES) {
        peer->regain->at++; /* (I1) */
        peer->regain->tries = 0;
    }
}

static bool
is_awaited(const struct peer *peer, struct span given)
{
    const struct lacking_log *log;

    if (peer->regain == NULL || !peer->regain->waits)
        return false;
    log = current(peer->regain);
    return log != NULL && span_equal(origin_span(&log->text), given);
}

enum status
regain_told(struct session *session, struct context *turn,
            const Entente__Frame *frame, struct span raw)
{
    const Entente__Held *held = frame->held;
    struct peer         *peer = session->peer;
    enum status          st;

    (void)raw;
    session->worked = true;
    if (held->n_writes > LIMIT_CHANNELS_PER_LINK ||
        held->n_reads > LIMIT_CHANNELS_PER_LINK)
        return STATUS_TOO_LARGE;
    if (held->given[0] != '\0') {
        if (!is_awaited(peer, span_text(held->given)))
            return STATUS_OK; /* its writer closed it as we asked again */
        peer->regain->waits = false;
        took(peer, turn, held);
        return STATUS_OK;
    }
    if (peer->regain == NULL) {
        begin(peer); /* an offer */
        peer->regain->ask = false;
    }
    if (peer->regain->step > REGAIN_HEAR)
        return STATUS_OK; /* it is known, or will be asked again */
    peer->regain->step = REGAIN_HEAR;
    st = lacking_take(&peer->regain->lacking, peer, turn, held->reads,
                      held->n_reads);
    if (st == STATUS_OK)
        st = lacking_take(&peer->regain->lacking, peer, turn, held->writes,
                          held->n_writes);
    if (st != STATUS_OK || held->more)
        return st;
    if (peer->regain->lacking.lost)
        lacks(peer, turn);
    else if ((peer->recovery & RECOVERY_LACKS) == 0)
        peer->regain->lacking.count = 0; /* what never came is said anew */
    peer->regain->at = 0;
    peer->regain->step = REGAIN_OWN;
    return STATUS_OK;
}

/* What was not cosigned goes back to the outbox first. */
static bool
is_given_back(const struct peer *peer, const struct lacking_log *log)
{
    const struct channel *channel =
        peer_channel_of(peer, origin_span(&log->text));
    uint64_t done;

    if (channel == NULL)
        return true;
    done = channel->given_back > channel->cosigned.size
               ? channel->given_back
               : channel->cosigned.size;
    return done >= channel->frontier.size;
}

/* False: it waits. */
static bool
step_own(struct peer *peer)
{
    struct regain           *regain = peer->regain;
    const struct lacking_log *log;
    const struct channel    *channel;

    while ((log = current(regain)) != NULL) {
        channel = peer_channel_of(peer, origin_span(&log->text));
        if (log->ours &&
            (channel == NULL || channel->frontier.size < log->size))
            break;
        regain->at++;
    }
    if (log == NULL) {
        regain->at = 0;
        regain->step = REGAIN_RETRACE;
        return true;
    }
    if (is_given_back(peer, log)) {
        regrow_open(peer, &log->origin);
        regain->fetch = regain->waits = true;
    }
    return false;
}

static void
step_theirs(struct peer *peer)
{
    struct regain           *regain = peer->regain;
    const struct lacking_log *log;
    struct witness          *witness = NULL;

    while ((log = current(regain)) != NULL) {
        witness = peer_witness_of(peer, origin_span(&log->text));
        if (!log->ours && (witness == NULL || witness->whole < log->size) &&
            (witness == NULL || !witness->stopped))
            break;
        regain->at++;
    }
    if (log == NULL) {
        regain->ask = regain->came || regain->lacking.news;
        regain->step = regain->ask ? REGAIN_ASK : REGAIN_SETTLE;
        regain->came = false;
        regain->lacking = (struct lacking){0};
        regain->at = 0;
        return;
    }
    if (witness == NULL) { /* it was stopped, or forgotten, meanwhile */
        regain->at++;
        return;
    }
    regain->before = witness->whole;
    regain->fetch = regain->waits = true;
}

static void
finish(struct peer *peer, struct context *turn)
{
    char words[sizeof(peer->alarm)];

    peer->regain->whole = true;
    said_clear(&peer->said);
    if ((peer->recovery & RECOVERY_LACKS) == 0)
        return;
    peer->recovery &= (uint8_t)~RECOVERY_LACKS;
    held_save(peer, turn);
    snprintf(words, sizeof(words),
             "this node had lost state; %llu entries came back, %llu could "
             "not; nothing is to be done",
             (unsigned long long)peer->regain_came,
             (unsigned long long)peer->regain_lost);
    peer_alarm(peer, turn, STATUS_OK, SPAN_EMPTY, words);
    peer->regain_came = peer->regain_lost = 0;
}

/* What we had cosigned of the log that they go on in comes by itself. */
static bool
comes_still(const struct peer *peer)
{
    for (size_t i = 0; i < peer->witness_count; i++)
        if (peer->witnesses[i]->whole < peer->witnesses[i]->shown.size &&
            !peer->witnesses[i]->stopped && !peer->witnesses[i]->given)
            return true;
    return false;
}

/* What was said of messages that were here all the time. */
static void
step_settle(struct peer *peer, struct context *turn)
{
    const struct said_one *one = said_next(&peer->said);
    struct query           query = {.kind = QUERY_ENTRIES,
                                    .count = 1,
                                    .bytes_max = LIMIT_RECORD};

    if (one == NULL) {
        finish(peer, turn);
        return;
    }
    query.origin = one->origin;
    query.from = one->index;
    peer->regain->load = roster_ask(turn, LOAD_REGAIN, peer, &query)->token;
}

void
regain_loaded(struct context *turn, const struct load *load, enum status st,
              struct span answer)
{
    struct peer           *peer = load->peer;
    const struct said_one *one = said_next(&peer->said);
    struct reader          in = reader_of(answer);
    struct origin          origin;
    struct record          record;

    if (peer->regain == NULL || peer->regain->load != load->token ||
        one == NULL)
        return;
    peer->regain->load = 0;
    origin = one->origin;
    if (st == STATUS_OK && record_list_next(&in, &record) == STATUS_OK &&
        record.kind == RECORD_IN_ENTRY && record.number > 0)
        said_apply(peer, turn, &origin, one->index, &record.id);
    else
        said_drop(&peer->said, turn, &origin, one->index);
}

/* False: it waits for something. */
static bool
step(struct peer *peer, struct context *turn)
{
    struct regain *regain = peer->regain;

    if (regain->waits || regain->whole || regain->load != 0)
        return false;
    switch (regain->step) {
    case REGAIN_OWN: return step_own(peer);
    case REGAIN_RETRACE:
        if (retrace_step(peer, turn))
            return peer->retrace == NULL;
        regain->step = REGAIN_THEIRS;
        release(peer);
        return true;
    case REGAIN_THEIRS: step_theirs(peer); return true;
    case REGAIN_SETTLE:
        if (comes_still(peer))
            return false;
        step_settle(peer, turn);
        return true;
    case REGAIN_ASK:
    case REGAIN_HEAR: break;
    }
    return false;
}

void
regain_step(struct session *session, struct context *turn)
{
    if (session == NULL || session->closed ||
        session->state != SESSION_OPEN)
        return;
    while (session->peer->regain != NULL && step(session->peer, turn))
        continue;
}

/* --- frames --------------------------------------------------------------- */

bool
regain_fill(struct session *session, struct context *turn)
{
    struct regain *regain = session->peer->regain;

    if (regain == NULL || session_room(session) == 0)
        return false;
    if (regain->whole) {
        refetch_ask(session, turn, true);
        regain_free(session->peer);
    } else if (regain->step == REGAIN_ASK && regain->ask) {
        refetch_ask(session, turn, false);
        regain->ask = false;
        regain->step = REGAIN_HEAR;
    } else if (regain->fetch) {
        refetch_send(session, turn, current(regain));
        regain->fetch = false;
    } else {
        return false;
    }
    return true;
}
