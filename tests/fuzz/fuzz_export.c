/* fuzz_export.c - the logs of two nodes: nobody can sign another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/story.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/export_world.h"

const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct export_log logs[EXPORTED_LOGS];
    struct export     export = {.logs = logs, .cap = EXPORTED_LOGS};
    struct story      story;
    struct story_log  log;
    enum status       st = export_verify(in, &export);

    if (st != STATUS_OK)
        return false;
    st = story_begin(&story, &export, &export);
    assert(st == STATUS_OK);
    while (story_next(&story, &export, &export, &log))
        assert(log.kind == STORY_SAME);
    assert(story.count == export.count);
    return true;
}

static void
give(fuzz_seed_fn *seed, void *arg, const char *name, enum exported_by by,
     uint64_t from_a, uint64_t from_b)
{
    struct exported *file = exported_new();

    exported_write(file, by, from_a, from_b);
    seed(arg, name, exported_text(file));
    free(file);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    give(seed, arg, "two", EXPORTED_A, 3, 2);
    give(seed, arg, "other", EXPORTED_B, 5, 1);
    give(seed, arg, "none", EXPORTED_A, 0, 0);
}
