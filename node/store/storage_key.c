/*
 * storage_key.c - which of the two it is, its length tells.
 */
#include "node/store/storage_key.h"

#include "node/store/home.h"

#include <string.h>
#include <sys/stat.h>

enum { READ_ONLY = 0400, MODE_BITS = 07777 };

NODISCARD static enum status
check_open_mode(const char *home)
{
    struct home_path path;
    struct stat      info;
    enum status      st = home_path(home, HOME_STORAGE_KEY, &path);

    if (st != STATUS_OK)
        return st;
    if (lstat(path.text, &info) != 0)
        return STATUS_IO;
    return (info.st_mode & MODE_BITS) == READ_ONLY ? STATUS_OK : STATUS_MODE;
}

enum status
storage_key_read(const char *home, struct storage_key *out)
{
    uint8_t     bytes[ENVELOPE_LEN];
    size_t      len = 0;
    enum status st;

    *out = (struct storage_key){.open = false};
    st = home_read(home, HOME_STORAGE_KEY, bytes, sizeof(bytes), &len);
    if (st == STATUS_TOO_LARGE)
        st = STATUS_BAD_ENCODING;
    if (st != STATUS_OK)
        return st;
    if (len == ENVELOPE_LEN) {
        memcpy(out->envelope, bytes, len);
    } else if (len == sizeof(out->secret.bytes)) {
        st = check_open_mode(home);
        out->open = st == STATUS_OK;
        if (st == STATUS_OK)
            memcpy(out->secret.bytes, bytes, len);
    } else {
        st = STATUS_BAD_ENCODING;
    }
    secret_wipe_bytes(bytes, sizeof(bytes));
    return st;
}

void
storage_key_wipe(struct storage_key *key)
{
    secret_wipe_bytes(key, sizeof(*key));
}

enum status
storage_key_put_open(const char *home, const struct secret32 *secret)
{
    enum status st = home_create(home, HOME_STORAGE_KEY,
                                 SPAN_OF(secret->bytes));

    return st == STATUS_OK ? home_read_only(home, HOME_STORAGE_KEY) : st;
}
