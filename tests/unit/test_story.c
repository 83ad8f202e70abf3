/* test_story.c - one story, a tail that is missing, or a fork. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/story.h"
#include "tests/unit/export_world.h"

struct pair {
    struct exported *a, *b;
};

static int
set_up(void **state)
{
    struct pair *pair = calloc(1, sizeof(*pair));

    assert_non_null(pair);
    pair->a = exported_new();
    pair->b = exported_new();
    *state = pair;
    return 0;
}

static int
tear_down(void **state)
{
    struct pair *pair = *state;

    free(pair->a);
    free(pair->b);
    free(pair);
    return 0;
}

static void
verify(struct exported *file)
{
    file->export.logs = file->logs;
    file->export.cap = EXPORTED_LOGS;
    assert_int_equal(export_verify(exported_text(file), &file->export),
                     STATUS_OK);
}

/* A's file with a_own and a_back entries, B's with b_own and b_back; how A's
 * log stands in them. */
static struct story_log
told(struct pair *pair, uint64_t a_own, uint64_t a_back, uint64_t b_own,
     uint64_t b_back, enum status st)
{
    struct story     story;
    struct story_log first, second;

    exported_write(pair->a, EXPORTED_A, a_own, a_back);
    exported_write(pair->b, EXPORTED_B, b_own, b_back);
    verify(pair->a);
    verify(pair->b);
    assert_int_equal(
        story_begin(&story, &pair->a->export, &pair->b->export), STATUS_OK);
    assert_true(story_next(&story, &pair->a->export, &pair->b->export, &first));
    assert_true(
        story_next(&story, &pair->a->export, &pair->b->export, &second));
    assert_false(
        story_next(&story, &pair->a->export, &pair->b->export, &second));
    assert_int_equal(story.count, 2);
    assert_int_equal(story.st, st);
    return first;
}

static void
the_same_logs_are_one_story(void **state)
{
    struct story_log log = told(*state, 3, 2, 3, 2, STATUS_OK);

    assert_string_equal(story_name(log.kind), "SAME");
    assert_int_equal(log.size[0], 3);
    assert_int_equal(log.size[1], 3);
}

/* B has receipted two of the four. */
static void
what_the_reader_has_not_receipted_is_under_way(void **state)
{
    struct pair     *pair = *state;
    struct story_log log;

    pair->a->receipted = 2;
    pair->b->receipted = 2;
    log = told(pair, 4, 2, 2, 2, STATUS_OK);
    assert_string_equal(story_name(log.kind), "UNDERWAY");
    assert_int_equal(log.index, 2);
    assert_int_equal(log.less, 1);
}

static void
what_the_reader_receipted_and_does_not_show_is_lacking(void **state)
{
    struct pair     *pair = *state;
    struct story_log log;

    pair->a->receipted = 4;
    log = told(pair, 4, 2, 3, 2, STATUS_DIFFERENT);
    assert_string_equal(story_name(log.kind), "LACKS");
    assert_int_equal(log.less, 1);
    assert_int_equal(log.index, 3);
}

static void
what_the_writer_signed_and_does_not_show_is_lacking(void **state)
{
    struct story_log log = told(*state, 2, 2, 3, 2, STATUS_DIFFERENT);

    assert_string_equal(story_name(log.kind), "LACKS");
    assert_int_equal(log.less, 0);
}

static void
a_log_that_one_side_hides_is_lacking(void **state)
{
    struct story_log log = told(*state, 3, 2, 0, 2, STATUS_DIFFERENT);

    assert_string_equal(story_name(log.kind), "LACKS");
    assert_null(log.in[1]);
    assert_int_equal(log.index, 0);
}

static void
two_histories_of_one_log_are_a_fork_at_the_first_leaf_that_differs(
    void **state)
{
    struct pair     *pair = *state;
    struct story_log log;

    pair->b->forked_at = 1;
    log = told(pair, 3, 2, 4, 2, STATUS_FORK);
    assert_string_equal(story_name(log.kind), "FORK");
    assert_int_equal(log.index, 1);
}

static void
an_older_file_of_the_same_node_is_no_difference(void **state)
{
    struct pair     *pair = *state;
    struct story     story;
    struct story_log log;

    exported_write(pair->a, EXPORTED_A, 2, 2);
    exported_write(pair->b, EXPORTED_A, 4, 3);
    verify(pair->a);
    verify(pair->b);
    assert_int_equal(
        story_begin(&story, &pair->a->export, &pair->b->export), STATUS_OK);
    while (story_next(&story, &pair->a->export, &pair->b->export, &log))
        assert_string_equal(story_name(log.kind), "UNDERWAY");
    assert_int_equal(story.st, STATUS_OK);
}

static void
files_of_other_nodes_or_keys_are_not_compared(void **state)
{
    struct pair *pair = *state;
    struct story story;
    struct cert  cert = cert_of_b();

    memcpy(cert.org_key, sign_key_from(0xb2).public_key, LIMIT_KEY);
    exported_write(pair->a, EXPORTED_A, 3, 2);
    verify(pair->a);
    pair->b->certs[1] = cert_bytes_of(&cert, 0xb2);
    exported_write(pair->b, EXPORTED_B, 3, 2);
    verify(pair->b);
    assert_int_equal(
        story_begin(&story, &pair->a->export, &pair->b->export),
        STATUS_UNTRUSTED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_logs_are_one_story),
        TEST(what_the_reader_has_not_receipted_is_under_way),
        TEST(what_the_reader_receipted_and_does_not_show_is_lacking),
        TEST(what_the_writer_signed_and_does_not_show_is_lacking),
        TEST(a_log_that_one_side_hides_is_lacking),
        TEST(
            two_histories_of_one_log_are_a_fork_at_the_first_leaf_that_differs),
        TEST(an_older_file_of_the_same_node_is_no_difference),
        TEST(files_of_other_nodes_or_keys_are_not_compared),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
