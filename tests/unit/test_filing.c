/* test_filing.c - which requests and LOADs are those of files. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/filing.h"

static size_t loaded, answered, refused;

static enum status
on_query(void *arg, const struct query *query, struct span text,
         uint8_t answer[static LOADING_ANSWER], size_t *len)
{
    (void)arg;
    (void)query;
    (void)text;
    (void)answer;
    *len = 0;
    return STATUS_OK;
}

static enum status
on_read(void *arg, struct span file, uint64_t index, uint32_t count,
        uint8_t *out, size_t cap, size_t *len, uint64_t *of)
{
    (void)arg;
    (void)file;
    (void)index;
    (void)count;
    (void)out;
    (void)cap;
    *len = 0;
    *of = 1;
    return STATUS_OK;
}

static bool
on_room(void *arg, size_t len)
{
    (void)arg;
    (void)len;
    return false;
}

static void
on_loaded(void *arg, uint64_t token, enum status st, struct span answer)
{
    (void)arg;
    (void)token;
    (void)st;
    (void)answer;
    loaded++;
}

static void
on_answer(void *arg, uint64_t client, const Entente__Response *response)
{
    (void)arg;
    (void)client;
    (void)response;
    answered++;
}

static void
on_refuse(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    (void)arg;
    (void)client;
    (void)id;
    (void)words;
    assert_int_equal(st, STATUS_NO_SPACE);
    refused++;
}

static void
requests_and_loads_of_files_are_taken_and_no_others(void **state)
{
    const struct filing_store store = {.attaching = {.room = on_room},
                                       .handing = {.read = on_read},
                                       .loading = {.query = on_query}};
    const struct filing_ops   ops = {.loaded = on_loaded,
                                     .answer = on_answer,
                                     .refuse = on_refuse};
    Entente__Request          request = ENTENTE__REQUEST__INIT;
    Entente__AttachRequest    attach = ENTENTE__ATTACH_REQUEST__INIT;
    Entente__ChunkRequest     chunk = ENTENTE__CHUNK_REQUEST__INIT;
    struct query              query = {.kind = QUERY_CHUNK};
    struct filing            *filing;
    uv_loop_t                 loop;

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    filing = filing_new(&loop, &store, &ops, NULL);
    assert_true(filing_load(filing, 1, &query, SPAN_EMPTY));
    query.kind = QUERY_ROWS;
    assert_false(filing_load(filing, 2, &query, SPAN_EMPTY));
    request.kind_case = ENTENTE__REQUEST__KIND_CHUNK;
    request.chunk = &chunk;
    assert_true(filing_request(filing, 1, &request));
    request.kind_case = ENTENTE__REQUEST__KIND_ATTACH;
    request.attach = &attach;
    assert_true(filing_request(filing, 1, &request));
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    assert_false(filing_request(filing, 1, &request));
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(loaded, 1);
    assert_int_equal(answered, 1);
    assert_int_equal(refused, 1);
    filing_free(filing);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_and_loads_of_files_are_taken_and_no_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
