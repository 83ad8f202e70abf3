/*
 * passphrase.c - one passphrase, from the first source that there is.
 *
 * Invariant: it is never copied outside struct passphrase and the caller's
 * loan of it, and every buffer here is wiped.
 */
#include "node/net/passphrase.h"

#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define CREDENTIAL_NAME "entente.passphrase"

struct span
passphrase_span(const struct passphrase *passphrase)
{
    return (struct span){passphrase->bytes, passphrase->len};
}

void
passphrase_wipe(struct passphrase *passphrase)
{
    secret_wipe(passphrase);
}

/* What stands before the first line end, read to it and not beyond. */
NODISCARD static enum status
read_line(int fd, struct passphrase *out, const char **why)
{
    out->len = 0;
    for (;;) {
        uint8_t byte = 0;
        ssize_t got = read(fd, &byte, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            *why = errno == EBADF
                       ? "--passphrase-fd names a descriptor that is not open"
                       : "the passphrase could not be read";
            return STATUS_IO;
        }
        if (got == 0 || byte == '\n')
            break;
        if (out->len == PASSPHRASE_MAX) {
            *why = "the passphrase is longer than 1024 bytes";
            return STATUS_BAD_FIELD;
        }
        out->bytes[out->len++] = byte;
    }
    if (out->len > 0 && out->bytes[out->len - 1] == '\r')
        out->len--;
    if (out->len == 0) {
        *why = "the passphrase is empty";
        return STATUS_BAD_FIELD;
    }
    return STATUS_OK;
}

NODISCARD static enum status
read_path(const char *path, struct passphrase *out, const char **why)
{
    struct stat info;
    enum status st;
    int         file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        *why = "the passphrase file (ENTENTE_PASSPHRASE_FILE) cannot be opened";
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    if (fstat(file, &info) != 0) {
        *why = "the passphrase file cannot be read";
        st = STATUS_IO;
    } else if (S_ISREG(info.st_mode) &&
               (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        *why = "the passphrase file is open to others: chmod 600 it";
        st = STATUS_MODE;
    } else {
        st = read_line(file, out, why);
    }
    close(file);
    return st;
}

NODISCARD static enum status
read_credential(const char *folder, struct passphrase *out, const char **why)
{
    char path[4096];
    int  len = snprintf(path, sizeof(path), "%s/" CREDENTIAL_NAME, folder);

    if (len < 0 || (size_t)len >= sizeof(path) || access(path, F_OK) != 0)
        return STATUS_NOT_FOUND;
    return read_path(path, out, why);
}

/* Asks once, on the terminal itself, with echo off. */
NODISCARD static enum status
ask(const char *prompt, struct passphrase *out, const char **why)
{
    struct termios before;
    struct termios silent;
    enum status    st;

    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        *why = "the terminal cannot be told to hide what is typed";
        return STATUS_IO;
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ECHONL;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) {
        *why = "the terminal cannot be told to hide what is typed";
        return STATUS_IO;
    }
    fprintf(stderr, "%s: ", prompt);
    st = read_line(STDIN_FILENO, out, why);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) != 0)
        fputs("the terminal may still hide what you type: type `stty echo`\n",
              stderr);
    return st;
}

NODISCARD static enum status
ask_terminal(const char *prompt, bool again, struct passphrase *out,
             const char **why)
{
    struct passphrase second = {0};
    enum status       st = ask(prompt, out, why);

    if (st != STATUS_OK || !again)
        goto out;
    st = ask("The same again", &second, why);
    if (st != STATUS_OK)
        goto out;
    if (second.len != out->len ||
        !secret_equal(second.bytes, out->bytes, out->len)) {
        *why = "the two are not the same";
        st = STATUS_BAD_FIELD;
    }
out:
    secret_wipe(&second);
    return st;
}

enum status
passphrase_get(int fd, const char *prompt, bool again, struct passphrase *out,
               const char **why)
{
    const char *file = getenv("ENTENTE_PASSPHRASE_FILE");
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    enum status st = STATUS_NOT_FOUND;

    *why = "no passphrase: type it at a terminal, or use --passphrase-fd N or "
           "ENTENTE_PASSPHRASE_FILE";
    if (fd != PASSPHRASE_NO_FD)
        st = read_line(fd, out, why);
    else if (file != NULL && file[0] != '\0')
        st = read_path(file, out, why);
    else if (folder != NULL && folder[0] != '\0' &&
             (st = read_credential(folder, out, why)) != STATUS_NOT_FOUND)
        ;
    else if (prompt != NULL && isatty(STDIN_FILENO))
        st = ask_terminal(prompt, again, out, why);
    else
        st = STATUS_USAGE;
    if (st != STATUS_OK)
        passphrase_wipe(out);
    return st;
}
