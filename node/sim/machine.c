/*
 * machine.c - the life of a process, its links, and its items of the agenda.
 *
 * Invariants:
 *   (M1) an item of the agenda names the life it belongs to; of another life
 *        it is let pass;
 *   (M2) once DYING, nothing leaves the process and nothing reaches its
 *        disk: every effect and every change of the disk asks machine_burn();
 *   (M3) a process is buried by machine_reap alone, never from within its own
 *        turn, so what is on the stack stays whole.
 */
#include "node/sim/machine.h"

#include "node/sim/edge.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { RETRY_MS = 1000, IDLE_MS = 20, PORT = 7300 };

bool
machine_burn(struct machine *machine)
{
    if (machine->dying)
        return false;
    if (machine->fuse > 0 && --machine->fuse == 0)
        machine_end(machine, STATUS_OK);
    return !machine->dying; /* (M2) */
}

static bool
on_disk_change(void *arg)
{
    return machine_burn(arg);
}

void
machine_leaves(struct machine *machine, struct span bytes)
{
    const struct machine_watch *watch = &machine->env->watch;

    watch->leaves(watch->arg, machine->who, bytes);
}

static void
on_disk_write(void *arg, struct span bytes)
{
    machine_leaves(arg, bytes);
}

void
machine_later(struct machine *machine, uint64_t at_ms, uint64_t what,
              uint64_t b)
{
    agenda_add(machine->env->agenda,
               (struct agenda_item){at_ms, machine->who << 8 | what,
                                    machine->life, b});
}

static void
post(struct machine *machine, struct event event)
{
    /* Only frames and requests can be FULL; they go through offer(). */
    if (turn_post(machine->turn, &event) != STATUS_OK)
        assert(false);
}

void
machine_post(struct machine *machine, const struct event *event)
{
    if (!machine->dying)
        post(machine, *event);
}

/* --- links --------------------------------------------------------------- */

static uint64_t
room_size(const struct machine_env *env)
{
    uint64_t room = env->line.bytes_per_s / 4;

    if (env->line.bytes_per_s == 0 || room > LIMIT_ROOM_MAX)
        return LIMIT_ROOM_MAX;
    return room < LIMIT_ROOM_MIN ? LIMIT_ROOM_MIN : room;
}

static void
lend(struct machine *machine, uint64_t link, uint64_t room)
{
    uint64_t frame_max = room_size(machine->env) / 4;

    if (frame_max < LIMIT_FRAME_MIN)
        frame_max = LIMIT_FRAME_MIN;
    if (frame_max > LIMIT_FRAME)
        frame_max = LIMIT_FRAME;
    post(machine, (struct event){.kind = EVENT_LINK_ROOM,
                                 .link = link,
                                 .room = room,
                                 .frame_max = (uint32_t)frame_max});
}

/* False: the core takes no more now, or never again from this link. */
static bool
offer(struct machine *machine, struct inlet *inlet, struct span frame)
{
    struct event event = {.kind = EVENT_LINK_OPENED,
                          .link = inlet->link,
                          .source = inlet->source};

    if (!inlet->opened) {
        if (turn_post(machine->turn, &event) != STATUS_OK)
            return false;
        inlet->opened = true;
        lend(machine, inlet->link, room_size(machine->env));
    }
    event.kind = EVENT_LINK_FRAME;
    event.bytes = frame;
    if (turn_post(machine->turn, &event) != STATUS_OK)
        return false;
    inlet_taken(inlet);
    return true;
}

void
machine_end_link(struct machine *machine, struct inlet *inlet, enum status why)
{
    if (inlet->opened || inlet->dialled)
        post(machine, (struct event){.kind = EVENT_LINK_CLOSED,
                                     .link = inlet->link,
                                     .status = why});
    inlet_close(inlet);
}

void
machine_feed(struct machine *machine, struct inlet *inlet)
{
    enum status st = STATUS_OK;
    struct span frame;
    uint64_t    link = inlet->link;

    do
        st = inlet_frame(inlet, &frame);
    while (st == STATUS_OK && offer(machine, inlet, frame));
    if (st == STATUS_OK || st == STATUS_AGAIN)
        return;
    machine_end_link(machine, inlet, st);
    wire_close(machine->env->wire, machine->env->now_ms, machine->who, link);
}

void
machine_opened(struct machine *machine, uint64_t link, bool dialled,
               uint64_t source)
{
    struct inlet *inlet;

    if (!machine_running(machine))
        return;
    if (!dialled) {
        inlet = inlet_open(&machine->links, link, false, source);
        assert(inlet != NULL);
        machine_later(machine, machine->env->now_ms + LIMIT_HANDSHAKE_MS,
                      MACHINE_STRANGER, link);
        return;
    }
    inlet = inlet_find(&machine->links, link);
    if (inlet == NULL)
        return;
    inlet->opened = true;
    post(machine, (struct event){.kind = EVENT_LINK_OPENED, .link = link});
    lend(machine, link, room_size(machine->env));
}

void
machine_bytes(struct machine *machine, uint64_t link, struct span bytes)
{
    struct inlet *inlet = inlet_find(&machine->links, link);

    if (!machine_running(machine) || inlet == NULL)
        return;
    inlet_put(inlet, bytes);
    machine_feed(machine, inlet);
}

void
machine_room(struct machine *machine, uint64_t link, uint64_t room)
{
    struct inlet *inlet = inlet_find(&machine->links, link);

    if (!machine_running(machine) || inlet == NULL)
        return;
    inlet->room_due += room;
    if (inlet->room_due < room_size(machine->env) / 4)
        return;
    lend(machine, link, inlet->room_due);
    inlet->room_due = 0;
}

void
machine_closed(struct machine *machine, uint64_t link, enum status st)
{
    struct inlet *inlet = inlet_find(&machine->links, link);

    if (machine_running(machine) && inlet != NULL)
        machine_end_link(machine, inlet, st);
}

/* --- life ---------------------------------------------------------------- */

void
machine_address(size_t who, char out[static MACHINE_ADDRESS])
{
    (void)snprintf(out, MACHINE_ADDRESS, "node%zu.sim:%d", who, PORT);
}

void
machine_init(struct machine *machine, struct machine_env *env, size_t who,
             uint64_t seed, struct disk_image *disk)
{
    *machine = (struct machine){
        .who = who, .env = env, .disk = disk, .wake_at_ms = UINT64_MAX};
    dice_init(&machine->dice, seed, 0x40de + who);
    disk_set_watch(disk, (struct disk_watch){on_disk_change, on_disk_write,
                                             machine});
}

bool
machine_running(const struct machine *machine)
{
    return machine->node != NULL && !machine->dying;
}

bool
machine_dying(const struct machine *machine)
{
    return machine->dying;
}

void
machine_end(struct machine *machine, enum status why)
{
    if (machine->dying)
        return;
    machine->dying = true;
    machine->ended = why;
}

void
machine_stop(struct machine *machine)
{
    if (!machine_running(machine))
        return;
    machine->stopping = true;
    post(machine, (struct event){.kind = EVENT_QUIESCE});
}

enum status
machine_start(struct machine *machine)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;
    bool                          lost = false;
    enum status                   st;

    assert(machine->node == NULL && !machine->dying);
    machine->life++;
    st = program->start(program->arg, machine->who, disk_face(machine->disk),
                        &machine->node, &lost);
    trace_number(&env->trace, st);
    if (st != STATUS_OK) {
        machine->node = NULL;
        machine_end(machine, st);
        return st;
    }
    machine->turn = turn_new(machine->node, edge_ops(), machine);
    wire_up(env->wire, machine->who);
    if (!machine->dying && lost)
        post(machine, (struct event){.kind = EVENT_STATE_LOST});
    if (!machine->dying)
        post(machine, (struct event){.kind = EVENT_TIMER});
    return STATUS_OK;
}

void
machine_reap(struct machine *machine, bool power_cut)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;

    assert(machine->dying);
    turn_free(machine->turn);
    if (machine->node != NULL)
        env->watch.gone(env->watch.arg, machine->who, machine->node);
    node_free(machine->node);
    program->stop(program->arg, machine->who);
    env->left_open += disk_open_count(machine->disk);
    wire_down(env->wire, env->now_ms, machine->who, power_cut);
    inlet_clear(&machine->links);
    errand_forget_all(machine);
    if (power_cut)
        disk_power_cut(machine->disk);
    else
        disk_killed(machine->disk);
    if (power_cut)
        machine->power_ms = env->now_ms;
    trace_number(&env->trace, power_cut);
    machine->turn = NULL;
    machine->node = NULL;
    machine->saving = NULL;
    machine->stopping = false;
    machine->dying = false;
    machine->fuse = 0;
    machine->snapshot_asked = false;
    machine->wake_at_ms = UINT64_MAX;
}

void
machine_clear(struct machine *machine)
{
    if (machine->node == NULL && !machine->dying)
        return;
    machine_end(machine, STATUS_OK);
    machine_reap(machine, false);
}

void
machine_request(struct machine *machine, uint64_t client, struct span request)
{
    struct event event = {
        .kind = EVENT_REQUEST, .client = client, .bytes = request};

    /* FULL: the client gets no answer, as if the node were slow. */
    if (machine_running(machine) &&
        turn_post(machine->turn, &event) != STATUS_OK)
        return;
}

void
machine_client_gone(struct machine *machine, uint64_t client)
{
    if (machine_running(machine))
        post(machine,
             (struct event){.kind = EVENT_CLIENT_GONE, .client = client});
}

void
machine_disk_room(struct machine *machine, uint64_t room)
{
    if (machine_running(machine))
        post(machine, (struct event){.kind = EVENT_DISK, .room = room});
}

/* --- items --------------------------------------------------------------- */

static void
committed(struct machine *machine)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;
    bool                          due;

    env->watch.committed(env->watch.arg, machine->who, machine->saving);
    machine->saving = NULL;
    due = program->snapshot_due(program->arg, machine->who);
    if (due && !machine->snapshot_asked)
        post(machine, (struct event){.kind = EVENT_SNAPSHOT});
    machine->snapshot_asked = due;
    machine_later(machine, env->now_ms + dice_below(&env->dice, IDLE_MS),
                  MACHINE_IDLE, 0);
    turn_saved(machine->turn, STATUS_OK);
}

static void
idle(struct machine *machine)
{
    const struct machine_program *program = &machine->env->program;
    enum status                   st;

    st = program->idle(program->arg, machine->who);
    trace_number(&machine->env->trace, st);
    if (st == STATUS_IO)
        machine_end(machine, st);
}

static void
commit(struct machine *machine)
{
    struct machine_env           *env = machine->env;
    const struct machine_program *program = &env->program;
    enum status                   st;

    st = program->commit(program->arg, machine->who, machine->saving);
    trace_number(&env->trace, st);
    if (machine->dying)
        return;
    if (st == STATUS_OK) {
        committed(machine);
    } else if (st == STATUS_NO_SPACE) {
        turn_saved(machine->turn, st);
        machine_later(machine, env->now_ms + RETRY_MS, MACHINE_RETRY, 0);
    } else {
        machine_end(machine, st);
    }
}

static void
stranger_late(struct machine *machine, uint64_t link)
{
    struct machine_env *env = machine->env;
    struct inlet       *inlet = inlet_find(&machine->links, link);

    if (inlet == NULL || inlet->answered)
        return;
    machine_end_link(machine, inlet, STATUS_TIMEOUT);
    wire_close(env->wire, env->now_ms, machine->who, link);
}

void
machine_item(struct machine *machine, const struct agenda_item *item)
{
    if (item->a != machine->life || !machine_running(machine))
        return; /* (M1) */
    switch (item->what & 0xff) {
    case MACHINE_COMMIT:
        commit(machine);
        return;
    case MACHINE_RETRY:
        turn_retry(machine->turn);
        return;
    case MACHINE_WAKE:
        if (machine->wake_at_ms != item->b)
            return; /* another took its place */
        machine->wake_at_ms = UINT64_MAX;
        post(machine, (struct event){.kind = EVENT_TIMER});
        return;
    case MACHINE_ERRAND:
        errand_do(machine, item->b);
        return;
    case MACHINE_IDLE:
        idle(machine);
        return;
    case MACHINE_STRANGER:
        stranger_late(machine, item->b);
        return;
    default:
        assert(false);
    }
}

static void
feed_all(struct machine *machine)
{
    for (size_t i = 0; i < INLET_LINKS; i++)
        if (machine->links.list[i].link != 0)
            machine_feed(machine, &machine->links.list[i]);
}

void
machine_run(struct machine *machine)
{
    while (machine_running(machine)) {
        feed_all(machine);
        if (turn_idle(machine->turn) && machine->stopping)
            machine_end(machine, STATUS_OK);
        if (turn_idle(machine->turn))
            return;
        turn_run(machine->turn);
        if (!turn_idle(machine->turn))
            return; /* a commit is under way */
    }
}
