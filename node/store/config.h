/*
 * config.h - HOME/config: strict INI, no secrets in it.
 *
 *     # comment
 *     [node]
 *     listen = 0.0.0.0:7300
 *     advertise = node.example.org:7300
 *
 * `listen` is ADDR:PORT with a numeric address, IPv6 in brackets, or `none`;
 * once.  `advertise` is HOST:PORT as it stands in the card; up to
 * LIMIT_ADDRESSES of them.  An unknown section or key is an error.
 */
#ifndef STORE_CONFIG_H
#define STORE_CONFIG_H

#include "proto/bytes.h"
#include "proto/limits.h"

enum { CONFIG_MAX = 65536, CONFIG_WORDS = 192 };

/* X(name, what stands behind it, changed by a reload, meaning) */
#define CONFIG_KEY_LIST(X)                                                     \
    X("listen", "ADDR:PORT|none", false,                                       \
      "where calls are taken: a numeric address, IPv6 in brackets, and a "     \
      "port; none: this node only calls")                                      \
    X("advertise", "HOST:PORT", true,                                          \
      "where peers reach this node, as its card tells them; a line for each "  \
      "address")

struct config_key {
    const char *name;
    const char *value;
    bool        reloads; /* else it needs a restart of the node */
    const char *help;
};

/* All keys; ends with name NULL. */
extern const struct config_key config_keys[];

struct config {
    char   listen[LIMIT_ADDRESS + 1]; /* empty: none */
    size_t listen_line;               /* where it stands; 0: nowhere */
    size_t address_count;
    char   address[LIMIT_ADDRESSES][LIMIT_ADDRESS + 1];
    size_t address_line[LIMIT_ADDRESSES];
};

struct config_fault {
    size_t line; /* from 1; 0: the file as a whole */
    char   words[CONFIG_WORDS];
};

/* BAD_FIELD and *fault; *out is then untouched. */
NODISCARD enum status config_parse(struct span text, struct config *out,
                                   struct config_fault *fault);

/* Reads HOME/config: as home_read and config_parse. */
NODISCARD enum status config_load(const char *home, struct config *out,
                                  struct config_fault *fault);

/* The text that config_parse reads back the same.  TOO_LARGE. */
NODISCARD enum status config_format(const struct config *config,
                                    struct writer       *out);

/* ADDR:PORT with a numeric address and a port from 1 to 65535. */
bool config_listen_valid(struct span text);

#endif
