/*
 * answer.c - verdicts collected in a turn, said as ranges; verdicts received.
 *
 * Invariant: peer->answers holds disjoint runs, each of one log, verdict and
 * reason; it is empty between turns.
 */
#include "node/core/answer.h"

#include "node/core/follow.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

/* What a verdict makes of our message. */
static enum message_state
state_of(Entente__Answer__Verdict verdict)
{
    switch (verdict) {
    case ENTENTE__ANSWER__VERDICT__ACCEPTED: return STATE_ACCEPTED;
    case ENTENTE__ANSWER__VERDICT__REJECTED: return STATE_REJECTED;
    case ENTENTE__ANSWER__VERDICT__REFUSED: return STATE_REFUSED;
    case ENTENTE__ANSWER__VERDICT__UNOPENED: return STATE_UNOPENED;
    case ENTENTE__ANSWER__VERDICT__LOST: return STATE_LOST;
    case ENTENTE__ANSWER__VERDICT__READ: return STATE_READ;
    case ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED: return STATE_ACKNOWLEDGED;
    case ENTENTE__ANSWER__VERDICT__DECLINED: return STATE_DECLINED;
    default: return STATE_NONE;
    }
}

void
answer_note(struct peer *peer, struct context *turn,
            const struct witness *witness, uint64_t index,
            Entente__Answer__Verdict verdict, enum status why,
            enum precedence precedence)
{
    struct peer_answer *run;

    for (size_t i = 0; i < peer->answer_count; i++) {
        run = &peer->answers[i];
        if (run->witness == witness && run->verdict == verdict &&
            run->why == why && run->first + run->count == index) {
            run->count++;
            if (run->precedence < precedence)
                run->precedence = precedence;
            return;
        }
    }
    if (peer->answer_count == PEER_ANSWERS)
        answer_say(peer, turn);
    peer->answers[peer->answer_count++] =
        (struct peer_answer){witness, verdict, why, index, 1, precedence};
}

/* The entry's body, from all runs: one Answer each, in memory of the turn. */
static struct span
pack_runs(struct peer *peer, struct context *turn)
{
    Entente__EntryAnswer  entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer       answer[PEER_ANSWERS];
    Entente__Answer      *answers[PEER_ANSWERS];
    Entente__AnswerRange  range[PEER_ANSWERS];
    Entente__AnswerRange *ranges[PEER_ANSWERS];

    for (size_t i = 0; i < peer->answer_count; i++) {
        const struct peer_answer *run = &peer->answers[i];

        entente__answer__init(&answer[i]);
        entente__answer_range__init(&range[i]);
        range[i].first = run->first;
        range[i].count = run->count;
        ranges[i] = &range[i];
        answer[i].verdict = run->verdict;
        answer[i].origin = (char *)(uintptr_t)run->witness->text.text;
        answer[i].n_ranges = 1;
        answer[i].ranges = &ranges[i];
        answer[i].time_ms = turn->input->wall_ms;
        if (run->why != STATUS_OK)
            answer[i].why = (char *)(uintptr_t)status_name(run->why);
        answers[i] = &answer[i];
    }
    entry.n_answers = peer->answer_count;
    entry.answers = answers;
    return context_pack(turn, &entry.base);
}

void
answer_say(struct peer *peer, struct context *turn)
{
    struct channel_say say = {.class = CLASS_ANSWER,
                              .precedence = PRECEDENCE_ROUTINE};
    enum status        st;

    if (peer->answer_count == 0)
        return;
    for (size_t i = 0; i < peer->answer_count; i++)
        if (peer->answers[i].precedence > say.precedence)
            say.precedence = peer->answers[i].precedence;
    say.body = pack_runs(peer, turn);
    peer->answer_count = 0;
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK); /* 64 runs are far below an entry's limit */
}

void
answer_bad_head(struct peer *peer, struct context *turn,
                const struct witness *witness, const struct head *head,
                const uint8_t *signature)
{
    Entente__EntryAnswer entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer      answer = ENTENTE__ANSWER__INIT;
    Entente__Answer     *answers[] = {&answer};
    Entente__BadHead     bad = ENTENTE__BAD_HEAD__INIT;
    struct channel_say   say = {.class = CLASS_ANSWER,
                                .precedence = PRECEDENCE_IMMEDIATE};
    enum status          st;

    bad.origin = (char *)(uintptr_t)witness->text.text;
    bad.size = head->size;
    bad.root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)head->root.bytes};
    bad.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE,
                                          (uint8_t *)(uintptr_t)signature};
    answer.verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    answer.origin = bad.origin;
    answer.bad_head = &bad;
    answer.time_ms = turn->input->wall_ms;
    entry.n_answers = 1;
    entry.answers = answers;
    say.body = context_pack(turn, &entry.base);
    peer_alarm(peer, turn, STATUS_BAD_ROOT, say.body,
               "a signed head does not match its leaves; kept as evidence");
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK);
}

/* They say that we signed a head that its leaves do not have. */
static enum status
take_bad_head(struct peer *peer, struct context *turn,
              const Entente__Answer *answer, struct channel *channel)
{
    const Entente__BadHead *bad = answer->bad_head;
    struct head             head;
    enum status             st;

    if (bad == NULL || bad->root.len != LIMIT_DIGEST ||
        bad->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    head.size = bad->size;
    memcpy(head.root.bytes, bad->root.data, LIMIT_DIGEST);
    st = checkpoint_verify(origin_span(&channel->text), &head,
                           turn->node->log_key.public_key, bad->signature.data);
    if (st != STATUS_OK)
        return st; /* we never said that */
    peer_alarm(peer, turn, STATUS_BAD_ROOT,
               (struct span){bad->root.data, bad->root.len},
               "the peer refuses a head that we signed; new epoch opened");
    if (!channel->closed)
        peer_open_epoch(peer, turn, ENTENTE__ENTRY_OPEN__REASON__BAD_HEAD, bad);
    return STATUS_OK;
}

static void
take_range(struct context *turn,
           const Entente__Answer *answer, const Entente__AnswerRange *range,
           const struct channel *channel)
{
    struct record        record = {.kind = RECORD_VERDICT,
                                   .origin = channel->origin,
                                   .outgoing = 1,
                                   .index = range->first,
                                   .count = range->count,
                                   .time = turn->input->wall_ms,
                                   .state = (uint8_t)state_of(answer->verdict),
                                   .words = span_text(answer->why)};
    struct record_secret secret = {.subject = span_text(answer->by)};

    context_save(turn, &record, answer->by[0] != '\0' ? &secret : NULL);
    follow_tell(turn, channel, range->first, range->count,
                        state_of(answer->verdict), answer->why);
}

enum status
answer_take(struct peer *peer, struct context *turn, struct span body)
{
    const Entente__EntryAnswer *entry = (const Entente__EntryAnswer *)
        context_parse(turn, &entente__entry_answer__descriptor, body);

    if (entry == NULL)
        return STATUS_BAD_ENCODING;
    for (size_t i = 0; i < entry->n_answers; i++) {
        const Entente__Answer *answer = entry->answers[i];
        struct channel        *channel =
            peer_channel_of(peer, span_text(answer->origin));
        enum status st = STATUS_OK;

        if (channel == NULL)
            return STATUS_NOT_FOUND;
        if (answer->verdict == ENTENTE__ANSWER__VERDICT__BAD_HEAD)
            st = take_bad_head(peer, turn, answer, channel);
        else if (state_of(answer->verdict) == STATE_NONE)
            st = STATUS_BAD_FIELD;
        for (size_t k = 0; st == STATUS_OK && k < answer->n_ranges; k++) {
            const Entente__AnswerRange *range = answer->ranges[k];

            if (range->count == 0 || range->first >= channel->head.size ||
                range->count > channel->head.size - range->first)
                return STATUS_BAD_FIELD;
            take_range(turn, answer, range, channel);
        }
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}
