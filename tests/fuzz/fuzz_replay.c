/*
 * fuzz_replay.c - a journal that may hold any records, in any order.
 *
 * The input is a list as record_list_put() writes it.  The node refuses it,
 * or comes up and takes a turn and a snapshot.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/duo.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* a journal may end after any record */

/* Two nodes that have exchanged a message each; made once, since it is slow. */
static struct duo *
world(void)
{
    static struct duo *made;

    if (made == NULL) {
        made = duo_new();
        duo_pair(made);
        duo_submit(&made->a, "node2", 1, "ROUTINE", "tea?", "accepted");
        duo_submit(&made->b, "node1", 2, "FLASH", "tea!", "accepted");
        duo_run(made);
        duo_cut(made);
        duo_run(made);
        duo_submit(&made->a, "node2", 3, "ROUTINE", "waits", "queued");
        duo_run(made);
    }
    return made;
}

static enum status
replay(struct node *node, struct span in)
{
    const struct duo_party *party = &world()->a;
    struct reader           from = reader_of(in);
    struct record           record;
    enum status             st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < party->key_count; i++)
        st = node_key(node, party->keys[i].kind, 1, party->keys[i].number,
                      party->keys[i].owner, &party->keys[i].secret);
    assert(st == STATUS_OK);
    while ((st = record_list_next(&from, &record)) == STATUS_OK) {
        st = node_replay(node, &record);
        if (st != STATUS_OK)
            return st;
    }
    return st == STATUS_AGAIN ? node_start(node) : st;
}

/* The clock's event and a snapshot of what was replayed. */
static void
live(struct node *node)
{
    const struct turn_input input = {1000, 1700000000000, {1}};
    const struct event      events[] = {{.kind = EVENT_TIMER},
                                        {.kind = EVENT_SNAPSHOT}};
    struct effects          effects;

    effects_init(&effects);
    node_turn(node, &input, events, 2, &effects);
    effects_free(&effects);
}

bool
fuzz_one(struct span in)
{
    struct node *node = NULL;
    enum status  st = node_new(&world()->a.config, &node);

    assert(st == STATUS_OK);
    st = replay(node, in);
    if (st == STATUS_OK)
        live(node);
    node_free(node);
    return st == STATUS_OK;
}

/* The records from number `from` on. */
static void
seed_records(const struct duo_party *party, size_t from, const char *name,
             fuzz_seed_fn *seed, void *arg)
{
    static uint8_t bytes[1 << 16];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    for (size_t i = from; i < party->record_count; i++) {
        const struct duo_record *record = &party->records[i];

        record_list_put(&out, (struct span){record->bytes, record->len},
                        (struct span){record->secret, record->secret_len});
    }
    assert(writer_end(&out) == STATUS_OK);
    seed(arg, name, writer_span(&out));
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    const struct event snapshot = {.kind = EVENT_SNAPSHOT};
    struct duo_party  *party = &world()->a;
    size_t             before = party->record_count;

    seed_records(party, 0, "journal", seed, arg);
    duo_post(party, &snapshot);
    duo_turn(party);
    seed_records(party, before, "snapshot", seed, arg);
}
