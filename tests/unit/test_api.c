/* Lines of JSON in, lines of JSON out, where no node runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/api/api.h"
#include "tools/api/api_lines.h"
#include "tools/api/api_request.h"

#include <stdlib.h>
#include <string.h>

static const struct command commands[] = {
    {"", "", 0, 0, 0, "status", NULL, NULL},
    {"inbox", "", 0, 0, CLI_BIT(UNREAD) | CLI_BIT(PEER), "", NULL, NULL},
    {"show", "REF", 1, 1, CLI_BIT(PEEK), "", NULL, NULL},
    {"send", "FILE", 0, 1,
     CLI_BIT(TO) | CLI_BIT(SET) | CLI_BIT(WAIT) | CLI_BIT(DRY_RUN) |
         CLI_BIT(MESSAGE) | CLI_BIT(TIMEOUT) | CLI_BIT(OUT) | CLI_BIT(SUBJECT),
     "", NULL, NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

static struct cli cli;

static int
set_up(void **state)
{
    cli = (struct cli){.commands = commands, .program = "entente"};
    snprintf(cli.home, sizeof(cli.home), "/nonexistent/home");
    *state = api_new(&cli);
    return *state == NULL;
}

static int
tear_down(void **state)
{
    api_free(*state);
    return 0;
}

/* All that is said to one line, "\n" behind each; to be freed. */
static char *
say(struct api *api, const char *line, size_t len)
{
    struct span out;
    char       *text;

    api_line(api, (struct span){(const uint8_t *)line, len}, 7);
    out = api_output(api);
    text = calloc(1, out.len + 1);
    memcpy(text, out.ptr, out.len);
    api_taken(api, out.len);
    assert_int_equal(api_output(api).len, 0);
    assert_true(api_is_idle(api));
    return text;
}

/* The one line of answer to `line` holds each of these. */
static void
answers(void **state, const char *line, const char *part, const char *other)
{
    char *text = say(*state, line, strlen(line));

    if (strstr(text, part) == NULL || strstr(text, other) == NULL)
        print_error("%s\n%s", line, text);
    assert_non_null(strstr(text, part));
    assert_non_null(strstr(text, other));
    free(text);
}

static void
a_verb_that_needs_no_node_is_answered_and_done(void **state)
{
    const char *line = "{\"id\":1,\"verb\":\"kinds\"}";
    char       *text = say(*state, line, strlen(line));

    assert_non_null(strstr(text, "{\"id\":1,\"result\":{\"kinds\":["));
    assert_non_null(strstr(text, "]}}\n{\"id\":1,\"done\":true}\n"));
    free(text);
}

static void
a_bad_line_is_told_with_its_number_and_what_is_right(void **state)
{
    answers(state, "tea?", "\"line\":7", "line 7 is no JSON: column 3");
    answers(state, "[]", "\"id\":null", "line 7 is no object");
    answers(state, "{\"id\":1,\"id\":2}", "BAD_ENCODING", "duplicate");
    answers(state, "{\"verb\":\"kinds\"}", "\"path\":\"id\"", "is missing");
    answers(state, "{\"id\":1}", "\"path\":\"verb\"", "is missing");
    answers(state, "{\"id\":1,\"verb\":7}", "\"path\":\"verb\"", "no text");
    answers(state, "{\"id\":1,\"verb\":\"knds\"}", "USAGE",
            "did you mean kinds?");
    answers(state, "{\"id\":1,\"verb\":\"tea\"}", "no such verb: tea",
            "send, inbox, outbox");
}

static void
an_id_of_any_type_comes_back_as_it_was(void **state)
{
    static const char *const ids[] = {
        "0",    "-1.5", "9007199254740993",  "\"\"",  "\"\\u0001\\n\"", "null",
        "true", "[]",   "[1,[2,{\"a\":3}]]", "{\"id\":{\"id\":null}}"};

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        char line[96];
        char end[96];

        snprintf(line, sizeof(line), "{\"id\":%s,\"verb\":\"kinds\"}", ids[i]);
        snprintf(end, sizeof(end), "{\"id\":%s,\"done\":true}\n", ids[i]);
        answers(state, line, end, "result");
    }
}

static void
an_id_that_is_too_long_is_refused_and_not_repeated(void **state)
{
    char line[API_REQUEST_ID_MAX + 64];
    char id[API_REQUEST_ID_MAX + 1];

    memset(id, 'x', sizeof(id));
    id[API_REQUEST_ID_MAX - 2] = '\0'; /* and two quotation marks */
    snprintf(line, sizeof(line), "{\"id\":\"%s\",\"verb\":\"kinds\"}", id);
    answers(state, line, id, "done");
    id[API_REQUEST_ID_MAX - 2] = 'x';
    id[API_REQUEST_ID_MAX - 1] = '\0';
    snprintf(line, sizeof(line), "{\"id\":\"%s\",\"verb\":\"kinds\"}", id);
    answers(state, line, "\"id\":null", "TOO_LARGE");
}

static void
deep_nesting_is_refused_and_breaks_nothing(void **state)
{
    char *deep = calloc(1, 6000 + 64);

    assert_non_null(deep);
    memset(deep, '[', 3000);
    answers(state, deep, "nested deeper", "line 7");
    memset(deep + 3000, ']', 3000);
    answers(state, deep, "nested deeper", "line 7");
    free(deep);
}

static void
a_text_with_a_zero_byte_is_no_line(void **state)
{
    static const char line[] = "{\"id\":1,\0\"verb\":\"kinds\"}";
    char             *text = say(*state, line, sizeof(line) - 1);

    assert_non_null(strstr(text, "BAD_ENCODING"));
    free(text);
    answers(state, "{\"id\":1,\"verb\":\"ki\\u0000nds\"}", "BAD_ENCODING", "");
}

static void
keys_are_options_and_the_nearest_is_named(void **state)
{
    answers(state, "{\"id\":1,\"verb\":\"inbox\",\"unred\":true}", "unred",
            "did you mean unread?");
    answers(state, "{\"id\":1,\"verb\":\"show\",\"re\":\"a\"}", "USAGE",
            "does not take re");
    answers(state, "{\"id\":1,\"verb\":\"show\"}", "show needs ref",
            "\"path\":\"ref\"");
    answers(state, "{\"id\":1,\"verb\":\"inbox\",\"json\":true}", "USAGE",
            "does not take json");
    answers(state, "{\"id\":1,\"verb\":\"send\",\"out\":\"/etc/x\"}", "USAGE",
            "does not take out");
    answers(state, "{\"id\":1,\"verb\":\"kinds\",\"unread\":true}", "USAGE",
            "does not take unread");
}

static void
values_have_the_type_that_the_option_has(void **state)
{
    answers(state, "{\"id\":1,\"verb\":\"inbox\",\"unread\":1}", "unread",
            "must be true or false");
    answers(state, "{\"id\":1,\"verb\":\"inbox\",\"peer\":[\"a\"]}", "peer",
            "must be text or a whole number");
    answers(state, "{\"id\":1,\"verb\":\"show\",\"ref\":{}}", "ref",
            "must be text");
    answers(state, "{\"id\":1,\"verb\":\"send\",\"to\":[\"a,b\"]}", "to",
            "a list of texts");
    answers(state, "{\"id\":1,\"verb\":\"send\",\"wait\":{}}", "wait",
            "true, false or text");
    answers(state,
            "{\"id\":1,\"verb\":\"send\",\"dry_run\":true,\"dry-run\":true}",
            "USAGE", "stands there twice");
    answers(state,
            "{\"id\":1,\"verb\":\"send\",\"to\":\"a\",\"wait\":true,"
            "\"timeout\":\"x\",\"message\":{}}",
            "USAGE", "--timeout is a whole number");
}

static void
all_that_is_wrong_with_a_message_is_told_at_once(void **state)
{
    answers(state, "{\"id\":1,\"verb\":\"validate\",\"message\":{}}", "errors",
            "a kind's name");
    answers(state, "{\"id\":1,\"verb\":\"validate\",\"message\":7}", "BAD_",
            "error");
    answers(state,
            "{\"id\":1,\"verb\":\"send\",\"dry_run\":true,\"subject\":\"x\","
            "\"message\":\"tea\"}",
            "\"path\":\"label\"", "\"path\":\"legal_basis\"");
}

static void
a_node_that_is_not_there_fails_what_needs_it_and_nothing_else(void **state)
{
    answers(state, "{\"id\":1,\"verb\":\"status\"}", "UNREACHABLE", "hint");
    answers(state, "{\"id\":2,\"verb\":\"kinds\"}", "result", "done");
}

static void
nothing_under_way_is_nothing_to_stop(void **state)
{
    answers(state, "{\"id\":1,\"verb\":\"stop\",\"request\":null}",
            "NOT_FOUND", "under way");
    answers(state, "{\"id\":1,\"verb\":\"stop\"}", "stop needs request", "");
}

static void
a_line_that_was_too_long_is_told_by_its_number(void **state)
{
    struct span out;

    api_line_too_long(*state, 9);
    out = api_output(*state);
    assert_non_null(memmem(out.ptr, out.len, "TOO_LARGE", 9));
    assert_non_null(memmem(out.ptr, out.len, "\"line\":9", 8));
}

static void
output_that_nobody_takes_ends_the_reading(void **state)
{
    static const char line[] = "{\"id\":1,\"verb\":\"kinds\","
                               "\"kind\":\"note\"}";
    size_t            count = 0;

    while (api_has_room(*state) && count++ < 10000)
        api_line(*state, span_text(line), 1);
    assert_true(count < 10000);
    assert_true(api_output(*state).len < API_OUTPUT_MAX + API_LINES_MAX);
    api_taken(*state, api_output(*state).len);
    assert_true(api_has_room(*state));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CLAIM(a_verb_that_needs_no_node_is_answered_and_done),
        CLAIM(a_bad_line_is_told_with_its_number_and_what_is_right),
        CLAIM(an_id_of_any_type_comes_back_as_it_was),
        CLAIM(an_id_that_is_too_long_is_refused_and_not_repeated),
        CLAIM(deep_nesting_is_refused_and_breaks_nothing),
        CLAIM(a_text_with_a_zero_byte_is_no_line),
        CLAIM(keys_are_options_and_the_nearest_is_named),
        CLAIM(values_have_the_type_that_the_option_has),
        CLAIM(all_that_is_wrong_with_a_message_is_told_at_once),
        CLAIM(a_node_that_is_not_there_fails_what_needs_it_and_nothing_else),
        CLAIM(nothing_under_way_is_nothing_to_stop),
        CLAIM(a_line_that_was_too_long_is_told_by_its_number),
        CLAIM(output_that_nobody_takes_ends_the_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
