/*
 * newfile.c - written as NAME.part, synced, then renamed where nothing is.
 */
#include "tools/cli/newfile.h"

#include "tools/cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_there(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

static enum status
fail_exists(struct cli *cli, const char *path)
{
    return cli_fail(cli, STATUS_EXISTS, "name another file",
                    "%s is there already", path);
}

enum status
newfile_begin(struct newfile *out, struct cli *cli, const char *path)
{
    int len = snprintf(out->path, sizeof(out->path), "%s", path);

    out->fd = -1;
    out->len = 0;
    if (len <= 0 || (size_t)len + sizeof(".part") > sizeof(out->part))
        return cli_fail(cli, STATUS_TOO_LARGE, NULL, "the path is too long");
    snprintf(out->part, sizeof(out->part), "%.*s.part", len, path);
    if (is_there(path))
        return fail_exists(cli, path);
    out->fd = open(out->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out->fd < 0 && errno == EEXIST)
        return cli_fail(cli, STATUS_EXISTS,
                        "if no other command is writing it, remove it",
                        "%s is there already", out->part);
    return out->fd < 0 ? file_fail(cli, path) : STATUS_OK;
}

enum status
newfile_put(struct newfile *file, struct cli *cli, struct span bytes)
{
    if (!file_put(file->fd, bytes))
        return file_fail(cli, file->path);
    file->len += bytes.len;
    return STATUS_OK;
}

/* EXISTS: something came there meanwhile. */
static enum status
rename_new(struct cli *cli, const char *from, const char *to)
{
    if (file_rename_new(AT_FDCWD, from, to))
        return STATUS_OK;
    return errno == EEXIST ? fail_exists(cli, to) : file_fail(cli, to);
}

/* So that the name survives the stick's being pulled out. */
static enum status
sync_folder(struct cli *cli, const char *path)
{
    char        folder[HOME_PATH_MAX];
    const char *slash = strrchr(path, '/');
    int         fd;
    int         failed;

    snprintf(folder, sizeof(folder), "%.*s",
             slash == NULL ? 1 : (int)(slash - path) + 1,
             slash == NULL ? "." : path);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return file_fail(cli, folder);
    failed = fsync(fd) != 0 && errno != EINVAL; /* some cannot */
    close(fd);
    return failed ? file_fail(cli, folder) : STATUS_OK;
}

enum status
newfile_end(struct newfile *file, struct cli *cli)
{
    enum status st = fsync(file->fd) == 0 ? STATUS_OK
                                          : file_fail(cli, file->path);

    if (close(file->fd) != 0 && st == STATUS_OK)
        st = file_fail(cli, file->path);
    file->fd = -1;
    if (st == STATUS_OK)
        st = rename_new(cli, file->part, file->path);
    if (st != STATUS_OK) {
        (void)unlink(file->part);
        return st;
    }
    return sync_folder(cli, file->path);
}

void
newfile_clear(struct newfile *file)
{
    if (file->fd < 0)
        return;
    close(file->fd);
    (void)unlink(file->part);
    file->fd = -1;
}
