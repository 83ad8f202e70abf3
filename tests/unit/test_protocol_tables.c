/*
 * test_protocol_tables.c - the tables of PROTOCOL.md are the code's lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle_frames.h"
#include "crypto/envelope.h"
#include "crypto/evidence.h"
#include "crypto/keyring.h"
#include "node/core/client/follow.h"
#include "node/core/message/kind.h"
#include "node/core/link/ping.h"
#include "node/core/message/quota.h"
#include "node/core/link/session.h"
#include "node/core/message/submit.h"
#include "node/core/client/watching.h"
#include "node/net/space.h"
#include "node/store/group.h"
#include "proto/label.h"
#include "proto/record.h"
#include "tests/unit/protocol_page.h"

static void
labels_are_those_of_the_code(void **state)
{
    static const char *const names[] = {
#define LABEL_NAME(name, string) #name,
        LABEL_LIST(LABEL_NAME)
#undef LABEL_NAME
    };
    struct page_table table = page_table("labels");

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++)
        page_row(&table, "%s | %s", names[i],
                 (const char *)label_span((enum label)i).ptr);
    page_table_end(&table);
}

static void
statuses_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("statuses");

    (void)state;
    for (unsigned i = 0; i < STATUS_COUNT; i++)
        page_row(&table, "%s | %d | %s", status_name((enum status)i),
                 status_exit_code((enum status)i),
                 status_words((enum status)i));
    page_table_end(&table);
}

static void
classes_and_precedences_are_those_of_the_code(void **state)
{
    struct page_table classes = page_table("classes");
    struct page_table precedences = page_table("precedences");

    (void)state;
    for (unsigned i = 1; i <= CLASS_LAST; i++)
        page_row(&classes, "%u | %s | %s", i, class_name(i),
                 class_is_sealed((enum entry_class)i) ? "yes" : "no");
    page_table_end(&classes);
    for (unsigned i = 1; i < PRECEDENCE_COUNT; i++)
        page_row(&precedences, "%u | %s", i, precedence_name(i));
    page_table_end(&precedences);
}

static void
ladders_are_those_of_the_code(void **state)
{
#define RUNG(percent, lowest) {percent, #lowest},
    static const struct {
        unsigned    percent;
        const char *lowest;
    } disk_rungs[] = {SPACE_LIST(RUNG)}, quota_rungs[] = {QUOTA_LIST(RUNG)};
#undef RUNG
    struct page_table disk = page_table("disk ladder");
    struct page_table quota = page_table("quota ladder");

    (void)state;
    for (size_t i = sizeof(disk_rungs) / sizeof(disk_rungs[0]); i-- > 0;)
        page_row(&disk, "%u %% | %s", disk_rungs[i].percent,
                 disk_rungs[i].lowest);
    page_table_end(&disk);
    for (size_t i = sizeof(quota_rungs) / sizeof(quota_rungs[0]); i-- > 0;)
        page_row(&quota, "%u %% | %s", quota_rungs[i].percent,
                 quota_rungs[i].lowest);
    page_table_end(&quota);
}

/* The next LIMIT_NAME with its value, from the header's own text. */
static bool
next_limit(const char **at, char name[static PAGE_NAME],
           unsigned long long *value)
{
    while ((*at = strstr(*at, "LIMIT_")) != NULL) {
        size_t len;
        char  *end;

        *at += 6;
        len = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        snprintf(name, PAGE_NAME, "%.*s", (int)len, *at);
        *at += len;
        if (strncmp(*at, " = ", 3) == 0)
            *at += 3;
        else if (**at != ' ' || (*at)[1] < '0' || (*at)[1] > '9')
            continue; /* spoken of, in a comment */
        *value = strtoull(*at, &end, 0);
        if (strncmp(end, " << ", 4) == 0)
            *value <<= strtoul(end + 4, &end, 10);
        *at = end;
        return true;
    }
    return false;
}

static void
limits_are_those_of_the_header(void **state)
{
    struct page_table  table = page_table("limits");
    char              *text = page_file(SOURCE_DIR "/proto/limits.h");
    const char        *at = text;
    char               name[PAGE_NAME];
    unsigned long long value;
    size_t             count = 0;

    (void)state;
    for (; next_limit(&at, name, &value); count++)
        page_row(&table, "%s | %llu", name, value);
    page_table_end(&table);
    free(text);
    assert_true(count > 60); /* they were found at all */
}

static void
further_limits_are_those_of_their_modules(void **state)
{
    struct page_table table = page_table("further limits");

    (void)state;
#define LIMIT_ROW(name) page_row(&table, "%s | %d", #name, (int)(name))
    LIMIT_ROW(HEARD_SLOTS);
    LIMIT_ROW(RECENT_IDS);
    LIMIT_ROW(PEER_SEALING_KEYS);
    LIMIT_ROW(DESK_LOADS);
    LIMIT_ROW(DESK_ANSWERS);
    LIMIT_ROW(SUBMIT_PEERS);
    LIMIT_ROW(FOLLOW_MAX);
    LIMIT_ROW(PING_WAITS);
    LIMIT_ROW(WATCHING_MAX);
    LIMIT_ROW(MESSAGE_FAULTS);
    LIMIT_ROW(GROUP_RECORDS_MAX);
#undef LIMIT_ROW
    page_table_end(&table);
}

static void
session_rows_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("session");

    (void)state;
    for (size_t i = 0; i < SESSION_ROWS; i++) {
        const char *name = session_row_name(i);
        const char *input = strchr(name, ' ');
        const char *next;
        char        is[PAGE_CELL], right[PAGE_CELL];

        assert_non_null(input);
        page_take_row(&table, 4, is);
        next = strrchr(is, ' ');
        snprintf(right, sizeof(right), "%.*s | %s | ", (int)(input - name),
                 name, input + 1);
        if (strncmp(is, right, strlen(right)) != 0 ||
            strcmp(next + 1, session_row_next(i)) != 0)
            fail_msg("PROTOCOL.md, table session: | %s | should be | %s... "
                     "| %s |",
                     is, right, session_row_next(i));
    }
    page_table_end(&table);
}

static void
records_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("records");

    (void)state;
#define RECORD_CHECK(name, value, fields, secret)                              \
    page_row(&table, "%d | %s | %s | %s", value, #name, fields,                \
             (secret) ? "yes" : "no");
    RECORD_LIST(RECORD_CHECK)
#undef RECORD_CHECK
    page_table_end(&table);
}

static void
message_states_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("states");

    (void)state;
    for (unsigned i = 1; i <= STATE_LAST; i++)
        page_row(&table, "%u | %s", i, state_word(i));
    page_table_end(&table);
}

static void
keyring_kinds_are_those_of_the_code(void **state)
{
    static const char *const names[] = {
        [KEYRING_NONE] = "NONE",
        [KEYRING_LOG] = "LOG",
        [KEYRING_WITNESS] = "WITNESS",
        [KEYRING_LINK] = "LINK",
        [KEYRING_SEALING] = "SEALING",
        [KEYRING_FIRST_CONTACT] = "FIRST_CONTACT",
        [KEYRING_PAIR_SECRET] = "PAIR_SECRET",
        [KEYRING_VAULT] = "VAULT",
        [KEYRING_SEGMENT] = "SEGMENT",
        [KEYRING_EXTENT] = "EXTENT",
    };
    struct page_table table = page_table("keyring kinds");

    (void)state;
    assert_int_equal(sizeof(names) / sizeof(names[0]), KEYRING_KIND_LAST + 1);
    for (unsigned i = 0; i <= KEYRING_KIND_LAST; i++)
        page_row(&table, "%u | %s", i, names[i]);
    page_table_end(&table);
}

static void
events_and_effects_are_those_of_the_code(void **state)
{
    struct page_table events = page_table("events");
    struct page_table effects = page_table("effects");

    (void)state;
#define EVENT_ROW(name) page_row(&events, "%d | %s", EVENT_##name, #name);
    EVENT_LIST(EVENT_ROW)
#undef EVENT_ROW
    page_table_end(&events);
#define EFFECT_ROW(name) page_row(&effects, "%d | %s", EFFECT_##name, #name);
    EFFECT_LIST(EFFECT_ROW)
#undef EFFECT_ROW
    page_table_end(&effects);
}

static void
kinds_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("kinds");

    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++)
        page_row(&table, "%u | %s | %s", KIND_FIELD_BASE + kind_at(i)->number,
                 kind_at(i)->name, kind_at(i)->source);
    page_table_end(&table);
}

static void
evidence_checks_are_those_of_the_code(void **state)
{
    struct page_table table = page_table("evidence checks");

    (void)state;
    for (unsigned i = 0; i < EVIDENCE_CHECK_COUNT; i++)
        page_row(&table, "%s", evidence_check_name((enum evidence_check)i));
    page_table_end(&table);
}

static void
bundle_frames_are_those_of_the_code(void **state)
{
    static const char ONE[] = "one", AT_MOST_ONE[] = "at most one";
    static const char ANY[] = "any";
    struct page_table table = page_table("bundle frames");

    (void)state;
#define FRAME_ROW(name, words, rank, count)                                    \
    page_row(&table, "%s | %d | %s", words, rank, count);
    BUNDLE_FRAME_LIST(FRAME_ROW)
#undef FRAME_ROW
    page_table_end(&table);
}

/* Each area is compared by one test_protocol_*.c. */
static void
every_named_block_belongs_to_a_test(void **state)
{
    static const char *const areas[] = {"keys/", "entry/", "head/", "link/",
                                        "disk/", "schema/", "rules/",
                                        "capture/", "bundle/"};

    const char *at = page.text;
    char        name[PAGE_NAME];

    (void)state;
    while (page_next_name(&at, name))
        if (!page_is_in(name, areas, sizeof(areas) / sizeof(areas[0])))
            fail_msg("PROTOCOL.md, block %s: no test answers for it", name);
}

static void
every_table_is_compared(void **state)
{
    static const char *const tests[] = {
        SOURCE_DIR "/tests/unit/test_protocol_tables.c",
        SOURCE_DIR "/tests/unit/test_protocol_machines.c"};
    const char *at = page.text;
    char       *text[2], reads[PAGE_NAME];

    (void)state;
    for (size_t i = 0; i < 2; i++)
        text[i] = page_file(tests[i]);
    while ((at = strstr(at, "\n<!-- table: ")) != NULL) {
        at += strlen("\n<!-- table: ");
        snprintf(reads, sizeof(reads), "page_table(\"%.*s\")",
                 (int)(strstr(at, " -->") - at), at);
        if (strstr(text[0], reads) == NULL && strstr(text[1], reads) == NULL)
            fail_msg("PROTOCOL.md: nothing says %s", reads);
    }
    for (size_t i = 0; i < 2; i++)
        free(text[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_those_of_the_code),
        cmocka_unit_test(statuses_are_those_of_the_code),
        cmocka_unit_test(classes_and_precedences_are_those_of_the_code),
        cmocka_unit_test(ladders_are_those_of_the_code),
        cmocka_unit_test(limits_are_those_of_the_header),
        cmocka_unit_test(further_limits_are_those_of_their_modules),
        cmocka_unit_test(session_rows_are_those_of_the_code),
        cmocka_unit_test(records_are_those_of_the_code),
        cmocka_unit_test(message_states_are_those_of_the_code),
        cmocka_unit_test(keyring_kinds_are_those_of_the_code),
        cmocka_unit_test(events_and_effects_are_those_of_the_code),
        cmocka_unit_test(kinds_are_those_of_the_code),
        cmocka_unit_test(evidence_checks_are_those_of_the_code),
        cmocka_unit_test(bundle_frames_are_those_of_the_code),
        cmocka_unit_test(every_named_block_belongs_to_a_test),
        cmocka_unit_test(every_table_is_compared),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}
