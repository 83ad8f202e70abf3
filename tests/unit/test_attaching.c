/* test_attaching.c - a client brings a file, off the loop and within bounds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/attaching.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GRACE_MS = 2 };

struct file {
    struct world *world;
    char          bytes[64];
    bool          finished;
};

struct world {
    uv_loop_t              loop;
    struct attaching_store store;
    struct attaching      *attaching;
    char                   diary[2048];
    char                   last[64]; /* bytes of the last that was finished */
    bool                   full;
    bool                   named;
    atomic_int             open;
    atomic_int             removed;
};

static bool
on_room(void *arg, size_t len)
{
    (void)len;
    return !((struct world *)arg)->full;
}

static enum status
on_begin(void *arg, uint64_t number, void **upload)
{
    struct file *file = calloc(1, sizeof(*file));

    (void)number;
    assert_non_null(file);
    file->world = arg;
    atomic_fetch_add(&file->world->open, 1);
    *upload = file;
    return STATUS_OK;
}

static enum status
on_put(void *upload, struct span chunks)
{
    struct file *file = upload;
    size_t       used = strlen(file->bytes);

    snprintf(file->bytes + used, sizeof(file->bytes) - used, "%.*s",
             (int)chunks.len, (const char *)chunks.ptr);
    return chunks.len > 8 ? STATUS_BAD_ENCODING : STATUS_OK;
}

static enum status
on_finish(void *upload, struct digest *digest)
{
    struct file *file = upload;

    memcpy(file->world->last, file->bytes, sizeof(file->bytes));
    memset(digest->bytes, 7, sizeof(digest->bytes));
    return STATUS_OK;
}

static void
on_end(void *upload)
{
    struct file *file = upload;

    atomic_fetch_sub(&file->world->open, 1);
    free(file);
}

static enum status
on_remove(void *arg, const struct digest *digest)
{
    assert_int_equal(digest->bytes[0], 7);
    atomic_fetch_add(&((struct world *)arg)->removed, 1);
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
    const Entente__AttachResponse *attach = response->attach;
    char                           words[64];

    snprintf(words, sizeof(words), "%u:%u/%u%s", (unsigned)client,
             (unsigned)attach->upload, (unsigned)attach->stored,
             attach->digest.len > 0 ? "!" : "");
    note(arg, words);
}

static void
on_refuse(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    char line[64];

    (void)id;
    assert_true(words[0] != '\0');
    snprintf(line, sizeof(line), "%u:%s", (unsigned)client, status_name(st));
    note(arg, line);
}

static bool
on_named(void *arg, const struct digest *digest)
{
    (void)digest;
    return ((struct world *)arg)->named;
}

static const struct attaching_ops ops = {on_tell, on_refuse, on_named};

static void
begin(struct world *world)
{
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->store = (struct attaching_store){.arg = world,
                                            .room = on_room,
                                            .begin = on_begin,
                                            .put = on_put,
                                            .finish = on_finish,
                                            .end = on_end,
                                            .remove = on_remove};
    world->attaching = attaching_new(&world->loop, &world->store, &ops, world,
                                     GRACE_MS);
}

static void
finish(struct world *world)
{
    attaching_free(world->attaching);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    assert_int_equal(world->open, 0);
}

static void
bring(struct world *world, uint64_t client, uint64_t upload,
      const char *chunks, bool whole)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AttachRequest attach = ENTENTE__ATTACH_REQUEST__INIT;

    request.id = 1;
    request.kind_case = ENTENTE__REQUEST__KIND_ATTACH;
    request.attach = &attach;
    attach.upload = upload;
    attach.chunks.data = (uint8_t *)(uintptr_t)chunks;
    attach.chunks.len = strlen(chunks);
    attach.whole = whole;
    attaching_request(world->attaching, client, &request);
}

/* Until nothing is under way; the sweep's timer goes on. */
static void
settle(struct world *world)
{
    while (world->loop.active_reqs.count > 0)
        uv_run(&world->loop, UV_RUN_ONCE);
}

static void
pieces_are_taken_in_order_and_the_whole_has_a_digest(void **state)
{
    struct world world = {.named = true};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "", false);
    bring(&world, 1, 1, "one", false);
    bring(&world, 1, 1, "two", false);
    bring(&world, 1, 1, "three", true);
    settle(&world);
    assert_string_equal(world.diary, "1:1/0 1:1/3 1:1/6 1:1/11! ");
    assert_string_equal(world.last, "onetwothree");
    assert_int_equal(world.open, 0);
    finish(&world);
}

static void
another_clients_upload_is_not_found(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "", false);
    bring(&world, 2, 1, "x", false);
    assert_string_equal(world.diary, "2:NOT_FOUND ");
    finish(&world);
}

static void
what_fails_is_told_once_and_removed(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "much too long", false);
    settle(&world);
    bring(&world, 1, 1, "x", false);
    settle(&world);
    assert_string_equal(world.diary, "1:BAD_ENCODING 1:NOT_FOUND ");
    assert_int_equal(world.open, 0);
    finish(&world);
}

static void
a_disk_without_room_takes_none(void **state)
{
    struct world world = {.full = true};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "x", false);
    settle(&world);
    assert_string_equal(world.diary, "1:NO_SPACE ");
    finish(&world);
}

static void
files_and_pieces_are_bounded(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    for (int i = 0; i < ATTACHING_UPLOADS; i++)
        bring(&world, 1, 0, "x", false);
    bring(&world, 1, 0, "x", false);
    assert_string_equal(world.diary, "1:FULL ");
    world.diary[0] = '\0';
    for (int i = 0; i < ATTACHING_AHEAD; i++)
        bring(&world, 1, 1, "y", false);
    assert_string_equal(world.diary, "");
    bring(&world, 1, 1, "y", false);
    assert_string_equal(world.diary, "1:FULL ");
    finish(&world);
}

static void
an_upload_whose_client_is_gone_is_removed(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "x", false);
    settle(&world);
    assert_int_equal(world.open, 1);
    bring(&world, 1, 1, "y", false);
    attaching_gone(world.attaching, 1);
    settle(&world);
    assert_int_equal(world.open, 0);
    assert_string_equal(world.diary, "1:1/1 ");
    finish(&world);
}

static void
a_whole_one_that_no_message_names_is_removed_after_its_client(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "x", true);
    settle(&world);
    usleep(3000 * GRACE_MS);
    uv_run(&world.loop, UV_RUN_NOWAIT);
    settle(&world);
    assert_int_equal(world.removed, 0); /* its client is there */
    attaching_gone(world.attaching, 1);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_int_equal(world.removed, 1);
    finish(&world);
}

static void
one_that_a_message_names_stays(void **state)
{
    struct world world = {.named = true};

    (void)state;
    begin(&world);
    bring(&world, 1, 0, "x", true);
    settle(&world);
    attaching_gone(world.attaching, 1);
    uv_run(&world.loop, UV_RUN_DEFAULT);
    assert_int_equal(world.removed, 0);
    finish(&world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_taken_in_order_and_the_whole_has_a_digest),
        cmocka_unit_test(another_clients_upload_is_not_found),
        cmocka_unit_test(what_fails_is_told_once_and_removed),
        cmocka_unit_test(a_disk_without_room_takes_none),
        cmocka_unit_test(files_and_pieces_are_bounded),
        cmocka_unit_test(an_upload_whose_client_is_gone_is_removed),
        cmocka_unit_test(
            a_whole_one_that_no_message_names_is_removed_after_its_client),
        cmocka_unit_test(one_that_a_message_names_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
