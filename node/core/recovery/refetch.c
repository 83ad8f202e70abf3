/* refetch.c - one function a frame. */
#include "node/core/recovery/refetch.h"

#include "node/core/link/resume.h"
#include "node/core/roster.h"

void
refetch_ask(struct session *session, struct context *turn, bool whole)
{
    Entente__Frame   frame = ENTENTE__FRAME__INIT;
    Entente__AskHeld ask = ENTENTE__ASK_HELD__INIT;

    ask.whole = whole;
    frame.kind_case = ENTENTE__FRAME__KIND_ASK_HELD;
    frame.ask_held = &ask;
    session_send(session, turn, &frame);
    session->worked = true;
}

void
refetch_send(struct session *session, struct context *turn,
             const struct lacking_log *log)
{
    const struct witness *witness =
        session->peer->regrow != NULL
            ? session->peer->regrow
            : peer_witness_of(session->peer, origin_span(&log->text));
    Entente__Range      ranges[LIMIT_RANGES];
    Entente__Range     *list[LIMIT_RANGES];
    Entente__Frame      frame = ENTENTE__FRAME__INIT;
    Entente__Fetch      fetch = ENTENTE__FETCH__INIT;

    fetch.origin = (char *)(uintptr_t)log->text.text;
    fetch.n_bodies = resume_missing(witness, ranges, list);
    fetch.bodies = list;
    fetch.leaves = fetch.n_bodies == 0;
    fetch.leaves_from = fetch.leaves ? witness->head.size : 0;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    session_send(session, turn, &frame);
    session->worked = true;
}

void
refetch_give_up(struct peer *peer, struct context *turn,
                struct witness *witness)
{
    struct record lost = {.kind = RECORD_VERDICT,
                          .origin = witness->origin,
                          .count = 1,
                          .time = turn->input->wall_ms,
                          .state = STATE_LOST};

    for (uint64_t i = witness->whole; i < witness->head.size; i++) {
        if (witness_wanted(witness, i) == NULL)
            continue;
        lost.index = i;
        context_save(turn, &lost, NULL);
        witness_settle(witness, i);
        peer->regain_lost++;
    }
}
