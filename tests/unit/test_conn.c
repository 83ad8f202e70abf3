#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/conn.h"

static struct conn_table table;

static int
clear_table(void **state)
{
    (void)state;
    conn_clear(&table);
    return 0;
}

static void
a_connection_is_found_by_each_of_its_open_ends(void **state)
{
    struct conn *conn = conn_add(&table, 0, 2, 1);
    unsigned     side = 9;

    (void)state;
    assert_ptr_equal(conn_of(&table, 0, 2, &side), conn);
    assert_int_equal(side, 0);
    assert_null(conn_of(&table, 1, 7, &side));
    conn->end[1] = (struct conn_end){.node = 1, .link = 7, .open = true};
    assert_ptr_equal(conn_of(&table, 1, 7, &side), conn);
    assert_int_equal(side, 1);
    conn->end[0].open = false;
    assert_null(conn_of(&table, 0, 2, &side));
}

static void
a_sweep_takes_what_is_shut_and_empty_and_nothing_else(void **state)
{
    struct conn *shut = conn_add(&table, 0, 2, 1);
    struct conn *open = conn_add(&table, 0, 4, 1);
    struct conn *busy = conn_add(&table, 0, 6, 1);
    struct dice  dice = {0};
    uint64_t     gone = shut->number;

    (void)state;
    shut->end[0].open = false;
    busy->end[0].open = false;
    (void)flow_put(&busy->flow[1], &dice, 0, FLOW_END, SPAN_EMPTY);
    conn_sweep(&table);
    assert_null(conn_numbered(&table, gone));
    assert_ptr_equal(conn_numbered(&table, open->number), open);
    assert_ptr_equal(conn_numbered(&table, busy->number), busy);
    assert_true(conn_add(&table, 0, 8, 1)->number > busy->number);
}

#define CASE(test) cmocka_unit_test_teardown(test, clear_table)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_connection_is_found_by_each_of_its_open_ends),
        CASE(a_sweep_takes_what_is_shut_and_empty_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
