/*
 * home.c - files of a home: read whole, replaced whole.
 *
 * I1. A file is written beside its place, fsynced, renamed, and the folder is
 *     fsynced, in that order: after a crash there is the old one or the new.
 * I2. Nothing that others may read or write is read as ours.
 * I3. A home that is being made has another name until it is whole.
 */
#include "node/store/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OTHERS = S_IRWXG | S_IRWXO };

NODISCARD static enum status
status_of_errno(void)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return STATUS_NO_SPACE;
    if (errno == ENOENT || errno == ENOTDIR)
        return STATUS_NOT_FOUND;
    return STATUS_IO;
}

enum status
home_path(const char *home, const char *name, struct home_path *out)
{
    int len = snprintf(out->text, sizeof(out->text), "%s/%s", home, name);

    return len > 0 && (size_t)len < sizeof(out->text) ? STATUS_OK
                                                      : STATUS_TOO_LARGE;
}

enum status
home_check(const char *home)
{
    struct home_path path;
    struct stat      info;
    enum status      st;

    if (stat(home, &info) != 0)
        return status_of_errno();
    if (!S_ISDIR(info.st_mode))
        return STATUS_NOT_FOUND;
    st = home_path(home, HOME_CERTIFICATE, &path);
    if (st != STATUS_OK)
        return st;
    if (access(path.text, F_OK) != 0)
        return status_of_errno();
    if ((info.st_mode & OTHERS) != 0 || info.st_uid != geteuid())
        return STATUS_MODE;
    return STATUS_OK;
}

/* OK, or MODE: not a plain file that only its owner may touch.  (I2) */
NODISCARD static enum status
check_private(int file)
{
    struct stat info;

    if (fstat(file, &info) != 0)
        return STATUS_IO;
    if (!S_ISREG(info.st_mode) || (info.st_mode & OTHERS) != 0)
        return STATUS_MODE;
    return info.st_uid == geteuid() ? STATUS_OK : STATUS_MODE;
}

NODISCARD static enum status
read_whole(int file, uint8_t *out, size_t cap, size_t *len)
{
    size_t  at = 0;
    uint8_t beyond;

    for (;;) {
        uint8_t *to = at < cap ? out + at : &beyond;
        ssize_t  got = read(file, to, at < cap ? cap - at : 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return STATUS_IO;
        if (got == 0)
            break;
        if (at == cap)
            return STATUS_TOO_LARGE;
        at += (size_t)got;
    }
    *len = at;
    return STATUS_OK;
}

enum status
home_read(const char *home, const char *name, uint8_t *out, size_t cap,
          size_t *len)
{
    struct home_path path;
    enum status      st = home_path(home, name, &path);
    int              file;

    if (st != STATUS_OK)
        return st;
    file = open(path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return status_of_errno();
    st = check_private(file);
    if (st == STATUS_OK)
        st = read_whole(file, out, cap, len);
    close(file);
    return st;
}

NODISCARD static enum status
write_whole(int file, struct span bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t put = write(file, bytes.ptr + at, bytes.len - at);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return status_of_errno();
        at += (size_t)put;
    }
    return fsync(file) == 0 ? STATUS_OK : STATUS_IO;
}

NODISCARD static enum status
sync_folder(const char *home)
{
    int  folder = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return ok ? STATUS_OK : STATUS_IO;
}

enum status
home_create(const char *home, const char *name, struct span bytes)
{
    struct home_path path;
    enum status      st = home_path(home, name, &path);
    int              file;

    if (st != STATUS_OK)
        return st;
    file = open(path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return errno == EEXIST ? STATUS_EXISTS : status_of_errno();
    st = write_whole(file, bytes);
    if (close(file) != 0 && st == STATUS_OK)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = sync_folder(home);
    if (st != STATUS_OK)
        unlink(path.text);
    return st;
}

enum status
home_write(const char *home, const char *name, struct span bytes)
{
    struct home_path path;
    struct home_path beside;
    char             temporary[64];
    enum status      st = home_path(home, name, &path);

    if (st != STATUS_OK)
        return st;
    snprintf(temporary, sizeof(temporary), ".%.40s.%ld", name, (long)getpid());
    st = home_path(home, temporary, &beside);
    if (st != STATUS_OK)
        return st;
    unlink(beside.text); /* left by a process of this id that was killed */
    st = home_create(home, temporary, bytes);
    if (st != STATUS_OK)
        return st;
    if (rename(beside.text, path.text) != 0) { /* (I1) */
        st = status_of_errno();
        unlink(beside.text);
        return st;
    }
    return sync_folder(home);
}

enum status
home_folder(const char *home, const char *name, struct home_path *out)
{
    enum status st = home_path(home, name, out);

    if (st == STATUS_OK && mkdir(out->text, 0700) != 0 && errno != EEXIST)
        st = status_of_errno();
    return st == STATUS_OK ? sync_folder(home) : st;
}

enum status
home_sync(int file)
{
    return fsync(file) == 0 ? STATUS_OK : STATUS_IO;
}

enum status
home_read_only(const char *home, const char *name)
{
    struct home_path path;
    enum status      st = home_path(home, name, &path);
    int              file;

    if (st != STATUS_OK)
        return st;
    file = open(path.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return status_of_errno();
    if (fchmod(file, S_IRUSR) != 0 || fsync(file) != 0)
        st = STATUS_IO;
    close(file);
    return st;
}

/* Makes each folder above `path` that is not there. */
NODISCARD static enum status
make_above(struct home_path *path)
{
    for (char *at = path->text + 1; (at = strchr(at, '/')) != NULL; at++) {
        enum status st = STATUS_OK;

        *at = '\0';
        if (mkdir(path->text, 0700) != 0 && errno != EEXIST)
            st = status_of_errno();
        *at = '/';
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

/* Nothing, or an empty folder, which rename() replaces. */
static bool
is_free(const char *home)
{
    DIR           *folder = opendir(home);
    struct dirent *entry;
    bool           free_place = true;

    if (folder == NULL)
        return errno == ENOENT;
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            free_place = false;
    }
    closedir(folder);
    return free_place;
}

/* The folder that `path` stands in. */
static void
folder_of(const char *path, struct home_path *out)
{
    char *slash;

    snprintf(out->text, sizeof(out->text), "%s", path);
    slash = strrchr(out->text, '/');
    if (slash == NULL)
        snprintf(out->text, sizeof(out->text), ".");
    else
        slash[slash == out->text ? 1 : 0] = '\0';
}

/* A file system of its own: no folder can take its place. */
static bool
is_mount_point(const char *home)
{
    struct home_path above;
    struct stat      here, there;

    folder_of(home, &above);
    return lstat(home, &here) == 0 && stat(above.text, &there) == 0 &&
           S_ISDIR(here.st_mode) && here.st_dev != there.st_dev;
}

enum status
home_begin(const char *home, struct home_path *making)
{
    int len = snprintf(making->text, sizeof(making->text), "%s.new-XXXXXX",
                       home);
    enum status st;

    if (len < 0 || (size_t)len >= sizeof(making->text))
        return STATUS_TOO_LARGE;
    if (!is_free(home))
        return STATUS_EXISTS;
    if (is_mount_point(home))
        return STATUS_BAD_STATE;
    st = make_above(making);
    if (st != STATUS_OK)
        return st;
    return mkdtemp(making->text) != NULL ? STATUS_OK : status_of_errno();
}

enum status
home_finish(const struct home_path *making, const char *home)
{
    struct home_path above;
    enum status      st = sync_folder(making->text);

    if (st != STATUS_OK)
        return st;
    if (rename(making->text, home) != 0)
        return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
                   ? STATUS_EXISTS
                   : status_of_errno();
    folder_of(home, &above);
    return sync_folder(above.text);
}

void
home_abandon(const struct home_path *making)
{
    DIR           *folder = opendir(making->text);
    struct dirent *entry;

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL)
        unlinkat(dirfd(folder), entry->d_name, 0); /* fails for . and .. */
    closedir(folder);
    rmdir(making->text);
}

enum status
home_lock(const char *home, int *out)
{
    struct home_path path;
    enum status      st = home_path(home, HOME_LOCK, &path);
    int              file;

    if (st != STATUS_OK)
        return st;
    file = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return status_of_errno();
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        st = errno == EWOULDBLOCK ? STATUS_LOCKED : STATUS_IO;
        close(file);
        return st;
    }
    *out = file;
    return STATUS_OK;
}
