/*
 * control.c - the clients of the control socket.
 *
 * Invariants:
 *  (I1) a client is in the list from its accept until it is gone or closed;
 *  (I2) nothing is read from a client of another user: it is closed before
 *       its stream starts;
 *  (I3) the answers of a client that wait never exceed LIMIT_CLIENT_QUEUE and
 *       one more frame.
 */
#include "node/net/control.h"

#include "crypto/secret.h"
#include "node/net/endpoint.h"
#include "node/net/frame.h"
#include "node/net/own_request.h"
#include "node/net/stream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 64, FAILURE_MAX = 512 };

struct client {
    TAILQ_ENTRY(client) in_clients;
    TAILQ_ENTRY(client) in_held;
    struct control *control;
    uint64_t        number;
    uid_t           user;
    struct stream  *stream;
    bool            asked; /* the core knows it */
    bool            own;   /* the edge knows it */
    bool            held;  /* a request was refused with FULL */
    bool            slow;  /* too many answers wait: reading is paused */
};

TAILQ_HEAD(clients, client);

struct control {
    struct stream_pool          pool;
    const struct control_hooks *hooks;
    void                       *arg;
    uv_pipe_t                   listener;
    bool                        listening;
    bool                        stopped;
    char                       *home;
    uint64_t                    last_number;
    size_t                      count;
    struct clients              clients; /* (I1) */
    struct clients              held;
};

/* --- clients ------------------------------------------------------------- */

static struct client *
find(const struct control *control, uint64_t number)
{
    struct client *client;

    TAILQ_FOREACH(client, &control->clients, in_clients)
        if (client->number == number)
            return client;
    return NULL;
}

static void
held_end(struct client *client)
{
    if (client->held)
        TAILQ_REMOVE(&client->control->held, client, in_held);
    client->held = false;
}

static void
client_free(struct client *client)
{
    struct control *control = client->control;

    held_end(client);
    if (client->own && !control->stopped)
        control->hooks->gone(control->arg, client->number);
    TAILQ_REMOVE(&control->clients, client, in_clients);
    control->count--;
    free(client);
}

/* It is gone; the core hears of it if it ever heard from it. */
static void
client_gone(struct client *client)
{
    struct control *control = client->control;
    struct event    event = {.kind = EVENT_CLIENT_GONE,
                             .client = client->number};

    if (client->asked && !control->stopped) {
        enum status st = control->hooks->post(control->arg, &event);

        assert(st == STATUS_OK); /* is always taken */
        (void)st;
    }
    client_free(client);
}

static void
on_ended(void *tag, enum status why)
{
    (void)why;
    client_gone(tag);
}

static void
on_written(void *tag)
{
    struct client *client = tag;

    if (!client->slow ||
        stream_queued(client->stream) > LIMIT_CONTROL_FRAME / 2)
        return;
    client->slow = false;
    stream_pause(client->stream, false);
}

/* --- answers ------------------------------------------------------------- */

void
control_tell(struct control *control, uint64_t number, struct span response)
{
    struct client *client = find(control, number);

    if (client == NULL)
        return;
    if (stream_queued(client->stream) > LIMIT_CLIENT_QUEUE ||
        stream_send(client->stream, response) != STATUS_OK) {
        stream_abort(client->stream); /* (I3) */
        client_gone(client);
        return;
    }
    if (!client->slow && stream_queued(client->stream) > LIMIT_CONTROL_FRAME) {
        client->slow = true;
        stream_pause(client->stream, true);
    }
}

static struct span
failure_encode(uint64_t id, enum status st, const char *words, uint8_t *out)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Failure  failure = ENTENTE__FAILURE__INIT;
    char              text[FAILURE_MAX / 2];

    snprintf(text, sizeof(text), "%s", words);
    response.id = id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_FAILURE;
    response.failure = &failure;
    failure.code = (char *)(uintptr_t)status_name(st);
    failure.message = text;
    assert(entente__response__get_packed_size(&response) <= FAILURE_MAX);
    return (struct span){out, entente__response__pack(&response, out)};
}

uint32_t
control_user(const struct control *control, uint64_t number)
{
    const struct client *client = find(control, number);

    return client != NULL ? client->user : geteuid();
}

void
control_answer(struct control *control, uint64_t client,
               const Entente__Response *response)
{
    uint8_t *out = malloc(entente__response__get_packed_size(response));

    if (out == NULL)
        abort();
    control_tell(control, client,
                 (struct span){out, entente__response__pack(response, out)});
    free(out);
}

void
control_done(struct control *control, uint64_t client, uint64_t id)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;

    response.id = id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    control_answer(control, client, &response);
}

void
control_fail(struct control *control, uint64_t client, uint64_t id,
             enum status st, const char *words)
{
    uint8_t out[FAILURE_MAX];

    control_tell(control, client, failure_encode(id, st, words, out));
}

/* --- requests ------------------------------------------------------------ */

static void
answer_own(struct client *client, struct span frame)
{
    struct control    *control = client->control;
    uint64_t           number = client->number;
    struct own_request own;
    enum status        st = own_request_read(frame, &own);

    client->own = true;
    if (st == STATUS_OK)
        control->hooks->own(control->arg, number, own.request);
    else
        control_fail(control, number, own.id, st, own.fault.words);
    secret_wipe(&own);
}

static enum status
on_frame(void *tag, struct span frame)
{
    struct client  *client = tag;
    struct control *control = client->control;
    struct event    event = {.kind = EVENT_REQUEST,
                             .client = client->number,
                             .bytes = frame};
    enum status     st;

    if (own_request_is(frame)) {
        answer_own(client, frame);
        return STATUS_OK;
    }
    st = control->hooks->post(control->arg, &event);
    if (st == STATUS_OK)
        client->asked = true;
    if (st == STATUS_FULL) {
        assert(!client->held);
        client->held = true;
        TAILQ_INSERT_TAIL(&control->held, client, in_held);
    }
    return st;
}

static const struct stream_ops stream_ops = {
    .width = FRAME_CONTROL_WIDTH,
    .frame = on_frame,
    .written = on_written,
    .ended = on_ended,
};

/* --- accepting ----------------------------------------------------------- */

/* This user, or root, who could read all of it anyway (I2). */
static bool
is_allowed(int fd, uid_t *user)
{
    struct ucred who = {0};
    socklen_t    len = sizeof(who);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0 ||
        len != sizeof(who))
        return false;
    *user = who.uid;
    return who.uid == geteuid() || who.uid == 0;
}

static void
refuse_full(struct client *client)
{
    uint8_t out[FAILURE_MAX];

    if (stream_send(client->stream,
                    failure_encode(0, STATUS_FULL,
                                   "too many programs ask this node", out)) ==
        STATUS_OK)
        stream_finish(client->stream);
    else
        stream_abort(client->stream);
    client_free(client);
}

static void
on_connection(uv_stream_t *listener, int error)
{
    struct control *control = listener->data;
    struct client  *client;

    if (error < 0)
        return;
    client = calloc(1, sizeof(*client));
    if (client == NULL)
        abort();
    client->control = control;
    client->number = ++control->last_number;
    client->stream = stream_new(&control->pool, STREAM_PIPE, &stream_ops,
                                client);
    TAILQ_INSERT_TAIL(&control->clients, client, in_clients);
    control->count++;
    if (uv_accept(listener, stream_handle(client->stream)) == 0 &&
        is_allowed(stream_fd(client->stream), &client->user)) {
        if (control->count > LIMIT_CLIENTS) {
            refuse_full(client);
            return;
        }
        if (stream_start(client->stream, LIMIT_CONTROL_FRAME, false) ==
            STATUS_OK)
            return;
    }
    stream_abort(client->stream);
    client_free(client);
}

/* A dead node's socket goes; anything else of that name is not ours. */
NODISCARD static enum status
remove_socket(const char *path)
{
    struct stat info;

    if (lstat(path, &info) != 0)
        return STATUS_OK;
    if (!S_ISSOCK(info.st_mode))
        return STATUS_EXISTS;
    return unlink(path) == 0 ? STATUS_OK : STATUS_IO;
}

/* Made with its mode: there is no moment at which others could connect. */
NODISCARD static enum status
bind_socket(const struct sockaddr_un *address, int *out)
{
    enum status st = remove_socket(address->sun_path);
    mode_t      before;
    int         fd, error;

    if (st != STATUS_OK)
        return st;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return STATUS_IO;
    before = umask(0177);
    error = bind(fd, (const struct sockaddr *)address, sizeof(*address));
    umask(before);
    if (error != 0) {
        close(fd);
        return STATUS_IO;
    }
    *out = fd;
    return STATUS_OK;
}

enum status
control_listen(struct control *control, const char *home)
{
    struct sockaddr_un address;
    int                folder = -1;
    int                fd = -1;
    enum status        st = endpoint_of(home, &address, &folder);

    assert(!control->listening);
    if (st != STATUS_OK)
        return st;
    st = bind_socket(&address, &fd);
    close(folder);
    if (st != STATUS_OK)
        return st;
    uv_pipe_init(control->pool.loop, &control->listener, 0);
    control->listener.data = control;
    control->listening = true;
    control->home = strdup(home);
    if (uv_pipe_open(&control->listener, fd) != 0) {
        close(fd);
        return STATUS_IO;
    }
    return uv_listen((uv_stream_t *)&control->listener, BACKLOG,
                     on_connection) == 0
               ? STATUS_OK
               : STATUS_IO;
}

/* --- life ---------------------------------------------------------------- */

struct control *
control_new(uv_loop_t *loop, const struct control_hooks *hooks, void *arg)
{
    struct control *control = calloc(1, sizeof(*control));

    if (control == NULL)
        abort();
    control->pool.loop = loop;
    control->hooks = hooks;
    control->arg = arg;
    TAILQ_INIT(&control->clients);
    TAILQ_INIT(&control->held);
    return control;
}

void
control_close(struct control *control, uint64_t number)
{
    struct client *client = find(control, number);

    if (client == NULL)
        return;
    stream_finish(client->stream);
    client_free(client);
}

void
control_flush(struct control *control)
{
    struct client *client = TAILQ_FIRST(&control->clients);

    while (client != NULL) {
        struct client *next = TAILQ_NEXT(client, in_clients);

        stream_flush(client->stream); /* may free it */
        client = next;
    }
}

void
control_resume(struct control *control)
{
    struct client *client;
    size_t         count = 0;

    TAILQ_FOREACH(client, &control->held, in_held)
        count++;
    for (; count > 0; count--) {
        client = TAILQ_FIRST(&control->held);
        held_end(client);
        stream_resume(client->stream);
    }
}

size_t
control_clients(const struct control *control)
{
    return control->count;
}

static void
forget_socket(struct control *control)
{
    struct sockaddr_un address;
    int                folder = -1;

    if (control->home == NULL ||
        endpoint_of(control->home, &address, &folder) != STATUS_OK)
        return;
    (void)unlink(address.sun_path); /* or else the next node does */
    close(folder);
}

void
control_stop(struct control *control)
{
    struct client *client;

    if (control->stopped)
        return;
    control->stopped = true;
    if (control->listening) {
        forget_socket(control);
        uv_close((uv_handle_t *)&control->listener, NULL);
    }
    while ((client = TAILQ_FIRST(&control->clients)) != NULL)
        control_close(control, client->number);
}

void
control_free(struct control *control)
{
    if (control == NULL)
        return;
    assert(control->stopped && control->pool.count == 0);
    free(control->home);
    free(control);
}
