/*
 * book.h - what one node has made durable of one channel: leaves, heads and
 * receipts, in the order in which they came.
 *
 * A container that judges nothing; owns its lists.
 */
#ifndef SIM_BOOK_H
#define SIM_BOOK_H

#include "crypto/merkle.h"
#include "proto/leaf.h"
#include "proto/origin.h"
#include "proto/record.h"

struct book_leaf {
    uint8_t           bytes[LEAF_LEN];
    bool              body; /* it is here, or was given up by an answer */
    struct message_id id; /* of a message that we dispatched; else zeros */
};

struct book_head {
    uint64_t      size;
    struct digest root;
    uint8_t       signature[LIMIT_SIGNATURE];
    uint64_t      time; /* as it says */
};

struct book_heads {
    struct book_head *list;
    size_t            count, cap;
};

struct book {
    size_t                 who;
    struct origin_text     origin;
    bool                   outgoing; /* `who` is the channel's sender */
    struct book_leaf      *leaves;
    size_t                 count, cap;
    struct merkle_frontier frontier; /* of all leaves */
    struct book_heads      heads;
    struct book_heads      receipts;
    uint64_t               asked_head;    /* newest when it was asked to */
    uint64_t               asked_receipt; /* show its log (audit.h) */
    uint64_t               lost; /* it had so many leaves before an older copy
                                    of its disk was put back */
};

void book_init(struct book *book, size_t who, const struct origin_text *origin,
               bool outgoing);
void book_clear(struct book *book);
/* *out is overwritten; it owns what it has. */
void book_copy(const struct book *book, struct book *out);

/* `leaf` has LEAF_LEN bytes; it is the book's own until the next. */
struct book_leaf *book_add_leaf(struct book *book, struct span leaf);
/* Of a record with size, root and signature. */
void book_add_head(struct book_heads *heads, const struct record *record);
/* Whether that head, with that signature, is there. */
bool book_has_head(const struct book_heads *heads,
                   const struct record     *record);
/* Size and time of the newest; 0: none. */
uint64_t book_newest(const struct book_heads *heads);
uint64_t book_newest_time(const struct book_heads *heads);
/* The root of all leaves; of the first `size`, which it has. */
void book_root(const struct book *book, struct digest *out);
void book_root_of(const struct book *book, uint64_t size, struct digest *out);

#endif
