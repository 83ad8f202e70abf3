/* answers.c - each answer alone, then how many ranges all of them have. */
#include "proto/answers.h"

#include "proto/limits.h"

#include <string.h>

static bool
is_of_head(const Entente__Answer *answer)
{
    return answer->verdict == ENTENTE__ANSWER__VERDICT__BAD_HEAD;
}

/* Of one attachment of one message. */
static bool
is_complete(const Entente__Answer *answer)
{
    return answer->verdict == ENTENTE__ANSWER__VERDICT__COMPLETE &&
           answer->digest.len == LIMIT_DIGEST && answer->n_ranges == 1 &&
           answer->ranges[0]->count == 1;
}

static enum status
check_range(const Entente__AnswerRange *range)
{
    if (range->count == 0 || range->first > LIMIT_TREE - 1)
        return STATUS_BAD_FIELD;
    if (range->count > LIMIT_HEAD_AHEAD ||
        range->count > LIMIT_TREE - range->first)
        return STATUS_TOO_LARGE;
    return STATUS_OK;
}

/* Of entries: one that takes, refuses, or tells what a person did. */
static enum status
check_one(const Entente__Answer *answer)
{
    enum status st = STATUS_OK;

    if ((answers_state(answer->verdict) == STATE_NONE &&
         !is_complete(answer)) ||
        answer->n_ranges == 0 || answer->bad_head != NULL)
        return STATUS_BAD_FIELD;
    if (strlen(answer->why) > LIMIT_LINE || strlen(answer->by) > LIMIT_LINE)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < answer->n_ranges && st == STATUS_OK; i++)
        st = check_range(answer->ranges[i]);
    return st;
}

enum status
answers_check(const Entente__EntryAnswer *entry)
{
    size_t      ranges = 0;
    enum status st = STATUS_OK;

    if (entry->n_answers == 1 && is_of_head(entry->answers[0]))
        return entry->answers[0]->n_ranges == 0 &&
                       entry->answers[0]->bad_head != NULL
                   ? STATUS_OK
                   : STATUS_BAD_FIELD;
    for (size_t i = 0; i < entry->n_answers && st == STATUS_OK; i++) {
        st = check_one(entry->answers[i]);
        ranges += entry->answers[i]->n_ranges;
    }
    if (st == STATUS_OK && ranges > LIMIT_RANGES)
        return STATUS_TOO_LARGE;
    return st;
}

enum message_state
answers_state(Entente__Answer__Verdict verdict)
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

bool
answers_name(const Entente__Answer *answer, struct span origin, uint64_t index)
{
    if (is_of_head(answer) || !span_equal(span_text(answer->origin), origin))
        return false;
    for (size_t i = 0; i < answer->n_ranges; i++)
        if (index >= answer->ranges[i]->first &&
            index - answer->ranges[i]->first < answer->ranges[i]->count)
            return true;
    return false;
}
