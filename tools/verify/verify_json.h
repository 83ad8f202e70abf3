/*
 * verify_json.h - the same for programs: one object a file, on one line.
 *
 * Written by hand, since this program links no JSON library.  Described as
 * `verified_evidence` in tools/objects.schema.json.
 */
#ifndef TOOLS_VERIFY_JSON_H
#define TOOLS_VERIFY_JSON_H

#include "tools/verify/verify_evidence.h"

#include <stdio.h>

/* A string with its quotes: UTF-8, whatever a terminal obeys escaped. */
void verify_json_text(FILE *out, const char *text);

void verify_json_evidence(FILE *out, struct verify_evidence *it);

/* {"ok": false, "error": {...}}, as every command fails. */
void verify_json_failure(FILE *out, enum status st, const char *words,
                         const char *hint);

#endif
