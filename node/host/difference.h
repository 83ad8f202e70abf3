/*
 * difference.h - what a turn did, compared with what it had done, effect by
 * effect (kept.h), and the first difference in words for an engineer.
 *
 * Words never hold a key or what people wrote: of those they tell where.
 */
#ifndef HOST_DIFFERENCE_H
#define HOST_DIFFERENCE_H

#include "node/host/kept.h"

enum { DIFFERENCE_WORDS = 256 };

struct difference {
    enum effect_kind kind;
    uint64_t         link;   /* of a SEND, DIAL or CLOSE; 0 */
    struct span      record; /* public part of a SAVE; a loan; or empty */
    char             words[DIFFERENCE_WORDS];
};

/*
 * The first difference among kinds that are promised, or among those that are
 * not.  Kind by kind, in the order of EFFECT_LIST.  False: there is none, and
 * *out is unchanged.  Both rows must have been read whole (recording_read).
 */
bool difference_find(struct span is, struct span was, bool promised,
                     struct difference *out);

/* Bytes around the first place where the two differ: "is 00 [41] 02, was 00
 * [40] 02".  Where one has ended it has no byte in brackets. */
enum { DIFFERENCE_BYTES = 128 };
void difference_bytes(struct span is, struct span was, size_t offset,
                      char out[static DIFFERENCE_BYTES]);

#endif
