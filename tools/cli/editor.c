/*
 * editor.c - a child in this terminal.
 *
 * While it runs, Ctrl-C and Ctrl-\ are the editor's: this process ignores
 * them, so that it is there to check what was written.
 */
#include "tools/cli/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { NOT_RUN = 126, NOT_THERE = 127 }; /* as a shell says it */

/* Whether a folder of PATH has a program of that name. */
static bool
is_program(const char *name)
{
    const char *at = getenv("PATH");
    char        path[HOME_PATH_MAX];

    while (at != NULL && *at != '\0') {
        size_t len = strcspn(at, ":");

        if (len > 0 && snprintf(path, sizeof(path), "%.*s/%s", (int)len, at,
                                name) < (int)sizeof(path) &&
            access(path, X_OK) == 0)
            return true;
        at += len + (at[len] == ':' ? 1 : 0);
    }
    return false;
}

enum status
editor_choose(char out[static EDITOR_LINE])
{
    static const char *const known[] = {"sensible-editor", "editor", "nano",
                                        "vim", "vi", "emacs"};
    static const char *const names[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *line = getenv(names[i]);

        if (line == NULL || line[strspn(line, " ")] == '\0' ||
            strlen(line) >= EDITOR_LINE)
            continue;
        snprintf(out, EDITOR_LINE, "%s", line);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!is_program(known[i]))
            continue;
        snprintf(out, EDITOR_LINE, "%s", known[i]);
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

/* The line is the person's own: words, quotes and options as a shell takes
 * them. */
static void
become(const char *line, const char *path)
{
    char command[EDITOR_LINE + 16];

    snprintf(command, sizeof(command), "%s \"$1\"", line);
    umask(077);
    execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
    _exit(NOT_RUN);
}

NODISCARD static enum status
judge(struct cli *cli, const char *line, int ended)
{
    static const char hint[] = "VISUAL or EDITOR names the editor";

    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return STATUS_OK;
    if (WIFEXITED(ended) && (WEXITSTATUS(ended) == NOT_THERE ||
                             WEXITSTATUS(ended) == NOT_RUN))
        return cli_fail(cli, STATUS_NOT_FOUND, hint,
                        "the editor cannot be run: %.200s", line);
    if (WIFEXITED(ended))
        return cli_fail(cli, STATUS_BAD_STATE, NULL,
                        "the editor ended with %d: %.200s", WEXITSTATUS(ended),
                        line);
    return cli_fail(cli, STATUS_BAD_STATE, NULL,
                    "the editor was killed: %.200s", line);
}

enum status
editor_run(struct cli *cli, const char *path)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction interrupt;
    struct sigaction quit;
    struct termios   terminal;
    bool             saved = tcgetattr(STDIN_FILENO, &terminal) == 0;
    char             line[EDITOR_LINE];
    int              ended = 0;
    pid_t            child;

    if (editor_choose(line) != STATUS_OK)
        return cli_fail(cli, STATUS_NOT_FOUND,
                        "VISUAL or EDITOR names the editor",
                        "there is no editor");
    fflush(stdout);
    child = fork();
    if (child < 0)
        return cli_fail(cli, STATUS_IO, NULL, "fork: %s", strerror(errno));
    if (child == 0)
        become(line, path);
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (saved) /* one that was killed left it raw */
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal);
    return judge(cli, line, ended);
}
