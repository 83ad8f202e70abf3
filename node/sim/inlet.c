/*
 * inlet.c - a small table; bytes are kept until their frame was taken.
 */
#include "node/sim/inlet.h"

#include "proto/limits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 2 };

static struct inlet *
place_of(struct inlet_table *table, uint64_t link)
{
    for (size_t i = 0; i < INLET_LINKS; i++)
        if (table->list[i].link == link)
            return &table->list[i];
    return NULL;
}

struct inlet *
inlet_open(struct inlet_table *table, uint64_t link, bool dialled,
           uint64_t source)
{
    struct inlet *free_place = place_of(table, 0);

    assert(link != 0);
    if (free_place == NULL)
        return NULL;
    *free_place = (struct inlet){
        .link = link, .dialled = dialled, .source = source};
    return free_place;
}

struct inlet *
inlet_find(struct inlet_table *table, uint64_t link)
{
    return link != 0 ? place_of(table, link) : NULL;
}

void
inlet_close(struct inlet *inlet)
{
    free(inlet->bytes);
    *inlet = (struct inlet){0};
}

void
inlet_clear(struct inlet_table *table)
{
    for (size_t i = 0; i < INLET_LINKS; i++)
        inlet_close(&table->list[i]);
}

void
inlet_put(struct inlet *inlet, struct span bytes)
{
    if (inlet->taken > 0) {
        inlet->len -= inlet->taken;
        memmove(inlet->bytes, inlet->bytes + inlet->taken, inlet->len);
        inlet->taken = 0;
    }
    if (inlet->len + bytes.len > inlet->cap) {
        inlet->cap = 2 * (inlet->len + bytes.len);
        inlet->bytes = realloc(inlet->bytes, inlet->cap);
        if (inlet->bytes == NULL)
            abort();
    }
    if (bytes.len > 0)
        memcpy(inlet->bytes + inlet->len, bytes.ptr, bytes.len);
    inlet->len += bytes.len;
}

enum status
inlet_frame(const struct inlet *inlet, struct span *frame)
{
    bool          stranger = !inlet->dialled && !inlet->answered;
    size_t        most = stranger ? LIMIT_STRANGER_FRAME : LIMIT_FRAME;
    struct reader in = {NULL, 0, false};
    size_t        len;

    if (stranger && inlet->frames > 0)
        return STATUS_AGAIN;
    if (inlet->len - inlet->taken < WIDTH)
        return STATUS_AGAIN;
    in = reader_of((struct span){inlet->bytes + inlet->taken,
                                 inlet->len - inlet->taken});
    len = reader_u16(&in);
    if (len == 0)
        return STATUS_BAD_ENCODING;
    if (len > most)
        return STATUS_TOO_LARGE;
    if (len > in.left)
        return STATUS_AGAIN;
    *frame = reader_take(&in, len);
    return STATUS_OK;
}

void
inlet_taken(struct inlet *inlet)
{
    struct span frame;

    if (inlet_frame(inlet, &frame) == STATUS_OK) {
        inlet->taken += WIDTH + frame.len;
        inlet->frames++;
    }
}
