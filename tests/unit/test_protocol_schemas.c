/*
 * test_protocol_schemas.c - the schemas and field rules of PROTOCOL.md are
 * the files and tables that the node is built from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/kind.h"
#include "node/core/message/likelihood.h"
#include "proto/words.h"
#include "tests/unit/protocol_page.h"

enum { TYPES_MAX = 128, LINE_MAX_LEN = 110 };

/* --- schemas -------------------------------------------------------------- */

/* Takes out comments, and lines that are then empty or were. */
static void
without_comments(const char *text, struct lines_text *out)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        const char *comment = strstr(text, "//");
        const char *to;

        assert_non_null(end);
        to = comment != NULL && comment < end ? comment : end;
        while (to > text && to[-1] == ' ')
            to--;
        if (to > text)
            page_line(out, "%.*s", (int)(to - text), text);
        text = end + 1;
    }
}

static void
schema_is(const char *name, bool comments)
{
    static struct lines_text out;
    char                     path[256], block[PAGE_NAME];
    char                    *text;

    out.len = 0;
    snprintf(path, sizeof(path), "%s/proto/%s", SOURCE_DIR, name);
    snprintf(block, sizeof(block), "schema/%s", name);
    text = page_file(path);
    if (!comments)
        without_comments(text, &out);
    page_block(block, comments ? text : out.text);
    free(text);
}

static void
schemas_are_the_files(void **state)
{
    (void)state;
    schema_is("link.proto", false);
    schema_is("entry.proto", false);
    schema_is("message.proto", true);
    schema_is("value.proto", true);
    schema_is("kinds/assessment.proto", false);
    schema_is("kinds/maritime.proto", false);
    schema_is("kinds/note.proto", false);
}

/* --- rules of fields ------------------------------------------------------ */

/* All types of message.proto that have rules, in order of first mention. */
struct types {
    const ProtobufCMessageDescriptor *list[TYPES_MAX];
    size_t                            count;
};

static void
add_type(struct types *types, const ProtobufCMessageDescriptor *type)
{
    for (size_t i = 0; i < types->count; i++)
        if (types->list[i] == type)
            return;
    assert_true(types->count < TYPES_MAX);
    types->list[types->count++] = type;
}

static struct types
all_types(void)
{
    struct types types = {.count = 0};

    add_type(&types, &entente__message__descriptor);
    for (size_t i = 0; i < types.count; i++)
        for (unsigned k = 0; k < types.list[i]->n_fields; k++)
            if (types.list[i]->fields[k].type == PROTOBUF_C_TYPE_MESSAGE)
                add_type(&types, types.list[i]->fields[k].descriptor);
    return types;
}

static void
rule_text(const struct kind_rule *rule, char *out, size_t cap)
{
    const char *must = rule->presence != KIND_OPTIONAL ? " must" : "";

    switch (rule->check) {
    case KIND_ANY:
        snprintf(out, cap, "%s%s", rule->field, must);
        return;
    case KIND_LINE:
        snprintf(out, cap, "%s%s line", rule->field, must);
        return;
    case KIND_RANGE:
        snprintf(out, cap, "%s%s %.15g to %.15g", rule->field, must, rule->low,
                 rule->high);
        return;
    case KIND_BYTES:
        assert_true(rule->low >= rule->high && rule->low <= rule->high);
        snprintf(out, cap, "%s%s %.0f bytes", rule->field, must, rule->low);
        return;
    case KIND_DIGITS:
        snprintf(out, cap, "%s%s %.0f digits", rule->field, must, rule->low);
        return;
    case KIND_IMO:
        snprintf(out, cap, "%s%s %.0f digits checked", rule->field, must,
                 rule->low);
        return;
    case KIND_FILE:
        snprintf(out, cap, "%s%s file", rule->field, must);
        return;
    }
    fail_msg("a check that PROTOCOL.md has no word for");
}

/* "Type: rule; rule; ..." in lines of readable length. */
static void
put_rules(struct lines_text *out, const ProtobufCMessageDescriptor *type)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);
    char                    line[512], rule[128];

    if (count == 0)
        return;
    snprintf(line, sizeof(line), "%s:", type->short_name);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(line);

        rule_text(&rules[i], rule, sizeof(rule));
        if (len + strlen(rule) + 2 > LINE_MAX_LEN) {
            page_line(out, "%s", line);
            snprintf(line, sizeof(line), "   ");
            len = strlen(line);
        }
        snprintf(line + len, sizeof(line) - len, " %s%s", rule,
                 i + 1 < count ? ";" : "");
    }
    page_line(out, "%s", line);
}

static void
field_rules_are_those_of_the_code(void **state)
{
    static struct lines_text out;
    const struct types       types = all_types();

    (void)state;
    for (size_t i = 0; i < types.count; i++)
        put_rules(&out, types.list[i]);
    page_block("rules/fields", out.text);
}

static void
words_of_likelihood_are_those_of_the_code(void **state)
{
    static struct lines_text out;

    (void)state;
    for (size_t i = 0; likelihood_at(i) != NULL; i++) {
        const struct likelihood *row = likelihood_at(i);

        page_line(&out, "%-8s %-22s %3u to %3u",
                  words_name(&entente__yardstick__descriptor,
                             (int)row->yardstick),
                  row->word, row->low_percent, row->high_percent);
    }
    page_block("rules/likelihood", out.text);
}

static void
no_block_of_these_areas_is_left_over(void **state)
{
    static const char *const areas[] = {"schema/", "rules/"};

    (void)state;
    page_all_seen(areas, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_the_files),
        cmocka_unit_test(field_rules_are_those_of_the_code),
        cmocka_unit_test(words_of_likelihood_are_those_of_the_code),
        cmocka_unit_test(no_block_of_these_areas_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}
