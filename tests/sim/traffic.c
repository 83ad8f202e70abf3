/*
 * traffic.c - letters have their own module; everything else is asked once and
 * forgotten.
 */
#include "tests/sim/traffic.h"

#include "tests/sim/readout.h"

#include <assert.h>

enum { DUE_LETTER = 1, DUE_QUESTION = 2 };

enum { TAG_LETTER = 1, TAG_QUESTION = 2, TAG_ANSWER = 3 };
#define TAG_OF(kind, which) ((uint64_t)(kind) << 32 | (which))

enum { NONSENSE = 200 };

static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
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
    size_t which = (size_t)dice_below(&traffic->dice, traffic->post.count);
    bool   peek = dice_chance(&traffic->dice, 1, 2);
    char   hex[2 * LIMIT_MESSAGE_ID + 1];

    hex_encode(traffic->post.list[which].letter.id.bytes, LIMIT_MESSAGE_ID,
               hex);
    if (dice_chance(&traffic->dice, 1, 3))
        ask_state(traffic, who, hex);
    else
        ask_show(traffic, who, hex, peek);
}

/* An officer of its reader's answers a letter that may have come by now. */
static void
answer_letter(struct traffic *traffic)
{
    size_t   which = (size_t)dice_below(&traffic->dice, traffic->post.count);
    bool     declines = dice_chance(&traffic->dice, 1, 3);
    const struct message_id *id = &traffic->post.list[which].letter.id;
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest   answer = ENTENTE__ANSWER_REQUEST__INIT;
    char                     hex[2 * LIMIT_MESSAGE_ID + 1];

    if (traffic->post.list[which].state == POST_NEVER)
        return;
    hex_encode(id->bytes, LIMIT_MESSAGE_ID, hex);
    answer.ref = hex;
    answer.verdict = words(declines ? "declined" : "acknowledged");
    answer.text = words(ORACLE_MARKER);
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    if (desk_ask(&traffic->desk, traffic->post.list[which].to,
                 TAG_OF(TAG_ANSWER, which), &request))
        oracle_answers(traffic->oracle, id);
}

/* NULL: nobody knows whether it was given. */
static void
answer_heard(struct traffic *traffic, uint64_t which,
             const Entente__Response *response)
{
    if (response != NULL)
        oracle_answered(traffic->oracle, &traffic->post.list[which].letter.id,
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
list_answered(struct traffic *traffic, size_t who,
              const Entente__ListResponse *list)
{
    uint64_t at;
    bool     peek;

    if (list->n_rows == 0 || !traffic->busy)
        return;
    at = dice_below(&traffic->dice, list->n_rows);
    peek = dice_chance(&traffic->dice, 1, 4);
    ask_show(traffic, who, list->rows[at]->ref, peek);
}

static void
question_answered(struct traffic *traffic, size_t who,
                  const Entente__Response *response)
{
    if (response == NULL)
        return;
    if (response->kind_case == ENTENTE__RESPONSE__KIND_LIST)
        list_answered(traffic, who, response->list);
    if (response->kind_case == ENTENTE__RESPONSE__KIND_SHOW)
        readout_files(traffic->stations->custody, who, response->show);
}

/* --- from outside --------------------------------------------------------- */

static void
answered(void *arg, size_t who, uint64_t tag,
         const Entente__Response *response)
{
    if (tag >> 32 == TAG_LETTER)
        post_answered(&((struct traffic *)arg)->post, tag & UINT32_MAX,
                      response);
    else if (tag >> 32 == TAG_ANSWER)
        answer_heard(arg, tag & UINT32_MAX, response);
    else
        question_answered(arg, who, response);
}

void
traffic_init(struct traffic *traffic, struct fate *fate, struct world *world,
             struct stations *stations, struct oracle *oracle,
             struct custody *custody)
{
    *traffic = (struct traffic){.world = world,
                                .oracle = oracle,
                                .stations = stations,
                                .fate = fate};
    traffic->desk = (struct desk){
        .world = world, .answered = answered, .arg = traffic};
    traffic->dice = fate_dice(fate, FATE_QUESTION, UINT64_MAX);
    traffic->post = (struct post){.world = world,
                                  .oracle = oracle,
                                  .stations = stations,
                                  .custody = custody,
                                  .fate = fate,
                                  .desk = &traffic->desk,
                                  .due = DUE_LETTER,
                                  .tag = TAG_OF(TAG_LETTER, 0),
                                  .dice = fate_dice(fate, FATE_LETTER,
                                                    UINT64_MAX)};
}

void
traffic_clear(struct traffic *traffic)
{
    post_clear(&traffic->post);
    *traffic = (struct traffic){0};
}

void
traffic_begin(struct traffic *traffic, uint64_t for_ms)
{
    size_t nodes = traffic->stations->count;
    size_t letters = (size_t)dice_between(&traffic->dice, 6, 40);

    traffic->busy = true;
    post_plan(&traffic->post, letters + 2 * (nodes - 2), for_ms);
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
    return post_done(&traffic->post);
}

void
traffic_due(struct traffic *traffic, uint64_t what, uint64_t which)
{
    if (what == DUE_LETTER)
        post_due(&traffic->post, which);
    else
        question(traffic, which);
}
