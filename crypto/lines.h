/*
 * lines.h - strict reading and writing of line-based text (notes, proofs,
 * files for auditors).
 *
 * A line ends in one newline, the last one too.  The reader is sticky: after
 * the first failure it yields empty lines and zeros, so a layout is read
 * straight down and judged once.
 */
#ifndef CRYPTO_LINES_H
#define CRYPTO_LINES_H

#include "proto/bytes.h"

/* An em dash (U+2014) and a space begin each signature line of a note. */
#define LINES_SIGNATURE "\xe2\x80\x94 "

struct lines {
    struct span left;
    size_t      line; /* the last one taken or failed at, from 1 */
    bool        failed;
};

struct lines lines_of(struct span text);
/* Lends the next line without its newline; fails where there is none. */
struct span lines_take(struct lines *lines);
/* Takes the next line, which must be `prefix` and then what is lent. */
struct span lines_take_after(struct lines *lines, const char *prefix);
/* Takes the next line, which must be this one. */
void lines_expect(struct lines *lines, const char *line);
/* Whether the next line is there and begins with `prefix`; takes nothing. */
bool lines_next_begins(const struct lines *lines, const char *prefix);
void lines_fail(struct lines *lines);
/* Takes a note (note.h) as it stands, from its text to its last signature. */
struct span lines_note(struct lines *lines);

/* Digits without leading zeros, at most `max`; else fails and gives 0. */
uint64_t lines_decimal(struct lines *lines, struct span digits, uint64_t max);
/* Canonical base64 of exactly len bytes; else fails. */
void lines_base64(struct lines *lines, struct span text, uint8_t *out,
                  size_t len);

/*
 * A block: base64 in lines of LINES_BLOCK characters, the last one shorter or
 * not, and an empty line, which is taken too.  Gives the length, at most cap;
 * fails on any other cut.
 */
enum { LINES_BLOCK = 64 };
size_t lines_block(struct lines *lines, uint8_t *out, size_t cap);

void lines_put_line(struct writer *out, const char *line);
void lines_put_decimal(struct writer *out, uint64_t value);
void lines_put_base64(struct writer *out, struct span bytes);
/* A block of one byte or more. */
void lines_put_block(struct writer *out, struct span bytes);

#endif
