/*
 * traffic.c - a letter is submitted under one id until it is acknowledged;
 * everything else is asked once and forgotten.
 */
#include "tests/sim/traffic.h"

#include "tests/sim/meeting.h"

#include <assert.h>
#include <string.h>

enum { DUE_LETTER = 1, DUE_QUESTION = 2 };

enum { TAG_LETTER = 1, TAG_QUESTION = 2, TAG_ANSWER = 3 };
#define TAG_OF(kind, which) ((uint64_t)(kind) << 32 | (which))

enum { NONSENSE = 200 };

static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* --- letters ------------------------------------------------------------- */

static void
again_later(struct traffic *traffic, uint64_t which)
{
    uint64_t at_ms = world_now_ms(traffic->world);

    at_ms += dice_between(&traffic->dice, 100, 5000);
    world_call(traffic->world, at_ms, DUE_LETTER, which);
}

static void
submit(struct traffic *traffic, uint64_t which)
{
    static const char *const untils[] = {"", "received", "accepted", "read"};
    const struct letter     *letter = &traffic->letters[which].letter;
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__SubmitRequest   submit = ENTENTE__SUBMIT_REQUEST__INIT;
    char                     name[LIMIT_NAME];
    char                    *to[] = {name};

    meeting_name(traffic->letters[which].to, name);
    submit.n_to = 1;
    submit.to = to;
    submit.message = (ProtobufCBinaryData){letter->len, letter->bytes};
    submit.may_exist = traffic->letters[which].asked_before;
    submit.until = words(untils[dice_below(&traffic->dice, 4)]);
    submit.follow = submit.until[0] != '\0';
    request.id = which;
    request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
    request.submit = &submit;
    if (!desk_ask(&traffic->desk, traffic->letters[which].from,
                  TAG_OF(TAG_LETTER, which), &request)) {
        again_later(traffic, which);
        return;
    }
    traffic->letters[which].state = LETTER_ASKED;
    traffic->letters[which].asked_before = true;
}

static bool
is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* What was forged when it left is another message than the one sent again, and
 * one that cannot be given back from an epoch that ended. */
static bool
is_other_by_forgery(const struct traffic *traffic, uint64_t which,
                    const Entente__Failure *failure)
{
    return (strcmp(failure->code, "DUPLICATE") == 0 ||
            strcmp(failure->code, "CORRUPT") == 0) &&
           oracle_spoilt(traffic->oracle, &traffic->letters[which].letter.id);
}

/* "For now" is an answer that lets the officer try again. */
static void
refused(struct traffic *traffic, uint64_t which,
        const Entente__Failure *failure)
{
    static const char *const for_now[] = {"HELD", "FULL", "NO_SPACE", "AGAIN"};

    if (is_other_by_forgery(traffic, which, failure)) {
        traffic->letters[which].state = LETTER_ACKNOWLEDGED;
        return;
    }
    if (!is_one_of(failure->code, for_now, 4))
        verdict_break(&traffic->oracle->verdict,
                      "node %zu refuses a good letter: %s (%s, %s)",
                      traffic->letters[which].from, failure->code,
                      failure->path, failure->message);
    traffic->letters[which].state = LETTER_UNKNOWN;
    again_later(traffic, which);
}

static void
letter_answered(struct traffic *traffic, uint64_t which,
                const Entente__Response *response)
{
    enum letter_state *state = &traffic->letters[which].state;

    if (response == NULL) {
        if (*state == LETTER_ACKNOWLEDGED)
            return;
        *state = LETTER_UNKNOWN;
        again_later(traffic, which);
        return;
    }
    if (response->kind_case == ENTENTE__RESPONSE__KIND_SUBMIT) {
        *state = LETTER_ACKNOWLEDGED;
        oracle_acknowledged(traffic->oracle,
                            &traffic->letters[which].letter.id);
    } else if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE) {
        refused(traffic, which, response->failure);
    }
}

/* --- questions ------------------------------------------------------------ */

static void
ask(struct traffic *traffic, size_t who, Entente__Request *request)
{
    (void)desk_ask(&traffic->desk, who, TAG_OF(TAG_QUESTION, 0), request);
}

static void
ask_nothing(struct traffic *traffic, size_t who,
            Entente__Request__KindCase kind)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;

    request.kind_case = kind;
    request.status = &nothing; /* one member of a union */
    ask(traffic, who, &request);
}

static void
ask_list(struct traffic *traffic, size_t who)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;

    list.outgoing = dice_chance(&traffic->dice, 1, 3);
    list.unread = !list.outgoing && dice_chance(&traffic->dice, 1, 2);
    list.limit = (uint32_t)dice_between(&traffic->dice, 1, 50);
    request.kind_case = ENTENTE__REQUEST__KIND_LIST;
    request.list = &list;
    ask(traffic, who, &request);
}

static void
ask_show(struct traffic *traffic, size_t who, const char *ref, bool peek)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;

    show.ref = words(ref);
    show.peek = peek;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    ask(traffic, who, &request);
}

static void
ask_state(struct traffic *traffic, size_t who, const char *ref)
{
    Entente__Request      request = ENTENTE__REQUEST__INIT;
    Entente__StateRequest state = ENTENTE__STATE_REQUEST__INIT;

    state.ref = words(ref);
    state.until = words("received");
    request.kind_case = ENTENTE__REQUEST__KIND_STATE;
    request.state = &state;
    ask(traffic, who, &request);
}

static void
ask_log(struct traffic *traffic, size_t who)
{
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = &log;
    ask(traffic, who, &request);
}

static void
ask_nonsense(struct traffic *traffic, size_t who)
{
    uint8_t bytes[NONSENSE];
    size_t  len = (size_t)dice_below(&traffic->dice, sizeof(bytes));

    dice_fill(&traffic->dice, bytes, len);
    (void)desk_ask_bytes(&traffic->desk, who, TAG_OF(TAG_QUESTION, 0),
                         (struct span){bytes, len});
}

/* A letter of this run by its id, known there or not. */
static void
ask_about_letter(struct traffic *traffic, size_t who)
{
    size_t which = (size_t)dice_below(&traffic->dice, traffic->count);
    bool   peek = dice_chance(&traffic->dice, 1, 2);
    char   hex[2 * LIMIT_MESSAGE_ID + 1];

    hex_encode(traffic->letters[which].letter.id.bytes, LIMIT_MESSAGE_ID, hex);
    if (dice_chance(&traffic->dice, 1, 3))
        ask_state(traffic, who, hex);
    else
        ask_show(traffic, who, hex, peek);
}

/* An officer of its reader's answers a letter that may have come by now. */
static void
answer_letter(struct traffic *traffic)
{
    size_t   which = (size_t)dice_below(&traffic->dice, traffic->count);
    bool     declines = dice_chance(&traffic->dice, 1, 3);
    const struct message_id *id = &traffic->letters[which].letter.id;
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest   answer = ENTENTE__ANSWER_REQUEST__INIT;
    char                     hex[2 * LIMIT_MESSAGE_ID + 1];

    if (traffic->letters[which].state == LETTER_NEVER)
        return;
    hex_encode(id->bytes, LIMIT_MESSAGE_ID, hex);
    answer.ref = hex;
    answer.verdict = words(declines ? "declined" : "acknowledged");
    answer.text = words(ORACLE_MARKER);
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    if (desk_ask(&traffic->desk, traffic->letters[which].to,
                 TAG_OF(TAG_ANSWER, which), &request))
        oracle_answers(traffic->oracle, id);
}

/* NULL: nobody knows whether it was given. */
static void
answer_heard(struct traffic *traffic, uint64_t which,
             const Entente__Response *response)
{
    if (response != NULL)
        oracle_answered(traffic->oracle, &traffic->letters[which].letter.id,
                        response->kind_case == ENTENTE__RESPONSE__KIND_DONE);
}

static void
ask_any(struct traffic *traffic)
{
    size_t count = traffic->stations->count;
    size_t who = (size_t)dice_below(&traffic->dice, count);

    switch (dice_below(&traffic->dice, 10)) {
    case 0:
        ask_nothing(traffic, who, ENTENTE__REQUEST__KIND_STATUS);
        return;
    case 1:
        ask_nothing(traffic, who, ENTENTE__REQUEST__KIND_PEERS);
        return;
    case 2:
        ask_log(traffic, who);
        return;
    case 3:
        ask_nonsense(traffic, who);
        return;
    case 4:
        ask_about_letter(traffic, who);
        return;
    case 5:
    case 6:
        answer_letter(traffic);
        return;
    default:
        ask_list(traffic, who);
        return;
    }
}

static void
ask_soon(struct traffic *traffic)
{
    uint64_t    number = traffic->questions++;
    struct dice dice = fate_dice(traffic->fate, FATE_QUESTION, number);
    uint64_t    at_ms = world_now_ms(traffic->world);

    at_ms += dice_between(&dice, 50, 4000);
    world_call(traffic->world, at_ms, DUE_QUESTION, number);
}

static void
question(struct traffic *traffic, uint64_t number)
{
    if (!traffic->busy)
        return;
    traffic->dice = fate_dice(traffic->fate, FATE_QUESTION, number);
    (void)dice_u64(&traffic->dice); /* when */
    if (fate_wills(traffic->fate, FATE_QUESTION, number,
                   "an officer asks or answers"))
        ask_any(traffic);
    ask_soon(traffic);
}

/* An officer who sees a list opens one of its messages. */
static void
question_answered(struct traffic *traffic, size_t who,
                  const Entente__Response *response)
{
    const Entente__ListResponse *list;
    uint64_t                     at;
    bool                         peek;

    if (response == NULL ||
        response->kind_case != ENTENTE__RESPONSE__KIND_LIST ||
        response->list->n_rows == 0 || !traffic->busy)
        return;
    list = response->list;
    at = dice_below(&traffic->dice, list->n_rows);
    peek = dice_chance(&traffic->dice, 1, 4);
    ask_show(traffic, who, list->rows[at]->ref, peek);
}

/* --- from outside --------------------------------------------------------- */

static void
answered(void *arg, size_t who, uint64_t tag,
         const Entente__Response *response)
{
    if (tag >> 32 == TAG_LETTER)
        letter_answered(arg, tag & UINT32_MAX, response);
    else if (tag >> 32 == TAG_ANSWER)
        answer_heard(arg, tag & UINT32_MAX, response);
    else
        question_answered(arg, who, response);
}

void
traffic_init(struct traffic *traffic, struct fate *fate, struct world *world,
             struct stations *stations, struct oracle *oracle)
{
    *traffic = (struct traffic){.world = world,
                                .oracle = oracle,
                                .stations = stations,
                                .fate = fate};
    traffic->desk = (struct desk){
        .world = world, .answered = answered, .arg = traffic};
    traffic->dice = fate_dice(fate, FATE_QUESTION, UINT64_MAX);
}

void
traffic_clear(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->count; i++)
        letter_clear(&traffic->letters[i].letter);
    *traffic = (struct traffic){0};
}

/* Letter `i` throws dice of its own, and may not be in this run. */
static void
plan_letter(struct traffic *traffic, uint64_t i, uint64_t for_ms)
{
    size_t         nodes = traffic->stations->count;
    struct dice    dice = fate_dice(traffic->fate, FATE_LETTER, i);
    uint64_t       at_ms = world_now_ms(traffic->world);
    size_t         from = (size_t)dice_below(&dice, nodes);
    size_t         to = from + 1 + (size_t)dice_below(&dice, nodes - 1);
    struct letter *letter = &traffic->letters[i].letter;

    to %= nodes;
    at_ms += dice_below(&dice, for_ms);
    traffic->letters[i].from = from;
    traffic->letters[i].to = to;
    letter_write(letter, &dice);
    if (!world_present(traffic->world, from) ||
        !world_present(traffic->world, to) ||
        !fate_wills(traffic->fate, FATE_LETTER, i, "a letter is written"))
        return;
    traffic->letters[i].state = LETTER_PLANNED;
    oracle_submits(traffic->oracle, from, to, &letter->id,
                   (struct span){letter->bytes, letter->len});
    oracle_asks(traffic->oracle, &letter->id, letter->ack_by_ms);
    world_call(traffic->world, at_ms, DUE_LETTER, i);
}

void
traffic_begin(struct traffic *traffic, uint64_t for_ms)
{
    size_t nodes = traffic->stations->count;

    traffic->busy = true;
    traffic->count = (size_t)dice_between(&traffic->dice, 6, 40);
    traffic->count += 2 * (nodes - 2);
    assert(traffic->count <= TRAFFIC_LETTERS);
    for (uint64_t i = 0; i < traffic->count; i++)
        plan_letter(traffic, i, for_ms);
    ask_soon(traffic);
}

void
traffic_calm(struct traffic *traffic)
{
    traffic->busy = false;
}

bool
traffic_done(const struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->count; i++)
        if (traffic->letters[i].state != LETTER_ACKNOWLEDGED &&
            traffic->letters[i].state != LETTER_NEVER)
            return false;
    return true;
}

void
traffic_due(struct traffic *traffic, uint64_t what, uint64_t which)
{
    if (what == DUE_LETTER)
        submit(traffic, which);
    else
        question(traffic, which);
}
