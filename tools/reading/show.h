/*
 * show.h - a message as a person reads it on a terminal.
 *
 * The label stands first and last.  Nothing that came from a peer can move
 * the cursor, change colour or turn the direction of text: control
 * characters of any plane are written as escapes.
 */
#ifndef TOOLS_SHOW_H
#define TOOLS_SHOW_H

#include "node/core/message/message.h"

#include <stdio.h>

/* One step of a message's trail; texts may be NULL. */
struct show_step {
    const char *state; /* "received" */
    const char *time;  /* as it is to be printed */
    const char *by;
    const char *why;
};

/* One thing that was verified, or was not. */
struct show_fact {
    bool        verified;
    const char *words; /* "signed by ifc (log key 3)" */
};

/* A message that this one is about. */
struct show_ref {
    const char *name; /* "Cancels" */
    const char *text; /* "ifc/17, 231210Z NOV 26, Tanker" */
};

/* How far an attachment has come: here, or at the peer where it is ours. */
struct show_file {
    const char *state; /* "partial" */
    uint64_t    chunks;
    uint64_t    of;
};

/* What the caller knows beside the message.  Texts may be NULL. */
struct show_facts {
    const char             *ref;      /* "ifc/17" */
    const char             *from;     /* peer's name */
    const char             *time;
    bool                    outgoing; /* time of submission, else of receipt */
    bool                    overdue;  /* nobody acknowledged it in time */
    const char             *state;    /* "new", "quarantined (why)" */
    const struct show_fact *facts;
    size_t                  fact_count;
    const struct show_step *trail;
    size_t                  step_count;
    const char *const      *notices; /* what must not be missed: loud, below
                                        the first label and above the last */
    size_t                  notice_count;
    size_t                  file_count; /* as the message lists them; or 0 */
    const struct show_file *files;
    const struct show_ref  *refs; /* NULL: the ids alone are shown */
    size_t                  ref_count;
    bool                    colour; /* the output is a terminal that wants it */
    unsigned                width;  /* of page.h */
};

NODISCARD enum status show_message(const Entente__Message  *message,
                                   const struct show_facts *facts, FILE *out);

/* A peer's text, made safe: \x1b for an escape, and so on. */
void show_text(const char *text, FILE *out);

#endif
