/*
 * api_ping.c - echoes one after the other.
 *
 *     waits for an echo --it, or its time is over--> pauses --1 s--> waits
 *
 * The tag of an echo is its number: one that comes late is nobody's.
 */
#include "tools/api/api_ping.h"

NODISCARD static enum status
send_one(struct api_call *call)
{
    struct api_ping  *ping = call->state;
    Entente__PeerName name = pinging_request(&ping->series);
    Entente__Request  request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_PING;
    request.ping = &name;
    ping->waits = true;
    api_wake(call, ping->series.timeout_s * 1000);
    return api_ask(call, &request, ping->series.sent, false);
}

/* After an echo, or without one. */
NODISCARD static enum status
go_on(struct api_call *call)
{
    struct api_ping *ping = call->state;
    enum status      st;

    if (ping->series.sent < ping->series.count) {
        ping->waits = false;
        api_wake(call, PINGING_PAUSE_MS);
        return STATUS_OK;
    }
    api_end(call);
    st = pinging_judge(&call->cli, &ping->series);
    return st == STATUS_OK ? api_result(call, pinging_json(&ping->series)) : st;
}

enum status
api_ping_begin(struct api_call *call)
{
    struct api_ping *ping = call->state;
    enum status st = pinging_init(&call->cli, call->cli.args[0], &ping->series);

    return st == STATUS_OK ? send_one(call) : st;
}

enum status
api_ping_answer(struct api_call *call, Entente__Response *response)
{
    struct api_ping *ping = call->state;
    enum status      st;

    if (!ping->waits || response->id != ping->series.sent)
        return STATUS_OK;
    st = pinging_take(&call->cli, &ping->series, response);
    return st == STATUS_OK ? go_on(call) : st;
}

enum status
api_ping_wake(struct api_call *call)
{
    const struct api_ping *ping = call->state;

    return ping->waits ? go_on(call) : send_one(call);
}

void
api_ping_clear(struct api_call *call)
{
    pinging_clear(&((struct api_ping *)call->state)->series);
}
