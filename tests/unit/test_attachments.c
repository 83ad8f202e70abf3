#include "tests/unit/chunk_world.h"

#include "node/store/attachments.h"
#include "node/store/rereading.h"

struct home {
    struct chunk_world *world; /* for its chunks */
    char                path[sizeof(WORLD_HOME)];
    struct attachments *attachments;
};

static int
begin(void **state)
{
    struct home *home = calloc(1, sizeof(*home));
    char         why[256];
    void        *world = NULL;

    assert_non_null(home);
    assert_int_equal(chunk_begin(&world), 0);
    home->world = world;
    memcpy(home->path, WORLD_HOME, sizeof(home->path));
    assert_non_null(mkdtemp(home->path));
    assert_int_equal(attachments_open(home->path, &home->attachments, why),
                     STATUS_OK);
    home->world->disk = *attachments_disk(home->attachments);
    *state = home;
    return 0;
}

static int
end(void **state)
{
    struct home *home = *state;
    void        *world = home->world;
    char         path[64];

    attachments_close(home->attachments);
    snprintf(path, sizeof(path), "%s/attachments", home->path);
    world_remove_home(path);
    assert_int_equal(rmdir(home->path), 0);
    assert_int_equal(chunk_end(&world), 0);
    free(home);
    return 0;
}

static void
store_ours(struct home *home)
{
    struct chunkfile_name name = chunkfile_ours(&home->world->digest);

    chunk_store(home->world, &name);
}

static void
a_chunk_is_answered_with_its_proof_behind_it(void **state)
{
    struct home            *home = *state;
    uint8_t                 answer[ATTACHMENTS_ANSWER];
    size_t                  len = 0;
    struct query            query = {.kind = QUERY_CHUNK, .count = CHUNKS};
    struct span             text = digest_span(&home->world->digest);
    struct attachment_shape shape;
    struct digest           leaf;

    assert_int_equal(attachments_query(home->attachments, &query, text, answer,
                                       &len),
                     STATUS_NOT_FOUND);
    store_ours(home);
    assert_int_equal(attachment_shape_of(home->world->stored, &shape),
                     STATUS_OK);
    for (query.from = 0; query.from < CHUNKS; query.from++) {
        size_t chunk_len = attachment_chunk_len(&shape, query.from);

        assert_int_equal(attachments_query(home->attachments, &query, text,
                                           answer, &len),
                         STATUS_OK);
        assert_int_equal(
            attachment_check(&shape, &home->world->digest, query.from,
                             (struct span){answer, chunk_len},
                             (struct span){answer + chunk_len,
                                           len - chunk_len},
                             &leaf),
            STATUS_OK);
    }
}

static void
stored_tells_each_files_length_and_zero_of_what_is_not_here(void **state)
{
    struct home  *home = *state;
    struct query  query = {.kind = QUERY_STORED};
    uint8_t       text[2 * LIMIT_DIGEST] = {0};
    uint8_t       answer[ATTACHMENTS_ANSWER];
    size_t        len = 0;
    struct reader in;

    store_ours(home);
    memcpy(text + LIMIT_DIGEST, home->world->digest.bytes, LIMIT_DIGEST);
    assert_int_equal(attachments_query(home->attachments, &query,
                                       SPAN_OF(text), answer, &len),
                     STATUS_OK);
    in = reader_of((struct span){answer, len});
    assert_int_equal(reader_u64(&in), 0);
    assert_int_equal(reader_u64(&in), home->world->stored);
    assert_int_equal(in.left, 0);
    assert_int_equal(attachments_query(home->attachments, &query,
                                       (struct span){text, 33}, answer, &len),
                     STATUS_BAD_ENCODING);
}

static void
whole_reads_again_what_came_from_a_peer(void **state)
{
    struct home          *home = *state;
    struct chunkfile_name name = chunkfile_partial(&home->world->peer,
                                                   &home->world->digest);
    struct query          query = {.kind = QUERY_WHOLE,
                                   .peer = home->world->peer,
                                   .count = CHUNKS,
                                   .bytes_max = home->world->stored};
    struct merkle_frontier right;
    struct rereading      *reading = NULL;
    struct span            text = digest_span(&home->world->digest);

    assert_int_equal(attachments_reread(home->attachments, &query, text,
                                        &reading),
                     STATUS_NOT_FOUND);
    chunk_store(home->world, &name);
    assert_int_equal(attachments_reread(home->attachments, &query, text,
                                        &reading),
                     STATUS_OK);
    while (rereading_step(reading) == STATUS_AGAIN)
        continue;
    assert_int_equal(rereading_end(reading, &right), STATUS_OK);
    rereading_free(reading);
}

static enum status
read_from(const struct home *home, const struct node_id *peer, uint64_t index,
          uint32_t count, size_t *len, uint64_t *of)
{
    static uint8_t out[3 * LIMIT_CHUNK_SEALED];
    uint8_t        file[ATTACHMENTS_FILE];

    memcpy(file, peer->bytes, LIMIT_NODE_ID);
    memcpy(file + LIMIT_NODE_ID, home->world->digest.bytes, LIMIT_DIGEST);
    return attachments_read(home->attachments, SPAN_OF(file), index, count,
                            out, sizeof(out), len, of);
}

static void
a_client_reads_ours_and_theirs_whole_and_no_partial_one(void **state)
{
    struct home          *home = *state;
    const struct node_id  nobody = {{0}};
    struct chunkfile_name partial = chunkfile_partial(&home->world->peer,
                                                      &home->world->digest);
    struct chunkfile_name whole = chunkfile_theirs(&home->world->peer,
                                                   &home->world->digest);
    size_t                len = 0;
    uint64_t              of = 0;

    chunk_store(home->world, &partial);
    assert_int_equal(read_from(home, &home->world->peer, 0, 0, &len, &of),
                     STATUS_NOT_FOUND);
    assert_int_equal(chunkfile_rename(&home->world->disk, &partial, &whole),
                     STATUS_OK);
    assert_int_equal(read_from(home, &home->world->peer, 0, 0, &len, &of),
                     STATUS_OK);
    assert_int_equal(len, 3 * LIMIT_CHUNK_SEALED);
    assert_int_equal(of, CHUNKS);
    assert_int_equal(read_from(home, &home->world->peer, 3, 9, &len, &of),
                     STATUS_OK);
    assert_int_equal(len, LIMIT_CHUNK_SEALED + LAST_LEN);
    assert_int_equal(read_from(home, &home->world->peer, 1, 1, &len, &of),
                     STATUS_OK);
    assert_int_equal(len, LIMIT_CHUNK_SEALED);
    assert_int_equal(read_from(home, &home->world->peer, CHUNKS, 1, &len, &of),
                     STATUS_BAD_FIELD);
    assert_int_equal(read_from(home, &nobody, 0, 1, &len, &of),
                     STATUS_NOT_FOUND);
    store_ours(home);
    assert_int_equal(read_from(home, &nobody, 0, 1, &len, &of), STATUS_OK);
    assert_int_equal(attachments_remove(home->attachments,
                                        &home->world->digest),
                     STATUS_OK);
    assert_int_equal(read_from(home, &nobody, 0, 1, &len, &of),
                     STATUS_NOT_FOUND);
}

static void
a_name_that_is_none_is_refused(void **state)
{
    static const uint8_t file[ATTACHMENTS_FILE + 1];
    const struct home   *home = *state;
    uint8_t              out[LIMIT_CHUNK_SEALED];
    size_t               len;
    uint64_t             of;

    assert_int_equal(attachments_read(home->attachments, SPAN_OF(file), 0, 1,
                                      out, sizeof(out), &len, &of),
                     STATUS_BAD_FIELD);
    assert_int_equal(attachments_read(home->attachments, SPAN_EMPTY, 0, 1, out,
                                      sizeof(out), &len, &of),
                     STATUS_BAD_FIELD);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_chunk_is_answered_with_its_proof_behind_it),
        TEST(stored_tells_each_files_length_and_zero_of_what_is_not_here),
        TEST(whole_reads_again_what_came_from_a_peer),
        TEST(a_client_reads_ours_and_theirs_whole_and_no_partial_one),
        TEST(a_name_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
