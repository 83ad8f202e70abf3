/*
 * evidence_text.h - an evidence file (PROTOCOL 7.8) as its values, and the
 * values as the one text that they are written as.
 *
 * For evidence.c, and for who makes such a file.  Proves nothing.
 */
#ifndef CRYPTO_EVIDENCE_TEXT_H
#define CRYPTO_EVIDENCE_TEXT_H

#include "crypto/cert.h"
#include "crypto/seal.h"
#include "proto/strict.h"

#define EVIDENCE_TEXT_TITLE "Entente evidence, version 1"

/* One entry, as it travelled.  Spans are loans. */
struct evidence_entry {
    uint8_t         leaf[LEAF_LEN];
    uint64_t        first;
    uint8_t         ephemeral[LIMIT_KEY];
    uint8_t         salt[LIMIT_SALT];
    bool            disclosed;   /* the key is there */
    struct secret32 content_key; /* its own alone */
    struct span     body;        /* 1 to LIMIT_SEALED bytes */
    struct span     proof;       /* text of proof.h, with its note */
};

struct evidence {
    size_t                certificate_count; /* 2 or more */
    struct span           certificates[LIMIT_EVIDENCE_CERTIFICATES];
    struct evidence_entry message;
    size_t                answer_count;
    struct evidence_entry answers[LIMIT_EVIDENCE_ANSWERS];
};

/* TOO_LARGE: `out` is full. */
NODISCARD enum status evidence_text_write(const struct evidence *evidence,
                                          struct writer         *out);

/*
 * Spans in *out lend `text` and the arena, which must have room for what the
 * text holds and for the text once more.  On a refusal *line is the first
 * line, from 1, that is not as it would be written.  BAD_ENCODING;
 * BAD_VERSION: of another version; TOO_LARGE: above LIMIT_EVIDENCE, or the
 * arena is too small.
 */
NODISCARD enum status evidence_text_parse(struct span          text,
                                          struct strict_arena *arena,
                                          struct evidence *out, size_t *line);

/* Which of two texts' lines is the first that differs, from 1; 0: none. */
size_t evidence_text_differs(struct span is, struct span should);

#endif
