/*
 * against.c - links out of a capture, then one connection a throw.
 *
 * Invariant: nothing is thrown that the capture does not hold; bytes are only
 * left out or put into another order.
 */
#include "tools/admin/against.h"

#include "node/host/capture_file.h"
#include "tools/terminal/moment.h"

#include <assert.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LINKS = 2,            /* the first of a capture */
    STREAM_BYTES = 65536, /* the first of a link; one frame is read of it */
    SWAPS = 3,
    LENGTH_LEN = 2,
    MAC1_LEN = 16,
    PAUSE_MS = 70,   /* 20 handshakes a second are a node's budget */
    ANSWER_MS = 150, /* then our end is closed */
    CLOSE_MS = 2000
};

struct stream {
    uint8_t bytes[STREAM_BYTES];
    size_t  len;
};

struct captured_link {
    uint32_t      number;
    struct stream in, out;
};

struct against {
    struct captured_link  *links;
    size_t                 link_count;
    struct addrinfo       *to;
    uint64_t               until_ms;
    struct against_report *report;
};

const char *
against_word(enum against_way way)
{
    static const char *const words[] = {
#define AGAINST_WORD(name, word) word,
        AGAINST_LIST(AGAINST_WORD)
#undef AGAINST_WORD
    };

    assert(way < AGAINST_COUNT);
    return words[way];
}

/* --- the capture --------------------------------------------------------- */

static struct captured_link *
link_of(struct against *against, uint32_t number)
{
    for (size_t i = 0; i < against->link_count; i++)
        if (against->links[i].number == number)
            return &against->links[i];
    if (against->link_count == LINKS)
        return NULL;
    against->links[against->link_count].number = number;
    return &against->links[against->link_count++];
}

static void
append(struct stream *stream, struct span bytes)
{
    struct writer out = writer_of(stream->bytes, sizeof(stream->bytes));

    if (bytes.len > sizeof(stream->bytes) - stream->len)
        bytes.len = sizeof(stream->bytes) - stream->len;
    out.len = stream->len;
    writer_put(&out, bytes);
    stream->len = out.len;
}

NODISCARD static enum status
read_links(struct against *against, struct span file)
{
    struct pcapng_reader in;
    struct pcapng_packet packet;
    enum status          st = pcapng_open(file, &in);

    if (st != STATUS_OK)
        return st;
    while (pcapng_next(&in, &packet) == STATUS_OK) {
        struct captured_link *link;

        if (in.link_type[packet.interface] != CAPTURE_WIRE)
            continue;
        link = link_of(against, packet.queue);
        if (link != NULL)
            append(packet.direction == PCAPNG_IN ? &link->in : &link->out,
                   packet.bytes);
    }
    return against->link_count > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

/* Frame `number` of a stream with its length; empty: there is none. */
static struct span
frame_of(const struct stream *stream, size_t number)
{
    struct reader in = reader_of((struct span){stream->bytes, stream->len});
    struct span   frame = SPAN_EMPTY;

    for (size_t i = 0; i <= number; i++) {
        const uint8_t *begins = in.ptr;
        size_t         len = reader_u16(&in);

        reader_take(&in, len);
        if (in.failed)
            return SPAN_EMPTY;
        frame = (struct span){begins, LENGTH_LEN + len};
    }
    return frame;
}

/* --- one connection ------------------------------------------------------ */

static void
pause_ms(int ms)
{
    const struct timespec time = {.tv_sec = 0, .tv_nsec = ms * 1000000l};

    nanosleep(&time, NULL);
}

/* Bytes that come within so long, until the other side closes. */
static uint64_t
hear(int fd, int wait_ms, bool *closed)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    uint64_t      heard = 0;
    uint8_t       bytes[4096];

    while (!*closed && poll(&wait, 1, wait_ms) > 0) {
        ssize_t got = recv(fd, bytes, sizeof(bytes), 0);

        if (got > 0)
            heard += (uint64_t)got;
        *closed = got <= 0; /* with an error, too: it is no byte */
    }
    return heard;
}

static int
connect_to(const struct addrinfo *to)
{
    struct timeval wait = {.tv_sec = 2};
    int            fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) == 0 &&
        connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Says it on a connection of its own, and hears what comes back. */
NODISCARD static enum status
throw(struct against *against, enum against_way way, struct span bytes)
{
    struct against_count *count = &against->report->ways[way];
    bool                  closed = false;
    ssize_t               sent;
    int                   fd;

    if (bytes.len == 0)
        return STATUS_OK;
    if (moment_now_ms() > against->until_ms)
        return STATUS_TIMEOUT;
    pause_ms(PAUSE_MS);
    fd = connect_to(against->to);
    if (fd < 0)
        return STATUS_UNREACHABLE;
    count->connections++;
    sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    if (sent > 0)
        count->sent += (uint64_t)sent; /* less: it has hung up */
    count->answered += hear(fd, ANSWER_MS, &closed);
    shutdown(fd, SHUT_WR);
    count->answered += hear(fd, CLOSE_MS, &closed);
    close(fd);
    return STATUS_OK;
}

/* --- ways ---------------------------------------------------------------- */

/* The frames of a stream up to `number` and the one behind it, those two in
 * the other order. */
static struct span
swapped(const struct stream *stream, size_t number, uint8_t *out)
{
    struct span   later = frame_of(stream, number + 1);
    struct span   earlier = frame_of(stream, number);
    struct writer writer = writer_of(out, STREAM_BYTES);

    if (later.len == 0)
        return SPAN_EMPTY;
    for (size_t i = 0; i < number; i++)
        writer_put(&writer, frame_of(stream, i));
    writer_put(&writer, later);
    writer_put(&writer, earlier);
    assert(!writer.failed); /* no more than the stream */
    return writer_span(&writer);
}

NODISCARD static enum status
throw_reordered(struct against *against, const struct stream *stream)
{
    uint8_t     bytes[STREAM_BYTES];
    enum status st = STATUS_OK;

    for (size_t i = 0; i < SWAPS && st == STATUS_OK; i++)
        st = throw(against, AGAINST_REORDERED, swapped(stream, i, bytes));
    return st;
}

/* In and around its first frame: more is never read of a stranger. */
NODISCARD static enum status
throw_cut(struct against *against, const struct stream *stream)
{
    size_t       first_len = frame_of(stream, 0).len;
    const size_t ends[] = {1,
                           LENGTH_LEN + 1,
                           LENGTH_LEN + MAC1_LEN,
                           first_len / 2,
                           first_len - 1,
                           first_len,
                           first_len + 1};
    enum status  st = STATUS_OK;

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (st == STATUS_OK && first_len > 0 && ends[i] <= stream->len)
            st = throw(against, AGAINST_CUT,
                       (struct span){stream->bytes, ends[i]});
    return st;
}

NODISCARD static enum status
throw_link(struct against *against, const struct captured_link *link)
{
    struct span in = {link->in.bytes, link->in.len};
    struct span out = {link->out.bytes, link->out.len};
    enum status st = throw(against, AGAINST_WHOLE, in);

    if (st == STATUS_OK)
        st = throw_reordered(against, &link->in);
    if (st == STATUS_OK)
        st = throw_cut(against, &link->in);
    if (st == STATUS_OK)
        st = throw_cut(against, &link->out);
    if (st == STATUS_OK)
        st = throw(against, AGAINST_REFLECTED, out);
    return st;
}

NODISCARD static enum status
resolve(const struct address *at, struct addrinfo **out)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICSERV};
    char            port[8];

    snprintf(port, sizeof(port), "%u", at->port);
    return getaddrinfo(at->host, port, &hints, out) == 0 ? STATUS_OK
                                                         : STATUS_NOT_FOUND;
}

enum status
against_run(struct span file, const struct address *at,
            struct against_report *out)
{
    struct against against = {.report = out,
                              .until_ms = moment_now_ms() +
                                          AGAINST_SECONDS * 1000ull};
    enum status    st;

    *out = (struct against_report){0};
    against.links = calloc(LINKS, sizeof(*against.links));
    if (against.links == NULL)
        return STATUS_FULL;
    st = read_links(&against, file);
    if (st == STATUS_OK)
        st = resolve(at, &against.to);
    for (size_t i = 0; st == STATUS_OK && i < against.link_count; i++)
        st = throw_link(&against, &against.links[i]);
    if (against.to != NULL)
        freeaddrinfo(against.to);
    free(against.links);
    return st;
}
