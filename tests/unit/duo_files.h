/*
 * duo_files.h - attachments for duo.h's nodes: files in memory, answered and
 * written as the real store does, and damaged as a test likes.
 */
#ifndef TESTS_DUO_FILES_H
#define TESTS_DUO_FILES_H

#include "crypto/attachment.h"
#include "tests/unit/duo.h"

/* Seals `size` bytes under a key made from `seed` and puts them beside the
 * party's records. */
struct duo_enclosed duo_bring(struct duo_party *party, uint64_t size,
                              uint8_t seed);
/* NULL: there is none. */
struct duo_file *duo_file_of(struct duo_party *party, bool outgoing,
                             const uint8_t *digest);

/* Whether `party` has the file whole, as `from` brought it. */
bool duo_has(struct duo_party *party, const struct duo_enclosed *file);

/* CHUNK and DROP; QUERY_CHUNK, QUERY_WHOLE and QUERY_STORED. */
void        duo_file_chunk(struct duo_party *party,
                           const struct effect *effect);
void        duo_file_drop(struct duo_party *party,
                          const struct effect_file *file);
enum status duo_file_load(struct duo_party *party, const struct query *query,
                          struct span text, struct writer *out);
void        duo_file_clear(struct duo_file *file);

#endif
