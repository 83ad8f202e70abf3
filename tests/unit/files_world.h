/*
 * files_world.h - a sends b messages with files: what the tests of owed,
 * feeding, wanted, gather and enclosed share.
 */
#ifndef TESTS_FILES_WORLD_H
#define TESTS_FILES_WORLD_H

#include "node/core/attachment/feeding.h"
#include "node/core/roster.h"
#include "tests/unit/duo_files.h"

#include <string.h>

enum { FILES_SIZE = 300000 /* five chunks */, FILES_CHUNKS = 5 };

static inline int
files_make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_forget_told(&duo->a);
    *state = duo;
    return 0;
}

/* A message with these files, handed in and not dispatched yet. */
static inline void
files_submit(struct duo *duo, unsigned id, const char *precedence,
             const struct duo_enclosed *files, size_t count)
{
    struct duo_note note = {.to = "node2",
                            .id = id,
                            .precedence = precedence,
                            .subject = "chart",
                            .enclosed = files,
                            .enclosed_count = count};

    duo_submit_note(&duo->a, &note);
}

static inline struct peer *
files_peer(const struct duo_party *party)
{
    assert_int_equal(party->node->peer_count, 1);
    return party->node->peers[0];
}

/* The state of the newest ATTACHMENT record; 0: there is none. */
static inline unsigned
files_state(const struct duo_party *party)
{
    size_t count = duo_count_records(party, RECORD_ATTACHMENT);

    return count > 0 ? duo_record(party, RECORD_ATTACHMENT, count - 1).state
                     : 0;
}

/* Turns, until b has so many chunks of it. */
static inline void
files_run_to(struct duo *duo, const struct duo_enclosed *file, uint64_t chunks)
{
    for (int turns = 0; turns < 4000; turns++) {
        const struct duo_file *here = duo_file_of(&duo->b, false, file->digest);

        if (here != NULL && here->here >= chunks)
            return;
        duo_turn(&duo->a);
        duo_turn(&duo->b);
        duo->a.now_ms++;
        duo->b.now_ms++;
    }
    fail_msg("it does not come");
}

/* It is whole at b, and a let it go. */
static inline void
files_assert_over(struct duo *duo, const struct duo_enclosed *file)
{
    assert_true(duo_has(&duo->b, file));
    assert_null(duo_file_of(&duo->a, true, file->digest));
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_int_equal(files_peer(&duo->b)->wanted.count, 0);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_COMPLETE);
    assert_int_equal(files_state(&duo->b), ATTACHMENT_COMPLETE);
    assert_int_equal(duo->a.node->chunks_ahead, 0);
}

#endif
