/* test_loading.c - LOADs of files are answered off the loop, slice by slice. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/loading.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

struct world {
    uv_loop_t       loop;
    struct loading *loading;
    char            diary[512];
    int             slices; /* of a WHOLE, before it has read all */
    enum status     end;
    atomic_int      stepped;
    atomic_int      freed;
    atomic_int      dropped;
};

static enum status
on_query(void *arg, const struct query *query, struct span text,
         uint8_t answer[static LOADING_ANSWER], size_t *len)
{
    (void)arg;
    if (query->kind == QUERY_STORED)
        return STATUS_NOT_FOUND;
    memcpy(answer, text.ptr, text.len);
    *len = text.len;
    return STATUS_OK;
}

static enum status
on_begin(void *arg, const struct query *query, struct span text,
         void **reading)
{
    struct world *world = arg;

    (void)query;
    (void)text;
    if (world->slices < 0)
        return STATUS_NOT_FOUND;
    *reading = world;
    return STATUS_OK;
}

static enum status
on_step(void *reading)
{
    struct world *world = reading;

    return atomic_fetch_add(&world->stepped, 1) < world->slices ? STATUS_AGAIN
                                                                : STATUS_OK;
}

static enum status
on_end(void *reading, uint8_t answer[static LOADING_ANSWER], size_t *len)
{
    struct world *world = reading;

    memcpy(answer, "right", 5);
    *len = 5;
    return world->end;
}

static void
on_free(void *reading)
{
    atomic_fetch_add(&((struct world *)reading)->freed, 1);
}

static enum status
on_drop(void *arg, const struct effect_file *file)
{
    struct world *world = arg;

    assert_int_equal(file->digest[0], 9);
    atomic_fetch_add(&world->dropped, 1);
    return STATUS_OK;
}

static void
on_loaded(void *arg, uint64_t token, enum status st, struct span answer)
{
    struct world *world = arg;
    size_t        used = strlen(world->diary);

    snprintf(world->diary + used, sizeof(world->diary) - used, "%u:%s:%.*s ",
             (unsigned)token, status_name(st), (int)answer.len,
             (const char *)answer.ptr);
}

static struct loading_store store = {NULL,    on_query, on_begin, on_step,
                                     on_end,  on_free,  on_drop};

static void
begin(struct world *world)
{
    assert_int_equal(uv_loop_init(&world->loop), 0);
    store.arg = world;
    world->loading = loading_new(&world->loop, &store, on_loaded, world);
}

static void
finish(struct world *world)
{
    loading_free(world->loading);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void
ask(struct world *world, uint64_t token, enum query_kind kind)
{
    struct query query = {.kind = kind};

    assert_true(loading_is(&query));
    loading_ask(world->loading, token, &query, span_text("file"));
}

static void
files_are_its_own_and_all_else_is_the_indexs(void **state)
{
    (void)state;
    for (int kind = 0; kind < QUERY_KIND_COUNT; kind++) {
        struct query query = {.kind = (enum query_kind)kind};

        assert_int_equal(loading_is(&query), kind == QUERY_CHUNK ||
                                                 kind == QUERY_WHOLE ||
                                                 kind == QUERY_STORED);
    }
}

static void
each_load_is_answered_by_its_token(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    ask(&world, 3, QUERY_CHUNK);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    ask(&world, 4, QUERY_STORED);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(world.diary, "3:OK:file 4:NOT_FOUND: ");
    finish(&world);
}

static void
a_whole_one_is_read_in_slices_and_its_end_is_told(void **state)
{
    struct world world = {.slices = 5, .end = STATUS_CORRUPT};

    (void)state;
    begin(&world);
    ask(&world, 1, QUERY_WHOLE);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(world.diary, "1:CORRUPT:right ");
    assert_int_equal(world.stepped, 6);
    assert_int_equal(world.freed, 1);
    world.slices = -1;
    ask(&world, 2, QUERY_WHOLE);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(world.diary, "1:CORRUPT:right 2:NOT_FOUND: ");
    assert_int_equal(world.freed, 1);
    finish(&world);
}

static void
one_that_ends_waits_for_a_slice_and_not_for_all(void **state)
{
    struct world world = {.slices = INT32_MAX};

    (void)state;
    begin(&world);
    ask(&world, 1, QUERY_WHOLE);
    finish(&world);
    assert_string_equal(world.diary, "");
    assert_int_equal(world.freed, 1);
}

static void
a_drop_is_done_off_the_loop(void **state)
{
    struct world       world = {0};
    struct effect_file file = {.digest = {9}};

    (void)state;
    begin(&world);
    loading_drop(world.loading, &file);
    finish(&world);
    assert_int_equal(world.dropped, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_its_own_and_all_else_is_the_indexs),
        cmocka_unit_test(each_load_is_answered_by_its_token),
        cmocka_unit_test(a_whole_one_is_read_in_slices_and_its_end_is_told),
        cmocka_unit_test(one_that_ends_waits_for_a_slice_and_not_for_all),
        cmocka_unit_test(a_drop_is_done_off_the_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
