/*
 * verify_story.h - log exports as their auditor reads them: each by itself,
 * and two against each other.
 */
#ifndef TOOLS_VERIFY_STORY_H
#define TOOLS_VERIFY_STORY_H

#include "crypto/story.h"
#include "tools/verify/verify_cards.h"

struct verify_export {
    const char               *path;
    uint8_t                  *text; /* what export.h lends */
    size_t                    len;
    struct export             export;
    struct export_log        *logs;
    enum status               st;
    enum status               trust;    /* UNTRUSTED: a card contradicts */
    const struct verify_card *cards[2]; /* by whose card a key is known */
};

/* Whether a file says of itself that it is one. */
bool verify_story_is_export(struct span text);

/* Takes the text over; FULL: no memory.  The worse of st and trust. */
NODISCARD enum status verify_story_take(struct verify_export *it,
                                        const char *path, uint8_t *text,
                                        size_t                     len,
                                        const struct verify_cards *cards);
void verify_story_clear(struct verify_export *it);

/* For a person, on standard output; or as one JSON object. */
void verify_story_print(const struct verify_export *it);
void verify_story_json(const struct verify_export *it);

/*
 * Compares two files that verified, and tells it.  OK: one story; DIFFERENT:
 * a tail is missing; FORK; UNTRUSTED: they are not of the same two nodes.
 */
NODISCARD enum status verify_story_compare(const struct verify_export *a,
                                           const struct verify_export *b,
                                           bool                        json);

#endif
