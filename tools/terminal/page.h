/*
 * page.h - lines for a terminal: fields, paragraphs, indentation.
 *
 * All text may come from a peer: whatever a terminal would obey is written as
 * an escape, so that it can neither move the cursor nor turn a line around.
 */
#ifndef TOOLS_PAGE_H
#define TOOLS_PAGE_H

#include "proto/bytes.h"

#include <stdio.h>

enum { PAGE_WIDTH = 78, PAGE_WIDTH_MIN = 20, PAGE_INDENT = 2 };

struct page {
    FILE    *out;
    unsigned indent; /* columns */
    unsigned width;  /* of a narrower terminal; 0: PAGE_WIDTH */
};

/* For a terminal so wide; 0: it is none.  What is wider than a terminal it
 * breaks itself, and goes on in its first column. */
unsigned page_width_for(size_t terminal);

/* Safe text as it stands, line breaks included as \n. */
void page_text(const char *text, FILE *out);

/* A line of its own: "Key judgements".  An empty one for "". */
void page_line(const struct page *page, const char *text);

/*
 * "Name: text", wrapped at the width under the name.  Line breaks in the
 * text are kept.  `name` is a field's: damage_and_loss is written "Damage and
 * loss", ship.name "Ship name".  No line but the first begins left of the
 * name's own indentation, so no text can pass for a line of ours.
 */
void page_field(const struct page *page, const char *name, const char *text);

/* The same without a name. */
void page_paragraph(const struct page *page, const char *text);

/* Paragraph of which all lines but the first begin PAGE_INDENT further in. */
void page_hanging(const struct page *page, const char *text);

#endif
