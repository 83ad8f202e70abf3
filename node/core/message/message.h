/*
 * message.h - what a message must be: read strictly, judged by tables.
 *
 * The kinds and their mandatory fields, words and ranges are data (kind.h);
 * here they are applied, and all that is wrong is told at once, each with
 * its path and what would be right.  Allocates nothing, reads no clock.
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include "message.pb-c.h"
#include "node/core/message/kind.h"
#include "proto/leaf.h"
#include "proto/origin.h"
#include "proto/strict.h"

enum { MESSAGE_VERSION = 1, MESSAGE_FAULTS = 32, MESSAGE_WORDS = 192 };

/* How far on its way a message is; decides what must be there. */
enum message_stage {
    MESSAGE_DRAFT, /* as a person wrote it: what `send` fills may be absent */
    MESSAGE_READY, /* whole but for `number`, which must not be there */
    MESSAGE_SENT,  /* as it came from a peer: whole, with its number */
};

struct message_fault {
    char path[PATH_TEXT];      /* "maritime_incident.ship.imo" */
    char words[MESSAGE_WORDS]; /* what is wrong and what would be right */
};

struct message_faults {
    size_t               count; /* kept in list, at most MESSAGE_FAULTS */
    size_t               more;  /* beyond those */
    struct message_fault list[MESSAGE_FAULTS];
};

void message_faults_init(struct message_faults *faults);
/* Appends one; counts it in `more` when the list is full. */
void message_faults_add(struct message_faults *faults, const struct path *path,
                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends what is wrong to `faults`; BAD_FIELD when anything was. */
NODISCARD enum status message_validate(const Entente__Message *message,
                                       enum message_stage      stage,
                                       struct message_faults  *faults);

/*
 * Reads and judges.  `faults` is initialised here.  Version rule (DESIGN 8):
 * of our version or lower, an unknown field is refused; of a higher one it is
 * kept.  A kind that is not known here is kept at any version: *out then has
 * no body, and message_kind_of() is NULL.  *out is also written on BAD_FIELD
 * from a rule (the message could be read), else left NULL.
 */
NODISCARD enum status message_parse(struct span in, enum message_stage stage,
                                    struct strict_arena   *arena,
                                    Entente__Message     **out,
                                    struct message_faults *faults);

/* Whether it may travel in this realm: an EXERCISE in that of its exercise, and
 * nothing else there; ACTUAL and TEST, a test of the line itself, in `actual`
 * (DESIGN 8). */
bool message_fits_realm(const Entente__Message *message, const char *realm);

/* Number of the catalogue of the body, known here or not; 0: none. */
uint32_t message_kind_number(const Entente__Message *message);

/* What a list shows.  Text is lent from the message or static. */
struct message_row {
    struct message_id    id; /* zeros when the message has none */
    uint64_t             number;
    const char          *kind; /* "?" when it is not known here */
    enum precedence      precedence;
    const char          *status; /* "ACTUAL" */
    const char          *action; /* "ORIGINAL" */
    const char          *subject;
    const Entente__Time *dtg; /* NULL: none */
};

struct message_row message_row_of(const Entente__Message *message);

#endif
