/*
 * api.c - calls under way, and lines of output.
 *
 * I1. The last line of every call, and no other, is "done" or "error".
 * I2. No handler frees the call that it is given, nor, but for api_stop() in
 *     begin(), another one.
 */
#include "tools/api/api.h"

#include "tools/api/api_node.h"
#include "tools/api/api_request.h"
#include "tools/client/talk.h"
#include "tools/language/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAIT_MAX_MS = 3600000 };

struct api {
    const struct cli *cli;
    struct api_node  *node;
    struct api_call  *calls; /* newest first */
    size_t            call_count;
    char             *out;
    size_t            out_at; /* of it, taken already */
    size_t            out_len;
    size_t            out_cap;
    bool              failed; /* an answer was lost: no memory */
};

static uint64_t
now_ms(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct api *
api_new(const struct cli *cli)
{
    struct api *api = calloc(1, sizeof(*api));

    if (api == NULL)
        return NULL;
    api->cli = cli;
    api->node = api_node_new();
    if (api->node != NULL)
        return api;
    free(api);
    return NULL;
}

/* --- output --------------------------------------------------------------- */

static void
put_line(struct api *api, json_t *line)
{
    char  *text = json_text(line, 0);
    size_t len = text == NULL ? 0 : strlen(text);

    json_decref(line);
    if (text != NULL && api->out_len + len + 1 > api->out_cap) {
        size_t cap = 2 * api->out_cap + len + 1;
        char  *out = realloc(api->out, cap);

        if (out != NULL) {
            api->out = out;
            api->out_cap = cap;
        }
    }
    if (text == NULL || api->out_len + len + 1 > api->out_cap) {
        api->failed = true;
    } else {
        memcpy(api->out + api->out_len, text, len);
        api->out[api->out_len + len] = '\n';
        api->out_len += len + 1;
    }
    free(text);
}

struct span
api_output(const struct api *api)
{
    if (api->out_at == api->out_len)
        return SPAN_EMPTY; /* there may be no memory yet */
    return (struct span){(const uint8_t *)api->out + api->out_at,
                         api->out_len - api->out_at};
}

void
api_taken(struct api *api, size_t len)
{
    api->out_at += len;
    assert(api->out_at <= api->out_len);
    if (api->out_at == api->out_len)
        api->out_at = api->out_len = 0;
}

static bool
output_is_full(const struct api *api)
{
    return api->out_len - api->out_at >= API_OUTPUT_MAX;
}

static json_t *
id_of(const struct api_call *call)
{
    json_t *id = json_object_get(call->line, "id");

    return id == NULL ? json_null() : json_incref(id);
}

enum status
api_result(struct api_call *call, json_t *object)
{
    if (object == NULL)
        return cli_status(&call->cli, STATUS_IO, "memory");
    put_line(call->api,
             json_pack("{s:o, s:o}", "id", id_of(call), "result", object));
    return STATUS_OK;
}

/* `number`: of the line that never became a call; 0: it did. */
static void
put_error(struct api_call *call, enum status st, size_t number)
{
    json_t *line = json_pack("{s:o, s:o}", "id", id_of(call), "error",
                             cli_error_json(&call->cli, st));

    if (number > 0)
        json_object_set_new(line, "line", json_integer((json_int_t)number));
    if (call->cli.errors != NULL)
        json_object_set(line, "errors", call->cli.errors);
    put_line(call->api, line);
}

/* --- the life of a call --------------------------------------------------- */

static struct api_call *
call_new(struct api *api)
{
    struct api_call *call = calloc(1, sizeof(*call));

    if (call == NULL)
        return NULL;
    call->api = api;
    call->cli = *api->cli;
    call->cli.json = true;
    call->texts = json_array();
    return call;
}

static void
call_free(struct api_call *call)
{
    if (call->state != NULL && call->verb->clear != NULL)
        call->verb->clear(call);
    free(call->state);
    json_decref(call->texts);
    json_decref(call->line);
    cli_clear(&call->cli);
    free(call);
}

static void
remove_call(struct api *api, struct api_call *call)
{
    *call->link = call->next;
    if (call->next != NULL)
        call->next->link = call->link;
    api->call_count--;
    if (call->asks > 0)
        api_node_forget(api->node, call);
    call_free(call);
}

/* After a handler: says how the call ended, if it did.  (I1) */
static void
settle(struct api *api, struct api_call *call, enum status st)
{
    if (st != STATUS_OK)
        put_error(call, st, 0);
    else if (call->ended || (call->asks == 0 && call->wake_ms == 0))
        put_line(api, json_pack("{s:o, s:b}", "id", id_of(call), "done", 1));
    else
        return;
    remove_call(api, call);
}

void
api_end(struct api_call *call)
{
    call->ended = true;
}

void
api_wake(struct api_call *call, uint64_t ms)
{
    call->wake_ms = now_ms() + ms;
}

static void
stop(struct api *api, struct api_call *call)
{
    if (call->verb->leave != NULL)
        call->verb->leave(call, STATUS_OK);
    put_line(api, json_pack("{s:o, s:b, s:b}", "id", id_of(call), "done", 1,
                            "stopped", 1));
    remove_call(api, call);
}

size_t
api_stop(struct api_call *call, const json_t *id)
{
    struct api      *api = call->api;
    struct api_call *next;
    size_t           count = 0;

    for (struct api_call *one = api->calls; one != NULL; one = next) {
        next = one->next;
        if (one == call ||
            json_equal(json_object_get(one->line, "id"), id) == 0)
            continue;
        stop(api, one);
        count++;
    }
    return count;
}

void
api_close(struct api *api)
{
    struct api_call *next;

    for (struct api_call *one = api->calls; one != NULL; one = next) {
        next = one->next;
        if (one->verb->endless)
            stop(api, one);
    }
}

void
api_free(struct api *api)
{
    if (api == NULL)
        return;
    while (api->calls != NULL)
        remove_call(api, api->calls);
    api_node_free(api->node);
    free(api->out);
    free(api);
}

/* --- lines ---------------------------------------------------------------- */

void
api_line(struct api *api, struct span line, size_t number)
{
    struct api_call *call = call_new(api);
    enum status      st;

    if (call == NULL) {
        api->failed = true;
        return;
    }
    st = api_request_read(call, line, number);
    if (st == STATUS_OK)
        st = api_request_fill(call);
    if (st == STATUS_OK) {
        call->state = calloc(1, call->verb->state_len + 1);
        if (call->state == NULL)
            st = cli_status(&call->cli, STATUS_IO, "memory");
    }
    if (st != STATUS_OK) {
        put_error(call, st, number);
        call_free(call);
        return;
    }
    call->next = api->calls;
    call->link = &api->calls;
    if (call->next != NULL)
        call->next->link = &call->next;
    api->calls = call;
    api->call_count++;
    settle(api, call, call->verb->begin(call));
}

void
api_line_too_long(struct api *api, size_t number)
{
    struct api_call *call = call_new(api);
    enum status      st;

    if (call == NULL) {
        api->failed = true;
        return;
    }
    st = cli_fail(&call->cli, STATUS_TOO_LARGE,
                  "one request stands on one line",
                  "line %zu is longer than %d bytes", number, JSON_TEXT_MAX);
    put_error(call, st, number);
    call_free(call);
}

bool
api_has_room(const struct api *api)
{
    return api->call_count < API_CALLS_MAX && !api_node_is_full(api->node) &&
           !output_is_full(api);
}

bool
api_is_idle(const struct api *api)
{
    return api->calls == NULL;
}

/* --- the node ------------------------------------------------------------- */

enum status
api_ask(struct api_call *call, Entente__Request *request, uint64_t tag,
        bool store)
{
    enum status st = api_node_ask(call->api->node, &call->cli, request, call,
                                  tag, store);

    call->asks += st == STATUS_OK ? 1 : 0;
    return st;
}

/* The node went away: everything that waits for it has failed. */
static void
lose(struct api *api, enum status why)
{
    struct api_call *next;

    api_node_lose(api->node);
    for (struct api_call *call = api->calls; call != NULL; call = next) {
        enum status st;

        next = call->next;
        if (call->asks == 0)
            continue;
        st = talk_broken(&call->cli, why);
        if (call->verb->leave != NULL)
            call->verb->leave(call, st);
        settle(api, call, st);
    }
}

static void
wake_calls(struct api *api)
{
    uint64_t         now = now_ms();
    struct api_call *next;

    for (struct api_call *call = api->calls; call != NULL; call = next) {
        next = call->next;
        if (call->wake_ms == 0 || call->wake_ms > now)
            continue;
        call->wake_ms = 0;
        settle(api, call, call->verb->wake(call));
    }
}

void
api_turn(struct api *api)
{
    enum status st = STATUS_OK;

    wake_calls(api);
    while (st == STATUS_OK && !output_is_full(api)) {
        Entente__Response *response = NULL;
        void              *owner = NULL;
        struct api_call   *call;

        st = api_node_take(api->node, &response, &owner);
        if (st != STATUS_OK)
            break;
        call = owner;
        call->asks -= response->last ? 1 : 0;
        settle(api, call, call->verb->answer(call, response));
    }
    if (st == STATUS_OK || st == STATUS_AGAIN)
        st = api_node_flush(api->node);
    if (st != STATUS_OK && st != STATUS_AGAIN)
        lose(api, st);
}

int
api_fd(const struct api *api)
{
    return output_is_full(api) ? -1 : api_node_fd(api->node);
}

bool
api_must_write(const struct api *api)
{
    return api_node_must_write(api->node);
}

bool
api_has_failed(const struct api *api)
{
    return api->failed;
}

int
api_wait_ms(const struct api *api)
{
    uint64_t now = now_ms();
    uint64_t next = UINT64_MAX;

    for (const struct api_call *call = api->calls; call != NULL;
         call = call->next)
        if (call->wake_ms != 0 && call->wake_ms < next)
            next = call->wake_ms;
    if (next == UINT64_MAX)
        return -1;
    next = next > now ? next - now : 0;
    return (int)(next > WAIT_MAX_MS ? WAIT_MAX_MS : next);
}
