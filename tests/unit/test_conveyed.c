/* test_conveyed.c - what SHOW says of attachments that are under way. */
#include "tests/unit/files_world.h"

#include "node/core/conveyed.h"

/* A message that names the file alone, as it is stored. */
static struct span
message_with(const struct duo_enclosed *file, uint8_t *out)
{
    Entente__Message      message = ENTENTE__MESSAGE__INIT;
    Entente__Attachment   attachment = ENTENTE__ATTACHMENT__INIT;
    Entente__Attachment  *list[] = {&attachment};

    message.version = 1;
    attachment.stored = file->stored;
    attachment.digest.data = (uint8_t *)(uintptr_t)&file->digest;
    attachment.digest.len = LIMIT_DIGEST;
    message.n_attachments = 1;
    message.attachments = list;
    return (struct span){out, entente__message__pack(&message, out)};
}

static void
look(struct duo_party *party, bool outgoing, const struct duo_enclosed *file,
     const char *state, uint64_t chunks)
{
    static uint8_t        memory[LIMIT_PARSE_BYTES];
    uint8_t               bytes[512];
    struct effects        effects;
    struct context        turn = {.node = party->node,
                                  .arena = strict_arena_of(memory,
                                                           sizeof(memory))};
    Entente__ShowResponse show = ENTENTE__SHOW_RESPONSE__INIT;

    effects_init(&effects);
    turn.out = &effects;
    show.outgoing = outgoing;
    conveyed_fill(&turn, files_peer(party), message_with(file, bytes), &show);
    assert_int_equal(show.n_attachments, 1);
    assert_string_equal(show.attachments[0]->state, state);
    assert_int_equal(show.attachments[0]->chunks, chunks);
    assert_int_equal(show.attachments[0]->of, FILES_CHUNKS);
    assert_int_equal(show.attachments[0]->file.len,
                     LIMIT_NODE_ID + LIMIT_DIGEST);
    effects_free(&effects);
}

static void
what_is_under_way_is_partial_and_then_settled(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, 2);
    look(&duo->b, false, &file, "partial", 2);
    duo_run(duo);
    look(&duo->a, true, &file, CONVEYED_SETTLED, FILES_CHUNKS);
    look(&duo->b, false, &file, CONVEYED_SETTLED, FILES_CHUNKS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_is_under_way_is_partial_and_then_settled, files_make,
            duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
