/*
 * changes.h - what a new version says otherwise than the message before it.
 *
 * For who is asked whether to send it: told in words, field by field, since
 * the whole reads the same with a wrong digit as with the right one.
 */
#ifndef TOOLS_CHANGES_H
#define TOOLS_CHANGES_H

#include "node/core/message/kind.h"
#include "proto/status.h"

#include <jansson.h>
#include <stdio.h>

/*
 * Writes each field that was changed, is new or was taken out, of two messages
 * of this kind in the language of json.h; not those that differ by nature (id,
 * time, action, references).  `ref` names the one before.  IO: no memory.
 */
NODISCARD enum status changes_print(const struct kind *kind,
                                    const json_t *before, const json_t *now,
                                    const char *ref, FILE *out);

#endif
