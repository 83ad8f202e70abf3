/* file.c - whole files in, whole files out. */
#include "tools/cli/file.h"

#include "proto/words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NEAR_MAX = 512 }; /* files of a folder that are looked at */

const char *
file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* --- what is wrong ------------------------------------------------------- */

/* The file of `folder` that `name` was most likely meant to be; false: none. */
static bool
find_near(const char *folder, const char *name, char out[static NAME_MAX + 1])
{
    struct dirent **files = NULL;
    const char    **names;
    const char     *near = NULL;
    int             count = scandir(folder, &files, NULL, alphasort);
    size_t          given = 0;

    if (count < 0)
        return false;
    names = calloc((size_t)count + 1, sizeof(*names));
    for (int i = 0; names != NULL && i < count && given < NEAR_MAX; i++) {
        if (files[i]->d_name[0] != '.')
            names[given++] = files[i]->d_name;
    }
    if (names != NULL)
        near = words_nearest(span_text(name), names, given);
    if (near != NULL)
        snprintf(out, NAME_MAX + 1, "%s", near);
    for (int i = 0; i < count; i++)
        free(files[i]);
    free(files);
    free(names);
    return near != NULL;
}

NODISCARD static enum status
not_there(struct cli *cli, const char *path)
{
    const char *slash = strrchr(path, '/');
    char        folder[PATH_MAX] = ".";
    char        near[NAME_MAX + 1];
    char        hint[PATH_MAX + NAME_MAX + 32] = "";

    if (slash != NULL)
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path + 1), path);
    if (access(folder, F_OK) != 0)
        return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                        "%s: there is no folder %s", path, folder);
    if (find_near(folder, slash == NULL ? path : slash + 1, near))
        snprintf(hint, sizeof(hint), "did you mean %s%s?",
                 slash == NULL ? "" : folder, near);
    else if (path[0] != '/' && getcwd(folder, sizeof(folder)) != NULL)
        snprintf(hint, sizeof(hint), "it was looked for in %s", folder);
    return cli_fail(cli, STATUS_NOT_FOUND, hint, "there is no file %s", path);
}

enum status
file_fail(struct cli *cli, const char *path)
{
    enum status st = STATUS_IO;
    char        hint[PATH_MAX + 16];

    if (errno == ENOENT || errno == ENOTDIR)
        return not_there(cli, path);
    if (errno == EISDIR)
        return cli_fail(cli, STATUS_BAD_FIELD, "name a file in it",
                        "%s is a folder, not a file", path);
    if (errno == EEXIST)
        return cli_fail(cli, STATUS_EXISTS,
                        "name another file, or remove this one first",
                        "%s is there already; nothing was changed", path);
    snprintf(hint, sizeof(hint), "ls -ld %s", path);
    if (errno == EACCES || errno == EPERM)
        return cli_fail(cli, st, hint, "%s is not open to this user", path);
    if (errno == ENOSPC || errno == EDQUOT)
        st = STATUS_NO_SPACE;
    return cli_fail(cli, st, NULL, "%s: %s", file_name(path), strerror(errno));
}

/* --- in ------------------------------------------------------------------ */

NODISCARD static enum status
read_all(struct cli *cli, FILE *in, const char *path, size_t max, char *out,
         size_t *len)
{
    *len = fread(out, 1, max + 1, in);
    if (ferror(in) != 0)
        return file_fail(cli, path);
    if (*len > max)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL,
                        "%s has more than %zu bytes, which is the most that "
                        "is read",
                        file_name(path), max);
    out[*len] = '\0';
    return STATUS_OK;
}

NODISCARD static enum status
read_file(struct cli *cli, const char *path, size_t max, char **out,
          size_t *len)
{
    bool        standard = strcmp(path, "-") == 0;
    FILE       *in = standard ? stdin : fopen(path, "re");
    char       *text;
    enum status st;

    if (in == NULL)
        return file_fail(cli, path);
    text = malloc(max + 2);
    if (text == NULL)
        st = cli_status(cli, STATUS_IO, path);
    else
        st = read_all(cli, in, path, max, text, len);
    if (!standard)
        fclose(in);
    if (st == STATUS_OK)
        *out = text;
    else
        free(text);
    return st;
}

enum status
file_read(struct cli *cli, const char *path, size_t max, char **out,
          size_t *len)
{
    enum status st = read_file(cli, path, max, out, len);

    if (st != STATUS_OK || *len > 0)
        return st;
    free(*out);
    *out = NULL;
    return cli_fail(cli, STATUS_BAD_ENCODING, NULL, "%s is empty",
                    file_name(path));
}

enum status
file_read_own(struct cli *cli, const char *path, size_t max, char **out,
              size_t *len)
{
    struct stat info;
    char        cure[HOME_PATH_MAX + 16];

    if (stat(path, &info) != 0)
        return file_fail(cli, path);
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return read_file(cli, path, max, out, len);
    snprintf(cure, sizeof(cure), "chmod 600 %s", path);
    return cli_fail(cli, STATUS_MODE, cure,
                    "%s is open to others than its owner", path);
}

/* --- out ----------------------------------------------------------------- */

bool
file_put(int file, struct span bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t put = write(file, bytes.ptr + at, bytes.len - at);

        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0)
            at += (size_t)put;
    }
    return true;
}

bool
file_rename_new(int folder, const char *from, const char *to)
{
    struct stat info;

    if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (fstatat(folder, to, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(folder, from, folder, to) == 0;
}

NODISCARD static enum status
write_all(struct cli *cli, int file, const char *path, struct span bytes)
{
    return file_put(file, bytes) ? STATUS_OK : file_fail(cli, path);
}

NODISCARD static enum status
open_and_write(struct cli *cli, const char *path, int flags, mode_t mode,
               struct span bytes)
{
    int         file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
    enum status st;

    if (file < 0)
        return file_fail(cli, path);
    st = write_all(cli, file, path, bytes);
    if (close(file) != 0 && st == STATUS_OK)
        st = file_fail(cli, path);
    return st;
}

enum status
file_write(struct cli *cli, const char *path, struct span bytes)
{
    if (strcmp(path, "-") == 0)
        return write_all(cli, STDOUT_FILENO, "standard output", bytes);
    return open_and_write(cli, path, O_TRUNC, 0644, bytes);
}

enum status
file_write_secret(struct cli *cli, const char *path, struct span bytes)
{
    if (strcmp(path, "-") == 0)
        return write_all(cli, STDOUT_FILENO, "standard output", bytes);
    return open_and_write(cli, path, O_EXCL, 0600, bytes);
}

void
file_program(const char *name, struct home_path *out)
{
    ssize_t len = readlink("/proc/self/exe", out->text, sizeof(out->text) - 1);
    char   *slash;

    if (len > 0) {
        out->text[len] = '\0';
        slash = strrchr(out->text, '/');
        if (slash != NULL) {
            size_t room = sizeof(out->text) - (size_t)(slash + 1 - out->text);

            snprintf(slash + 1, room, "%s", name);
            if (access(out->text, X_OK) == 0)
                return;
        }
    }
    snprintf(out->text, sizeof(out->text), "%s", name);
}
