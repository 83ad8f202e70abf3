/* test_capture_file.c - one head for all captures. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/capture_file.h"

static void
the_head_names_three_interfaces_in_order(void **state)
{
    uint8_t              head[CAPTURE_FILE_HEAD_MAX];
    size_t               len = capture_file_head(head);
    struct pcapng_reader in;
    struct pcapng_packet none;

    (void)state;
    assert_int_equal(pcapng_open((struct span){head, len}, &in), STATUS_OK);
    assert_int_equal(pcapng_next(&in, &none), STATUS_AGAIN);
    assert_int_equal(in.interface_count, 3);
    assert_int_equal(in.link_type[CAPTURE_FILE_WIRE], 147);
    assert_int_equal(in.link_type[CAPTURE_FILE_FRAMES], 148);
    assert_int_equal(in.link_type[CAPTURE_FILE_RECORDS], 149);
}

static void
the_head_says_under_which_version_a_capture_was_made(void **state)
{
    uint8_t              head[CAPTURE_FILE_HEAD_MAX];
    size_t               len = capture_file_head(head);
    struct pcapng_reader in;
    uint32_t             version = 0;

    (void)state;
    assert_int_equal(pcapng_open((struct span){head, len}, &in), STATUS_OK);
    assert_true(
        span_equal(in.comment, span_text("Entente protocol, version 1")));
    assert_int_equal(capture_file_version(in.comment, &version), STATUS_OK);
    assert_int_equal(version, CAPTURE_FILE_VERSION);
    assert_int_equal(
        capture_file_version(span_text("Entente protocol, version 12"),
                             &version),
        STATUS_OK);
    assert_int_equal(version, 12);
}

static void
any_other_comment_names_no_version(void **state)
{
    static const char *const others[] = {
        "",
        "Entente protocol, version ",
        "Entente protocol, version 01",
        "Entente protocol, version 1.",
        "Entente protocol, version -1",
        "Entente protocol, version 12345",
        "Sanctioned by tcpdump, version 1",
    };
    uint32_t version;

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        assert_int_equal(capture_file_version(span_text(others[i]), &version),
                         STATUS_BAD_ENCODING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_names_three_interfaces_in_order),
        cmocka_unit_test(the_head_says_under_which_version_a_capture_was_made),
        cmocka_unit_test(any_other_comment_names_no_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
