#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/store/reply.h"

static void
records_are_put_one_after_the_other_however_many(void **state)
{
    static uint8_t large[100000];
    struct reply   reply = {0};
    struct reader  in;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(reply_record(&reply, SPAN_OF(large), SPAN_EMPTY),
                         STATUS_OK);
        assert_int_equal(
            reply_record(&reply, span_text("a"), span_text("secret")),
            STATUS_OK);
    }
    in = reader_of((struct span){reply.ptr, reply.len});
    for (int i = 0; i < 10; i++) {
        assert_int_equal(reader_take32(&in, LIMIT_RECORD).len, sizeof(large));
        assert_int_equal(reader_take32(&in, LIMIT_RECORD).len, 0);
        assert_int_equal(reader_take32(&in, LIMIT_RECORD).len, 1);
        assert_true(span_equal(reader_take32(&in, LIMIT_RECORD),
                               span_text("secret")));
    }
    assert_int_equal(reader_end(&in), STATUS_OK);
    reply_free(&reply);
}

static void
what_was_answered_is_wiped_before_the_next_answer(void **state)
{
    struct reply reply = {0};

    (void)state;
    assert_int_equal(reply_record(&reply, SPAN_EMPTY, span_text("secret")),
                     STATUS_OK);
    assert_int_equal(reply.ptr[8], 's');
    reply_begin(&reply);
    assert_int_equal(reply.len, 0);
    assert_int_equal(reply.ptr[8], 0);
    reply_free(&reply);
}

static void
what_was_not_taken_is_not_in_the_answer(void **state)
{
    struct reply  reply = {0};
    struct writer out;

    (void)state;
    assert_int_equal(reply_room(&reply, 4, &out), STATUS_OK);
    writer_u32(&out, 1);
    assert_int_equal(reply_room(&reply, 4, &out), STATUS_OK);
    writer_u16(&out, 2);
    reply_take(&reply, &out);
    assert_int_equal(reply.len, 2);
    assert_int_equal(reply.ptr[1], 2);
    reply_free(&reply);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_put_one_after_the_other_however_many),
        cmocka_unit_test(what_was_answered_is_wiped_before_the_next_answer),
        cmocka_unit_test(what_was_not_taken_is_not_in_the_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
