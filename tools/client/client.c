/*
 * client.c - frames of u32 length over a Unix socket, in both directions.
 *
 * I1. A frame's length is judged against LIMIT_CONTROL_FRAME before anything
 *     is kept for it.
 * I2. Sending never waits for the node to read unless what it says is read
 *     too, so two full pipes cannot stand against each other for ever.
 */
#include "tools/client/client.h"

#include "node/net/endpoint.h"
#include "proto/limits.h"
#include "proto/strict.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LENGTH_LEN = 4, READ_AT_ONCE = 65536 };

struct client {
    int                 fd;
    uint64_t            last_id;
    uint8_t            *in;      /* bytes read and not yet given out */
    size_t              in_at;   /* of those, given out already */
    size_t              in_len;
    size_t              in_cap;
    uint8_t            *out;     /* frames to be sent */
    size_t              out_at;  /* of those, sent already */
    size_t              out_len;
    size_t              out_cap;
    uint8_t            *memory;  /* of the answer that is lent out */
    struct strict_arena arena;
};

static uint64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

NODISCARD static enum status
open_socket(const char *home, int *out)
{
    struct sockaddr_un address;
    int                folder = -1;
    int                fd;
    enum status        st = endpoint_of(home, &address, &folder);

    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_UNREACHABLE : st;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        close(folder);
        return STATUS_IO;
    }
    st = STATUS_OK;
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
        st = STATUS_UNREACHABLE;
    close(folder);
    if (st != STATUS_OK)
        close(fd);
    else
        *out = fd;
    return st;
}

enum status
client_open(const char *home, struct client **out)
{
    struct client *client;
    int            fd = -1;
    enum status    st = open_socket(home, &fd);

    if (st != STATUS_OK)
        return st;
    client = calloc(1, sizeof(*client));
    if (client != NULL)
        client->memory = malloc(LIMIT_PARSE_BYTES);
    if (client == NULL || client->memory == NULL) {
        free(client);
        close(fd);
        return STATUS_IO;
    }
    client->fd = fd;
    client->arena = strict_arena_of(client->memory, LIMIT_PARSE_BYTES);
    *out = client;
    return STATUS_OK;
}

void
client_free(struct client *client)
{
    if (client == NULL)
        return;
    close(client->fd);
    free(client->in);
    if (client->out != NULL)
        explicit_bzero(client->out, client->out_cap);
    free(client->out);
    free(client->memory);
    free(client);
}

/* --- reading ---------------------------------------------------------- */

NODISCARD static enum status
make_room(struct client *client)
{
    uint8_t *in;

    if (client->in_at > 0) {
        memmove(client->in, client->in + client->in_at,
                client->in_len - client->in_at);
        client->in_len -= client->in_at;
        client->in_at = 0;
    }
    if (client->in_cap - client->in_len >= READ_AT_ONCE)
        return STATUS_OK;
    in = realloc(client->in, 2 * client->in_cap + READ_AT_ONCE);
    if (in == NULL)
        return STATUS_IO;
    client->in = in;
    client->in_cap = 2 * client->in_cap + READ_AT_ONCE;
    return STATUS_OK;
}

/* Reads what is there; AGAIN when nothing is. */
NODISCARD static enum status
read_some(struct client *client)
{
    enum status st = make_room(client);
    ssize_t     got;

    if (st != STATUS_OK)
        return st;
    got = recv(client->fd, client->in + client->in_len,
               client->in_cap - client->in_len, MSG_DONTWAIT);
    if (got > 0) {
        client->in_len += (size_t)got;
        return STATUS_OK;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return STATUS_AGAIN;
    return STATUS_UNREACHABLE;
}

/* Waits until the socket has one of `events`, or until the deadline. */
NODISCARD static enum status
wait_for(struct client *client, short events, uint64_t deadline, short *got)
{
    struct pollfd poll_fd = {.fd = client->fd, .events = events};
    int           wait = -1;
    int           ready;

    if (deadline != CLIENT_FOR_EVER) {
        uint64_t now = now_ms();
        uint64_t left = deadline > now ? deadline - now : 0;

        wait = left > 1000000 ? 1000000 : (int)left;
    }
    ready = poll(&poll_fd, 1, wait);
    if (ready < 0 && errno != EINTR)
        return STATUS_IO;
    if (ready == 0 && deadline != CLIENT_FOR_EVER && now_ms() >= deadline)
        return STATUS_TIMEOUT;
    *got = ready > 0 ? poll_fd.revents : 0;
    return STATUS_OK;
}

/* The frame at the front of what was read; AGAIN when it is not whole.  (I1) */
NODISCARD static enum status
take_frame(struct client *client, struct span *out)
{
    size_t         left = client->in_len - client->in_at;
    const uint8_t *at = client->in + client->in_at;
    struct reader  reader;
    uint32_t       len;

    if (left < LENGTH_LEN)
        return STATUS_AGAIN;
    reader = reader_of((struct span){at, LENGTH_LEN});
    len = reader_u32(&reader);
    if (len > LIMIT_CONTROL_FRAME)
        return STATUS_BAD_ENCODING;
    if (left - LENGTH_LEN < len)
        return STATUS_AGAIN;
    *out = (struct span){at + LENGTH_LEN, len};
    client->in_at += LENGTH_LEN + len;
    return STATUS_OK;
}

/* The answer in the frame, lent until the next. */
NODISCARD static enum status
unpack(struct client *client, struct span frame, Entente__Response **out)
{
    struct strict_fault fault;
    ProtobufCMessage   *message = NULL;
    enum status         st;

    strict_arena_reset(&client->arena);
    st = strict_unpack(&entente__response__descriptor, frame, &client->arena,
                       STRICT_KEEP, &message, &fault);
    if (st != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = (Entente__Response *)message;
    return STATUS_OK;
}

enum status
client_take(struct client *client, Entente__Response **out)
{
    struct span frame = SPAN_EMPTY;
    enum status st;

    while ((st = take_frame(client, &frame)) == STATUS_AGAIN) {
        st = read_some(client);
        if (st != STATUS_OK)
            return st;
    }
    return st == STATUS_OK ? unpack(client, frame, out) : st;
}

enum status
client_next(struct client *client, uint64_t wait_ms, Entente__Response **out)
{
    uint64_t    deadline = wait_ms == CLIENT_FOR_EVER ? CLIENT_FOR_EVER
                                                      : now_ms() + wait_ms;
    enum status st;
    short       ready;

    while ((st = client_take(client, out)) == STATUS_AGAIN) {
        st = wait_for(client, POLLIN, deadline, &ready);
        if (st != STATUS_OK)
            return st;
    }
    return st;
}

int
client_fd(const struct client *client)
{
    return client->fd;
}

/* --- sending ---------------------------------------------------------- */

/* Memory that held a request is wiped before it goes. */
NODISCARD static enum status
out_room(struct client *client, size_t len)
{
    size_t   cap = 2 * client->out_cap + len;
    uint8_t *out;

    if (client->out_cap - client->out_len >= len)
        return STATUS_OK;
    out = malloc(cap);
    if (out == NULL)
        return STATUS_IO;
    if (client->out_len > 0)
        memcpy(out, client->out, client->out_len);
    if (client->out != NULL)
        explicit_bzero(client->out, client->out_cap);
    free(client->out);
    client->out = out;
    client->out_cap = cap;
    return STATUS_OK;
}

enum status
client_post(struct client *client, Entente__Request *request)
{
    size_t        len;
    struct writer writer;
    enum status   st;

    request->id = ++client->last_id;
    len = entente__request__get_packed_size(request);
    if (len > LIMIT_CONTROL_FRAME)
        return STATUS_TOO_LARGE;
    st = out_room(client, LENGTH_LEN + len);
    if (st != STATUS_OK)
        return st;
    writer = writer_of(client->out + client->out_len, LENGTH_LEN);
    writer_u32(&writer, (uint32_t)len);
    entente__request__pack(request, client->out + client->out_len + LENGTH_LEN);
    client->out_len += LENGTH_LEN + len;
    return STATUS_OK;
}

enum status
client_flush(struct client *client)
{
    while (client->out_at < client->out_len) {
        ssize_t put = send(client->fd, client->out + client->out_at,
                           client->out_len - client->out_at,
                           MSG_DONTWAIT | MSG_NOSIGNAL);

        if (put > 0)
            client->out_at += (size_t)put;
        else if (errno == EAGAIN || errno == EINTR)
            return STATUS_AGAIN;
        else
            return STATUS_UNREACHABLE;
    }
    if (client->out_len > 0) /* a request may hold a secret */
        explicit_bzero(client->out, client->out_len);
    client->out_at = 0;
    client->out_len = 0;
    return STATUS_OK;
}

enum status
client_send(struct client *client, Entente__Request *request)
{
    enum status st = client_post(client, request);

    if (st != STATUS_OK)
        return st;
    while ((st = client_flush(client)) == STATUS_AGAIN) {
        short ready = 0;

        st = wait_for(client, POLLIN | POLLOUT, CLIENT_FOR_EVER, &ready);
        if (st == STATUS_OK && (ready & POLLIN) != 0) /* (I2) */
            st = read_some(client);
        if (st != STATUS_OK && st != STATUS_AGAIN)
            return st;
    }
    return st;
}

enum status
client_ask(struct client *client, Entente__Request *request, uint64_t wait_ms,
           Entente__Response **out)
{
    uint64_t    deadline = wait_ms == CLIENT_FOR_EVER ? CLIENT_FOR_EVER
                                                      : now_ms() + wait_ms;
    enum status st = client_send(client, request);

    while (st == STATUS_OK) {
        uint64_t now = now_ms();

        if (deadline != CLIENT_FOR_EVER)
            wait_ms = deadline > now ? deadline - now : 0;
        st = client_next(client, wait_ms, out);
        if (st == STATUS_OK && (*out)->id == request->id)
            break;
    }
    return st;
}

enum status
client_failure(const Entente__Failure *failure)
{
    enum status st = STATUS_OK;

    if (status_parse(failure->code, &st) != STATUS_OK || st == STATUS_OK)
        return STATUS_IO;
    return st;
}

Entente__Response *
client_keep(const Entente__Response *response)
{
    size_t             len = entente__response__get_packed_size(response);
    uint8_t           *bytes = malloc(len + 1);
    Entente__Response *copy = NULL;

    if (bytes != NULL) {
        entente__response__pack(response, bytes);
        copy = entente__response__unpack(NULL, len, bytes);
    }
    free(bytes);
    return copy;
}

/* --- the process behind it --------------------------------------------- */

enum status
client_pid(const struct client *client, long *out)
{
    struct ucred node = {0};
    socklen_t    len = sizeof(node);

    if (getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &node, &len) != 0 ||
        node.pid <= 0)
        return STATUS_IO;
    *out = node.pid;
    return STATUS_OK;
}

enum status
client_memory(const struct client *client, uint64_t *resident, uint64_t *peak)
{
    char     text[64];
    FILE    *file;
    long     pid = 0;
    uint64_t rss = 0;
    uint64_t hwm = 0;

    if (client_pid(client, &pid) != STATUS_OK)
        return STATUS_IO;
    snprintf(text, sizeof(text), "/proc/%ld/status", pid);
    file = fopen(text, "re");
    if (file == NULL)
        return STATUS_IO;
    while (fgets(text, sizeof(text), file) != NULL) {
        if (strncmp(text, "VmRSS:", 6) == 0)
            rss = strtoull(text + 6, NULL, 10);
        if (strncmp(text, "VmHWM:", 6) == 0)
            hwm = strtoull(text + 6, NULL, 10);
    }
    fclose(file);
    if (rss == 0 || hwm == 0)
        return STATUS_IO;
    *resident = rss;
    *peak = hwm;
    return STATUS_OK;
}
