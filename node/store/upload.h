/*
 * upload.h - an attachment that a client brings, until it is whole.
 *
 * Sealed chunks in order, each LIMIT_CHUNK_SEALED bytes but for the last; then
 * the file gets its digest as name, durably.  Before that it counts for
 * nothing, and is removed with the upload or at the next start.
 */
#ifndef STORE_UPLOAD_H
#define STORE_UPLOAD_H

#include "node/store/chunkfile.h"

struct upload; /* opaque: upload_new / upload_free */

/* `number` names the file and is in use by no other.  NO_SPACE, IO, FULL. */
NODISCARD enum status upload_new(const struct disk *disk, uint64_t number,
                                 struct upload **out);
/* Removes what is not finished. */
void upload_free(struct upload *upload);

/*
 * Takes chunks, whole ones.  BAD_ENCODING: no sealed chunk is so short, or one
 * that was not full came before; TOO_LARGE: more than LIMIT_STORED; NO_SPACE,
 * IO.  After a failure nothing more is taken, with the same status.
 */
NODISCARD enum status upload_put(struct upload *upload, struct span chunks);

/* Bytes taken. */
uint64_t upload_stored(const struct upload *upload);

/* It is whole: durable under its digest, over one that was there.  BAD_STATE:
 * it has no chunk; NO_SPACE, IO, or what upload_put failed with. */
NODISCARD enum status upload_finish(struct upload *upload,
                                    struct digest *digest);

/* Removes what an earlier process left. */
NODISCARD enum status upload_clean(const struct disk *disk);

#endif
