/* test_capture_told.c - what the edge adds to the core's answer to STATUS. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/capture_told.h"

#include <stdlib.h>

static const struct capture_told whole = {.file = "/tmp/c.pcapng",
                                          .bytes = 1000,
                                          .packets = 10,
                                          .since_ms = 7,
                                          .frames = true,
                                          .replay = true,
                                          .alarm = "it ended by itself",
                                          .strangers_refused = 17};

/* The core's answer, with an alarm of its own. */
static struct span
pack(uint8_t out[static 256])
{
    Entente__Response       response = ENTENTE__RESPONSE__INIT;
    Entente__StatusResponse status = ENTENTE__STATUS_RESPONSE__INIT;
    char                   *alarms[] = {(char *)(uintptr_t)"a clone"};

    response.id = 9;
    response.kind_case = ENTENTE__RESPONSE__KIND_STATUS;
    response.status = &status;
    status.alarms = alarms;
    status.n_alarms = 1;
    return (struct span){out, entente__response__pack(&response, out)};
}

static void
status_is_told_with_all_of_it(void **state)
{
    uint8_t            bytes[256];
    uint8_t           *memory = NULL;
    struct span        told = capture_told(&whole, pack(bytes), &memory);
    Entente__Response *response =
        entente__response__unpack(NULL, told.len, told.ptr);

    (void)state;
    assert_non_null(response);
    assert_int_equal(response->id, 9);
    assert_string_equal(response->status->capture, whole.file);
    assert_int_equal(response->status->capture_bytes, 1000);
    assert_int_equal(response->status->capture_packets, 10);
    assert_int_equal(response->status->capture_since_ms, 7);
    assert_true(response->status->capture_frames);
    assert_true(response->status->capture_replay);
    assert_int_equal(response->status->strangers_refused, 17);
    assert_int_equal(response->status->n_alarms, 2);
    assert_string_equal(response->status->alarms[0], "a clone");
    assert_string_equal(response->status->alarms[1], whole.alarm);
    entente__response__free_unpacked(response, NULL);
    free(memory);
}

static void
with_nothing_to_tell_the_bytes_pass_as_they_are(void **state)
{
    struct capture_told nothing = {0};
    uint8_t             bytes[256];
    uint8_t            *memory = NULL;
    struct span         told = capture_told(&nothing, pack(bytes), &memory);

    (void)state;
    assert_ptr_equal(told.ptr, bytes);
    assert_null(memory);
}

static void
other_answers_and_garbage_pass_as_they_are(void **state)
{
    struct span answers[] = {span_text("\x08\x09\x10\x01\x6a\x02ok"),
                             span_text("garbage"), SPAN_EMPTY};
    uint8_t    *memory = NULL;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct span told = capture_told(&whole, answers[i], &memory);

        assert_ptr_equal(told.ptr, answers[i].ptr);
        assert_int_equal(told.len, answers[i].len);
    }
    assert_null(memory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_is_told_with_all_of_it),
        cmocka_unit_test(with_nothing_to_tell_the_bytes_pass_as_they_are),
        cmocka_unit_test(other_answers_and_garbage_pass_as_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
