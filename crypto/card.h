/*
 * card.h - what one organisation hands to another to pair with (DESIGN 3).
 *
 * A text file: readable lines, then the signed card in base64.  Layout of the
 * card, big-endian (PROTOCOL 3):
 *
 *      0  u16  version, 1
 *      2  u16  length, certificate
 *      .  u8   count of addresses, 0 to LIMIT_ADDRESSES; each u16 length, text
 *      .  32   first-contact sealing key, X25519
 *      .  u64  expires, milliseconds since 1970 UTC
 *      .  64   signature by the certificate's log key over LABEL_CARD and all
 *              before
 *
 * The readable lines are written again from the block on parsing and compared,
 * so any character changed anywhere is refused; only CR before a line's end
 * and a missing last line end are let pass.  The dates are alarms, for the
 * caller.
 */
#ifndef CRYPTO_CARD_H
#define CRYPTO_CARD_H

#include "crypto/cert.h"
#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/limits.h"

enum { CARD_VERSION = 1, CARD_KEY_ID_LEN = 8 };

struct card {
    struct cert         cert;       /* decoded from cert_bytes */
    struct cert_encoded cert_bytes; /* as signed */
    size_t              address_count;
    char                address[LIMIT_ADDRESSES][LIMIT_ADDRESS + 1];
    uint8_t             first_contact[LIMIT_KEY]; /* X25519 public */
    uint64_t            expires_ms;
};

struct card_text {
    char   text[LIMIT_CARD + 1]; /* ended by a zero byte, not counted */
    size_t len;
};

/* BLAKE2b-256(LABEL_KEY_ID, key), its first 8 bytes: names sealing key 0. */
void card_key_id(const uint8_t key[static LIMIT_KEY],
                 uint8_t       out[static CARD_KEY_ID_LEN]);

/* HOST:PORT with a DNS name, an IPv4 address or an IPv6 address in brackets,
 * and a port from 1 to 65535 without leading zeros. */
bool card_address_valid(struct span address);

/*
 * Sign and write.  card->cert is not read: cert_bytes is.  BAD_FIELD: an
 * address, the date or first-contact key is wrong, or `log` is not the
 * certified log key; else as cert_verify.
 */
NODISCARD enum status card_write(const struct card     *card,
                                 const struct sign_key *log,
                                 struct card_text      *out);

/*
 * Read and verify: certificate, signature, and each readable line.  On any
 * refusal *line is the first line (from 1) that is wrong (where two were made
 * one, or one two, it may be the next), or the first of the block when it is
 * the block that does not verify; *out is untouched.
 * BAD_ENCODING: not a card, or a line was changed.  BAD_VERSION, BAD_FIELD,
 * BAD_PROOF: of the block.  TOO_LARGE: more than LIMIT_CARD bytes.
 */
NODISCARD enum status card_parse(struct span text, struct card *out,
                                 size_t *line);

#endif
