/*
 * handover.c - the row lies in a file that has no name, so that a program
 * which does not read it holds up nobody.
 */
#include "tools/reading/handover.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_CAP = 4096 };

extern char **environ;

enum status
handover_check(const char *program)
{
    const char *at = getenv("PATH");
    char        path[PATH_CAP];

    if (strchr(program, '/') != NULL)
        return access(program, X_OK) == 0 ? STATUS_OK : STATUS_NOT_FOUND;
    while (at != NULL && *at != '\0') {
        size_t len = strcspn(at, ":");

        if (len > 0 && snprintf(path, sizeof(path), "%.*s/%s", (int)len, at,
                                program) < (int)sizeof(path) &&
            access(path, X_OK) == 0)
            return STATUS_OK;
        at += len + (at[len] == ':' ? 1 : 0);
    }
    return STATUS_NOT_FOUND;
}

/* A file with the row, to be read from its beginning; -1: none. */
static int
file_of(struct span row)
{
    int    file = memfd_create("row", MFD_CLOEXEC);
    size_t at = 0;

    while (file >= 0 && at < row.len) {
        ssize_t put = write(file, row.ptr + at, row.len - at);

        if (put <= 0) {
            close(file);
            return -1;
        }
        at += (size_t)put;
    }
    if (file >= 0 && lseek(file, 0, SEEK_SET) != 0) {
        close(file);
        return -1;
    }
    return file;
}

/* 0, or what is wrong. */
static int
start(const struct interrupt *interrupt, const char *program, int file,
      pid_t *out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t          attributes;
    sigset_t                   usual;
    char *const words[] = {(char *)(uintptr_t)program, NULL};
    int         failed;

    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    failed = posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO);
    if (failed == 0)
        failed = posix_spawnattr_setsigmask(&attributes, &interrupt->before);
    if (failed == 0)
        failed = posix_spawnattr_setsigdefault(&attributes, &usual);
    if (failed == 0)
        failed = posix_spawnattr_setpgroup(&attributes, 0);
    if (failed == 0)
        failed = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                             POSIX_SPAWN_SETPGROUP);
    if (failed == 0)
        failed = posix_spawnp(out, program, &actions, &attributes, words,
                              environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

static int
wait_for(struct interrupt *interrupt, pid_t child)
{
    int ended = 0;

    while (waitpid(child, &ended, WNOHANG) == 0)
        if (interrupt_wait(interrupt, -1, -1) == INTERRUPT_END &&
            interrupt->asked > 1)
            kill(-child, SIGTERM);
    return ended;
}

enum status
handover_run(struct interrupt *interrupt, const char *program,
             struct span row, char why[static HANDOVER_WHY])
{
    int   file = file_of(row);
    pid_t child = 0;
    int   failed = file < 0 ? EIO : start(interrupt, program, file, &child);
    int   ended = 0;

    if (file >= 0)
        close(file);
    if (failed == 0)
        ended = wait_for(interrupt, child);
    if (failed != 0)
        snprintf(why, HANDOVER_WHY, "cannot be run: %s", strerror(failed));
    else if (WIFSIGNALED(ended))
        snprintf(why, HANDOVER_WHY, "was killed by signal %d", WTERMSIG(ended));
    else if (WEXITSTATUS(ended) != 0)
        snprintf(why, HANDOVER_WHY, "ended with %d", WEXITSTATUS(ended));
    else
        return STATUS_OK;
    return STATUS_BAD_STATE;
}
