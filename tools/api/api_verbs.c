/* api_verbs.c - the table of verbs, and the short ones among them. */
#include "tools/api/api_verbs.h"

#include "tools/admin/peer_view.h"
#include "tools/admin/status_view.h"
#include "tools/api/api_mail.h"
#include "tools/api/api_ping.h"
#include "tools/api/api_send.h"
#include "tools/api/api_watch.h"
#include "tools/audit/logs.h"
#include "tools/client/peer_names.h"
#include "tools/client/talk.h"
#include "tools/language/form.h"
#include "tools/reading/channel_row.h"
#include "tools/verbs/cmd_draft.h"
#include "tools/writing/draft.h"

enum status
api_verbs_ask_plain(struct api_call *call, Entente__Request__KindCase kind)
{
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.kind_case = kind;
    request.status = &nothing; /* any member that is a Nothing */
    request.times = true;
    return api_ask(call, &request, 0, false);
}

/* --- the node and its peers ----------------------------------------------- */

static enum status
status_begin(struct api_call *call)
{
    return api_verbs_ask_plain(call, ENTENTE__REQUEST__KIND_STATUS);
}

static enum status
status_answer(struct api_call *call, Entente__Response *response)
{
    enum status st = talk_judge(&call->cli, response,
                                ENTENTE__RESPONSE__KIND_STATUS);

    return st != STATUS_OK
               ? st
               : api_result(call, status_view_json(&call->cli,
                                                   response->status));
}

static enum status
peers_begin(struct api_call *call)
{
    return api_verbs_ask_plain(call, ENTENTE__REQUEST__KIND_PEERS);
}

static enum status
peers_answer(struct api_call *call, Entente__Response *response)
{
    const Entente__PeerStatus *peer;
    struct span                name;
    enum status                st = talk_judge(&call->cli, response,
                                               ENTENTE__RESPONSE__KIND_PEERS);

    if (st != STATUS_OK)
        return st;
    if (call->cli.arg_count == 0)
        return api_result(call, peer_view_all_json(response->peers));
    name = span_text(call->cli.args[0]);
    peer = peer_names_find(response->peers, name);
    return peer == NULL
               ? peer_names_check(&call->cli, response->peers, name)
               : api_result(call, peer_view_one_json(peer));
}

static enum status
card_begin(struct api_call *call)
{
    return api_verbs_ask_plain(call, ENTENTE__REQUEST__KIND_OWN_CARD);
}

static enum status
card_answer(struct api_call *call, Entente__Response *response)
{
    enum status st = talk_judge(&call->cli, response,
                                ENTENTE__RESPONSE__KIND_OWN_CARD);

    return st != STATUS_OK
               ? st
               : api_result(call, json_pack("{s:b, s:s}", "ok", 1, "card",
                                            response->own_card->card));
}

static enum status
log_begin(struct api_call *call)
{
    Entente__LogRequest log = logs_request(cli_value(&call->cli, CLI_PEER));
    Entente__Request    request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = &log;
    return api_ask(call, &request, 0, true);
}

static enum status
log_answer(struct api_call *call, Entente__Response *response)
{
    enum status st = talk_judge(&call->cli, response,
                                ENTENTE__RESPONSE__KIND_LOG);

    return st != STATUS_OK
               ? st
               : api_result(call, channel_row_all(response->log->channels,
                                                  response->log->n_channels));
}

/* --- without the node ----------------------------------------------------- */

static enum status
kinds_begin(struct api_call *call)
{
    const struct kind *kind = NULL;
    enum status        st;

    if (call->cli.arg_count == 0)
        return api_result(call, form_kinds_json());
    st = cmd_draft_find_kind(&call->cli, call->cli.args[0], &kind);
    return st == STATUS_OK ? api_result(call, form_describe_json(kind)) : st;
}

static enum status
validate_begin(struct api_call *call)
{
    struct draft      *draft = draft_new(json_incref(call->raw));
    Entente__Message  *message = NULL;
    const struct kind *kind;
    enum status        st;

    if (draft == NULL)
        return cli_status(&call->cli, STATUS_IO, "memory");
    st = draft_finish(&call->cli, draft, MESSAGE_DRAFT, "the message",
                      &message);
    draft_free(draft);
    if (st != STATUS_OK)
        return st;
    kind = kind_of(message);
    entente__message__free_unpacked(message, NULL);
    return api_result(call, json_pack("{s:b, s:s}", "ok", 1, "kind",
                                      kind->name));
}

/* --- other requests ------------------------------------------------------- */

static enum status
stop_begin(struct api_call *call)
{
    size_t count = api_stop(call, call->raw);

    if (count == 0)
        return cli_fail(&call->cli, STATUS_NOT_FOUND, NULL,
                        "no request with this id is under way");
    return api_result(call, json_pack("{s:b, s:I}", "ok", 1, "stopped",
                                      (json_int_t)count));
}

const struct api_verb api_verbs_all[] = {
    {.name = "send", .raw = "message",
     .state_len = sizeof(struct api_send), .begin = api_send_begin,
     .answer = api_send_answer, .wake = api_send_wake,
     .leave = api_send_leave, .clear = api_send_clear},
    {.name = "inbox", .state_len = sizeof(struct api_mail_list),
     .begin = api_mail_inbox, .answer = api_mail_rows,
     .clear = api_mail_list_clear},
    {.name = "outbox", .state_len = sizeof(struct api_mail_list),
     .begin = api_mail_outbox, .answer = api_mail_rows,
     .clear = api_mail_list_clear},
    {.name = "show", .word = "ref", .must = true,
     .state_len = sizeof(struct api_mail_show), .begin = api_mail_show,
     .answer = api_mail_shown, .clear = api_mail_show_clear},
    {.name = "ack", .word = "ref", .must = true,
     .state_len = sizeof(struct api_mail_answer), .begin = api_mail_ack,
     .answer = api_mail_answered},
    {.name = "decline", .word = "ref", .must = true,
     .state_len = sizeof(struct api_mail_answer), .begin = api_mail_decline,
     .answer = api_mail_answered},
    {.name = "watch", .endless = true, .state_len = sizeof(struct api_watch),
     .begin = api_watch_begin, .answer = api_watch_answer,
     .wake = api_watch_wake},
    {.name = "status", .begin = status_begin, .answer = status_answer},
    {.name = "peers", .word = "peer", .begin = peers_begin,
     .answer = peers_answer},
    {.name = "peer ping", .word = "peer", .must = true,
     .state_len = sizeof(struct api_ping), .begin = api_ping_begin,
     .answer = api_ping_answer, .wake = api_ping_wake,
     .clear = api_ping_clear},
    {.name = "card", .begin = card_begin, .answer = card_answer},
    {.name = "log", .begin = log_begin, .answer = log_answer},
    {.name = "kinds", .word = "kind", .begin = kinds_begin},
    {.name = "validate", .raw = "message", .must = true,
     .begin = validate_begin},
    {.name = "stop", .raw = "request", .must = true, .begin = stop_begin},
    {.name = NULL},
};
