/* file.c - whole files in, whole files out. */
#include "tools/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

NODISCARD static enum status
bad(struct cli *cli, const char *path)
{
    enum status st = STATUS_IO;

    if (errno == ENOENT || errno == ENOTDIR)
        st = STATUS_NOT_FOUND;
    else if (errno == ENOSPC || errno == EDQUOT)
        st = STATUS_NO_SPACE;
    else if (errno == EEXIST)
        st = STATUS_EXISTS;
    return cli_fail(cli, st, NULL, "%s: %s", path, strerror(errno));
}

NODISCARD static enum status
read_all(struct cli *cli, FILE *in, const char *path, size_t max, char *out,
         size_t *len)
{
    *len = fread(out, 1, max + 1, in);
    if (ferror(in) != 0)
        return bad(cli, path);
    if (*len > max)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL,
                        "%s has more than %zu bytes", path, max);
    out[*len] = '\0';
    return STATUS_OK;
}

enum status
file_read(struct cli *cli, const char *path, size_t max, char **out,
          size_t *len)
{
    bool        standard = strcmp(path, "-") == 0;
    FILE       *in = standard ? stdin : fopen(path, "re");
    char       *text;
    enum status st;

    if (in == NULL)
        return bad(cli, path);
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
file_read_own(struct cli *cli, const char *path, size_t max, char **out,
              size_t *len)
{
    struct stat info;
    char        cure[HOME_PATH_MAX + 16];

    if (stat(path, &info) != 0)
        return bad(cli, path);
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return file_read(cli, path, max, out, len);
    snprintf(cure, sizeof(cure), "chmod 600 %s", path);
    return cli_fail(cli, STATUS_MODE, cure,
                    "%s is open to others than its owner", path);
}

NODISCARD static enum status
write_all(struct cli *cli, int file, const char *path, struct span bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t put = write(file, bytes.ptr + at, bytes.len - at);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return bad(cli, path);
        at += (size_t)put;
    }
    return STATUS_OK;
}

NODISCARD static enum status
open_and_write(struct cli *cli, const char *path, int flags, mode_t mode,
               struct span bytes)
{
    int         file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
    enum status st;

    if (file < 0)
        return bad(cli, path);
    st = write_all(cli, file, path, bytes);
    if (close(file) != 0 && st == STATUS_OK)
        st = bad(cli, path);
    return st;
}

enum status
file_write(struct cli *cli, const char *path, struct span bytes)
{
    if (strcmp(path, "-") == 0)
        return write_all(cli, STDOUT_FILENO, path, bytes);
    return open_and_write(cli, path, O_TRUNC, 0644, bytes);
}

enum status
file_write_secret(struct cli *cli, const char *path, struct span bytes)
{
    if (strcmp(path, "-") == 0)
        return write_all(cli, STDOUT_FILENO, path, bytes);
    return open_and_write(cli, path, O_EXCL, 0600, bytes);
}
