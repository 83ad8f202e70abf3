/*
 * fuzz_show.c - any message that is taken in, judged and shown to a person:
 * what a terminal is given can only stand there.
 */
#include "proto/text.h"
#include "tests/fuzz/by_schema.h"
#include "tools/reading/show.h"

#include <stdio.h>
#include <stdlib.h>

const bool fuzz_is_whole = false; /* a message may end after any field */

enum { ISOLATE = 0x2066, ISOLATE_END = 0x2069 };

/* Our own isolates alone act: one pair around a line's text. */
static void
assert_only_stands(struct span text)
{
    bool inside = false;

    assert(text_ok(text));
    while (text.len > 0) {
        bool     bad;
        uint32_t character = text_take(&text, &bad);

        assert(!bad);
        if (character == ISOLATE || character == ISOLATE_END) {
            assert(inside == (character == ISOLATE_END));
            inside = !inside;
            continue;
        }
        assert(character == '\n' || !text_is_control(character));
        assert(character != '\n' || !inside);
    }
}

bool
fuzz_one(struct span in)
{
    static uint8_t          memory[1 << 20];
    struct strict_arena     arena = strict_arena_of(memory, sizeof(memory));
    const struct show_facts facts = {.ref = "ifc/17"};
    struct message_faults   faults;
    Entente__Message       *message = NULL;
    char                   *text = NULL;
    size_t                  len = 0;
    FILE                   *out;
    enum status             st;

    st = message_parse(in, MESSAGE_READY, &arena, &message, &faults);
    if (message == NULL) {
        assert(st != STATUS_OK && faults.count > 0);
        return false;
    }
    out = open_memstream(&text, &len);
    assert(out != NULL);
    st = show_message(message, &facts, out);
    fclose(out);
    if (st == STATUS_OK)
        assert_only_stands((struct span){(const uint8_t *)text, len});
    free(text);
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    by_schema_seeds(&entente__message__descriptor, seed, arg);
}
