/* effects.c - one turn's effects: a list, and the memory of their bytes. */
#include "node/core/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { EFFECTS_FIRST = 64 };

void
effects_init(struct effects *out)
{
    *out = (struct effects){0};
}

void
effects_clear(struct effects *out)
{
    chunks_clear(&out->chunks);
    if (out->count > 0)
        secret_wipe_bytes(out->list, out->count * sizeof(*out->list));
    out->count = 0;
    out->frames = out->last_frame = NULL;
}

void
effects_free(struct effects *out)
{
    effects_clear(out);
    chunks_free(&out->chunks);
    free(out->list);
    *out = (struct effects){0};
}

uint8_t *
effects_alloc(struct effects *out, size_t len)
{
    return chunks_alloc(&out->chunks, len);
}

struct span
effects_copy(struct effects *out, struct span bytes)
{
    return chunks_copy(&out->chunks, bytes);
}

void
effects_frame(struct effects *out, uint64_t link, const char *peer, bool sent,
              struct span bytes)
{
    struct effects_frame *frame;

    if (!out->wants_frames)
        return;
    frame = (struct effects_frame *)(void *)effects_alloc(out, sizeof(*frame));
    *frame = (struct effects_frame){.link = link,
                                    .peer = peer,
                                    .out = sent,
                                    .bytes = effects_copy(out, bytes)};
    if (out->last_frame != NULL)
        out->last_frame->next = frame;
    else
        out->frames = frame;
    out->last_frame = frame;
}

void
effects_order(struct effects *out)
{
    size_t         start[EFFECT_KIND_COUNT + 1] = {0};
    struct effect *list;

    if (out->count == 0)
        return;
    list = malloc(out->cap * sizeof(*list));
    if (list == NULL)
        abort();
    for (size_t i = 0; i < out->count; i++)
        start[out->list[i].kind + 1]++;
    for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++)
        start[kind + 1] += start[kind];
    for (size_t i = 0; i < out->count; i++)
        list[start[out->list[i].kind]++] = out->list[i];
    secret_wipe_bytes(out->list, out->count * sizeof(*list));
    free(out->list);
    out->list = list;
}

struct effect *
effects_add(struct effects *out, enum effect_kind kind)
{
    assert(kind < EFFECT_KIND_COUNT);
    if (out->count == out->cap) {
        size_t         cap = out->cap > 0 ? 2 * out->cap : EFFECTS_FIRST;
        struct effect *list = malloc(cap * sizeof(*list));

        if (list == NULL)
            abort();
        if (out->count > 0) {
            memcpy(list, out->list, out->count * sizeof(*list));
            secret_wipe_bytes(out->list, out->count * sizeof(*list));
        }
        free(out->list);
        out->list = list;
        out->cap = cap;
    }
    out->list[out->count] = (struct effect){.kind = kind};
    return &out->list[out->count++];
}
