/* test_export.c - what a log export holds was signed, every byte of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/export_world.h"

static enum status
verify(struct exported *file, struct span text)
{
    file->export.logs = file->logs;
    file->export.cap = EXPORTED_LOGS;
    return export_verify(text, &file->export);
}

/* A's file, of three leaves from A and two from B. */
static struct exported *
good(void)
{
    struct exported *file = exported_new();

    exported_write(file, EXPORTED_A, 3, 2);
    return file;
}

static void
a_good_file_gives_its_logs_back(void **state)
{
    struct exported         *file = good();
    const struct export_log *log;

    (void)state;
    assert_int_equal(verify(file, exported_text(file)), STATUS_OK);
    assert_int_equal(file->export.count, 2);
    log = &file->export.logs[0];
    assert_true(span_equal(log->origin_text, span_text(ORIGIN)));
    assert_int_equal(log->head.size, 3);
    assert_int_equal(log->writer, 0);
    assert_true(log->receipted);
    assert_int_equal(log->reader, 1);
    assert_int_equal(log->cosigned.size, 2);
    assert_int_equal(log->leaves.len, 3 * EXPORT_LEAF_LINE);
    log = &file->export.logs[1];
    assert_true(span_equal(log->origin_text, span_text(ORIGIN_BACK)));
    assert_int_equal(log->cosigned.size, 2);
    free(file);
}

static void
a_node_without_logs_has_a_file_too(void **state)
{
    struct exported *file = exported_new();

    (void)state;
    exported_write(file, EXPORTED_A, 0, 0);
    assert_int_equal(verify(file, exported_text(file)), STATUS_OK);
    assert_int_equal(file->export.count, 0);
    free(file);
}

static void
no_byte_can_be_changed_removed_or_doubled(void **state)
{
    struct exported     *file = good();
    struct exported     *other = exported_new();
    static const uint8_t flips[] = {0x01, 0x02, 0x20, 0x80};
    struct span          text = exported_text(file);

    (void)state;
    assert_int_equal(verify(other, text), STATUS_OK);
    for (size_t at = 0; at < text.len; at++) {
        memcpy(other->text, text.ptr, text.len);
        for (size_t i = 0; i < sizeof(flips); i++) {
            other->text[at] = text.ptr[at] ^ flips[i];
            if (verify(other, (struct span){other->text, text.len}) ==
                STATUS_OK)
                fail_msg("byte %zu changed by %02x passes", at, flips[i]);
        }
        memcpy(other->text + at, text.ptr + at + 1, text.len - at - 1);
        if (verify(other, (struct span){other->text, text.len - 1}) ==
            STATUS_OK)
            fail_msg("without byte %zu it passes", at);
        memcpy(other->text + at + 1, text.ptr + at, text.len - at);
        other->text[at] = text.ptr[at];
        if (verify(other, (struct span){other->text, text.len + 1}) ==
            STATUS_OK)
            fail_msg("with byte %zu twice it passes", at);
    }
    free(other);
    free(file);
}

static void
every_prefix_is_refused(void **state)
{
    struct exported *file = good();
    struct span      text = exported_text(file);

    (void)state;
    for (size_t len = 0; len < text.len; len++)
        if (verify(file, (struct span){text.ptr, len}) == STATUS_OK)
            fail_msg("the first %zu bytes pass", len);
    free(file);
}

static void
a_leaf_that_was_not_signed_is_a_bad_root(void **state)
{
    struct exported *file = exported_new();

    (void)state;
    file->other_leaf = true; /* under the signature of the right one */
    exported_write(file, EXPORTED_A, 3, 2);
    assert_int_equal(verify(file, exported_text(file)), STATUS_BAD_ROOT);
    assert_true(span_equal(file->export.refused, span_text(ORIGIN)));
    free(file);
}

static void
logs_of_other_nodes_do_not_belong(void **state)
{
    struct exported *file = exported_new();
    struct cert      cert = cert_of_b();

    (void)state;
    cert.node.bytes[0] ^= 1;
    file->certs[1] = cert_bytes_of(&cert, 0xb1);
    exported_write(file, EXPORTED_A, 3, 2);
    assert_int_equal(verify(file, exported_text(file)), STATUS_BAD_FIELD);
    free(file);
}

static void
more_logs_than_there_is_room_for_are_refused(void **state)
{
    struct exported *file = good();

    (void)state;
    file->export.logs = file->logs;
    file->export.cap = 1;
    assert_int_equal(export_verify(exported_text(file), &file->export),
                     STATUS_FULL);
    free(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_gives_its_logs_back),
        cmocka_unit_test(a_node_without_logs_has_a_file_too),
        cmocka_unit_test(no_byte_can_be_changed_removed_or_doubled),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(a_leaf_that_was_not_signed_is_a_bad_root),
        cmocka_unit_test(logs_of_other_nodes_do_not_belong),
        cmocka_unit_test(more_logs_than_there_is_room_for_are_refused),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
