/*
 * opening.h - the sealed chunks of an attachment become its bytes, never more
 * than the message says.
 */
#ifndef TOOLS_OPENING_H
#define TOOLS_OPENING_H

#include "crypto/attachment.h"
#include "message.pb-c.h"

struct opening; /* opaque: opening_new / opening_free */

/* `attachment` is lent for its life.  BAD_FIELD: its fields do not go
 * together; FULL: no memory. */
NODISCARD enum status opening_new(const Entente__Attachment *attachment,
                                  struct opening           **out);
void opening_free(struct opening *opening);

uint64_t opening_chunks(const struct opening *opening);

/*
 * Takes the next sealed chunk and gives bytes to `give`, any number of times.
 * BAD_PROOF: it is not this chunk; CORRUPT: bytes that were not packed so, or
 * more than the message says; or as give().
 */
NODISCARD enum status opening_put(struct opening *opening, struct span sealed,
                                  enum status (*give)(void       *arg,
                                                      struct span bytes),
                                  void *arg);

/* After the last chunk.  CORRUPT: it is not what the message says. */
NODISCARD enum status opening_end(const struct opening *opening);

#endif
