/*
 * columns.h - how many columns of a terminal a text takes: Kanji two, the marks
 * of Devanagari none.
 *
 * For text that is safe (safe.h).  What terminals draw as one from several
 * (flags, families of emoji) counts as its parts; safe.h lets no joiner stand
 * where it would do that.
 */
#ifndef TOOLS_COLUMNS_H
#define TOOLS_COLUMNS_H

#include "proto/bytes.h"

/* 0, 1 or 2. */
unsigned columns_of_character(uint32_t character);

size_t columns_of(struct span text);

/* Takes the first character with all the marks behind it, which must stay
 * with it, off `text`. */
struct span columns_take(struct span *text, size_t *columns);

#endif
