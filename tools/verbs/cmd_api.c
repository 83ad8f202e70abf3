/*
 * cmd_api.c - one loop: lines in, answers out, the node between them.
 *
 * I1. Nothing here waits but poll(): no more is written at a time than what a
 *     pipe that is writable takes whole.
 * I2. Who does not read his answers is not read from, be it the node.
 */
#include "tools/verbs/cmd_api.h"

#include "tools/api/api.h"
#include "tools/api/api_lines.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { IN, OUT, NODE, FDS };

struct loop {
    struct api       *api;
    struct api_lines *lines;
    bool              ended; /* standard input has */
    bool              drained; /* no whole line is left of what was read */
};

/* All lines that are here, while there is room. */
static void
take_lines(struct loop *loop)
{
    struct span line = SPAN_EMPTY;
    size_t      number = 0;

    loop->drained = false;
    while (api_has_room(loop->api)) {
        enum status st = api_lines_next(loop->lines, &line, &number);

        if (st == STATUS_AGAIN) {
            loop->drained = true;
            return;
        }
        if (st == STATUS_OK)
            api_line(loop->api, line, number);
        else
            api_line_too_long(loop->api, number);
    }
}

NODISCARD static enum status
read_input(struct cli *cli, struct loop *loop)
{
    size_t   room = 0;
    uint8_t *to = api_lines_room(loop->lines, &room);
    ssize_t  got = read(STDIN_FILENO, to, room);

    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return STATUS_OK;
    if (got < 0)
        return cli_status(cli, STATUS_IO, "standard input");
    api_lines_add(loop->lines, (size_t)got);
    if (got == 0) {
        api_lines_end(loop->lines);
        loop->ended = true;
    }
    return STATUS_OK;
}

NODISCARD static enum status
write_output(struct cli *cli, struct loop *loop)
{
    struct span out = api_output(loop->api);
    ssize_t     put = write(STDOUT_FILENO, out.ptr,
                            out.len < PIPE_BUF ? out.len : PIPE_BUF);

    if (put < 0 && (errno == EINTR || errno == EAGAIN))
        return STATUS_OK;
    if (put < 0)
        return cli_status(cli, STATUS_IO, "standard output");
    api_taken(loop->api, (size_t)put);
    return STATUS_OK;
}

/* Waits until something can be done, and says what. */
NODISCARD static enum status
wait_for(struct cli *cli, struct loop *loop, struct pollfd fds[static FDS])
{
    bool reads = !loop->ended && loop->drained && api_has_room(loop->api);
    bool writes = api_output(loop->api).len > 0;
    int  node = api_fd(loop->api);

    fds[IN] = (struct pollfd){.fd = reads ? STDIN_FILENO : -1,
                              .events = POLLIN};
    fds[OUT] = (struct pollfd){.fd = writes ? STDOUT_FILENO : -1,
                               .events = POLLOUT};
    fds[NODE] = (struct pollfd){.fd = node, .events = POLLIN};
    if (api_must_write(loop->api))
        fds[NODE].events |= POLLOUT;
    if (poll(fds, FDS, api_wait_ms(loop->api)) >= 0 || errno == EINTR)
        return STATUS_OK;
    return cli_status(cli, STATUS_IO, "waiting");
}

NODISCARD static enum status
turn(struct cli *cli, struct loop *loop)
{
    struct pollfd fds[FDS];
    enum status   st = wait_for(cli, loop, fds);

    if (st == STATUS_OK && fds[IN].revents != 0)
        st = read_input(cli, loop);
    take_lines(loop);
    api_turn(loop->api);
    if (loop->ended && loop->drained)
        api_close(loop->api);
    if (st == STATUS_OK && fds[OUT].revents != 0)
        st = write_output(cli, loop);
    if (st == STATUS_OK && api_has_failed(loop->api))
        st = cli_status(cli, STATUS_IO, "memory");
    return st;
}

/* Until all lines are answered and all answers are written. */
static bool
is_over(const struct loop *loop)
{
    return loop->ended && loop->drained && api_is_idle(loop->api) &&
           api_output(loop->api).len == 0;
}

enum status
cmd_api_run(struct cli *cli)
{
    struct loop loop = {.api = api_new(cli),
                        .lines = api_lines_new(),
                        .drained = true};
    enum status st = STATUS_OK;

    if (loop.api == NULL || loop.lines == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    signal(SIGPIPE, SIG_IGN);
    while (st == STATUS_OK && !is_over(&loop))
        st = turn(cli, &loop);
    api_free(loop.api);
    api_lines_free(loop.lines);
    return st;
}
