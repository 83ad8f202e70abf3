/* What is being written stays until it is removed, whatever happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/admin/create.h"
#include "tools/writing/drafts.h"

struct world {
    char       above[64];
    struct cli cli;
};

static int
make_world(void **state)
{
    struct world      *world = calloc(1, sizeof(*world));
    struct cert        cert;
    struct card_text   card;
    char               why[CREATE_WORDS];
    struct create_plan plan = {.home = world->cli.home,
                               .node_name = "ifc",
                               .org_name = "IFC-IOR",
                               .country = "IN",
                               .passphrase = span_text("sesame"),
                               .cost = ENVELOPE_FLOOR,
                               .now_ms = 1398247200000ull};

    snprintf(world->above, sizeof(world->above), "/tmp/entente-drafts-XXXXXX");
    if (mkdtemp(world->above) == NULL || crypto_start() != STATUS_OK)
        return 1;
    snprintf(world->cli.home, sizeof(world->cli.home), "%s/home", world->above);
    world->cli.program = "entente";
    *state = world;
    return create_home(&plan, &cert, &card, why) != STATUS_OK;
}

static int
drop_world(void **state)
{
    struct world *world = *state;
    char          command[128];

    snprintf(command, sizeof(command), "rm -rf -- '%s'", world->above);
    cli_clear(&world->cli);
    free(world);
    return system(command);
}

static struct drafts_one *
new_one(struct world *world, const char *form)
{
    struct drafts_one *one = NULL;

    assert_int_equal(drafts_new(&world->cli, json_pack("{s:s}", "to", "jmsdf"),
                                span_text(form), &one),
                     STATUS_OK);
    return one;
}

/* What stands in the file, read anew. */
static void
assert_form(struct world *world, unsigned number, const char *form)
{
    struct drafts_one *one = NULL;

    assert_int_equal(drafts_peek(&world->cli, number, &one), STATUS_OK);
    assert_string_equal(one->form, form);
    assert_string_equal(
        json_string_value(json_object_get(one->facts, "to")), "jmsdf");
    drafts_free(one);
}

static void
put_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static void
a_draft_is_there_for_its_owner_until_it_is_removed(void **state)
{
    struct world      *world = *state;
    struct drafts_one *one = new_one(world, "kind: note\n");
    struct stat        info;

    assert_int_equal(one->number, 1);
    assert_int_equal(stat(one->path.text, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    drafts_free(one);
    assert_form(world, 1, "kind: note\n");
    assert_int_equal(drafts_open(&world->cli, 1, &one), STATUS_OK);
    assert_int_equal(drafts_save(&world->cli, one, span_text("b")), STATUS_OK);
    drafts_free(one);
    assert_form(world, 1, "b");
    assert_int_equal(drafts_open(&world->cli, 1, &one), STATUS_OK);
    assert_int_equal(drafts_remove(&world->cli, one), STATUS_OK);
    drafts_free(one);
    assert_int_equal(drafts_open(&world->cli, 1, &one), STATUS_NOT_FOUND);
}

static void
each_has_a_number_of_its_own_and_the_list_rises(void **state)
{
    struct world *world = *state;
    unsigned     *numbers = calloc(DRAFTS_MAX, sizeof(*numbers));
    size_t        count = 7;

    assert_non_null(numbers);
    assert_int_equal(drafts_list(&world->cli, numbers, &count), STATUS_OK);
    assert_int_equal(count, 0);
    for (unsigned i = 1; i <= 11; i++) {
        struct drafts_one *one = new_one(world, "x");

        assert_int_equal(one->number, i);
        drafts_free(one);
    }
    assert_int_equal(drafts_list(&world->cli, numbers, &count), STATUS_OK);
    assert_int_equal(count, 11);
    for (unsigned i = 0; i < 11; i++)
        assert_int_equal(numbers[i], i + 1);
    free(numbers);
}

static void
one_that_is_open_is_not_opened_again(void **state)
{
    struct world      *world = *state;
    struct drafts_one *one = new_one(world, "x");
    struct drafts_one *other = NULL;

    assert_int_equal(drafts_open(&world->cli, 1, &other), STATUS_LOCKED);
    assert_form(world, 1, "x"); /* but looked at */
    drafts_free(one);
    assert_int_equal(drafts_open(&world->cli, 1, &other), STATUS_OK);
    drafts_free(other);
}

static void
what_an_editor_leaves_is_taken_and_nothing_is_not(void **state)
{
    struct world      *world = *state;
    struct drafts_one *one = new_one(world, "before");
    struct stat        info;
    bool               lost = true;

    assert_int_equal(drafts_guard(&world->cli, one), STATUS_OK);
    assert_int_equal(unlink(one->path.text), 0); /* as some editors do */
    put_file(one->path.text, "after");
    assert_int_equal(chmod(one->path.text, 0644), 0);
    assert_int_equal(drafts_reread(&world->cli, one, &lost), STATUS_OK);
    assert_false(lost);
    assert_string_equal(one->form, "after");
    assert_int_equal(stat(one->path.text, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    assert_int_equal(drafts_guard(&world->cli, one), STATUS_OK);
    put_file(one->path.text, "");
    assert_int_equal(drafts_reread(&world->cli, one, &lost), STATUS_OK);
    assert_true(lost);
    assert_string_equal(one->form, "after");
    assert_int_equal(unlink(one->path.text), 0);
    assert_int_equal(drafts_reread(&world->cli, one, &lost), STATUS_OK);
    assert_true(lost);
    drafts_free(one);
    assert_form(world, 1, "after");
}

static void
without_a_home_nothing_is_made(void **state)
{
    struct world      *world = *state;
    struct drafts_one *one = NULL;

    snprintf(world->cli.home, sizeof(world->cli.home), "%s/none", world->above);
    assert_int_equal(drafts_new(&world->cli, json_object(), span_text("x"),
                                &one),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(world->cli.hint, "init"));
    assert_int_not_equal(access(world->cli.home, F_OK), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, drop_world)
    const struct CMUnitTest tests[] = {
        TEST(a_draft_is_there_for_its_owner_until_it_is_removed),
        TEST(each_has_a_number_of_its_own_and_the_list_rises),
        TEST(one_that_is_open_is_not_opened_again),
        TEST(what_an_editor_leaves_is_taken_and_nothing_is_not),
        TEST(without_a_home_nothing_is_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
