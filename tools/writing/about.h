/*
 * about.h - a message about an earlier one: what is taken over, and what
 * forbids it.
 *
 * Objects are messages in the language of json.h.  Taken over by all: label,
 * TLP, PAP, legal basis, precedence, status and exercise, and the subject with
 * a word before it.  `refs` names the earlier one.
 */
#ifndef TOOLS_ABOUT_H
#define TOOLS_ABOUT_H

#include "proto/bytes.h"

#include <jansson.h>

enum about_way {
    ABOUT_REPLY,   /* a note, or another kind that is begun */
    ABOUT_FORWARD, /* the whole, its author named */
    ABOUT_UPDATE,  /* the earlier body, to be added to */
    ABOUT_CORRECT, /* the earlier body, to be changed */
    ABOUT_CANCEL,  /* a note that says why */
};

enum { ABOUT_WORDS = 256 };

/*
 * A new object about `earlier`, which has the id `id`.  `kind`: of a reply;
 * NULL: a note.  NULL without memory.
 */
json_t *about_object(enum about_way way, const json_t *earlier, const char *id,
                     const char *kind);

/*
 * Puts what `-m` says where its kind has a place for it: a note's text, an
 * incident's narrative, what changed since in an assessment.  `from` names
 * the earlier message above its own text where that goes on.  NOT_FOUND: the
 * kind has no such place, or what is forwarded is not ours to change;
 * BAD_FIELD: it is no UTF-8.
 */
NODISCARD enum status about_text(enum about_way way, json_t *object,
                                 const char *text, const char *from);

/* Who is to get it, as the label's words could name it. */
struct about_reader {
    const char *name;
    const char *org;
    const char *country;
};

/*
 * POLICY: the earlier message's markings forbid to forward it to this reader;
 * *why says which.  `own`: we are its author, whom TLP and caveats leave free.
 */
NODISCARD enum status about_may_forward(const json_t              *earlier,
                                        bool                       own,
                                        const struct about_reader *reader,
                                        char why[static ABOUT_WORDS]);

#endif
