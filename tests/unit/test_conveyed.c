/* test_conveyed.c - what SHOW says of attachments that are under way. */
#include "tests/unit/files_world.h"

#include "node/core/attachment/conveyed.h"

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

/* What the store says of the file behind the trail; state 0: nothing. */
static struct span
trail_with(const struct duo_enclosed *file, bool outgoing, uint8_t state,
           uint8_t *out, size_t cap)
{
    struct record record = {.kind = RECORD_ATTACHMENT,
                            .outgoing = outgoing,
                            .state = state};
    uint8_t       bytes[256];
    struct writer one = writer_of(bytes, sizeof(bytes));
    struct writer list = writer_of(out, cap);

    if (state == 0)
        return SPAN_EMPTY;
    memcpy(record.root, &file->digest, LIMIT_DIGEST);
    record_encode(&record, &one);
    record_list_put(&list, writer_span(&one), SPAN_EMPTY);
    assert_int_equal(writer_end(&list), STATUS_OK);
    return writer_span(&list);
}

static void
look(struct duo_party *party, bool outgoing, const struct duo_enclosed *file,
     uint8_t journaled, const char *state, uint64_t chunks)
{
    static uint8_t        memory[LIMIT_PARSE_BYTES];
    uint8_t               bytes[512], trail[512];
    struct effects        effects;
    struct context        turn = {.node = party->node,
                                  .arena = strict_arena_of(memory,
                                                           sizeof(memory))};
    Entente__ShowResponse show = ENTENTE__SHOW_RESPONSE__INIT;

    effects_init(&effects);
    turn.out = &effects;
    show.outgoing = outgoing;
    conveyed_fill(&turn, files_peer(party), message_with(file, bytes),
                  trail_with(file, outgoing, journaled, trail, sizeof(trail)),
                  &show);
    assert_int_equal(show.n_attachments, 1);
    assert_string_equal(show.attachments[0]->state, state);
    assert_int_equal(show.attachments[0]->chunks, chunks);
    assert_int_equal(show.attachments[0]->of, FILES_CHUNKS);
    assert_int_equal(show.attachments[0]->file.len,
                     LIMIT_NODE_ID + LIMIT_DIGEST);
    effects_free(&effects);
}

static void
what_is_under_way_is_partial_with_its_count(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    look(&duo->a, true, &file, ATTACHMENT_PARTIAL, "partial", 0);
    files_run_to(duo, &file, 2);
    look(&duo->b, false, &file, ATTACHMENT_PARTIAL, "partial", 2);
}

static void
how_it_ended_is_what_the_journal_says(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    look(&duo->a, true, &file, ATTACHMENT_COMPLETE, "complete", FILES_CHUNKS);
    look(&duo->b, false, &file, ATTACHMENT_COMPLETE, "complete", FILES_CHUNKS);
    look(&duo->a, true, &file, ATTACHMENT_GONE, "gone", 0);
    look(&duo->b, false, &file, ATTACHMENT_GIVEN_UP, "given up", 0);
}

static void
what_the_journal_does_not_say_is_unknown_and_never_complete(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    look(&duo->a, true, &file, 0, CONVEYED_UNKNOWN, 0);
    look(&duo->b, false, &file, 0, CONVEYED_UNKNOWN, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_is_under_way_is_partial_with_its_count, files_make, duo_drop),
        cmocka_unit_test_setup_teardown(how_it_ended_is_what_the_journal_says,
                                        files_make, duo_drop),
        cmocka_unit_test_setup_teardown(
            what_the_journal_does_not_say_is_unknown_and_never_complete,
            files_make, duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
