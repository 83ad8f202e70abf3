/* acknowledge.c - checked, looked up, saved as a step of the trail, said. */
#include "node/core/message/acknowledge.h"

#include "node/core/log/answer.h"
#include "node/core/grow.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

static bool
is_declined(const Entente__AnswerRequest *answer)
{
    return strcmp(answer->verdict, state_word(STATE_DECLINED)) == 0;
}

static const char *
wrong_field(const Entente__AnswerRequest *answer, const char **hint)
{
    *hint = "acknowledged or declined";
    if (!is_declined(answer) &&
        strcmp(answer->verdict, state_word(STATE_ACKNOWLEDGED)) != 0)
        return "verdict";
    *hint = "who declines says why";
    if (is_declined(answer) && answer->text[0] == '\0')
        return "text";
    *hint = "at most 1024 bytes; write a message where it takes more";
    if (strlen(answer->text) > LIMIT_LINE)
        return "text";
    *hint = "at most 1024 bytes";
    return strlen(answer->by) > LIMIT_LINE ? "by" : NULL;
}

void
acknowledge_request(struct context *turn, uint64_t client,
                    const Entente__Request *request)
{
    const Entente__AnswerRequest *answer = request->answer;
    const char                   *hint;
    const char                   *field = wrong_field(answer, &hint);
    struct load                  *load;
    size_t                        len;

    if (field != NULL) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, field, hint);
        return;
    }
    load = lookup_find(turn, client, request, LOAD_ACKNOWLEDGE, answer->ref);
    if (load == NULL)
        return;
    len = entente__answer_request__get_packed_size(answer);
    load->held = grow_new(len, 1);
    load->held_len = len;
    (void)entente__answer_request__pack(answer, load->held);
}

/* NULL: it may be answered. */
static const char *
why_not(const struct record_row *row, const struct peer *peer)
{
    if (row->outgoing)
        return "this message is ours: the other side answers it";
    if (peer_removed(peer))
        return "this peer was removed: no answer would reach it";
    if (row->state == STATE_QUARANTINED || row->state == STATE_UNOPENED ||
        row->state == STATE_FORGOTTEN || row->state == STATE_REFUSED ||
        row->state == STATE_LOST)
        return "nobody here could read this message";
    return NULL;
}

static void
answer_it(struct context *turn, struct peer *peer,
          const struct record_row             *row,
          const Entente__AnswerRequest *answer)
{
    bool                 declined = is_declined(answer);
    const struct witness *witness = peer_witness_of(peer, row->origin);
    struct record        record = {.kind = RECORD_TRAIL,
                                   .peer = peer->id,
                                   .id = row->id,
                                   .time = turn->input->wall_ms,
                                   .state = declined ? STATE_DECLINED
                                                     : STATE_ACKNOWLEDGED};
    struct record_secret secret = {.subject = span_text(answer->by),
                                   .message = span_text(answer->text)};

    context_save(turn, &record, &secret);
    awaiting_settle(peer, turn, false, &row->id);
    assert(witness != NULL); /* what it said is here, so its log is known */
    answer_person(peer, turn, witness, row->index,
                  declined ? ENTENTE__ANSWER__VERDICT__DECLINED
                           : ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED,
                  answer->by, answer->text, row->precedence);
}

void
acknowledge_loaded(struct context *turn, const struct load *load,
                   struct span found)
{
    const Entente__AnswerRequest *answer =
        (const Entente__AnswerRequest *)context_parse(
            turn, &entente__answer_request__descriptor,
            (struct span){load->held, load->held_len});
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;
    struct record_row row;
    struct peer      *peer;
    const char       *words;
    enum status       st = lookup_one_row(found, &row);

    assert(answer != NULL); /* it was packed here */
    if (st != STATUS_OK) {
        lookup_fail_row(turn, load, st);
        return;
    }
    peer = roster_peer_by_id(turn->node, &row.peer);
    words = why_not(&row, peer);
    if (words != NULL) {
        desk_fail_words(turn, load->client, load->request, STATUS_BAD_STATE,
                        "ref", NULL, words);
        return;
    }
    answer_it(turn, peer, &row, answer);
    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    desk_answer(turn, load->client, load->request, true, &response);
}
