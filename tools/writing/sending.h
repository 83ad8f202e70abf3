/*
 * sending.h - from a draft to the node's outbox, and as far on as is asked;
 * for every verb that sends.
 */
#ifndef TOOLS_SENDING_H
#define TOOLS_SENDING_H

#include "tools/writing/delivery.h"
#include "tools/writing/draft.h"

struct sending {
    Entente__Message     *message; /* NULL until it is prepared */
    const char           *to;      /* "jmsdf,usff", lent; NULL: dry run */
    const char           *id;      /* --id, lent; NULL: the draft's or drawn */
    const char           *precedence; /* --precedence, lent; NULL: as above */
    uint8_t              *bytes;
    struct delivery_batch batch;
};

/* The options alone, before anybody is asked; `to` NULL: it is known later. */
NODISCARD enum status sending_check(struct cli *cli, const char *to);

/*
 * Reads --wait, --timeout, and the peers from `to`, which only --dry-run can
 * do without.  USAGE with words.
 */
NODISCARD enum status sending_new(struct cli *cli, const char *to,
                                  struct sending **out);
void sending_free(struct sending *sending);

/* A note of --subject and --message, in a hurry.  USAGE with words. */
NODISCARD enum status sending_note(struct cli *cli, struct draft **out);

/* Puts --subject, and --kind where the draft has none, into the draft. */
void sending_amend(const struct cli *cli, struct draft *draft);

/*
 * Fills the draft (precedence, id, defaults), judges and encodes it; each
 * call anew.  BAD_FIELD without words, the faults in the draft; else with.
 */
NODISCARD enum status sending_prepare(struct cli *cli, struct sending *sending,
                                      struct draft *draft);

/* Hands what was prepared to the node, waits as asked, and tells. */
NODISCARD enum status sending_submit(struct cli *cli, struct sending *sending);

/* Whether the node has it for every peer; after sending_submit(). */
bool sending_is_queued(const struct sending *sending);

/* Prepares and submits; --dry-run prints the whole instead.  `what` names the
 * draft in errors. */
NODISCARD enum status sending_run(struct cli *cli, struct sending *sending,
                                  struct draft *draft, const char *what);

#endif
