/*
 * puppet.h - a node core on strings, for tests of the simulator's machines.
 *
 * It writes down the events it is given and, on each turn, does what the test
 * scripted: one letter an effect.  Link, client and token numbers are the
 * ones in `puppet`.
 *
 *   K key   S save   s send   t tell   l load   d dial   c close   w wake
 *
 * Include once, in place of node.c.
 */
#ifndef TESTS_PUPPET_H
#define TESTS_PUPPET_H

#include "node/core/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    size_t who;
};

static struct puppet {
    const char *script; /* of the next turn; NULL: nothing */
    uint64_t    link;
    uint64_t    mono_ms;
    const char *address;
    char        events[8192]; /* " NAME" or " NAME:bytes" each */
    size_t      len;
    size_t      turns;
    struct turn_input input;
} puppet;

static void
puppet_note(const struct event *event)
{
    static const char *const names[] = {
#define PUPPET_NAME(name) #name,
        EVENT_LIST(PUPPET_NAME)
#undef PUPPET_NAME
    };
    int len = snprintf(puppet.events + puppet.len,
                       sizeof(puppet.events) - puppet.len, " %s%s%.*s",
                       names[event->kind], event->bytes.len > 0 ? ":" : "",
                       (int)event->bytes.len, event->bytes.ptr);

    if (len > 0)
        puppet.len += (size_t)len;
}

/* What was noted since the last call. */
static inline const char *
puppet_events(void)
{
    static char taken[sizeof(puppet.events)];

    memcpy(taken, puppet.events, sizeof(taken));
    puppet.len = 0;
    memset(puppet.events, 0, sizeof(puppet.events));
    return taken;
}

static void
puppet_do(struct effects *out, char letter)
{
    static const struct {
        char             letter;
        enum effect_kind kind;
    } table[] = {
        {'K', EFFECT_KEY},  {'S', EFFECT_SAVE},  {'s', EFFECT_SEND},
        {'t', EFFECT_TELL}, {'l', EFFECT_LOAD},  {'d', EFFECT_DIAL},
        {'c', EFFECT_CLOSE}, {'w', EFFECT_WAKE_AT},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct effect *effect;

        if (table[i].letter != letter)
            continue;
        effect = effects_add(out, table[i].kind);
        effect->link = puppet.link;
        effect->client = 7;
        effect->token = 9;
        effect->mono_ms = puppet.mono_ms;
        effect->bytes = effects_copy(out, span_text("hello"));
        if (letter == 'd')
            effect->bytes = effects_copy(out, span_text(puppet.address));
    }
}

void
node_turn(struct node *node, const struct turn_input *input,
          const struct event *events, size_t count, struct effects *out)
{
    (void)node;
    puppet.turns++;
    puppet.input = *input;
    for (size_t i = 0; i < count; i++)
        puppet_note(&events[i]);
    for (const char *at = puppet.script; at != NULL && *at != '\0'; at++)
        puppet_do(out, *at);
    puppet.script = NULL;
}

void
node_free(struct node *node)
{
    free(node);
}

size_t
node_row_count(const struct node *node)
{
    (void)node;
    return 2;
}

const char *
node_row_name(const struct node *node, size_t row)
{
    (void)node;
    return row == 0 ? "turn taken" : "never";
}

uint64_t
node_row_taken(const struct node *node, size_t row)
{
    (void)node;
    return row == 0 ? puppet.turns : 0;
}

/* A program whose storage is one file, "journal", to which commits append. */
struct puppet_store {
    struct disk disk[8];
    int         file[8];
    bool        open[8];
    uint64_t    len[8];
    enum status start_with; /* what the next start answers instead */
    size_t      starts;
    size_t      idles;
    bool        leaks; /* leaves its file open */
    bool        snapshot_due;
};

static enum status
puppet_start(void *arg, size_t who, struct disk disk, struct node **node,
             bool *lost)
{
    struct puppet_store *store = arg;
    enum status          st = store->start_with;

    store->starts++;
    *lost = false;
    store->start_with = STATUS_OK;
    if (st == STATUS_OK)
        st = disk.ops->open(disk.self, "journal", true, &store->file[who]);
    if (st != STATUS_OK)
        return st;
    store->disk[who] = disk;
    store->open[who] = true;
    st = disk.ops->sync_folder(disk.self);
    if (st != STATUS_OK)
        return st;
    *node = calloc(1, sizeof(**node));
    (*node)->who = who;
    return STATUS_OK;
}

static enum status
puppet_commit(void *arg, size_t who, const struct effects *effects)
{
    struct puppet_store *store = arg;
    const struct disk   *disk = &store->disk[who];
    enum status          st;

    (void)effects;
    st = disk->ops->write(disk->self, store->file[who], store->len[who],
                          span_text("group;"));
    if (st != STATUS_OK)
        return st;
    store->len[who] += 6;
    return disk->ops->sync(disk->self, store->file[who]);
}

static enum status
puppet_query(void *arg, size_t who, const struct query *query,
             struct span text, struct span *answer)
{
    (void)arg;
    (void)who;
    (void)query;
    (void)text;
    *answer = span_text("answer");
    return STATUS_OK;
}

static enum status
puppet_drop(void *arg, size_t who, const struct effect_file *file)
{
    (void)arg;
    (void)who;
    (void)file;
    return STATUS_OK;
}

static bool
puppet_snapshot_due(void *arg, size_t who)
{
    (void)who;
    return ((struct puppet_store *)arg)->snapshot_due;
}

static enum status
puppet_idle(void *arg, size_t who)
{
    (void)who;
    ((struct puppet_store *)arg)->idles++;
    return STATUS_OK;
}

static void
puppet_stop(void *arg, size_t who)
{
    struct puppet_store *store = arg;

    if (store->open[who] && !store->leaks)
        store->disk[who].ops->close(store->disk[who].self, store->file[who]);
    store->open[who] = false;
}

#define PUPPET_PROGRAM(store)                                                  \
    ((struct machine_program){puppet_start, puppet_commit, puppet_query,       \
                              puppet_drop, puppet_snapshot_due, puppet_idle,   \
                              puppet_stop, (store)})

/* Watchers that look on and say nothing. */
static void
puppet_saw(void *arg, size_t who, const struct effects *effects)
{
    (void)arg;
    (void)who;
    (void)effects;
}

static size_t puppet_told_count;

static void
puppet_told(void *arg, size_t who, uint64_t client, struct span response)
{
    (void)arg;
    (void)who;
    (void)client;
    (void)response;
    puppet_told_count++;
}

static void
puppet_gone(void *arg, size_t who, const struct node *node)
{
    (void)arg;
    (void)who;
    (void)node;
}

static size_t puppet_left;

static void
puppet_leaves(void *arg, size_t who, struct span bytes)
{
    (void)arg;
    (void)who;
    puppet_left += bytes.len;
}

#define PUPPET_WATCH                                                           \
    ((struct machine_watch){puppet_saw, puppet_saw, puppet_told, puppet_gone,  \
                            puppet_leaves, .arg = NULL})

/* A world of `nodes` and the first one's machine, which has not started. */
static inline void
puppet_power_on(struct machine_env *env, struct machine *machine,
                struct puppet_store *store, size_t nodes,
                const struct wire_sink *sink)
{
    memset(&puppet, 0, sizeof(puppet));
    memset(store, 0, sizeof(*store));
    memset(env, 0, sizeof(*env));
    puppet_left = 0;
    puppet_told_count = 0;
    env->agenda = agenda_new();
    env->wire = wire_new(1, nodes, sink, NULL);
    env->node_count = nodes;
    env->program = PUPPET_PROGRAM(store);
    env->watch = PUPPET_WATCH;
    machine_init(machine, env, 0, 1, disk_new(1, 512, 1 << 20));
}

static inline void
puppet_power_off(struct machine_env *env, struct machine *machine)
{
    machine_clear(machine);
    disk_free(machine->disk);
    wire_free(env->wire);
    agenda_free(env->agenda);
}

#endif
