/*
 * api_send.c - a message on its way, told at its end: to each peer.
 *
 * Invariant: whatever ends a send, what is known of it is told before, so that
 * a message which the node has is not sent again under another id.
 */
#include "tools/api/api_send.h"

#include "tools/api/api_verbs.h"
#include "tools/client/talk.h"
#include "tools/language/json.h"

enum { TAG_PEERS = 0 }; /* else 1 + the place of the delivery */

/* A whole message; or a note, where "message" is text. */
NODISCARD static enum status
make_draft(struct api_call *call, struct draft **out)
{
    struct cli *cli = &call->cli;
    enum status st = STATUS_OK;

    if (call->raw == NULL)
        st = sending_note(cli, out);
    else
        *out = draft_new(json_incref(call->raw));
    if (st != STATUS_OK)
        return st;
    if (*out == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (call->raw != NULL)
        sending_amend(cli, *out);
    return draft_set(cli, *out);
}

/* One request a peer, so that each has its own last answer. */
NODISCARD static enum status
submit(struct api_call *call)
{
    struct api_send       *send = call->state;
    struct delivery_batch *batch = &send->sending->batch;
    enum status            st = STATUS_OK;

    send->asked = true;
    for (size_t i = 0; i < batch->count && st == STATUS_OK; i++) {
        char                  *to;
        Entente__SubmitRequest submit = delivery_request(batch, i, &to);
        Entente__Request       request = ENTENTE__REQUEST__INIT;

        request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
        request.submit = &submit;
        batch->deliveries[i].request = i + 1;
        st = api_ask(call, &request, i + 1, batch->may_exist);
    }
    return st;
}

NODISCARD static enum status
hand_over(struct api_call *call)
{
    struct api_send *send = call->state;
    json_t          *object = NULL;
    enum status      st;

    if (cli_has(&call->cli, CLI_DRY_RUN)) {
        st = cli_status(&call->cli,
                        json_from_message(send->sending->message, &object),
                        "the message");
        return st == STATUS_OK ? api_result(call, object) : st;
    }
    if (send->sending->batch.timeout_s > 0)
        api_wake(call, send->sending->batch.timeout_s * 1000);
    if (send->sending->batch.count > 1) /* each is a peer, or none gets it */
        return api_verbs_ask_plain(call, ENTENTE__REQUEST__KIND_PEERS);
    return submit(call);
}

enum status
api_send_begin(struct api_call *call)
{
    struct cli      *cli = &call->cli;
    struct api_send *send = call->state;
    struct draft    *draft = NULL;
    enum status      st = sending_new(cli, cli_value(cli, CLI_TO),
                                      &send->sending);

    if (st == STATUS_OK)
        st = make_draft(call, &draft);
    if (st == STATUS_OK)
        st = sending_prepare(cli, send->sending, draft);
    if (st == STATUS_BAD_FIELD && !cli->failed)
        st = draft_fail(cli, draft, "the message");
    draft_free(draft);
    return st == STATUS_OK ? hand_over(call) : st;
}

/* Tells what became of it, and how that is to be judged. */
NODISCARD static enum status
finish(struct api_call *call, enum status waited)
{
    const struct delivery_batch *batch =
        &((struct api_send *)call->state)->sending->batch;
    enum status st = delivery_judge(&call->cli, batch, waited);
    enum status told = api_result(call, delivery_json(&call->cli, batch, st));

    api_end(call);
    return told == STATUS_OK ? st : told;
}

/* Whether it has come as far as was asked, or as the time allowed. */
NODISCARD static enum status
judge(struct api_call *call)
{
    const struct api_send       *send = call->state;
    const struct delivery_batch *batch = &send->sending->batch;

    if (delivery_is_done(batch))
        return finish(call, STATUS_OK);
    if (send->late && delivery_is_queued(batch))
        return finish(call, STATUS_TIMEOUT);
    return STATUS_OK;
}

enum status
api_send_answer(struct api_call *call, Entente__Response *response)
{
    struct delivery_batch *batch =
        &((struct api_send *)call->state)->sending->batch;
    enum status            st;

    if (response->id == TAG_PEERS) {
        st = talk_judge(&call->cli, response, ENTENTE__RESPONSE__KIND_PEERS);
        if (st == STATUS_OK)
            st = delivery_check(&call->cli, batch, response->peers);
        return st == STATUS_OK ? submit(call) : st;
    }
    delivery_take(&call->cli, batch, response);
    return judge(call);
}

enum status
api_send_wake(struct api_call *call)
{
    struct api_send *send = call->state;

    send->late = true;
    return send->asked ? judge(call) : STATUS_OK;
}

void
api_send_leave(struct api_call *call, enum status st)
{
    const struct api_send *send = call->state;

    if (!send->asked)
        return;
    if (st == STATUS_OK) /* stopped: it goes on without us */
        st = delivery_judge(&call->cli, &send->sending->batch, STATUS_OK);
    (void)!api_result(call, delivery_json(&call->cli, &send->sending->batch,
                                          st));
}

void
api_send_clear(struct api_call *call)
{
    sending_free(((struct api_send *)call->state)->sending);
}
