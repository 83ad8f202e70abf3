/*
 * api_request.h - a line of JSON as the command that it stands for.
 *
 * Keys are the long names of the command's options (`dry_run` for --dry-run),
 * the key of the word behind the verb, and "message".
 */
#ifndef TOOLS_API_REQUEST_H
#define TOOLS_API_REQUEST_H

#include "tools/api/api.h"

enum { API_REQUEST_ID_MAX = 1024 }; /* bytes of JSON */

/* Reads line `number` into call->line: an object with an "id".  With words. */
NODISCARD enum status api_request_read(struct api_call *call, struct span line,
                                       size_t number);

/* The verb, and every other key into call->cli.  With words; *call is to be
 * freed all the same. */
NODISCARD enum status api_request_fill(struct api_call *call);

#endif
