/*
 * bundle_frames.h - the plaintext of one record of a bundle: frames.
 *
 *     record 0     u16 length, certificate of S; then frames
 *     later ones   frames
 *     frame        u16 length, 1 to LIMIT_FRAME_PLAIN; a Frame of link.proto
 *     end          u16 0 where two bytes are left, and zeros to the end
 *
 * A frame does not cross records.  The rank of the frames never falls, and
 * what S says but does not sign by itself stands in record 0 alone, which the
 * header's signature covers (PROTOCOL 6.10).  A frame's kind is told by its
 * first byte; whether it is strictly a Frame, its reader judges.
 */
#ifndef CRYPTO_BUNDLE_FRAMES_H
#define CRYPTO_BUNDLE_FRAMES_H

#include "proto/bytes.h"
#include "proto/limits.h"

/* X(name, its name in link.proto, rank, how many of it) */
#define BUNDLE_FRAME_LIST(X)                                                   \
    X(HELLO, "Hello", 0, ONE)                                                  \
    X(SIZES, "Sizes", 1, ONE)                                                  \
    X(COSIGNED, "Cosigned", 2, ANY)                                            \
    X(FETCH, "Fetch", 3, ANY)                                                  \
    X(ASK_GRANT, "AskGrant", 4, ANY)                                           \
    X(STOP, "Stop", 5, AT_MOST_ONE)                                            \
    X(LEAVES, "Leaves", BUNDLE_FRAMES_CARGO, ANY)                              \
    X(HEAD, "Head", BUNDLE_FRAMES_CARGO, ANY)                                  \
    X(BODIES, "Bodies", BUNDLE_FRAMES_CARGO, ANY)

enum {
    BUNDLE_FRAMES_CARGO = 6, /* the rank of what stands in any record */
    BUNDLE_FRAMES_MUST = 2   /* ranks below this one occur */
};

/* What may come next; a value. */
struct bundle_frames {
    unsigned least; /* rank of the next frame, at least */
};

/* At the beginning of record 0, or of a later one. */
struct bundle_frames bundle_frames_begin(bool first);

/* BAD_STATE: a frame of this kind does not stand here; nothing changed. */
NODISCARD enum status bundle_frames_admit(struct bundle_frames *order,
                                          struct span           frame);

/* BAD_STATE: a frame that must be in record 0 was not. */
NODISCARD enum status bundle_frames_end(const struct bundle_frames *order);

/*
 * All of a record behind its certificate.  BAD_ENCODING: a frame too long or
 * over the end, or what is behind the end is not zero.  BAD_STATE: as above.
 */
NODISCARD enum status bundle_frames_check(bool first, struct span frames);

/* The next frame of what was checked; empty when there is none. */
struct span bundle_frames_next(struct reader *frames);

#endif
