/*
 * annotate.h - a form given back with its faults, each where it belongs.
 */
#ifndef TOOLS_ANNOTATE_H
#define TOOLS_ANNOTATE_H

#include "node/core/message/message.h"

#include <stdio.h>

/* Whether two paths are the same or one stands below the other. */
bool annotate_belongs(const char *one, const char *other);

/* Whether a fault's path is one of a field, not of a line (form_in.h). */
bool annotate_has_path(const struct message_fault *fault);

/* The line of a form, from 1 on, that a fault is about; 0: it has none. */
size_t annotate_line(struct span form, const struct message_fault *fault);

/*
 * The form again, each fault as a `#!` comment above its line, or at the top
 * where it has none; `#!` lines that were there are dropped.  IO: out failed.
 */
NODISCARD enum status annotate_form(struct span                  form,
                                    const struct message_faults *faults,
                                    FILE                        *out);

#endif
