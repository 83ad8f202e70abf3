/* test_handing.c - a client reads a file, off the loop and within bounds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/handing.h"

#include <stdio.h>
#include <string.h>

struct world {
    uv_loop_t       loop;
    struct handing *handing;
    char            diary[1024];
};

static enum status
on_read(void *arg, struct span file, uint64_t index, uint32_t count,
        uint8_t *out, size_t cap, size_t *len, uint64_t *of)
{
    (void)arg;
    if (file.len != 4)
        return STATUS_NOT_FOUND;
    assert_int_equal(cap, HANDING_ANSWER);
    *len = (size_t)snprintf((char *)out, cap, "%.*s-%u-%u", (int)file.len,
                            (const char *)file.ptr, (unsigned)index, count);
    *of = 7;
    return STATUS_OK;
}

static void
note(struct world *world, const char *words)
{
    size_t used = strlen(world->diary);

    snprintf(world->diary + used, sizeof(world->diary) - used, "%s ", words);
}

static void
on_tell(void *arg, uint64_t client, const Entente__Response *response)
{
    char words[64];

    snprintf(words, sizeof(words), "%u/%u:%.*s/%u", (unsigned)client,
             (unsigned)response->id, (int)response->chunk->chunks.len,
             (const char *)response->chunk->chunks.data,
             (unsigned)response->chunk->of);
    note(arg, words);
}

static void
on_refuse(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    char line[64];

    assert_true(words[0] != '\0');
    snprintf(line, sizeof(line), "%u/%u:%s", (unsigned)client, (unsigned)id,
             status_name(st));
    note(arg, line);
}

static const struct handing_store store = {NULL, on_read};
static const struct handing_ops   ops = {on_tell, on_refuse};

static void
begin(struct world *world)
{
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->handing = handing_new(&world->loop, &store, &ops, world);
}

static void
finish(struct world *world)
{
    handing_free(world->handing);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void
ask(struct world *world, uint64_t id, const char *file)
{
    Entente__Request      request = ENTENTE__REQUEST__INIT;
    Entente__ChunkRequest chunk = ENTENTE__CHUNK_REQUEST__INIT;

    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_CHUNK;
    request.chunk = &chunk;
    chunk.file.data = (uint8_t *)(uintptr_t)file;
    chunk.file.len = strlen(file);
    chunk.index = 2;
    chunk.count = 3;
    handing_request(world->handing, 5, &request);
}

static void
a_client_is_told_the_chunks_or_why_not(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    ask(&world, 1, "name");
    uv_run(&world.loop, UV_RUN_DEFAULT);
    ask(&world, 2, "other");
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(world.diary, "5/1:name-2-3/7 5/2:NOT_FOUND ");
    finish(&world);
}

static void
a_name_that_is_too_long_is_refused_at_once(void **state)
{
    struct world world = {0};
    char         name[80];

    (void)state;
    memset(name, 'x', sizeof(name));
    name[79] = '\0';
    begin(&world);
    ask(&world, 1, name);
    assert_string_equal(world.diary, "5/1:BAD_FIELD ");
    finish(&world);
}

static void
past_the_bound_it_refuses_and_after_answers_it_takes_more(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    for (uint64_t i = 0; i < HANDING_READS; i++)
        ask(&world, i, "name");
    ask(&world, 99, "name");
    assert_string_equal(world.diary, "5/99:FULL ");
    uv_run(&world.loop, UV_RUN_DEFAULT);
    world.diary[0] = '\0';
    ask(&world, 99, "name");
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_string_equal(world.diary, "5/99:name-2-3/7 ");
    finish(&world);
}

static void
once_it_ends_nothing_is_told(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    ask(&world, 1, "name");
    finish(&world);
    assert_string_equal(world.diary, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_is_told_the_chunks_or_why_not),
        cmocka_unit_test(a_name_that_is_too_long_is_refused_at_once),
        cmocka_unit_test(
            past_the_bound_it_refuses_and_after_answers_it_takes_more),
        cmocka_unit_test(once_it_ends_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
