/*
 * errand.c - a table of places; the agenda says which is due.
 */
#include "node/sim/errand.h"

#include "node/sim/machine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ERRAND_MS = 3 };

static struct errand *
begin(struct machine *machine)
{
    struct machine_env *env = machine->env;
    struct errand      *list = machine->errands.list;
    size_t              at = 0;

    while (list[at].waits)
        assert(++at < ERRANDS);
    list[at].waits = true;
    machine_later(machine,
                  env->now_ms + dice_below(&env->dice, ERRAND_MS + 1),
                  MACHINE_ERRAND, at);
    return &list[at];
}

void
errand_load(struct machine *machine, uint64_t token, const struct query *query,
            struct span text)
{
    struct errand *errand = begin(machine);

    errand->token = token;
    errand->query = *query;
    errand->text = malloc(text.len + 1);
    if (errand->text == NULL)
        abort();
    if (text.len > 0)
        memcpy(errand->text, text.ptr, text.len);
    errand->text_len = text.len;
}

void
errand_drop(struct machine *machine, const struct effect_file *file)
{
    struct errand *errand = begin(machine);

    errand->drops = true;
    errand->file = *file;
}

static void
forget(struct errand *errand)
{
    free(errand->text);
    *errand = (struct errand){0};
}

void
errand_forget_all(struct machine *machine)
{
    for (size_t i = 0; i < ERRANDS; i++)
        forget(&machine->errands.list[i]);
}

static void
load(struct machine *machine, const struct errand *errand)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;
    struct span                   answer = SPAN_EMPTY;
    enum status                   st;

    st = program->query(program->arg, machine->who, &errand->query,
                        (struct span){errand->text, errand->text_len},
                        &answer);
    trace_number(&env->trace, st);
    if (st == STATUS_IO && errand->query.kind != QUERY_WHOLE)
        machine_end(machine, st);
    machine_post(machine, &(struct event){.kind = EVENT_LOADED,
                                          .token = errand->token,
                                          .status = st,
                                          .bytes = answer});
}

/* What cannot be removed stays, and nothing relies on its going. */
static void
drop(struct machine *machine, const struct errand *errand)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;
    enum status                   st;

    st = program->drop(program->arg, machine->who, &errand->file);
    trace_number(&env->trace, st);
}

void
errand_do(struct machine *machine, size_t which)
{
    struct errand *errand = &machine->errands.list[which];

    assert(errand->waits);
    if (errand->drops)
        drop(machine, errand);
    else
        load(machine, errand);
    forget(errand);
}
