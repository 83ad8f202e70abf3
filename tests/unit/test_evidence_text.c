/* test_evidence_text.c - one text for the values, and the values again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/evidence_world.h"

enum { ROOM = 4 * EVIDENCE_TEXT_MAX };

struct reading {
    struct evidence evidence;
    uint8_t         room[ROOM];
    size_t          line;
};

static enum status
read_text(struct reading *reading, struct span text)
{
    struct strict_arena arena = strict_arena_of(reading->room, ROOM);

    return evidence_text_parse(text, &arena, &reading->evidence,
                               &reading->line);
}

/* `text` with the first `from` in it made `to`. */
static struct span
with(struct span text, const char *from, const char *to,
     uint8_t out[static EVIDENCE_TEXT_MAX])
{
    struct writer  writer = writer_of(out, EVIDENCE_TEXT_MAX);
    const uint8_t *at = memmem(text.ptr, text.len, from, strlen(from));
    size_t         before;

    assert_non_null(at);
    before = (size_t)(at - text.ptr);
    writer_put(&writer, (struct span){text.ptr, before});
    writer_put(&writer, span_text(to));
    before += strlen(from);
    writer_put(&writer, (struct span){text.ptr + before, text.len - before});
    return writer_span(&writer);
}

static void
what_is_read_is_what_was_written(void **state)
{
    struct evidence_world *world = evidence_world();
    struct reading        *reading = calloc(1, sizeof(*reading));
    const struct evidence *got;

    (void)state;
    assert_non_null(reading);
    got = &reading->evidence;
    assert_int_equal(read_text(reading, text_of_world(world)), STATUS_OK);
    assert_int_equal(reading->line, 0);
    assert_int_equal(got->certificate_count, 2);
    assert_true(span_equal(got->certificates[1], cert_span(&world->certs[1])));
    assert_true(got->message.disclosed);
    assert_true(span_equal(got->message.body, world->evidence.message.body));
    assert_true(span_equal(got->message.proof, world->evidence.message.proof));
    assert_int_equal(got->message.first, 1);
    assert_int_equal(got->answer_count, 2);
    assert_memory_equal(got->answers[1].content_key.bytes,
                        world->evidence.answers[1].content_key.bytes,
                        LIMIT_KEY);
    free(reading);
    free(world);
}

static void
the_first_wrong_line_is_named(void **state)
{
    struct evidence_world *world = evidence_world();
    struct reading        *reading = calloc(1, sizeof(*reading));
    static uint8_t         text[EVIDENCE_TEXT_MAX];
    struct span            good = text_of_world(world);
    static const struct {
        const char *from, *to;
        size_t      line;
    } bad[] = {
        {"What two", "what two", 3},
        {"certificate\n", "Certificate\n", 9},
        {"first 1\n", "first 01\n", 0},
        {"key ", "key withheld ", 0},
        {"\nend\n", "\nend\n\n", 0},
        {"\nend\n", "\nend", 0},
        {"\nmessage\n", "\n\nmessage\n", 0},
        {"\nanswer\n", "\nmessage\n", 0},
        {"c2sp.org/", "c2sp.com/", 0},
    };

    (void)state;
    assert_non_null(reading);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct span changed = with(good, bad[i].from, bad[i].to, text);
        enum status st = read_text(reading, changed);

        if (st != STATUS_BAD_ENCODING)
            fail_msg("%s made %s is accepted", bad[i].from, bad[i].to);
        if (bad[i].line > 0)
            assert_int_equal(reading->line, bad[i].line);
    }
    free(reading);
    free(world);
}

static void
another_version_is_told_from_another_text(void **state)
{
    struct evidence_world *world = evidence_world();
    struct reading        *reading = calloc(1, sizeof(*reading));
    static uint8_t         text[EVIDENCE_TEXT_MAX];

    (void)state;
    assert_non_null(reading);
    assert_int_equal(read_text(reading, with(text_of_world(world), "version 1",
                                             "version 2", text)),
                     STATUS_BAD_VERSION);
    assert_int_equal(read_text(reading, span_text("Entente card\n")),
                     STATUS_BAD_ENCODING);
    free(reading);
    free(world);
}

static void
what_does_not_fit_is_refused(void **state)
{
    struct evidence_world *world = evidence_world();
    struct evidence       *got = calloc(1, sizeof(*got));
    struct span            good = text_of_world(world);
    uint8_t               *room = malloc(2 * good.len);
    size_t                 line;
    struct writer          out;

    (void)state;
    assert_non_null(got);
    assert_non_null(room);
    for (size_t cap = 0; cap < good.len; cap += 97) {
        struct strict_arena arena = strict_arena_of(room, cap);

        assert_true(evidence_text_parse(good, &arena, got, &line) !=
                    STATUS_OK);
        out = writer_of(room, cap);
        assert_int_equal(evidence_text_write(&world->evidence, &out),
                         STATUS_TOO_LARGE);
    }
    free(room);
    free(got);
    free(world);
}

static void
the_first_line_that_differs_is_counted_from_one(void **state)
{
    (void)state;
    assert_int_equal(evidence_text_differs(span_text("a\nb\n"),
                                           span_text("a\nb\n")), 0);
    assert_int_equal(evidence_text_differs(span_text("a\nb\n"),
                                           span_text("b\nb\n")), 1);
    assert_int_equal(evidence_text_differs(span_text("a\nb\n"),
                                           span_text("a\nc\n")), 2);
    assert_int_equal(evidence_text_differs(span_text("a\nb\n"),
                                           span_text("a\n")), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(the_first_wrong_line_is_named),
        cmocka_unit_test(another_version_is_told_from_another_text),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(the_first_line_that_differs_is_counted_from_one),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
