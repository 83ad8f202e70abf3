/*
 * pager.c - a stream in memory, counted at its end.
 */
#include "tools/terminal/pager.h"

#include "tools/terminal/columns.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127 }; /* what sh says of a command that is none */

extern char **environ;

enum status
pager_begin(struct pager *pager)
{
    *pager = (struct pager){.out = stdout};
    if (!isatty(STDOUT_FILENO))
        return STATUS_OK;
    pager->out = open_memstream(&pager->kept, &pager->len);
    return pager->out != NULL ? STATUS_OK : STATUS_IO;
}

/* Bytes of an escape sequence that sets colours: up to its m. */
static size_t
colour_len(const char *text, size_t len)
{
    size_t at = 2;

    if (len < 3 || text[0] != '\x1b' || text[1] != '[')
        return 0;
    while (at < len && text[at] >= '0' && text[at] <= ';')
        at++;
    return at < len && text[at] == 'm' ? at + 1 : 0;
}

size_t
pager_lines(const char *text, size_t len, size_t width)
{
    size_t lines = 0;
    size_t at = 0; /* column */

    while (len > 0) {
        size_t      colour = colour_len(text, len);
        struct span left = {(const uint8_t *)text, len};
        size_t      columns = 0;

        if (colour > 0) {
            text += colour;
            len -= colour;
            continue;
        }
        (void)columns_take(&left, &columns);
        if (text[0] == '\n' || (width > 0 && at + columns > width)) {
            lines++;
            at = 0;
        }
        at += text[0] == '\n' ? 0 : columns;
        text = (const char *)left.ptr;
        len = left.len;
    }
    return lines + (at > 0);
}

static bool
fits(const struct pager *pager)
{
    struct winsize size = {0};

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0)
        return true;
    /* One line is the prompt's. */
    return pager_lines(pager->kept, pager->len, size.ws_col) < size.ws_row;
}

/* The command, for sh; NULL: none is wanted. */
static const char *
command_of(void)
{
    const char *command = getenv("PAGER");

    if (command == NULL)
        return "command -v less >/dev/null && exec less || exit 127";
    return command[0] == '\0' || strcmp(command, "cat") == 0 ? NULL : command;
}

NODISCARD static enum status
write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, text, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno == EPIPE ? STATUS_OK : STATUS_IO; /* it was left */
        text += put;
        len -= (size_t)put;
    }
    return STATUS_OK;
}

NODISCARD static enum status
start(const char *command, int in, pid_t *out)
{
    posix_spawn_file_actions_t actions;
    char *const args[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c",
                          (char *)(uintptr_t)command, NULL};
    int         error;

    /* Quit when all is on the screen, colours as they are, the screen as it
     * was, and our text as what it is whatever the locale; unless its user
     * says otherwise. */
    (void)setenv("LESS", "FRX", 0);
    (void)setenv("LESSCHARSET", "utf-8", 0);
    (void)setenv("LV", "-c", 0);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return STATUS_IO;
    error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (error == 0)
        error = posix_spawn(out, "/bin/sh", &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? STATUS_OK : STATUS_IO;
}

/* NOT_FOUND: there is no such pager, and nothing was shown. */
NODISCARD static enum status
page_through(const struct pager *pager, const char *command)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before[2];
    int              ends[2];
    int              result = 0;
    pid_t            child = 0;
    enum status      st;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return STATUS_IO;
    st = start(command, ends[0], &child);
    close(ends[0]);
    /* Ctrl-C is the pager's; who leaves it early closes the pipe. */
    (void)sigaction(SIGINT, &ignore, &before[0]);
    (void)sigaction(SIGPIPE, &ignore, &before[1]);
    if (st == STATUS_OK)
        st = write_all(ends[1], pager->kept, pager->len);
    close(ends[1]);
    while (child > 0 && waitpid(child, &result, 0) < 0 && errno == EINTR)
        continue;
    (void)sigaction(SIGINT, &before[0], NULL);
    (void)sigaction(SIGPIPE, &before[1], NULL);
    if (st == STATUS_OK && WIFEXITED(result) &&
        WEXITSTATUS(result) == NOT_FOUND)
        return STATUS_NOT_FOUND;
    return st;
}

enum status
pager_end(struct pager *pager)
{
    const char *command = command_of();
    enum status st = STATUS_NOT_FOUND;

    if (pager->out == stdout)
        return fflush(stdout) == 0 && !ferror(stdout) ? STATUS_OK : STATUS_IO;
    if (fclose(pager->out) != 0)
        return STATUS_IO;
    (void)fflush(stdout);
    if (command != NULL && !fits(pager))
        st = page_through(pager, command);
    if (st == STATUS_NOT_FOUND)
        st = write_all(STDOUT_FILENO, pager->kept, pager->len);
    free(pager->kept);
    *pager = (struct pager){.out = stdout};
    return st;
}
