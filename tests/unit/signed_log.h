/*
 * signed_log.h - one small log, signed and cosigned, for the tests of
 * checkpoint.c, note.c and proof.c.
 *
 * Leaf i of three is the two bytes of i; the seeds are a 1 and a 2 followed by
 * zeros.  The texts were made by a program in Python (hashlib, cryptography)
 * that shares nothing with ours.
 */
#ifndef TESTS_UNIT_SIGNED_LOG_H
#define TESTS_UNIT_SIGNED_LOG_H

#include "crypto/note.h"

#include <string.h>

#define LOG_SENDER "000102030405060708090a0b0c0d0e0f"
#define LOG_RECIPIENT "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define LOG_ORIGIN                                                             \
    "entente/v1/" LOG_SENDER "/" LOG_RECIPIENT                                 \
    "/actual/wire/1-0123456789abcdef"
#define LOG_WITNESS "entente/v1/witness/" LOG_RECIPIENT
#define LOG_ROOT "8bnxZGS31f08aQe6Fx0eVantFhgeChNfXlXJNMPL5Ao="
#define LOG_TEXT LOG_ORIGIN "\n3\n" LOG_ROOT "\n"
#define LOG_BLOB                                                               \
    "nDOXX7lLDGrNsOWujXQB2J2CgjorEH7cnKHlz0Fan9UfKkTuVh3INv4OY9hQL4TUF3OEjt5t" \
    "VU1DGS5XVZbNEAeIagE="
#define LOG_LINE "\u2014 " LOG_ORIGIN " " LOG_BLOB "\n"
#define LOG_WITNESS_BLOB                                                       \
    "5uWjLAAAAABlU/EATK4KCHCp7j67LnsgPalefZAaQnFon66Ie8NwiUh2oFwIPW1VE+lTHR7F" \
    "5tzg8CVqSMVZ1mbYbry5Tc0iDIFRBQ=="
#define LOG_WITNESS_LINE "\u2014 " LOG_WITNESS " " LOG_WITNESS_BLOB "\n"
#define LOG_NOTE LOG_TEXT "\n" LOG_LINE LOG_WITNESS_LINE
#define LOG_LEAF_0 "cJ6AyISHokEeHuTfufIqhhSS0gxHZRUMDHlKvXD4FHw="
#define LOG_LEAF_2 "ZdJ6SN/vQG249fQ3Qjv6X5yD13v8EvihS4zj7eWJL7U="

enum { LOG_TIME_S = 1700000000 };

struct signed_log {
    struct head            head;
    struct sign_key        log;
    struct sign_key        witness;
    struct note_witness    known;
    struct note_signatures signatures;
};

static inline void
log_leaf(uint64_t index, struct digest *out)
{
    uint8_t leaf[] = {0, (uint8_t)index};

    merkle_leaf_hash(SPAN_OF(leaf), out);
}

static inline struct span
log_origin(void)
{
    return span_text(LOG_ORIGIN);
}

/* Computes and signs all of it with our own code. */
static inline struct signed_log
signed_log(void)
{
    const struct secret32  log_seed = {{1}};
    const struct secret32  witness_seed = {{2}};
    struct signed_log      out = {.signatures = {.cosigned = true}};
    struct merkle_frontier frontier;

    merkle_init(&frontier);
    for (uint64_t i = 0; i < 3; i++) {
        struct digest leaf;

        log_leaf(i, &leaf);
        merkle_append(&frontier, &leaf);
    }
    out.head.size = frontier.size;
    merkle_root(&frontier, &out.head.root);
    sign_key_from_seed(&log_seed, &out.log);
    sign_key_from_seed(&witness_seed, &out.witness);
    for (size_t i = 0; i < LIMIT_NODE_ID; i++)
        out.known.node.bytes[i] = (uint8_t)(0xf0 + i);
    memcpy(out.known.public_key, out.witness.public_key, LIMIT_KEY);
    checkpoint_sign(log_origin(), &out.head, &out.log,
                    out.signatures.log_signature);
    cosignature_sign(log_origin(), &out.head, LOG_TIME_S, &out.witness,
                     &out.signatures.cosignature);
    return out;
}

#endif
