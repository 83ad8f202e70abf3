/*
 * rounds.c - one handle for before and one for after.
 */
#include "node/net/rounds.h"

#include <stdbool.h>
#include <stdlib.h>

struct rounds {
    uv_prepare_t before;
    uv_check_t   after;
    void (*round)(void *arg);
    void *arg;
    bool  ended;
    int   open; /* handles */
};

struct rounds *
rounds_new(uv_loop_t *loop, void (*round)(void *arg), void *arg)
{
    struct rounds *rounds = calloc(1, sizeof(*rounds));

    if (rounds == NULL)
        abort();
    rounds->round = round;
    rounds->arg = arg;
    rounds->open = 2;
    uv_prepare_init(loop, &rounds->before);
    uv_check_init(loop, &rounds->after);
    rounds->before.data = rounds->after.data = rounds;
    return rounds;
}

static void
on_before(uv_prepare_t *prepare)
{
    struct rounds *rounds = prepare->data;

    rounds->round(rounds->arg);
}

static void
on_after(uv_check_t *check)
{
    struct rounds *rounds = check->data;

    if (!rounds->ended) /* before may have ended it */
        rounds->round(rounds->arg);
}

void
rounds_start(struct rounds *rounds)
{
    uv_prepare_start(&rounds->before, on_before);
    uv_check_start(&rounds->after, on_after);
}

static void
on_closed(uv_handle_t *handle)
{
    struct rounds *rounds = handle->data;

    if (--rounds->open == 0)
        free(rounds);
}

void
rounds_free(struct rounds *rounds)
{
    rounds->ended = true;
    uv_close((uv_handle_t *)&rounds->before, on_closed);
    uv_close((uv_handle_t *)&rounds->after, on_closed);
}
