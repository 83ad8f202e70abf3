/*
 * create.h - a new node's home, from its names to its files.
 *
 * Draws every key, certifies them, and makes the folder whole or not at all.
 */
#ifndef TOOLS_CREATE_H
#define TOOLS_CREATE_H

#include "crypto/card.h"
#include "crypto/envelope.h"
#include "node/store/config.h"

enum { CREATE_WORDS = 512, CREATE_DAYS = 90 };

struct create_plan {
    const char          *home;
    const char          *node_name;
    const char          *org_name;
    const char          *country;
    struct config        config;
    struct span          passphrase; /* of both envelopes */
    bool                 unattended; /* the storage key stands open */
    struct envelope_cost cost;       /* ENVELOPE_MODERATE but in tests */
    uint64_t             now_ms;
};

/*
 * Judges the names and addresses of a plan before anything is asked or drawn.
 * BAD_FIELD, and words for a person in `why`.
 */
NODISCARD enum status create_check(const struct create_plan *plan,
                                   char why[static CREATE_WORDS]);

/*
 * *cert and *card are the new node's.  EXISTS: there is something at the home;
 * BAD_FIELD; NO_SPACE, IO; in each case nothing is left behind.
 */
NODISCARD enum status create_home(const struct create_plan *plan,
                                  struct cert *cert, struct card_text *card,
                                  char why[static CREATE_WORDS]);

/* A name that can stand in a reference (jmsdf/17) and in a list. */
bool create_name_valid(const char *name);

#endif
