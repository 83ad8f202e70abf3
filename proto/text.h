/*
 * text.h - people's text: what is UTF-8, and what a terminal would obey.
 */
#ifndef PROTO_TEXT_H
#define PROTO_TEXT_H

#include "proto/bytes.h"

/* Whether `text` is UTF-8 (RFC 3629) without a zero byte. */
bool text_ok(struct span text);

/*
 * Takes the first character off `text`.  0 when the text is empty, or when
 * its first bytes are no UTF-8: then one byte is taken and *bad is set.
 */
uint32_t text_take(struct span *text, bool *bad);

/*
 * Whether a character can do more than stand there: C0 and C1 controls,
 * DEL, line and paragraph separators, marks and overrides of direction, and
 * all that is there and not seen (Unicode: Default_Ignorable_Code_Point), but
 * for joiners and variation selectors, which writing needs: see
 * tools/terminal/safe.h.
 */
bool text_is_control(uint32_t character);

/* The same, joiners and variation selectors included. */
bool text_is_unseen(uint32_t character);

#endif
