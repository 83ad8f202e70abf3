/*
 * bundle_reader.h - a bundle as R reads it, record by record.
 *
 * Holds one record, whatever the size of the bundle:
 *
 *     bundle_decode              whose it is, and which key opens it
 *     bundle_reader_open         header and record 0: proven, or refused
 *     bundle_reader_frame ...    the frames of this record
 *     bundle_reader_next         for each record after it; frames again
 *     bundle_reader_end          whether it was whole
 *     bundle_reader_clear        on every path
 *
 * Each record is judged before one of its frames is lent.  A damaged record
 * can be passed over: those behind it still open.
 */
#ifndef CRYPTO_BUNDLE_READER_H
#define CRYPTO_BUNDLE_READER_H

#include "crypto/bundle.h"
#include "crypto/cert.h"

/* In the caller's memory.  Holds secrets: clear it. */
struct bundle_reader {
    struct secret32 aead_key;
    uint64_t        next; /* number of the next record */
    bool            last; /* the last one was opened */
    struct reader   frames;
    uint8_t         record[BUNDLE_RECORD_LEN];
};

/* What R knows: itself, the pin, the key and secret that the header names. */
struct bundle_trust {
    struct node_id         self;
    const uint8_t         *org_key; /* of S's organisation, LIMIT_KEY bytes */
    struct seal_key        key;
    const struct secret32 *sealing_secret;
};

/*
 * `header` was decoded; `first` is record 0 as it stands in the file.  Checks,
 * in this order:
 *   UNTRUSTED     it is for another node
 *   UNOPENED      no such key: the commitment is to another
 *   BAD_ENCODING  record 0 is not whole
 *   BAD_PROOF     it is not the one that the header names, or does not open
 *   cert_verify   as it says, of the certificate in it
 *   BAD_FIELD     that is of another node or serial than the header
 *   BAD_PROOF     the header is not signed by its log key
 *   BAD_ENCODING, BAD_STATE   bundle_frames_check
 * *cert is written on OK only.  After a failure the reader is cleared.
 */
NODISCARD enum status bundle_reader_open(struct bundle_reader      *reader,
                                         struct span                header,
                                         struct span                first,
                                         const struct bundle_trust *trust,
                                         struct cert               *cert);

/*
 * Opens the next record and forgets the frames of the one before.
 * BAD_ENCODING: not whole.  BAD_PROOF: not this bundle's record of this
 * number.  BAD_STATE: bytes behind the last record, or a frame that stands in
 * record 0 alone.  TOO_LARGE: more records than a bundle has.  After a failure
 * there are no frames, and the next call is about the record after it.
 */
NODISCARD enum status bundle_reader_next(struct bundle_reader *reader,
                                         struct span           sealed);

/* The next frame, a loan until the next record; empty when there is none. */
struct span bundle_reader_frame(struct bundle_reader *reader);

/* After the file's last byte.  BAD_ENCODING: the last record did not come. */
NODISCARD enum status bundle_reader_end(const struct bundle_reader *reader);

void bundle_reader_clear(struct bundle_reader *reader);

#endif
