/*
 * kept.h - one effect of a turn as a capture keeps it (PROTOCOL, D.2).
 *
 * Records saved, keys, dials and closed links stand whole, so that a
 * difference can be shown to the byte.  Frames stand on the wire; they, and
 * what is only told to people and programs of the same machine, are kept by
 * length and digest.
 */
#ifndef HOST_KEPT_H
#define HOST_KEPT_H

#include "node/core/event.h"

/* Bytes that kept_put will write, and writing them: u8 kind, then fields. */
size_t kept_len(const struct effect *effect);
void   kept_put(struct writer *out, const struct effect *effect);

/* A key and what became of it, KEPT_KEY_LEN bytes: all of a record KEY, and a
 * kept KEY but for the nonces of its slots. */
enum { KEPT_KEY_LEN = 3 + 8 + 2 * LIMIT_KEY };

void kept_put_key(struct writer *out, const struct key_change *key);

struct kept {
    enum effect_kind kind;
    struct span      fields; /* a loan of what is read */
};

/* The next of a row of effects.  AGAIN after the last; BAD_ENCODING on
 * anything that kept_put would not write. */
NODISCARD enum status kept_next(struct reader *in, struct kept *out);

/*
 * Whether captures promise this kind for ever: what leaves the node, what it
 * keeps, whom it calls and whom it hangs up on.  TELL, LOAD, WAKE_AT and LOG
 * are told to this machine alone and may change with the program.
 */
bool kept_promised(enum effect_kind kind);

/* "SAVE" */
const char *kept_name(enum effect_kind kind);

#endif
