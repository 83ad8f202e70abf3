/*
 * talk.h - a command asks its node, and what goes wrong becomes words.
 */
#ifndef TOOLS_TALK_H
#define TOOLS_TALK_H

#include "tools/cli/cli.h"
#include "tools/client/client.h"

enum { TALK_WAIT_MS = 30000, TALK_FULL_WAIT_MS = 3000 };

/*
 * Opens the control socket of the command's home.  UNREACHABLE: no node runs
 * there; the hint is the line that starts it, or makes it.
 */
NODISCARD enum status talk_open(struct cli *cli, struct client **out);

/*
 * One request, one answer of `kind`.  A Failure becomes the command's error
 * and its status; so does any other kind of answer (BAD_ENCODING).
 */
NODISCARD enum status talk_ask(struct cli *cli, struct client *client,
                               Entente__Request         *request,
                               Entente__Response__KindCase kind,
                               Entente__Response       **out);

/* talk_open and talk_ask for a request without content; free *client. */
NODISCARD enum status talk_plain(struct cli                 *cli,
                                 Entente__Request__KindCase  request,
                                 Entente__Response__KindCase kind,
                                 struct client             **client,
                                 Entente__Response         **out);

/* talk_open and talk_ask for what the node answers by DONE alone. */
NODISCARD enum status talk_done(struct cli *cli, Entente__Request *request);

/* Judges one answer as talk_ask does. */
NODISCARD enum status talk_judge(struct cli              *cli,
                                 const Entente__Response *response,
                                 Entente__Response__KindCase kind);

/* How long an answer is waited for: not long where the disk of the home is
 * full, since a node then says nothing until there is room. */
uint64_t talk_wait_ms(const struct cli *cli);

/* A transport's status in words. */
NODISCARD enum status talk_broken(struct cli *cli, enum status st);

#endif
