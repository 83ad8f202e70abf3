/*
 * happening.h - one event of the journal, as the store answers it to who
 * watches (QUERY_EVENTS) and as the core reads it.
 *
 * An answer is a list of these in the order of the journal; the last is a
 * HAPPENED_NOTHING with the place to go on from.
 */
#ifndef PROTO_HAPPENING_H
#define PROTO_HAPPENING_H

#include "proto/record.h"

enum { HAPPENING_WHY_MAX = UINT16_MAX, HAPPENING_CURSOR_MAX = 128 };

/* What happened: a state of STATE_LIST that a message came to, or one of
 * these.  X(name, value, word) */
#define HAPPENED_LIST(X)                                                       \
    X(NOTHING, 0, "nothing")                                                   \
    X(ALARM, 128, "alarm")                                                     \
    X(OVERDUE, 129, "overdue")                                                 \
    X(CLEARED, 130, "cleared")                                                 \
    X(CAPTURE, 131, "capture")                                                 \
    X(CAPTURED, 132, "captured")

enum happened {
#define HAPPENED_ENUM(name, value, word) HAPPENED_##name = value,
    HAPPENED_LIST(HAPPENED_ENUM)
#undef HAPPENED_ENUM
};

struct happening {
    uint8_t           what;
    bool              more;   /* NOTHING: the journal goes on behind cursor */
    uint64_t          time;   /* ms */
    struct span       cursor; /* text: the place after it */
    struct span       why;
    struct span       secret; /* a record_secret: by whom, why; or empty */
    struct record_row row;    /* of a peer: that alone; NOTHING, deed: zero */
};

/* "received", "alarm"; "?" for a value that is none. */
const char *happening_word(unsigned what);

/* An alarm, or that one was cleared: there is no message. */
bool happening_is_of_peer(unsigned what);

/* A capture of this node began or ended: there is no peer either. */
bool happening_is_deed(unsigned what);

/* Whether a record of this kind may be one. */
bool happening_may_be(unsigned record_kind);

/* All but the row, which record_row_put writes behind it. */
size_t happening_head_len(const struct happening *happening);
void   happening_head_put(struct writer *out, const struct happening *one);

/* AGAIN at the end of the list. */
NODISCARD enum status happening_next(struct reader *in, struct happening *out);

#endif
