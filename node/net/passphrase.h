/*
 * passphrase.h - where a passphrase comes from; never from argv.
 *
 * In this order: --passphrase-fd N, the file that ENTENTE_PASSPHRASE_FILE
 * names, the systemd credential `entente.passphrase` in
 * CREDENTIALS_DIRECTORY, and the terminal, with echo off.  It is what stands
 * before the first line end.
 */
#ifndef NET_PASSPHRASE_H
#define NET_PASSPHRASE_H

#include "proto/bytes.h"

enum { PASSPHRASE_MAX = 1024, PASSPHRASE_NO_FD = -1 };

struct passphrase {
    uint8_t bytes[PASSPHRASE_MAX];
    size_t  len;
};

struct span passphrase_span(const struct passphrase *passphrase);
void        passphrase_wipe(struct passphrase *passphrase);

/*
 * `prompt` is asked of the terminal (standard input must be one); NULL: never
 * ask.  `again`: asked a second time and compared, for a new passphrase.
 * USAGE: there is no source; BAD_FIELD: empty, too long or typed differently;
 * NOT_FOUND, MODE, IO: of the file.  *why says it for a person; static text.
 */
NODISCARD enum status passphrase_get(int fd, const char *prompt, bool again,
                                     struct passphrase *out, const char **why);

#endif
