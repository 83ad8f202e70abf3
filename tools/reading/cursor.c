/*
 * cursor.c - two lines in one file, written in turn, in place.
 *
 *      0  NUMBER TEXT TEXT
 *   4096  NUMBER TEXT TEXT       the higher number counts
 *
 * A note is made for each row.  Measured: 3.7 ms so, 9.6 ms with a new file in
 * the place of the old one each time.
 *
 * Invariants:
 *  (I1) while one line is written the other stands, in another page, so that a
 *       crash leaves the new place or the one before it;
 *  (I2) a line that is not whole is known by its text, which stands there
 *       twice.
 */
#include "tools/reading/cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, LINE = 2 * CURSOR_TEXT + 32, DIGITS = 20 };

NODISCARD static enum status
fail(struct cli *cli, const struct cursor *cursor, enum status st)
{
    char cure[HOME_PATH_MAX + 64];

    if (st == STATUS_OK)
        return st;
    snprintf(cure, sizeof(cure), "look through inbox and outbox, then begin "
             "again: rm %.3900s", cursor->path.text);
    return cli_fail(cli, st, st == STATUS_CORRUPT ? cure : NULL, "%.3500s: %s",
                    cursor->path.text, status_words(st));
}

/* --- opening -------------------------------------------------------------- */

NODISCARD static enum status
take_name(struct cli *cli, const char *name, struct cursor *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t            len = strlen(name);

    if (len == 0 || len >= sizeof(out->name) || strspn(name, letters) != len)
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "a cursor's name is of letters, digits, - and _, %d "
                        "at most",
                        CURSOR_NAME - 1);
    memcpy(out->name, name, len + 1);
    return STATUS_OK;
}

/* The file, which may be empty; it and its folder durably there. */
NODISCARD static enum status
open_file(struct cursor *cursor, const char *home)
{
    struct home_path folder;
    struct stat      info = {0};
    enum status      st = home_folder(home, CURSOR_FOLDER, &folder);

    if (st == STATUS_OK)
        st = home_path(folder.text, cursor->name, &cursor->path);
    if (st == STATUS_OK)
        st = home_create(folder.text, cursor->name, SPAN_EMPTY);
    if (st != STATUS_OK && st != STATUS_EXISTS)
        return st;
    cursor->file = open(cursor->path.text, O_RDWR | O_DSYNC | O_CLOEXEC);
    if (cursor->file < 0 || fstat(cursor->file, &info) != 0)
        return STATUS_IO;
    return S_ISREG(info.st_mode) && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0
               ? STATUS_OK
               : STATUS_MODE;
}

/* What a line says; false: it is not whole. (I2) */
static bool
parse_line(const char *line, uint64_t *number, char out[static CURSOR_TEXT])
{
    const char *first = line + DIGITS + 1;
    char        again[LINE];
    uint64_t    value = 0;
    size_t      len;

    if (strspn(line, "0123456789") != DIGITS || line[DIGITS] != ' ')
        return false;
    for (size_t i = 0; i < DIGITS; i++)
        value = value * 10 + (uint64_t)(line[i] - '0');
    len = strcspn(first, " ");
    if (len == 0 || len >= CURSOR_TEXT)
        return false;
    snprintf(again, sizeof(again), "%020" PRIu64 " %.*s %.*s\n", value,
             (int)len, first, (int)len, first);
    if (strncmp(line, again, strlen(again)) != 0)
        return false;
    *number = value;
    memcpy(out, first, len);
    out[len] = '\0';
    return true;
}

/* CORRUPT: something is there, and none of it a place. */
NODISCARD static enum status
read_lines(struct cursor *cursor)
{
    bool any = false;

    for (off_t at = 0; at <= PAGE; at += PAGE) {
        char     line[LINE + 1] = "";
        char     text[CURSOR_TEXT];
        uint64_t number = 0;
        ssize_t  got = pread(cursor->file, line, LINE, at);

        if (got < 0)
            return STATUS_IO;
        any = any || got > 0;
        if (!parse_line(line, &number, text) || number <= cursor->notes)
            continue;
        cursor->notes = number;
        memcpy(cursor->text, text, sizeof(text));
    }
    return any && cursor->notes == 0 ? STATUS_CORRUPT : STATUS_OK;
}

enum status
cursor_open(struct cli *cli, const char *name, struct cursor *out)
{
    enum status st;

    *out = (struct cursor){.file = -1};
    if (name == NULL)
        return STATUS_OK;
    st = take_name(cli, name, out);
    if (st != STATUS_OK)
        return st;
    st = open_file(out, cli->home);
    if (st == STATUS_OK && flock(out->file, LOCK_EX | LOCK_NB) != 0)
        st = cli_fail(cli, STATUS_LOCKED, NULL,
                      "another process watches with the cursor %s; each takes "
                      "a name of its own",
                      name);
    if (st == STATUS_OK)
        st = read_lines(out);
    if (st != STATUS_OK)
        cursor_close(out);
    return fail(cli, out, st);
}

void
cursor_close(struct cursor *cursor)
{
    if (cursor->file >= 0)
        close(cursor->file);
    cursor->file = -1;
}

/* --- noting --------------------------------------------------------------- */

NODISCARD static enum status
write_line(struct cursor *cursor, const char *text)
{
    char    line[LINE];
    off_t   at = (off_t)(cursor->notes % 2) * PAGE; /* (I1) */
    int     len = snprintf(line, sizeof(line), "%020" PRIu64 " %s %s\n",
                           cursor->notes + 1, text, text);
    ssize_t put = pwrite(cursor->file, line, (size_t)len, at);

    if (put == len)
        return STATUS_OK; /* and durable: the file is O_DSYNC */
    return put >= 0 || errno == ENOSPC || errno == EDQUOT ? STATUS_NO_SPACE
                                                          : STATUS_IO;
}

enum status
cursor_note(struct cli *cli, struct cursor *cursor, const char *text)
{
    size_t      len = strlen(text);
    enum status st = STATUS_OK;

    if (len == 0 || len >= sizeof(cursor->text) || strpbrk(text, " \n") != NULL)
        return fail(cli, cursor, STATUS_TOO_LARGE);
    if (cursor->file >= 0)
        st = write_line(cursor, text);
    if (st != STATUS_OK)
        return fail(cli, cursor, st);
    cursor->notes++;
    memcpy(cursor->text, text, len + 1);
    return STATUS_OK;
}
