/*
 * options.h - the command line of entented.
 */
#ifndef NODE_OPTIONS_H
#define NODE_OPTIONS_H

#include "node/net/capture.h"

struct options {
    const char            *home;
    int                    passphrase_fd;
    struct capture_options capture; /* path NULL: none; no name, passphrase */
    bool                   replay;  /* what a replay needs, too */
};

extern const char options_usage[];

/* OK: go on; AGAIN: it was told what it asked; USAGE.  Lends from argv. */
NODISCARD enum status options_parse(int argc, char **argv,
                                    struct options *out);

#endif
