/*
 * edge.c - every effect first asks machine_burn(): a process that has ended
 * does nothing more, however much of its turn is still to come.
 */
#include "node/sim/edge.h"

#include <assert.h>

static void
on_input(void *edge, struct turn_input *out)
{
    struct machine     *machine = edge;
    struct machine_env *env = machine->env;
    int64_t             wall_ms = (int64_t)(MACHINE_WALL_MS + env->now_ms);

    out->mono_ms = env->now_ms - machine->power_ms + MACHINE_MONO_MS;
    out->wall_ms = (uint64_t)(wall_ms + machine->wall_skew_ms);
    machine->wall_ms = out->wall_ms;
    if (machine->wall_max_ms < out->wall_ms)
        machine->wall_max_ms = out->wall_ms;
    dice_fill(&machine->dice, out->seed, sizeof(out->seed));
}

static void
on_save(void *edge, const struct effects *effects)
{
    struct machine     *machine = edge;
    struct machine_env *env = machine->env;

    machine->saving = effects;
    machine_later(machine,
                  env->now_ms + dice_below(&env->dice, env->commit_ms + 1),
                  MACHINE_COMMIT, 0);
}

static void
on_send(void *edge, uint64_t link, struct span frame)
{
    struct machine     *machine = edge;
    struct machine_env *env = machine->env;
    struct inlet       *inlet = inlet_find(&machine->links, link);
    uint8_t             bytes[2 + LIMIT_FRAME];
    struct writer       out = writer_of(bytes, sizeof(bytes));

    assert(frame.len >= 1 && frame.len <= LIMIT_FRAME);
    if (!machine_burn(machine) || inlet == NULL)
        return;
    machine_leaves(machine, frame);
    writer_put16(&out, frame);
    wire_write(env->wire, env->now_ms, machine->who, link, writer_span(&out));
    if (!inlet->answered) {
        inlet->answered = true;
        machine_feed(machine, inlet);
    }
}

static void
on_tell(void *edge, uint64_t client, struct span response)
{
    struct machine             *machine = edge;
    const struct machine_watch *watch = &machine->env->watch;

    if (machine_burn(machine))
        watch->told(watch->arg, machine->who, client, response);
}

static void
on_load(void *edge, uint64_t token, const struct query *query,
        struct span text)
{
    errand_load(edge, token, query, text);
}

static void
on_dial(void *edge, uint64_t link, struct span address)
{
    struct machine     *machine = edge;
    struct machine_env *env = machine->env;
    struct inlet       *inlet;
    char                text[MACHINE_ADDRESS];

    if (!machine_burn(machine))
        return;
    inlet = inlet_open(&machine->links, link, true, 0);
    assert(inlet != NULL);
    for (size_t to = 0; to < env->node_count; to++) {
        machine_address(to, text);
        if (span_equal(address, span_text(text))) {
            wire_dial(env->wire, env->now_ms, machine->who, link, to);
            return;
        }
    }
    machine_end_link(machine, inlet, STATUS_NOT_FOUND);
}

static void
on_close(void *edge, uint64_t link, uint64_t client)
{
    struct machine     *machine = edge;
    struct machine_env *env = machine->env;
    struct inlet       *inlet = inlet_find(&machine->links, link);

    (void)client;
    if (!machine_burn(machine) || link == 0 || inlet == NULL)
        return;
    inlet_close(inlet);
    wire_close(env->wire, env->now_ms, machine->who, link);
}

static void
on_wake_at(void *edge, uint64_t mono_ms)
{
    struct machine *machine = edge;
    uint64_t        at_ms = mono_ms + machine->power_ms - MACHINE_MONO_MS;

    if (!machine_burn(machine))
        return;
    machine->wake_at_ms = UINT64_MAX;
    if (mono_ms == UINT64_MAX)
        return;
    if (mono_ms < MACHINE_MONO_MS || at_ms < machine->env->now_ms)
        at_ms = machine->env->now_ms;
    machine->wake_at_ms = at_ms;
    machine_later(machine, at_ms, MACHINE_WAKE, at_ms);
}

static void
on_log(void *edge, struct span line)
{
    struct machine             *machine = edge;
    const struct machine_watch *watch = &machine->env->watch;

    if (!machine_burn(machine))
        return;
    machine_leaves(machine, line);
    if (watch->logged != NULL)
        watch->logged(watch->arg, machine->who, line);
}

static void
on_drop(void *edge, const struct effect_file *file)
{
    struct machine *machine = edge;

    if (machine_burn(machine))
        errand_drop(machine, file);
}

static void
on_seen(void *edge, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct machine             *machine = edge;
    const struct machine_watch *watch = &machine->env->watch;

    trace_number(&machine->env->trace, input->mono_ms);
    trace_number(&machine->env->trace, input->wall_ms);
    (void)events;
    (void)count;
    trace_effects(&machine->env->trace, effects);
    watch->stepped(watch->arg, machine->who, effects);
}

static const struct host_ops ops = {
    .input = on_input,
    .save = on_save,
    .send = on_send,
    .tell = on_tell,
    .load = on_load,
    .dial = on_dial,
    .close = on_close,
    .wake_at = on_wake_at,
    .log = on_log,
    .drop = on_drop,
    .seen = on_seen,
};

const struct host_ops *
edge_ops(void)
{
    return &ops;
}
