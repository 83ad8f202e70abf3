/*
 * shown.h - one message as the node shows it, read and verified here.
 */
#ifndef TOOLS_SHOWN_H
#define TOOLS_SHOWN_H

#include "message.pb-c.h"
#include "tools/audit/verified.h"

struct shown {
    const Entente__ShowResponse *show;
    Entente__Response           *kept;    /* the answer, in our memory */
    Entente__Message            *message; /* NULL: forgotten */
    uint8_t                     *memory;
    struct verified              facts;
};

/*
 * Keeps the answer and reads its message, valid or not.  *out begins as zeros
 * and does not move from here on; give it to shown_clear().  With words.
 */
NODISCARD enum status shown_take(struct cli *cli, struct shown *out,
                                 const Entente__Response *response);
void shown_clear(struct shown *shown);

/* Once verified: the message as it was sent, and "entente" (CLI.md).  With
 * words. */
NODISCARD enum status shown_json(struct cli *cli, const struct shown *shown,
                                 json_t **out);

/* Fails, with words, where a proof does not hold. */
NODISCARD enum status shown_judge(struct cli *cli, const struct shown *shown);

#endif
