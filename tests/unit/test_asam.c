/*
 * 228 real incidents at sea (NGA ASAM 2013 and 2014), converted by
 * tests/e2e/asam_to_json.py, pass every rule and survive JSON to bytes to
 * JSON field by field.  Skipped, and said so, where the records are absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/reading/show.h"

#include <unistd.h>

#define RECORDS SHARED_DIR "/data/maritime/asam_2013_2014.jsonl"
#define CONVERTER SOURCE_DIR "/tests/e2e/asam_to_json.py"

enum { SKIPPED = 77, INCIDENTS = 228 };

static struct message_faults faults;

static void
assert_no_faults(const char *line)
{
    for (size_t i = 0; i < faults.count; i++)
        print_error("%s: %s\n", faults.list[i].path, faults.list[i].words);
    if (faults.count > 0)
        print_error("in %s\n", line);
    assert_int_equal(faults.count, 0);
}

static void
assert_can_be_shown(const Entente__Message *message)
{
    static const struct show_facts nothing;
    char                          *text = NULL;
    size_t                         len = 0;
    FILE                          *out = open_memstream(&text, &len);

    assert_non_null(out);
    assert_int_equal(show_message(message, &nothing, out), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "Position: "));
    assert_non_null(strstr(text, "Narrative: "));
    free(text);
}

/* The same values; to JSON, 5.0 and 5 are one number. */
static bool
is_same(const json_t *a, const json_t *b)
{
    const char *key;
    json_t     *value;

    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_is_object(a) && json_is_object(b)) {
        json_object_foreach((json_t *)(uintptr_t)a, key, value)
            if (!is_same(value, json_object_get(b, key)))
                return false;
        return json_object_size(a) == json_object_size(b);
    }
    if (json_is_array(a) && json_is_array(b)) {
        for (size_t i = 0; i < json_array_size(a); i++)
            if (!is_same(json_array_get(a, i), json_array_get(b, i)))
                return false;
        return json_array_size(a) == json_array_size(b);
    }
    return json_equal(a, b);
}

/* One line of JSON through the whole way. */
static void
assert_survives(const char *line)
{
    static uint8_t      room[65536];
    struct strict_arena arena = strict_arena_of(room, sizeof(room));
    Entente__Message   *message = NULL;
    Entente__Message   *read = NULL;
    json_t             *before = json_parse(span_text(line), &faults);
    json_t             *after = NULL;
    uint8_t            *bytes;
    size_t              len;

    (void)!json_to_message(span_text(line), &message, &faults);
    assert_no_faults(line);
    (void)!message_validate(message, MESSAGE_READY, &faults);
    assert_no_faults(line);
    len = entente__message__get_packed_size(message);
    bytes = malloc(len);
    entente__message__pack(message, bytes);
    entente__message__free_unpacked(message, NULL);
    (void)!message_parse((struct span){bytes, len}, MESSAGE_READY, &arena,
                         &read, &faults);
    assert_no_faults(line);
    assert_int_equal(json_from_message(read, &after), STATUS_OK);
    assert_true(is_same(before, after));
    assert_can_be_shown(read);
    json_decref(before);
    json_decref(after);
    free(bytes);
}

static void
every_incident_passes_and_survives(void **state)
{
    FILE  *lines = popen("python3 " CONVERTER " " RECORDS, "r");
    char  *line = NULL;
    size_t cap = 0;
    size_t count = 0;

    (void)state;
    assert_non_null(lines);
    while (getline(&line, &cap, lines) > 0) {
        assert_survives(line);
        count++;
    }
    assert_int_equal(pclose(lines), 0);
    assert_int_equal(count, INCIDENTS);
    free(line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_incident_passes_and_survives),
    };

    if (access(RECORDS, R_OK) != 0) {
        print_message("SKIPPED: %s is not there\n", RECORDS);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
