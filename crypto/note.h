/*
 * note.h - a checkpoint as text: a C2SP signed note (c2sp.org/signed-note).
 *
 *     <origin>\n<size>\n<root>\n\n
 *     — <origin> <base64(key id, signature)>\n
 *     — entente/v1/witness/<node id> <base64(key id, time, signature)>\n
 *
 * The log's key is named by the origin, type 0x01; a witness's by its node,
 * type 0x04 (c2sp.org/tlog-cosignature).  Reading is strict: at most LIMIT_NOTE
 * bytes and LIMIT_NOTE_SIGNATURES lines, canonical base64 and decimals, no
 * extension lines, key names of printable ASCII without space and '+'.
 */
#ifndef CRYPTO_NOTE_H
#define CRYPTO_NOTE_H

#include "crypto/checkpoint.h"
#include "proto/origin.h"

enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

enum { NOTE_KEY_ID_LEN = 4 };

/* SHA-256(name, 0x0A, type, public key)[:4]. */
void note_key_id(struct span name, enum note_type type,
                 const uint8_t public_key[static LIMIT_KEY],
                 uint8_t       out[static NOTE_KEY_ID_LEN]);

/* "<name>+<key id hex>+<base64(type, public key)>", for other verifiers. */
void note_verifier_key(struct span name, enum note_type type,
                       const uint8_t public_key[static LIMIT_KEY],
                       struct writer *out);

struct note_witness {
    struct node_id node;
    uint8_t        public_key[LIMIT_KEY];
};

/* "entente/v1/witness/<node id>", ended by a zero byte. */
struct note_witness_name {
    char text[sizeof(LABEL_WITNESS_PREFIX) + 2 * LIMIT_NODE_ID];
};

struct note_witness_name note_witness_name(const struct node_id *node);

/* What was verified of a note. */
struct note_signatures {
    uint8_t            log_signature[LIMIT_SIGNATURE];
    bool               cosigned;
    struct cosignature cosignature; /* where cosigned */
};

/*
 * Writes the note of `head`.  `witness` may be NULL: no cosignature line;
 * signatures->cosigned says the same.  BAD_FIELD as checkpoint_text;
 * TOO_LARGE when out is full.
 */
NODISCARD enum status note_write(struct span origin, const struct head *head,
                                 const uint8_t log_public[static LIMIT_KEY],
                                 const struct note_witness    *witness,
                                 const struct note_signatures *signatures,
                                 struct writer                *out);

/* A note that is well formed and about which nothing is proven yet. */
struct note_line {
    struct span name;
    struct span base64; /* of key id and signature, at least 5 bytes */
};

struct note {
    struct span      origin; /* spans lend the input */
    struct head      head;
    size_t           line_count;
    struct note_line lines[LIMIT_NOTE_SIGNATURES];
};

/* BAD_ENCODING, TOO_LARGE.  The spans in out live as long as `in` does. */
NODISCARD enum status note_parse(struct span in, struct note *out);

/*
 * BAD_PROOF unless the log key has signed; also when a line of a known key is
 * bad or there are two of one.  Lines of unknown keys are ignored.  `witness`
 * may be NULL: none is known.
 */
NODISCARD enum status note_verify(const struct note *note,
                                  const uint8_t log_public[static LIMIT_KEY],
                                  const struct note_witness *witness,
                                  struct note_signatures    *out);

#endif
