/*
 * show_body.h - the fields of a message's kind for a person; used by show.h.
 *
 * By descriptor, so that every kind can be shown; values with a shape of
 * their own (times, positions, judgements, sources) each in one line.
 */
#ifndef TOOLS_SHOW_BODY_H
#define TOOLS_SHOW_BODY_H

#include "message.pb-c.h"
#include "tools/terminal/page.h"

/* All fields of `node` that are there, below one another. */
void show_body_fields(const struct page *page, const ProtobufCMessage *node);

/* What the schema here does not know, as far as bytes tell it. */
void show_body_unknown(const struct page *page, const ProtobufCMessage *node);

#endif
