/* test_indexer.c - questions are answered in order, off the loop. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/indexer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct world {
    uv_loop_t       loop;
    struct indexer *indexer;
    char            answer[64]; /* the store's own memory */
    char            diary[512];
    enum status     catch_up;
    atomic_int      caught_up;
    atomic_bool     blocked;
    size_t          told;
};

static enum status
on_query(void *arg, const struct query *query, struct span text,
         struct span *answer)
{
    struct world *world = arg;

    while (atomic_load(&world->blocked))
        usleep(1000);
    if (query->count == 0)
        return STATUS_NOT_FOUND;
    snprintf(world->answer, sizeof(world->answer), "%.*s!", (int)text.len,
             (const char *)text.ptr);
    *answer = span_text(world->answer);
    return STATUS_OK;
}

static enum status
on_catch_up(void *arg)
{
    struct world *world = arg;

    atomic_fetch_add(&world->caught_up, 1);
    return world->catch_up;
}

static void
on_loaded(void *arg, uint64_t token, enum status st, struct span answer)
{
    struct world *world = arg;
    size_t        used = strlen(world->diary);

    snprintf(world->diary + used, sizeof(world->diary) - used, "%u:%s:%.*s ",
             (unsigned)token, status_name(st), (int)answer.len,
             (const char *)answer.ptr);
    world->told++;
}

static void
on_failed(void *arg, enum status st)
{
    struct world *world = arg;

    snprintf(world->diary, sizeof(world->diary), "%s", status_name(st));
    world->told++;
}

static const struct indexer_ops ops = {on_loaded, on_failed};

static void
begin(struct world *world)
{
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->indexer = indexer_new(
        &world->loop, &(struct indexer_store){world, on_query, on_catch_up},
        &ops, world);
}

static void
finish(struct world *world)
{
    indexer_free(world->indexer);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void
run(struct world *world, size_t told)
{
    for (int i = 0; i < 10000 && world->told < told; i++) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        usleep(200);
    }
    assert_int_equal(world->told, told);
}

static void
ask(struct world *world, uint64_t token, const char *text)
{
    struct query query = {.kind = QUERY_FIND, .count = 1};
    char         copy[16];

    snprintf(copy, sizeof(copy), "%s", text);
    indexer_ask(world->indexer, token, &query, span_text(copy));
    memset(copy, 'x', sizeof(copy)); /* it has its own */
}

static void
answers_come_in_the_order_of_asking_each_its_own(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    ask(&world, 1, "a");
    ask(&world, 2, "b");
    ask(&world, 3, "c");
    run(&world, 3);
    assert_string_equal(world.diary, "1:OK:a! 2:OK:b! 3:OK:c! ");
    finish(&world);
}

static void
a_failure_is_an_answer_without_bytes(void **state)
{
    struct world world = {0};
    struct query query = {.kind = QUERY_FIND};

    (void)state;
    begin(&world);
    indexer_ask(world.indexer, 9, &query, SPAN_EMPTY);
    run(&world, 1);
    assert_string_equal(world.diary, "9:NOT_FOUND: ");
    finish(&world);
}

enum { REST_US = INDEXER_REST_MS * 1000 };

static void
the_index_catches_up_when_it_is_told_and_rests_between(void **state)
{
    struct world world = {0};
    int          count;

    (void)state;
    begin(&world);
    usleep(20000);
    assert_int_equal(atomic_load(&world.caught_up), 0);
    for (int i = 0; i < 100; i++) {
        indexer_behind(world.indexer);
        usleep(3 * REST_US / 100); /* over three rests */
    }
    usleep(2 * REST_US);
    count = atomic_load(&world.caught_up);
    assert_in_range(count, 2, 50); /* not once a commit */
    usleep(2 * REST_US);
    assert_int_equal(atomic_load(&world.caught_up), count);
    finish(&world);
}

static void
a_failed_catch_up_is_told(void **state)
{
    struct world world = {.catch_up = STATUS_IO};

    (void)state;
    begin(&world);
    indexer_behind(world.indexer);
    run(&world, 1);
    assert_string_equal(world.diary, "IO");
    finish(&world);
}

static void
an_end_does_not_wait_for_what_was_not_begun(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    atomic_store(&world.blocked, true);
    ask(&world, 1, "a");
    ask(&world, 2, "b");
    usleep(20000);
    atomic_store(&world.blocked, false);
    finish(&world);
    assert_int_equal(world.told, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_in_the_order_of_asking_each_its_own),
        cmocka_unit_test(a_failure_is_an_answer_without_bytes),
        cmocka_unit_test(
            the_index_catches_up_when_it_is_told_and_rests_between),
        cmocka_unit_test(a_failed_catch_up_is_told),
        cmocka_unit_test(an_end_does_not_wait_for_what_was_not_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
