/*
 * fate.c - a list that is searched from end to end: a run has some hundred
 * events.
 */
#include "node/sim/fate.h"

#include <stdio.h>
#include <stdlib.h>

static const char letters[FATE_KINDS] = {
#define FATE_LETTER_OF(name, letter, words) letter,
    FATE_LIST(FATE_LETTER_OF)
#undef FATE_LETTER_OF
};

static bool
has(const struct fate_events *events, const struct fate_event *event)
{
    for (size_t i = 0; i < events->count; i++)
        if (events->list[i].kind == event->kind &&
            events->list[i].number == event->number)
            return true;
    return false;
}

bool
fate_wills(struct fate *fate, enum fate_kind kind, uint64_t number,
           const char *words)
{
    struct fate_event event = {kind, number};

    if (fate->only != NULL && !has(fate->only, &event))
        return false;
    if (fate->met->count < FATE_EVENTS)
        fate->met->list[fate->met->count++] = event;
    if (fate->told != NULL)
        fate->told(fate->arg, &event, words);
    return true;
}

struct dice
fate_dice(const struct fate *fate, enum fate_kind kind, uint64_t number)
{
    struct dice streams;
    struct dice out;

    dice_init(&streams, number, 0xfa7e00u + (uint64_t)kind);
    dice_init(&out, fate->seed, dice_u64(&streams));
    return out;
}

void
fate_write(const struct fate_event *event, char out[static FATE_TEXT])
{
    (void)snprintf(out, FATE_TEXT, "%c%llu", letters[event->kind],
                   (unsigned long long)event->number);
}

static bool
kind_of(char letter, enum fate_kind *out)
{
    for (unsigned kind = 0; kind < FATE_KINDS; kind++)
        if (letters[kind] == letter) {
            *out = (enum fate_kind)kind;
            return true;
        }
    return false;
}

enum status
fate_parse(const char *text, struct fate_events *out)
{
    out->count = 0;
    while (*text != '\0') {
        struct fate_event event = {0};
        char             *end = NULL;

        if (out->count == FATE_EVENTS)
            return STATUS_TOO_LARGE;
        if (!kind_of(*text++, &event.kind) || *text < '0' || *text > '9')
            return STATUS_BAD_ENCODING;
        event.number = strtoull(text, &end, 10);
        if (*end != '\0' && (*end != ',' || end[1] == '\0'))
            return STATUS_BAD_ENCODING;
        out->list[out->count++] = event;
        text = *end == ',' ? end + 1 : end;
    }
    return STATUS_OK;
}
