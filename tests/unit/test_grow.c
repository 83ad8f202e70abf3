#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/grow.h"

static void
new_memory_is_zeroed(void **state)
{
    uint8_t *at = grow_new(1000, 7);

    (void)state;
    for (size_t i = 0; i < 7000; i++)
        assert_int_equal(at[i], 0);
    free(at);
}

static void
nothing_is_still_something_to_free(void **state)
{
    void *at = grow_new(0, 16);

    (void)state;
    assert_non_null(at);
    free(at);
}

static void
a_list_with_room_stays_as_it_is(void **state)
{
    size_t    cap = 0;
    uint32_t *list = grow_list(NULL, &cap, 1, sizeof(*list));
    uint32_t *before = list;
    size_t    room = cap;

    (void)state;
    assert_true(room >= 1);
    assert_ptr_equal(grow_list(list, &cap, room, sizeof(*list)), before);
    assert_int_equal(cap, room);
    free(list);
}

static void
a_list_that_grows_keeps_what_it_has_and_zeroes_what_is_new(void **state)
{
    size_t    cap = 0, room;
    uint32_t *list = grow_list(NULL, &cap, 1, sizeof(*list));

    (void)state;
    room = cap;
    for (size_t i = 0; i < room; i++)
        list[i] = (uint32_t)i + 1;
    list = grow_list(list, &cap, room + 1, sizeof(*list));
    assert_true(cap >= room + 1);
    for (size_t i = 0; i < room; i++)
        assert_int_equal(list[i], i + 1);
    for (size_t i = room; i < cap; i++)
        assert_int_equal(list[i], 0);
    free(list);
}

static void
a_list_can_grow_by_much_at_once(void **state)
{
    size_t   cap = 0;
    uint8_t *list = grow_list(NULL, &cap, 1000000, 1);

    (void)state;
    assert_true(cap >= 1000000);
    assert_int_equal(list[999999], 0);
    free(list);
}

static void
a_text_is_a_copy_with_an_end(void **state)
{
    char  there[] = "seen";
    char *copy = grow_text((struct span){(const uint8_t *)there, 3});
    char *none = grow_text(SPAN_EMPTY);

    (void)state;
    there[0] = 'S';
    assert_string_equal(copy, "see");
    assert_string_equal(none, "");
    grow_text_free(copy);
    grow_text_free(none);
    grow_text_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_memory_is_zeroed),
        cmocka_unit_test(nothing_is_still_something_to_free),
        cmocka_unit_test(a_list_with_room_stays_as_it_is),
        cmocka_unit_test(
            a_list_that_grows_keeps_what_it_has_and_zeroes_what_is_new),
        cmocka_unit_test(a_list_can_grow_by_much_at_once),
        cmocka_unit_test(a_text_is_a_copy_with_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
