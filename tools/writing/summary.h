/*
 * summary.h - what is about to be sent, in one look.
 */
#ifndef TOOLS_SUMMARY_H
#define TOOLS_SUMMARY_H

#include "node/core/message/message.h"

#include <stdio.h>

/*
 * Label, kind, precedence, peers, subject, who says so and on what basis, and
 * each mandatory field of the kind.  `message` is whole (MESSAGE_READY).
 */
void summary_print(const Entente__Message *message, const char *to, FILE *out);

#endif
