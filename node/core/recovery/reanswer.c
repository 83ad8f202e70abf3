/* reanswer.c - each verdict is noted as if it were of this turn. */
#include "node/core/recovery/reanswer.h"

#include "node/core/log/answer.h"

#include <string.h>

/* OK for a name that is none, as for a verdict without a reason. */
static enum status
reason_of(const Entente__Answer *answer)
{
    enum status why = STATUS_OK;

    return status_parse(answer->why, &why) == STATUS_OK ? why : STATUS_OK;
}

static void
note(struct peer *peer, struct context *turn, const struct witness *witness,
     const Entente__Answer *answer, const Entente__AnswerRange *range)
{
    struct digest digest;
    bool person = answer->verdict == ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED ||
                  answer->verdict == ENTENTE__ANSWER__VERDICT__DECLINED;

    if (answer->verdict == ENTENTE__ANSWER__VERDICT__COMPLETE) {
        memcpy(digest.bytes, answer->digest.data, LIMIT_DIGEST);
        answer_complete(peer, turn, witness, range->first, &digest);
        return;
    }
    for (uint64_t i = 0; i < range->count; i++)
        if (person)
            answer_person(peer, turn, witness, range->first + i,
                          answer->verdict, answer->by, answer->why,
                          PRECEDENCE_IMMEDIATE);
        else
            answer_note(peer, turn, witness, range->first + i,
                        answer->verdict, reason_of(answer),
                        PRECEDENCE_ROUTINE);
}

void
reanswer_entry(struct peer *peer, struct context *turn, struct span body)
{
    size_t                      parsed = turn->arena.used;
    const Entente__EntryAnswer *entry = (const Entente__EntryAnswer *)
        context_parse(turn, &entente__entry_answer__descriptor, body);

    for (size_t i = 0; entry != NULL && i < entry->n_answers; i++) {
        const Entente__Answer *answer = entry->answers[i];
        const struct witness  *witness =
            peer_witness_of(peer, span_text(answer->origin));

        /* A head that is wrong has no ranges: it is found so again. */
        for (size_t k = 0; witness != NULL && k < answer->n_ranges; k++)
            note(peer, turn, witness, answer, answer->ranges[k]);
    }
    turn->arena.used = parsed;
}
