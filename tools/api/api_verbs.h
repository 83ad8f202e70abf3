/*
 * api_verbs.h - the verbs that ask the node once, or not at all.
 *
 * What each expects and gives is that of the command of its name.
 */
#ifndef TOOLS_API_VERBS_H
#define TOOLS_API_VERBS_H

#include "tools/api/api.h"

/* Every verb of `entente api`; ends with name NULL. */
extern const struct api_verb api_verbs_all[];

/* Asks for what has no content.  As api_ask(). */
NODISCARD enum status api_verbs_ask_plain(struct api_call           *call,
                                          Entente__Request__KindCase kind);

#endif
