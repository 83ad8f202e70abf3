/*
 * answer.c - verdicts collected in a turn, said as ranges; verdicts received.
 *
 * Invariants:
 *  (I1) peer->answers holds runs, each of one log, verdict and reason, in order
 *       of age; between turns all of them are saved as DUE;
 *  (I2) an ANSWER entry leaves none of them that was due before it;
 *  (I3) an ANSWER of the peer's is taken whole or not at all, and what it
 *       makes us save is bounded.
 */
#include "node/core/log/answer.h"

#include "node/core/client/follow.h"
#include "node/core/grow.h"
#include "node/core/log/lane.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"
#include "proto/answers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 64 }; /* in one entry */

static struct peer_answer *
add_run(struct peer *peer, const struct peer_answer *run)
{
    peer->answers = grow_list(peer->answers, &peer->answer_cap,
                              peer->answer_count + 1, sizeof(*run));
    peer->answers[peer->answer_count] = *run;
    return &peer->answers[peer->answer_count++];
}

void
answer_note(struct peer *peer, struct context *turn,
            const struct witness *witness, uint64_t index,
            Entente__Answer__Verdict verdict, enum status why,
            enum precedence precedence)
{
    struct peer_answer *run;
    size_t from = peer->answer_count > RUNS ? peer->answer_count - RUNS : 0;

    for (size_t i = from; i < peer->answer_count; i++) {
        run = &peer->answers[i];
        if (!run->saved && run->by == NULL && run->witness == witness &&
            run->verdict == verdict && run->why == why &&
            run->first + run->count == index) {
            run->count++;
            if (run->precedence < precedence)
                run->precedence = precedence;
            return;
        }
    }
    (void)add_run(peer,
                  &(struct peer_answer){.witness = witness,
                                        .verdict = verdict,
                                        .why = why,
                                        .first = index,
                                        .count = 1,
                                        .precedence = precedence,
                                        .time_ms = turn->input->wall_ms});
}

void
answer_person(struct peer *peer, struct context *turn,
              const struct witness *witness, uint64_t index,
              Entente__Answer__Verdict verdict, const char *by,
              const char *text, enum precedence precedence)
{
    (void)add_run(peer,
                  &(struct peer_answer){.witness = witness,
                                        .verdict = verdict,
                                        .first = index,
                                        .count = 1,
                                        .precedence = precedence,
                                        .time_ms = turn->input->wall_ms,
                                        .by = grow_text(span_text(by)),
                                        .text = grow_text(span_text(text))});
}

void
answer_complete(struct peer *peer, struct context *turn,
                const struct witness *witness, uint64_t index,
                const struct digest *digest)
{
    (void)add_run(peer, &(struct peer_answer){
                            .witness = witness,
                            .verdict = ENTENTE__ANSWER__VERDICT__COMPLETE,
                            .first = index,
                            .count = 1,
                            .precedence = PRECEDENCE_ROUTINE,
                            .time_ms = turn->input->wall_ms,
                            .digest = *digest});
}

static bool
is_complete(const struct peer_answer *run)
{
    return run->verdict == ENTENTE__ANSWER__VERDICT__COMPLETE;
}

void
answer_forget(struct peer *peer)
{
    wanted_said(peer);
    for (size_t i = 0; i < peer->answer_count; i++) {
        grow_text_free(peer->answers[i].by);
        grow_text_free(peer->answers[i].text);
    }
    peer->answer_count = 0;
}

/* The entry's body, from up to RUNS runs, in memory of the turn. */
static struct span
pack_runs(const struct peer_answer *runs, size_t count, struct context *turn)
{
    Entente__EntryAnswer  entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer       answer[RUNS];
    Entente__Answer      *answers[RUNS];
    Entente__AnswerRange  range[RUNS];
    Entente__AnswerRange *ranges[RUNS];

    for (size_t i = 0; i < count; i++) {
        const struct peer_answer *run = &runs[i];

        entente__answer__init(&answer[i]);
        entente__answer_range__init(&range[i]);
        range[i].first = run->first;
        range[i].count = run->count;
        ranges[i] = &range[i];
        answer[i].verdict = run->verdict;
        answer[i].origin = (char *)(uintptr_t)run->witness->text.text;
        answer[i].n_ranges = 1;
        answer[i].ranges = &ranges[i];
        answer[i].time_ms = run->time_ms;
        if (run->why != STATUS_OK)
            answer[i].why = (char *)(uintptr_t)status_name(run->why);
        if (run->by != NULL) {
            answer[i].by = run->by;
            answer[i].why = run->text;
        }
        if (is_complete(run))
            answer[i].digest = (ProtobufCBinaryData){
                LIMIT_DIGEST, (uint8_t *)(uintptr_t)run->digest.bytes};
        answers[i] = &answer[i];
    }
    entry.n_answers = count;
    entry.answers = answers;
    return context_pack(turn, &entry.base);
}

static void
say_runs(struct peer *peer, struct context *turn,
         const struct peer_answer *runs, size_t count)
{
    struct channel_say say = {.class = CLASS_ANSWER,
                              .precedence = PRECEDENCE_ROUTINE};
    enum status        st;

    (void)lane_to_say(peer, &say.lane);
    for (size_t i = 0; i < count; i++)
        if (runs[i].precedence > say.precedence)
            say.precedence = runs[i].precedence;
    say.body = pack_runs(runs, count, turn);
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK); /* RUNS runs are far below an entry's limit */
}

static void
save_run(struct context *turn, struct peer_answer *run)
{
    struct record record = {.kind = RECORD_DUE,
                            .origin = run->witness->origin,
                            .index = run->first,
                            .count = run->count,
                            .number = (uint64_t)run->why,
                            .time = run->time_ms,
                            .state = (uint8_t)run->verdict,
                            .precedence = (uint8_t)run->precedence};
    struct record_secret secret = {0};

    if (run->by != NULL) {
        secret.subject = span_text(run->by);
        secret.message = span_text(run->text);
    } else if (is_complete(run)) {
        secret.message = digest_span(&run->digest);
    }
    context_save(turn, &record,
                 run->by != NULL || is_complete(run) ? &secret : NULL);
    run->saved = true;
}

void
answer_say(struct peer *peer, struct context *turn)
{
    const struct wanted_file *file;
    size_t                    at = 0;
    enum lane                 lane;

    if (!lane_to_say(peer, &lane)) {
        answer_save(peer, turn, false);
        return;
    }
    while ((file = wanted_next_whole(peer, &at)) != NULL)
        answer_complete(peer, turn, file->witness, file->index,
                        &file->digest);
    for (size_t i = 0; i < peer->answer_count; i += RUNS) {
        size_t left = peer->answer_count - i;

        say_runs(peer, turn, &peer->answers[i], left < RUNS ? left : RUNS);
    }
    answer_forget(peer);
}

void
answer_save(struct peer *peer, struct context *turn, bool again)
{
    for (size_t i = 0; i < peer->answer_count; i++)
        if (again || !peer->answers[i].saved)
            save_run(turn, &peer->answers[i]);
}

void
answer_restore(struct peer *peer, const struct witness *witness,
               const struct record *record)
{
    struct peer_answer   run = {.witness = witness,
                                .verdict =
                                    (Entente__Answer__Verdict)record->state,
                                .why = (enum status)record->number,
                                .first = record->index,
                                .count = record->count,
                                .precedence =
                                    (enum precedence)record->precedence,
                                .time_ms = record->time,
                                .saved = true};
    struct record_secret secret;

    if (record->secret.len > 0 &&
        record_secret_decode(record->secret, &secret) == STATUS_OK) {
        if (!is_complete(&run)) {
            run.by = grow_text(secret.subject);
            run.text = grow_text(secret.message);
        } else if (secret.message.len == sizeof(run.digest.bytes)) {
            memcpy(run.digest.bytes, secret.message.ptr, secret.message.len);
        }
    }
    (void)add_run(peer, &run);
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

    answer_say(peer, turn); /* (I2) */
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
    if (!lane_to_say(peer, &say.lane)) /* a bundle brought it */
        lane_for_stick(peer, turn, &say.lane);
    say.body = context_pack(turn, &entry.base);
    peer_alarm(peer, turn, STATUS_BAD_ROOT, say.body,
               "a signed head does not match its leaves; kept as evidence");
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK);
}

/* --- theirs: first all of it is judged, then all of it is taken (I3) ------ */

/* Of which classes a verdict may be said (DESIGN 2). */
static bool
may_have(enum entry_class class, Entente__Answer__Verdict verdict)
{
    switch (verdict) {
    case ENTENTE__ANSWER__VERDICT__REFUSED:
        return class != CLASS_ANSWER && class != CLASS_GRANT;
    case ENTENTE__ANSWER__VERDICT__UNOPENED:
        return class_is_sealed(class) && class != CLASS_ANSWER &&
               class != CLASS_GRANT;
    case ENTENTE__ANSWER__VERDICT__LOST: return true;
    default: return class == CLASS_MESSAGE;
    }
}

/* The class of an entry is at hand while it is under way; later the journal
 * alone knows it, and there a verdict on what is no message shows nowhere. */
static bool
fits_flight(const struct channel *channel, Entente__Answer__Verdict verdict,
            uint64_t first, uint64_t count)
{
    const struct flight *flight = &channel->flight;
    uint64_t from = first > flight_from(flight) ? first : flight_from(flight);

    for (; from < first + count && from < flight_to(flight); from++)
        if (!may_have(flight_at(flight, from)->class, verdict))
            return false;
    return true;
}

static enum status
check_range(const struct channel *channel, Entente__Answer__Verdict verdict,
            const Entente__AnswerRange *range)
{
    uint64_t size = channel->head.size;

    if (range->first >= size || range->count > size - range->first)
        return STATUS_BAD_FIELD;
    return fits_flight(channel, verdict, range->first, range->count)
               ? STATUS_OK
               : STATUS_BAD_FIELD;
}

/* Of our log, what the entry alone does not show. */
static enum status
check_answer(const struct peer *peer, const Entente__Answer *answer)
{
    const struct channel *channel =
        peer_channel_of(peer, span_text(answer->origin));
    enum status st = STATUS_OK;

    if (channel == NULL)
        return STATUS_NOT_FOUND;
    for (size_t i = 0; st == STATUS_OK && i < answer->n_ranges; i++)
        st = check_range(channel, answer->verdict, answer->ranges[i]);
    return st;
}

/* What people write is sealed at rest; a status name is not. */
static bool
is_persons(const Entente__Answer *answer)
{
    return answer->verdict == ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED ||
           answer->verdict == ENTENTE__ANSWER__VERDICT__DECLINED ||
           answer->by[0] != '\0' ||
           strspn(answer->why, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") !=
               strlen(answer->why);
}

/* After it no person's answer is to be waited for. */
static bool
settles(enum message_state state)
{
    return state == STATE_ACKNOWLEDGED || state == STATE_DECLINED ||
           state == STATE_REJECTED || state == STATE_REFUSED;
}

/* An attachment of ours is whole at the peer. */
static void
take_complete(struct peer *peer, struct context *turn,
              const Entente__Answer *answer, const struct channel *channel)
{
    struct digest digest;

    memcpy(digest.bytes, answer->digest.data, LIMIT_DIGEST);
    owed_complete(peer, turn, &digest, channel, answer->ranges[0]->first);
}

static void
take_range(struct peer *peer, struct context *turn,
           const Entente__Answer *answer, const Entente__AnswerRange *range,
           const struct channel *channel)
{
    enum message_state   became = answers_state(answer->verdict);
    struct record        record = {.kind = RECORD_VERDICT,
                                   .origin = channel->origin,
                                   .outgoing = 1,
                                   .index = range->first,
                                   .count = range->count,
                                   .time = turn->input->wall_ms,
                                   .state = (uint8_t)became};
    struct record_secret secret = {.subject = span_text(answer->by),
                                   .message = span_text(answer->why)};
    bool                 person = is_persons(answer);

    if (answer->verdict == ENTENTE__ANSWER__VERDICT__COMPLETE) {
        take_complete(peer, turn, answer, channel);
        return;
    }
    if (!person)
        record.words = secret.message;
    context_save(turn, &record, person ? &secret : NULL);
    retrace_told(peer, channel, range->first, range->count, became);
    if (settles(became))
        awaiting_settle_entries(peer, turn, channel, range->first,
                                range->count);
    if (became == STATE_REJECTED || became == STATE_REFUSED)
        owed_refused(peer, turn, channel, range->first, range->count);
    if (became == STATE_READ)
        pace_read(&peer->pace, channel, range, turn->input->wall_ms);
    follow_tell(turn, channel, range->first, range->count, became,
                answer->why);
}

static enum status
take_answers(struct peer *peer, struct context *turn,
             const Entente__EntryAnswer *entry)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < entry->n_answers; i++)
        st = check_answer(peer, entry->answers[i]);
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; i < entry->n_answers; i++) {
        const Entente__Answer *answer = entry->answers[i];
        const struct channel  *channel =
            peer_channel_of(peer, span_text(answer->origin));

        for (size_t k = 0; k < answer->n_ranges; k++)
            take_range(peer, turn, answer, answer->ranges[k], channel);
    }
    return STATUS_OK;
}

/* They say that we signed a head that its leaves do not have. */
static enum status
take_bad_head(struct peer *peer, struct context *turn,
              const Entente__Answer *answer)
{
    const Entente__BadHead *bad = answer->bad_head;
    const struct channel   *channel =
        peer_channel_of(peer, span_text(answer->origin));
    struct head head;
    enum status st;

    if (channel == NULL)
        return STATUS_NOT_FOUND;
    if (bad->root.len != LIMIT_DIGEST || bad->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    head.size = bad->size;
    memcpy(head.root.bytes, bad->root.data, LIMIT_DIGEST);
    st = checkpoint_verify(origin_span(&channel->text), &head,
                           turn->node->log_key.public_key, bad->signature.data);
    if (st != STATUS_OK)
        return st; /* we never said that */
    if (head.size < channel->cosigned.size ||
        head_equal(&head, &channel->cosigned))
        return STATUS_BAD_STATE; /* its own receipt says that it is right */
    if (!channel->closed && !peer_may_renew(peer, turn))
        return STATUS_HELD;
    peer_alarm(peer, turn, STATUS_BAD_ROOT,
               (struct span){bad->signature.data, bad->signature.len},
               "the peer refuses a head that we signed");
    if (!channel->closed)
        peer_renew(peer, turn, channel->origin.lane,
                   ENTENTE__ENTRY_OPEN__REASON__BAD_HEAD, bad);
    return STATUS_OK;
}

enum status
answer_take(struct peer *peer, struct context *turn, struct span body)
{
    const Entente__EntryAnswer *entry = (const Entente__EntryAnswer *)
        context_parse(turn, &entente__entry_answer__descriptor, body);

    enum status st =
        entry == NULL ? STATUS_BAD_ENCODING : answers_check(entry);

    if (st != STATUS_OK)
        return st;
    if (entry->n_answers == 1 && entry->answers[0]->verdict ==
                                     ENTENTE__ANSWER__VERDICT__BAD_HEAD)
        return take_bad_head(peer, turn, entry->answers[0]);
    return take_answers(peer, turn, entry);
}
