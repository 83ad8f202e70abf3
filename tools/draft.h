/*
 * draft.h - from what a person wrote to a whole message, or to everything
 * that is wrong with it.
 */
#ifndef TOOLS_DRAFT_H
#define TOOLS_DRAFT_H

#include "node/core/message.h"
#include "tools/cli.h"

#define DRAFT_DEFAULTS "defaults" /* in the home: originator, label, ... */

/* Says all faults of `what` (a file's name) and fails with BAD_FIELD. */
NODISCARD enum status draft_fail(struct cli                  *cli,
                                 const struct message_faults *faults,
                                 const char                  *what);

/* Reads a form or JSON from a file, or from standard input ("-"). */
NODISCARD enum status draft_read(struct cli *cli, const char *path,
                                 json_t **out);

/* What stands in the place of fields that the draft leaves out. */
struct draft_fill {
    const char *to;         /* NAME[,NAME]; NULL: nobody */
    const char *precedence; /* NULL: as the draft says, else ROUTINE */
    const char *id;         /* 32 hex digits; NULL: the draft's, else drawn */
    uint64_t    now_ms;
    bool        drawn;      /* out: the id was drawn now */
};

/*
 * Fills id, version, dtg, action_to, precedence, status, action; originator,
 * label, legal basis and the like from HOME/defaults; the originator's
 * organisation from the certificate and its post from ENTENTE_POST.
 * BAD_FIELD with words.
 */
NODISCARD enum status draft_fill(struct cli *cli, json_t *object,
                                 struct draft_fill *fill);

/*
 * Judges the whole and gives it as a message (freed by
 * entente__message__free_unpacked); everything wrong is said at once.
 */
NODISCARD enum status draft_finish(struct cli *cli, const json_t *object,
                                   enum message_stage stage, const char *what,
                                   Entente__Message **out);

#endif
