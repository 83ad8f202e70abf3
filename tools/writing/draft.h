/*
 * draft.h - from what a person wrote to a whole message, or to everything
 * that is wrong with it.
 *
 * Nothing stops at the first fault: they are gathered in the draft, from the
 * line that is no field to the rule between two of them, and told together.
 */
#ifndef TOOLS_DRAFT_H
#define TOOLS_DRAFT_H

#include "node/core/message/message.h"
#include "tools/cli/cli.h"

struct draft {
    char                 *text;   /* as it was written; NULL: made here */
    size_t                len;
    json_t               *object; /* what could be read of it */
    struct message_faults faults; /* found so far */
    unsigned              begun;  /* by --set: defaults.h */
};

/* An empty draft around an object (taken over; may be NULL).  NULL: no
 * memory. */
struct draft *draft_new(json_t *object);
void draft_free(struct draft *draft);

/*
 * Takes a text (form or JSON, malloc'd, taken over) into an empty draft.
 * BAD_FIELD, BAD_ENCODING, TOO_LARGE: faults tell; the object is what could
 * be read, or NULL.
 */
NODISCARD enum status draft_take(struct draft *draft, char *text, size_t len);

/*
 * Reads a file, or standard input ("-").  Fails, with words, only when there
 * is nothing to go on with; other faults are kept for draft_finish().
 */
NODISCARD enum status draft_read(struct cli *cli, const char *path,
                                 struct draft **out);

/* The --set options, onto the object; faults are kept.  USAGE with words. */
NODISCARD enum status draft_set(struct cli *cli, struct draft *draft);

/* Sets the precedence.  BAD_FIELD, with words, when it is none. */
NODISCARD enum status draft_precedence(struct cli *cli, struct draft *draft,
                                       const char *word);

/* What stands in the place of fields that the draft leaves out. */
struct draft_fill {
    const char *to;         /* NAME[,NAME]; NULL: nobody */
    const char *precedence; /* NULL: as the draft says, else ROUTINE */
    const char *id;         /* 32 hex digits; NULL: the draft's, else drawn */
    uint64_t    now_ms;
    bool        drawn;      /* out: the id was drawn now */
};

/* Fills what --post, HOME/posts, HOME/defaults and the certificate have, where
 * the draft has not.  BAD_FIELD with words. */
NODISCARD enum status draft_fill_home(struct cli *cli, struct draft *draft);

/*
 * Fills id, version, dtg, action_to, precedence, status, action; originator,
 * label, legal basis and the like from HOME/defaults; the originator's
 * organisation from the certificate, its post as posts.h says.
 * BAD_FIELD with words.
 */
NODISCARD enum status draft_fill(struct cli *cli, struct draft *draft,
                                 struct draft_fill *fill);

/*
 * Judges the whole and gives it as a message (freed by
 * entente__message__free_unpacked).  BAD_FIELD: the draft has faults.
 */
NODISCARD enum status draft_judge(struct draft *draft, enum message_stage stage,
                                  Entente__Message **out);

/* Says all faults of `what` (a file's name) and fails with BAD_FIELD. */
NODISCARD enum status draft_fail(struct cli *cli, const struct draft *draft,
                                 const char *what);

/* Judges, and says what is wrong. */
NODISCARD enum status draft_finish(struct cli *cli, struct draft *draft,
                                   enum message_stage stage, const char *what,
                                   Entente__Message **out);

#endif
