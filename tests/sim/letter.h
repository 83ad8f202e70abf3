/*
 * letter.h - notes that simulated officers send: whole, valid, and marked so
 * that their plaintext is known wherever it stands.
 */
#ifndef TESTS_SIM_LETTER_H
#define TESTS_SIM_LETTER_H

#include "node/sim/dice.h"
#include "proto/leaf.h"
#include "proto/origin.h"
#include "tests/sim/enclosure.h"

enum { LETTER_FILES = 2 };

struct letter {
    struct message_id id;
    enum precedence   precedence;
    uint64_t          ack_by_ms; /* wall clock; 0: nobody has to answer */
    uint8_t          *bytes; /* Message without `number`, owned */
    size_t            len;
};

/* Mostly some hundred bytes, sometimes as long as an entry allows; with these
 * files, LETTER_FILES at most. */
void letter_write(struct letter *letter, struct dice *dice,
                  const struct enclosure *const *files, size_t file_count);
void letter_clear(struct letter *letter);

#endif
