/*
 * cursor.c - one small file and its lock.
 *
 * Invariant: the file is replaced whole (home.h), so that a crash leaves the
 * old or the new place, never none.
 */
#include "tools/cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

NODISCARD static enum status
fail(struct cli *cli, const struct cursor *cursor, enum status st)
{
    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, st, NULL, "%.3000s/%s: %s", cursor->folder.text,
                    cursor->name, status_words(st));
}

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

NODISCARD static enum status
lock(struct cli *cli, struct cursor *cursor)
{
    struct home_path path;
    char             name[CURSOR_NAME + 8];
    enum status      st;

    snprintf(name, sizeof(name), "%s.lock", cursor->name);
    st = home_path(cursor->folder.text, name, &path);
    if (st != STATUS_OK)
        return fail(cli, cursor, st);
    cursor->lock = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (cursor->lock < 0)
        return fail(cli, cursor,
                    errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO);
    if (flock(cursor->lock, LOCK_EX | LOCK_NB) == 0)
        return STATUS_OK;
    return cli_fail(cli, STATUS_LOCKED, NULL,
                    "another process watches with the cursor %s; each takes a "
                    "name of its own",
                    cursor->name);
}

NODISCARD static enum status
read_text(struct cli *cli, struct cursor *cursor)
{
    size_t      len = 0;
    enum status st = home_read(cursor->folder.text, cursor->name,
                               (uint8_t *)cursor->text,
                               sizeof(cursor->text) - 1, &len);

    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (st != STATUS_OK)
        return fail(cli, cursor, st);
    cursor->text[len] = '\0';
    cursor->text[strcspn(cursor->text, "\n")] = '\0';
    return cursor->text[0] == '\0' ? fail(cli, cursor, STATUS_CORRUPT)
                                   : STATUS_OK;
}

enum status
cursor_open(struct cli *cli, const char *name, struct cursor *out)
{
    enum status st;

    *out = (struct cursor){.lock = -1};
    if (name == NULL)
        return STATUS_OK;
    st = take_name(cli, name, out);
    if (st == STATUS_OK)
        st = cli_status(cli, home_path(cli->home, CURSOR_FOLDER, &out->folder),
                        cli->home);
    if (st == STATUS_OK && mkdir(out->folder.text, 0700) != 0 &&
        errno != EEXIST)
        st = cli_fail(cli, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO, NULL,
                      "%s: %s", out->folder.text, strerror(errno));
    if (st == STATUS_OK)
        st = lock(cli, out);
    if (st == STATUS_OK)
        st = read_text(cli, out);
    if (st != STATUS_OK)
        cursor_close(out);
    return st;
}

void
cursor_close(struct cursor *cursor)
{
    if (cursor->lock >= 0)
        close(cursor->lock);
    cursor->lock = -1;
}

enum status
cursor_note(struct cli *cli, struct cursor *cursor, const char *text)
{
    char        line[CURSOR_TEXT + 1];
    enum status st = STATUS_OK;
    int         len = snprintf(line, sizeof(line), "%s\n", text);

    if (len < 2 || len >= CURSOR_TEXT) /* read_text has room for it */
        return fail(cli, cursor, STATUS_TOO_LARGE);
    if (cursor->name[0] != '\0')
        st = home_write(cursor->folder.text, cursor->name,
                        (struct span){(const uint8_t *)line, (size_t)len});
    if (st == STATUS_OK)
        memcpy(cursor->text, text, (size_t)len);
    return fail(cli, cursor, st);
}
