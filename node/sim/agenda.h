/*
 * agenda.h - what happens when, in virtual time.
 *
 * Owns copies of its items.  Two items of one moment come out in the order in
 * which they went in, so that a run has one order only.
 */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda_item {
    uint64_t at_ms;
    uint64_t what; /* the owner's meaning, with its two numbers */
    uint64_t a;
    uint64_t b;
};

struct agenda; /* opaque: agenda_new / agenda_free */

struct agenda *agenda_new(void);
void           agenda_free(struct agenda *agenda);

void agenda_add(struct agenda *agenda, struct agenda_item item);
/* UINT64_MAX when there is nothing. */
uint64_t agenda_next_ms(const struct agenda *agenda);
/* Takes the first item if it is due at now_ms. */
bool agenda_take(struct agenda *agenda, uint64_t now_ms,
                 struct agenda_item *out);

#endif
