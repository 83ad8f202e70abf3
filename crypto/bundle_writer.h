/*
 * bundle_writer.h - a bundle as S writes it, record by record.
 *
 * Holds one record, whatever the size of the bundle:
 *
 *     bundle_writer_init
 *     bundle_writer_put ...      FULL: bundle_writer_record, append, put again
 *     bundle_writer_end          append: the file is whole
 *     bundle_writer_clear        on every path
 *
 * The first bytes that come out are the header and record 0 together.  A
 * bundle that was broken off is never gone on with: begin a new one, with
 * another ephemeral and salt.
 */
#ifndef CRYPTO_BUNDLE_WRITER_H
#define CRYPTO_BUNDLE_WRITER_H

#include "crypto/bundle.h"
#include "crypto/bundle_frames.h"

/* In the caller's memory.  Holds secrets: clear it. */
struct bundle_writer {
    struct bundle        bundle;
    struct bundle_keys   keys;
    uint64_t             record; /* number of the one that is being filled */
    size_t               len;    /* of its plaintext */
    struct bundle_frames order;
    bool                 lent;  /* bytes hold the record before, sealed */
    bool                 ended;
    uint8_t              bytes[BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN];
};

/*
 * Of `fields` sender, recipient, serial and number are read; `to` is R's key.
 * ephemeral_secret and salt are fresh and random, the caller's to draw, and
 * for this bundle alone; the secret is not kept.  `certificate`: of S, with
 * that serial, 1 to LIMIT_CERTIFICATE bytes (asserted).
 * BAD_FIELD: what bundle_decode would refuse, or R's key is of small order.
 */
NODISCARD enum status
bundle_writer_init(struct bundle_writer *writer, const struct bundle *fields,
                   const struct seal_key *to,
                   const struct secret32 *ephemeral_secret,
                   const uint8_t          salt[static LIMIT_SALT],
                   struct span            certificate);

/* The longest frame that this record still takes: 0 to LIMIT_FRAME_PLAIN. */
size_t bundle_writer_room(const struct bundle_writer *writer);

/*
 * Adds a Frame, 1 to LIMIT_FRAME_PLAIN bytes (asserted).  FULL: it does not
 * fit in this record any more.  BAD_STATE: not here (bundle_frames.h).  On
 * either nothing changed.
 */
NODISCARD enum status bundle_writer_put(struct bundle_writer *writer,
                                        struct span           frame);

/*
 * Closes this record and begins the next; or closes the last one.  *out, a
 * loan until the next call, is what to append to the file.  `log` signs, with
 * record 0.  BAD_STATE: record 0 lacks Hello or Sizes.  FULL: the most records
 * that a bundle has.  On either nothing changed.
 */
NODISCARD enum status bundle_writer_record(struct bundle_writer  *writer,
                                           const struct sign_key *log,
                                           struct span           *out);
NODISCARD enum status bundle_writer_end(struct bundle_writer  *writer,
                                        const struct sign_key *log,
                                        struct span           *out);

void bundle_writer_clear(struct bundle_writer *writer);

#endif
