/*
 * answering.h - a person's answer to a message, as it is asked and told.
 */
#ifndef TOOLS_ANSWERING_H
#define TOOLS_ANSWERING_H

#include "control.pb-c.h"
#include "proto/record.h"
#include "tools/cli/cli.h"
#include "tools/writing/posts.h"

/* Who declines says why.  USAGE with words. */
NODISCARD enum status answering_check(struct cli        *cli,
                                      enum message_state verdict);

/* Fills the request; `ref`, `by` and the command's texts are lent to it.
 * *by is the post, as posts.h finds it.  With words. */
NODISCARD enum status answering_fill(struct cli *cli, const char *ref,
                                     enum message_state verdict,
                                     char by[static POSTS_POST],
                                     Entente__AnswerRequest *out);

/* {"ok", "ref", "state"}: a new reference; NULL: no memory. */
json_t *answering_json(const char *ref, enum message_state verdict);

#endif
