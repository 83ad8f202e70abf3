/* What goes to whom is settled before the node is asked, and only if whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/language/json.h"
#include "tools/writing/sending.h"

static const struct command send_verb = {.name = "send"};

static struct cli
fresh(void)
{
    return (struct cli){.command = &send_verb,
                        .program = "entente",
                        .home = "/nowhere"};
}

static void
give(struct cli *cli, enum cli_option option, const char *value)
{
    if (value != NULL)
        cli->options[option] = (struct cli_values){1, {value}};
}

static void
options_are_judged_before_anybody_is_asked(void **state)
{
    static const struct {
        const char *to, *wait, *timeout;
        enum status st;
        const char *words;
    } table[] = {
        {"jmsdf", NULL, NULL, STATUS_OK, ""},
        {"jmsdf,usff", "", NULL, STATUS_OK, ""},
        {NULL, "read", "5", STATUS_OK, ""},
        {NULL, "accepted", "31536000", STATUS_OK, ""},
        {"", NULL, NULL, STATUS_USAGE, "--to is empty"},
        {"a,,b", NULL, NULL, STATUS_USAGE, "jmsdf,usff"},
        {",a", NULL, NULL, STATUS_USAGE, "jmsdf,usff"},
        {"a", "recieved", NULL, STATUS_USAGE, "received, accepted or read"},
        {"a", "queued", NULL, STATUS_USAGE, "received, accepted or read"},
        {"a", NULL, "5", STATUS_USAGE, "--timeout bounds --wait"},
        {"a", "", "0", STATUS_USAGE, "from 1 to 31536000, not 0"},
        {"a", "", "31536001", STATUS_USAGE, "from 1 to 31536000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct cli cli = fresh();

        give(&cli, CLI_WAIT, table[i].wait);
        give(&cli, CLI_TIMEOUT, table[i].timeout);
        assert_int_equal(sending_check(&cli, table[i].to), table[i].st);
        assert_non_null(strstr(cli.message, table[i].words));
    }
}

static void
only_a_dry_run_can_do_without_a_peer(void **state)
{
    struct cli      cli = fresh();
    struct sending *sending = NULL;

    (void)state;
    assert_int_equal(sending_new(&cli, NULL, &sending), STATUS_USAGE);
    assert_string_equal(cli.message, "send needs --to NAME");
    assert_null(sending);
    cli = fresh();
    give(&cli, CLI_DRY_RUN, "");
    assert_int_equal(sending_new(&cli, NULL, &sending), STATUS_OK);
    assert_int_equal(sending->batch.count, 0);
    assert_false(sending_is_queued(sending));
    sending_free(sending);
}

static void
a_list_names_each_peer_up_to_sixty_four(void **state)
{
    struct cli      cli = fresh();
    struct sending *sending = NULL;
    char            list[2 * DELIVERY_PEERS_MAX + 2]; /* "n,n,n,...,n" */

    (void)state;
    for (size_t i = 0; i < sizeof(list); i++)
        list[i] = i % 2 == 0 ? 'n' : ',';
    list[2 * DELIVERY_PEERS_MAX - 1] = '\0';
    assert_int_equal(sending_new(&cli, list, &sending), STATUS_OK);
    assert_int_equal(sending->batch.count, DELIVERY_PEERS_MAX);
    assert_string_equal(sending->batch.deliveries[0].peer, "n");
    sending_free(sending);
    list[2 * DELIVERY_PEERS_MAX - 1] = ',';
    list[2 * DELIVERY_PEERS_MAX + 1] = '\0';
    assert_int_equal(sending_new(&cli, list, &sending), STATUS_USAGE);
    assert_non_null(strstr(cli.message, "more than 64 names"));
}

static void
a_text_in_a_hurry_is_a_note_and_nothing_else(void **state)
{
    static const struct {
        const char *kind, *text;
        enum status st;
        const char *words;
    } table[] = {
        {NULL, "three boats", STATUS_OK, ""},
        {"note", "three boats", STATUS_OK, ""},
        {NULL, NULL, STATUS_USAGE, "needs a FILE, or -m TEXT"},
        {"nota", "x", STATUS_NOT_FOUND, "no kind is called nota"},
        {"risk_assessment", "x", STATUS_USAGE, "-m writes a note"},
        {NULL, "\xff", STATUS_BAD_FIELD, "UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct cli    cli = fresh();
        struct draft *draft = NULL;

        give(&cli, CLI_KIND, table[i].kind);
        give(&cli, CLI_MESSAGE, table[i].text);
        assert_int_equal(sending_note(&cli, &draft), table[i].st);
        assert_non_null(strstr(cli.message, table[i].words));
        assert_int_equal(draft != NULL, table[i].st == STATUS_OK);
        if (draft != NULL)
            assert_string_equal(
                json_string_value(json_object_get(
                    json_object_get(draft->object, "note"), "text")),
                "three boats");
        draft_free(draft);
    }
}

/* A note that is whole, with a text of so many bytes. */
static struct draft *
note_of(size_t len)
{
    char   *text = malloc(len + 1);
    json_t *object;

    assert_non_null(text);
    memset(text, 'x', len);
    text[len] = '\0';
    object = json_pack(
        "{s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s}}",
        "kind", "note", "subject", "boats", "originator", "org", "IFC", "post",
        "Watch", "label", "policy", "IN-JP", "classification", "RESTRICTED",
        "legal_basis", "agreement", "JDSC", "article", "2", "note", "text",
        text);
    free(text);
    assert_non_null(object);
    return draft_new(object);
}

static void
what_does_not_fit_one_entry_is_refused_with_its_limit(void **state)
{
    struct cli      cli = fresh();
    struct sending *sending = NULL;
    struct draft   *draft = note_of(60000);

    (void)state;
    assert_int_equal(sending_new(&cli, "jmsdf", &sending), STATUS_OK);
    assert_int_equal(sending_prepare(&cli, sending, draft), STATUS_OK);
    assert_true(sending->batch.message.len > 60000);
    assert_false(sending->batch.may_exist); /* its id was drawn */
    draft_free(draft);
    draft = note_of(65500);
    assert_int_equal(sending_prepare(&cli, sending, draft), STATUS_TOO_LARGE);
    assert_non_null(strstr(cli.message, "write it as several"));
    draft_free(draft);
    sending_free(sending);
}

static void
what_is_not_whole_is_not_encoded(void **state)
{
    struct cli      cli = fresh();
    struct sending *sending = NULL;
    struct draft   *draft = note_of(1);

    (void)state;
    json_object_del(draft->object, "label");
    assert_int_equal(sending_new(&cli, "jmsdf", &sending), STATUS_OK);
    assert_int_equal(sending_prepare(&cli, sending, draft), STATUS_BAD_FIELD);
    assert_int_equal(draft->faults.count, 1);
    assert_null(sending->bytes);
    draft_free(draft);
    sending_free(sending);
}

static void
it_is_queued_when_each_peer_has_it(void **state)
{
    struct cli      cli = fresh();
    struct sending *sending = NULL;

    (void)state;
    assert_int_equal(sending_new(&cli, "a,b", &sending), STATUS_OK);
    assert_false(sending_is_queued(sending));
    sending->batch.deliveries[0].state = STATE_QUEUED;
    assert_false(sending_is_queued(sending));
    sending->batch.deliveries[1].state = STATE_RECEIVED;
    assert_true(sending_is_queued(sending));
    sending_free(sending);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_judged_before_anybody_is_asked),
        cmocka_unit_test(only_a_dry_run_can_do_without_a_peer),
        cmocka_unit_test(a_list_names_each_peer_up_to_sixty_four),
        cmocka_unit_test(a_text_in_a_hurry_is_a_note_and_nothing_else),
        cmocka_unit_test(what_does_not_fit_one_entry_is_refused_with_its_limit),
        cmocka_unit_test(what_is_not_whole_is_not_encoded),
        cmocka_unit_test(it_is_queued_when_each_peer_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
