/*
 * attachments.h - HOME/attachments as the daemon uses it: what the core asks
 * of its files, and what a client reads and brings.
 *
 * Each call may run on a thread of its own.  Files are those of chunkfile.h.
 */
#ifndef STORE_ATTACHMENTS_H
#define STORE_ATTACHMENTS_H

#include "crypto/merkle.h"
#include "node/core/event.h"
#include "node/host/file.h"

struct attachments; /* opaque: attachments_open / attachments_close */

/* How a client names a file: its peer, zeros for one of ours, and digest. */
enum { ATTACHMENTS_FILE = LIMIT_NODE_ID + LIMIT_DIGEST };

/*
 * Makes the folder where there is none, and removes uploads that an earlier
 * process left.  The home is locked.  On failure *why names the file.
 */
NODISCARD enum status attachments_open(const char *home,
                                       struct attachments **out,
                                       char why[static 256]);
/* The same on a disk of the caller's, which outlives it. */
NODISCARD enum status attachments_on(const struct disk   *disk,
                                     struct attachments **out);
void attachments_close(struct attachments *attachments);

/* Where they are; good until attachments_close(). */
const struct disk *attachments_disk(const struct attachments *attachments);

enum { ATTACHMENTS_ANSWER = LIMIT_CHUNK_SEALED + LIMIT_CHUNK_PROOF };

/*
 * The queries CHUNK and STORED.  NOT_FOUND: no such file; CORRUPT: it is
 * damaged; BAD_ENCODING: no such query.
 */
NODISCARD enum status
attachments_query(const struct attachments *attachments,
                  const struct query *query, struct span text,
                  uint8_t answer[static ATTACHMENTS_ANSWER], size_t *len);

/* The query WHOLE; as rereading_new().  BAD_ENCODING: no such query. */
struct rereading;
NODISCARD enum status
attachments_reread(const struct attachments *attachments,
                   const struct query *query, struct span text,
                   struct rereading **out);

/*
 * Sealed chunks of a whole file from `index` on, `count` of them, fewer where
 * they do not fit into out[cap] or it has no more; *of: how many it has.
 * NOT_FOUND, BAD_FIELD: not that many; IO.
 */
NODISCARD enum status attachments_read(const struct attachments *attachments,
                                       struct span file, uint64_t index,
                                       uint32_t count, uint8_t *out,
                                       size_t cap, size_t *len, uint64_t *of);

/* Removes a file of ours that no message names. */
NODISCARD enum status
attachments_remove(const struct attachments *attachments,
                   const struct digest *digest);

#endif
