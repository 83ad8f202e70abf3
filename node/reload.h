/*
 * reload.h - HOME/config at the start, and again on SIGHUP.
 *
 * A reload changes what can be changed without dropping a link: the addresses
 * in the card.  What needs a restart is named in the log; a configuration
 * with a mistake changes nothing.
 */
#ifndef NODE_RELOAD_H
#define NODE_RELOAD_H

#include "node/net/daemon.h"
#include "node/store/config.h"

/* Says in the log, as `who`, what is wrong.  As config_load. */
NODISCARD enum status reload_read(const char *home, const char *who,
                                  struct config *out);

/* The parts of *out that come from the configuration, which must outlive it. */
void reload_fill(const struct config *config, struct node_config *out);

/* Reads again, compares with *config, and brings it and the node up to date. */
void reload_now(const char *home, struct config *config,
                struct node_config *node_config, struct daemon *daemon);

#endif
