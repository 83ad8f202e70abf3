/*
 * fuzz.h - what one fuzz target is.
 *
 * Each tests/fuzz/fuzz_x.c is one target: a function that any bytes may be
 * given to, and good inputs to begin from, made by our own encoders.  It is
 * built twice: as replay_x, which gives it every good input, each of its
 * prefixes and each of its bytes changed; and, with -DENTENTE_FUZZ=ON under
 * clang, as fuzz_x over libFuzzer.
 *
 * A target asserts what must hold for whatever was accepted, above all that
 * encoding it again gives the same bytes.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "proto/bytes.h"

#include <assert.h>

/* Whether the bytes were accepted.  crypto_start() was called. */
bool fuzz_one(struct span in);

/* Gives each good input, with a name for its file, to `seed`. */
typedef void fuzz_seed_fn(void *arg, const char *name, struct span bytes);
void fuzz_seeds(fuzz_seed_fn *seed, void *arg);

/* Whether no prefix of a good input may be accepted. */
extern const bool fuzz_is_whole;

#endif
