/* fuzz_evidence.c - a file for an auditor: nobody can sign another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/evidence_world.h"

enum { ROOM = 1 << 20 };

const bool fuzz_is_whole = true;

/* What was read has one spelling. */
static void
assert_is_written_so(const struct evidence *evidence, struct span in)
{
    static uint8_t bytes[LIMIT_EVIDENCE];
    struct writer  out = writer_of(bytes, sizeof(bytes));
    enum status    st = evidence_text_write(evidence, &out);

    assert(st == STATUS_OK);
    assert(span_equal(in, writer_span(&out)));
}

bool
fuzz_one(struct span in)
{
    static uint8_t                room[ROOM];
    static struct evidence_report report;
    static struct evidence        evidence;
    struct strict_arena           arena = strict_arena_of(room, ROOM);
    const struct evidence_part   *message = &report.parts[0];
    size_t                        line;

    if (evidence_text_parse(in, &arena, &evidence, &line) != STATUS_OK) {
        assert(line > 0);
        return false;
    }
    assert_is_written_so(&evidence, in);
    arena = strict_arena_of(room, ROOM);
    if (evidence_verify(in, &arena, &report) != STATUS_OK)
        return true; /* read, and not believed */
    assert(span_equal(message->origin_text, span_text(ORIGIN)));
    assert(message->index == 1);
    return true;
}

static void
give(fuzz_seed_fn *seed, void *arg, const char *name,
     struct evidence_world *world)
{
    write_world(world);
    seed(arg, name, text_of_world(world));
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct evidence_world *world = evidence_world();

    give(seed, arg, "answered", world);
    world->evidence.answer_count = 0;
    give(seed, arg, "bare", world);
    world->evidence.message.disclosed = false;
    give(seed, arg, "withheld", world);
    free(world);
}
