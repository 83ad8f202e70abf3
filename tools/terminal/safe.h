/*
 * safe.h - a peer's text as a terminal may have it.
 *
 * What a terminal or a reader's eye would obey is written as an escape, \x1b
 * or \u{202e}, so that no text moves the cursor, turns a line round, hides a
 * part of a name or piles marks over the lines above it.  What a script needs
 * stays: the joiners of Devanagari and Persian, the variants of Kanji.  Made
 * safe twice is made safe once.
 *
 * Letters from right to left are no trick; yet a terminal that turns them
 * would take digits and marks beside them along.  Whoever prints a line puts
 * such a text between SAFE_ISOLATE and SAFE_ISOLATE_END.
 */
#ifndef TOOLS_SAFE_H
#define TOOLS_SAFE_H

#include "proto/bytes.h"

#include <stdio.h>

#define SAFE_ISOLATE "\xe2\x81\xa6"     /* U+2066, from left to right */
#define SAFE_ISOLATE_END "\xe2\x81\xa9" /* U+2069 */

enum { SAFE_MARKS_MAX = 8 }; /* on one letter */

/* `lines`: line breaks stay; else they are \n.  Nothing is isolated. */
void safe_put(struct span text, bool lines, FILE *out);

/* The same as memory for free(); NULL: there is none. */
char *safe_text(struct span text, bool lines);

/* Whether a letter of a script from right to left is in it. */
bool safe_turns(struct span text);

/* One line for a terminal as it is, isolated where it turns. */
void safe_print(const char *text, FILE *out);

#endif
