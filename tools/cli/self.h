/*
 * self.h - what the files of a home say of the node itself, without a
 * passphrase and without the daemon.
 */
#ifndef TOOLS_SELF_H
#define TOOLS_SELF_H

#include "crypto/card.h"
#include "tools/cli/cli.h"

/* The certificate of the command's home.  With words: NOT_FOUND (and how to
 * make a home), MODE, CORRUPT. */
NODISCARD enum status self_cert(struct cli *cli, struct cert *out);
/* The same as it was signed, not verified. */
NODISCARD enum status self_cert_encoded(struct cli          *cli,
                                        struct cert_encoded *out);

/* What to say where home_check() finds no certificate: there is no node, or its
 * certificate alone is gone.  Answers `st`. */
NODISCARD enum status self_missing(struct cli *cli, enum status st);

/* The card as it was when the node last wrote it. */
NODISCARD enum status self_card(struct cli *cli, struct card_text *out);

/* Reads a card file that a person names; *out and the text as it stands. */
NODISCARD enum status self_read_card(struct cli *cli, const char *path,
                                     struct card *out, char **text);

#endif
