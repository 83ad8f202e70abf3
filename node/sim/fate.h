/*
 * fate.h - which events of a run happen: all that the dice throw, or only
 * those that a list names, so that a run can be made smaller.
 *
 * An event has a kind and a number, written "s12": the same in every run of a
 * seed as far as can be, since each throws dice of its own (fate_dice).
 */
#ifndef SIM_FATE_H
#define SIM_FATE_H

#include "node/sim/dice.h"

/* X(name, letter, words) */
#define FATE_LIST(X)                                                           \
    X(NODE, 'n', "node")                                                       \
    X(STRIKE, 's', "strike of the storm")                                      \
    X(START, 'b', "mishap around a start")                                     \
    X(LETTER, 'l', "letter")                                                   \
    X(QUESTION, 'q', "question")                                               \
    X(LIE, 'x', "frame that lies")                                             \
    X(FORGERY, 'f', "forged entry")

enum fate_kind {
#define FATE_ENUM(name, letter, words) FATE_##name,
    FATE_LIST(FATE_ENUM)
#undef FATE_ENUM
    FATE_KINDS
};

/* FATE_TEXT: "s12" of the largest number, with its end. */
enum { FATE_EVENTS = 4096, FATE_TEXT = 24 };

struct fate_event {
    enum fate_kind kind;
    uint64_t       number;
};

struct fate_events {
    size_t            count;
    struct fate_event list[FATE_EVENTS];
};

struct fate {
    uint64_t                  seed;
    const struct fate_events *only; /* NULL: all happen */
    struct fate_events       *met;  /* those that happened; the first
                                       FATE_EVENTS of them */
    /* Each that happens; NULL: nobody is told. */
    void (*told)(void *arg, const struct fate_event *event,
                 const char *words);
    void *arg;
};

/* Whether it happens; then it is noted and told, in these words. */
bool fate_wills(struct fate *fate, enum fate_kind kind, uint64_t number,
                const char *words);
/* Dice of that event alone. */
struct dice fate_dice(const struct fate *fate, enum fate_kind kind,
                      uint64_t number);

void fate_write(const struct fate_event *event, char out[static FATE_TEXT]);
/* "n0,n1,s12".  BAD_ENCODING: not such a list; TOO_LARGE: too many. */
NODISCARD enum status fate_parse(const char *text, struct fate_events *out);

#endif
