/*
 * api_watch.c - one request after the other, each from where the last ended.
 *
 * Invariant: without a cursor, the place where it begins is told before the
 * first event, so that nothing is missed when the node goes away meanwhile.
 */
#include "tools/api/api_watch.h"

#include "tools/client/talk.h"
#include "tools/reading/event_row.h"

#include <string.h>

enum { AGAIN_MS = 200 }; /* then the node is asked again */

NODISCARD static enum status
ask(struct api_call *call)
{
    struct api_watch      *watch = call->state;
    const char            *precedence = cli_value(&call->cli, CLI_PRECEDENCE);
    Entente__EventsRequest events = ENTENTE__EVENTS_REQUEST__INIT;
    Entente__Request       request = ENTENTE__REQUEST__INIT;

    events.cursor = watch->cursor;
    events.oldest = cli_has(&call->cli, CLI_ALL) && watch->cursor[0] == '\0';
    if (precedence != NULL)
        events.precedence = (char *)(uintptr_t)precedence;
    request.kind_case = ENTENTE__REQUEST__KIND_EVENTS;
    request.events = &events;
    return api_ask(call, &request, 0, false);
}

enum status
api_watch_begin(struct api_call *call)
{
    struct api_watch *watch = call->state;
    const char       *cursor = cli_value(&call->cli, CLI_CURSOR);

    if (cursor == NULL || cursor[0] == '\0')
        return ask(call);
    if (cli_has(&call->cli, CLI_ALL))
        return cli_fail(&call->cli, STATUS_USAGE, NULL,
                        "a cursor says where to begin; all is for none");
    if (strlen(cursor) >= sizeof(watch->cursor))
        return cli_fail(&call->cli, STATUS_BAD_CURSOR, NULL,
                        "this is no cursor that watch gave");
    snprintf(watch->cursor, sizeof(watch->cursor), "%s", cursor);
    return ask(call);
}

enum status
api_watch_answer(struct api_call *call, Entente__Response *response)
{
    struct api_watch             *watch = call->state;
    const Entente__EventsResponse *events = response->events;
    enum status                   st;

    if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE &&
        client_failure(response->failure) == STATUS_AGAIN) {
        api_wake(call, AGAIN_MS); /* it ends, or a capture begins */
        return STATUS_OK;
    }
    st = talk_judge(&call->cli, response, ENTENTE__RESPONSE__KIND_EVENTS);
    if (st == STATUS_OK && watch->cursor[0] == '\0' && events->n_events == 0)
        st = api_result(call, json_pack("{s:s}", "cursor", events->cursor));
    for (size_t i = 0; st == STATUS_OK && i < events->n_events; i++)
        st = api_result(call, event_row_json(events->events[i]));
    if (st != STATUS_OK)
        return st;
    snprintf(watch->cursor, sizeof(watch->cursor), "%s", events->cursor);
    return ask(call);
}

enum status
api_watch_wake(struct api_call *call)
{
    return ask(call);
}
