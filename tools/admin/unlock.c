/*
 * unlock.c - reads the key's file, and opens it where a passphrase closes it.
 */
#include "tools/admin/unlock.h"

#include "node/net/passphrase.h"
#include "node/store/home.h"
#include "node/store/storage_key.h"

enum status
unlock_storage_key(struct cli *cli, struct secret32 *out)
{
    struct passphrase  passphrase = {.len = 0};
    struct storage_key key = {.open = false};
    const char        *why = NULL;
    int                fd = PASSPHRASE_NO_FD;
    enum status        st = cli_passphrase_fd(cli, &fd);

    if (st == STATUS_OK)
        st = cli_status(cli, storage_key_read(cli->home, &key),
                        HOME_STORAGE_KEY);
    if (st != STATUS_OK || key.open) {
        *out = key.secret;
        goto out;
    }
    st = passphrase_get(fd, "Passphrase of this node", false, &passphrase,
                        &why);
    if (st != STATUS_OK)
        st = cli_fail(cli, st, NULL, "%s", why);
    else
        st = cli_status(cli,
                        envelope_open(SPAN_OF(key.envelope), ENVELOPE_STORAGE,
                                      passphrase_span(&passphrase), out),
                        HOME_STORAGE_KEY);
out:
    passphrase_wipe(&passphrase);
    storage_key_wipe(&key);
    return st;
}
