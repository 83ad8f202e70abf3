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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_names_three_interfaces_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
