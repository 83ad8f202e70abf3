/*
 * deed.h - what a person had the node's edge do, journaled: a capture.
 *
 * A DEED event holds u8 what (HAPPENED_CAPTURE, HAPPENED_CAPTURED), then words
 * for people: who, what, where.  It becomes a record of that turn, which who
 * watches is told of; nothing else changes.
 */
#ifndef CORE_DEED_H
#define CORE_DEED_H

#include "node/core/context.h"
#include "proto/happening.h"

enum { DEED_WORDS_MAX = 10240, DEED_MAX = 1 + DEED_WORDS_MAX };

/* The bytes of the event; at most DEED_WORDS_MAX words. */
void deed_put(struct writer *out, enum happened what, struct span words);

/* What deed_put() does not write is said in the log and not journaled. */
void deed_take(struct context *turn, struct span bytes);

#endif
