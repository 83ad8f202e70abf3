/*
 * fuzz_desk.c - a program on the control socket that asks what it likes.
 *
 * The input is a list of requests, each with a u16 length before it.  Whatever
 * they were, the node comes to rest, and comes up again from its keys and
 * journal.
 */
#include "tests/fuzz/by_schema.h"
#include "tests/unit/duo.h"

const bool fuzz_is_whole = false; /* a list may end after any request */

enum { REQUESTS_MAX = 64 };

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    struct duo   *duo = duo_new();

    duo_pair(duo);
    for (int i = 0; i < REQUESTS_MAX && from.left > 0 && !from.failed; i++) {
        struct event event = {.kind = EVENT_REQUEST,
                              .client = 1,
                              .bytes = reader_take16(&from, UINT16_MAX)};

        if (!from.failed)
            duo_post(&duo->a, &event);
        duo_run(duo);
    }
    duo_wait(duo, 1000);
    duo_restart(&duo->a);
    duo_free(duo);
    return reader_end(&from) == STATUS_OK;
}

struct onward {
    fuzz_seed_fn *seed;
    void         *arg;
};

static void
seed_as_list(void *arg, const char *name, struct span bytes)
{
    static uint8_t memory[BY_SCHEMA_MAX];
    struct onward *to = arg;
    struct writer  out = writer_of(memory, sizeof(memory));

    writer_put16(&out, bytes);
    to->seed(to->arg, name, writer_span(&out));
}

/* What waits for the party becomes a list of requests. */
static void
seed_waiting(const struct duo_party *party, const char *name,
             fuzz_seed_fn *seed, void *arg)
{
    static uint8_t memory[BY_SCHEMA_MAX];
    struct writer  out = writer_of(memory, sizeof(memory));

    for (size_t i = 0; i < party->event_count; i++)
        if (party->events[i].kind == EVENT_REQUEST)
            writer_put16(&out, party->events[i].bytes);
    seed(arg, name, writer_span(&out));
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct onward to = {seed, arg};
    struct duo   *duo = duo_new();

    by_schema_seeds(&entente__request__descriptor, seed_as_list, &to);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", "accepted");
    duo_submit(&duo->a, "node2", 2, "FLASH", "tea!", "queued");
    seed_waiting(&duo->a, "two_notes", seed, arg);
    duo_free(duo);
}
