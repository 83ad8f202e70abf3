/* api_mail.c - one request after the other, until there is no next one. */
#include "tools/api/api_mail.h"

#include "tools/client/answering.h"
#include "tools/client/listing.h"
#include "tools/client/peeking.h"
#include "tools/client/talk.h"
#include "tools/reading/mail_row.h"
#include "tools/verbs/cmd_show.h"

#include <stdlib.h>

/* --- lists ---------------------------------------------------------------- */

NODISCARD static enum status
ask_page(struct api_call *call)
{
    struct api_mail_list *mail = call->state;
    Entente__Request      request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_LIST;
    request.list = &mail->list;
    return api_ask(call, &request, 0, true);
}

NODISCARD static enum status
list(struct api_call *call, bool outgoing)
{
    struct api_mail_list *mail = call->state;
    enum status           st;

    entente__list_request__init(&mail->list);
    st = listing_fill(&call->cli, outgoing, &mail->list);
    if (st == STATUS_OK)
        st = sift_fill(&call->cli, &mail->sift);
    return st == STATUS_OK ? ask_page(call) : st;
}

enum status
api_mail_inbox(struct api_call *call)
{
    return list(call, false);
}

enum status
api_mail_outbox(struct api_call *call)
{
    return list(call, true);
}

void
api_mail_list_clear(struct api_call *call)
{
    struct api_mail_list *mail = call->state;

    sift_clear(&mail->sift);
    entente__list_response__free_unpacked(mail->page, NULL);
    free(mail->memory);
    *mail = (struct api_mail_list){.page = NULL};
}

/* A page outlives the answers to what is asked about it only as a copy. */
NODISCARD static enum status
keep_page(struct api_call *call, const Entente__ListResponse *page)
{
    struct api_mail_list *mail = call->state;
    size_t                len = entente__list_response__get_packed_size(page);
    uint8_t              *bytes = malloc(len + 1);

    entente__list_response__free_unpacked(mail->page, NULL);
    mail->page = NULL;
    if (mail->memory == NULL)
        mail->memory = malloc(LIMIT_PARSE_BYTES);
    if (bytes != NULL) {
        entente__list_response__pack(page, bytes);
        mail->page = entente__list_response__unpack(NULL, len, bytes);
    }
    free(bytes);
    mail->at = 0;
    return mail->page != NULL && mail->memory != NULL
               ? STATUS_OK
               : cli_status(&call->cli, STATUS_IO, "memory");
}

/* The message of the next row, unread; behind the last the next page. */
NODISCARD static enum status
ask_message(struct api_call *call)
{
    struct api_mail_list *mail = call->state;
    Entente__ShowRequest  show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request      request = ENTENTE__REQUEST__INIT;

    if (mail->at == mail->page->n_rows)
        return mail->at == LISTING_PAGE ? ask_page(call) : STATUS_OK;
    show.ref = mail->page->rows[mail->at]->ref;
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    return api_ask(call, &request, 0, true);
}

/* What is no longer what the row says is passed over. */
NODISCARD static enum status
take_message(struct api_call *call, const Entente__Response *response)
{
    struct api_mail_list   *mail = call->state;
    const Entente__ListRow *row = mail->page->rows[mail->at++];
    bool                    found;
    enum status             st = STATUS_OK;

    if (peeking_passes(&mail->sift, row, response, mail->memory, &found))
        st = api_result(call, mail_row_json(row, mail->list.outgoing));
    return st == STATUS_OK ? ask_message(call) : st;
}

enum status
api_mail_rows(struct api_call *call, Entente__Response *response)
{
    struct api_mail_list *mail = call->state;
    bool        looking = mail->page != NULL && mail->at < mail->page->n_rows;
    enum status st;
    size_t      count;

    if (looking)
        return take_message(call, response);
    st = talk_judge(&call->cli, response, ENTENTE__RESPONSE__KIND_LIST);
    count = st == STATUS_OK ? response->list->n_rows : 0;
    if (count > 0)
        mail->list.after = response->list->rows[count - 1]->cursor;
    if (st == STATUS_OK && sift_is_set(&mail->sift)) {
        st = keep_page(call, response->list);
        return st == STATUS_OK ? ask_message(call) : st;
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++)
        st = api_result(call, mail_row_json(response->list->rows[i],
                                            mail->list.outgoing));
    return st == STATUS_OK && count == LISTING_PAGE ? ask_page(call) : st;
}

/* --- show ----------------------------------------------------------------- */

enum status
api_mail_show(struct api_call *call)
{
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    char                 ref[128];
    enum status st = cmd_show_reference(&call->cli, call->cli.args[0], ref);

    if (st != STATUS_OK)
        return st;
    show.ref = ref;
    show.peek = cli_has(&call->cli, CLI_PEEK);
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    return api_ask(call, &request, 0, true);
}

/* The next thing to verify, or the message with all that was. */
NODISCARD static enum status
go_on(struct api_call *call, struct shown *shown)
{
    Entente__LogRequest log;
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    json_t             *object = NULL;
    enum status         st;

    if (verified_next(&shown->facts, &log)) {
        request.kind_case = ENTENTE__REQUEST__KIND_LOG;
        request.log = &log;
        return api_ask(call, &request, 0, true);
    }
    st = shown_json(&call->cli, shown, &object);
    if (st == STATUS_OK)
        st = api_result(call, object);
    return st == STATUS_OK ? shown_judge(&call->cli, shown) : st;
}

enum status
api_mail_shown(struct api_call *call, Entente__Response *response)
{
    struct shown *shown = &((struct api_mail_show *)call->state)->shown;
    bool          first = shown->show == NULL;
    enum status   st = talk_judge(&call->cli, response,
                                  first ? ENTENTE__RESPONSE__KIND_SHOW
                                        : ENTENTE__RESPONSE__KIND_LOG);

    if (st == STATUS_OK && first) {
        st = shown_take(&call->cli, shown, response);
        if (st == STATUS_OK)
            verified_begin(&shown->facts, shown->show);
    } else if (st == STATUS_OK) {
        st = verified_take(&call->cli, &shown->facts, response);
    }
    return st == STATUS_OK ? go_on(call, shown) : st;
}

void
api_mail_show_clear(struct api_call *call)
{
    shown_clear(&((struct api_mail_show *)call->state)->shown);
}

/* --- a person's answer ---------------------------------------------------- */

NODISCARD static enum status
answer(struct api_call *call, enum message_state verdict)
{
    struct api_mail_answer *mail = call->state;
    Entente__AnswerRequest  answer = ENTENTE__ANSWER_REQUEST__INIT;
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    enum status             st = answering_check(&call->cli, verdict);

    mail->verdict = verdict;
    if (st == STATUS_OK)
        st = cmd_show_reference(&call->cli, call->cli.args[0], mail->ref);
    if (st == STATUS_OK)
        st = answering_fill(&call->cli, mail->ref, verdict, mail->by, &answer);
    if (st != STATUS_OK)
        return st;
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    return api_ask(call, &request, 0, true);
}

enum status
api_mail_ack(struct api_call *call)
{
    return answer(call, STATE_ACKNOWLEDGED);
}

enum status
api_mail_decline(struct api_call *call)
{
    return answer(call, STATE_DECLINED);
}

enum status
api_mail_answered(struct api_call *call, Entente__Response *response)
{
    const struct api_mail_answer *mail = call->state;
    enum status                   st = talk_judge(&call->cli, response,
                                                  ENTENTE__RESPONSE__KIND_DONE);

    return st == STATUS_OK
               ? api_result(call, answering_json(mail->ref, mail->verdict))
               : st;
}
