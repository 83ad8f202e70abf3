/* test_own_request.c - which requests are the edge's, and how they are read. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/own_request.h"
#include "proto/limits.h"

#include <string.h>

static struct span
pack(const Entente__Request *request, uint8_t *out)
{
    return (struct span){out, entente__request__pack(request, out)};
}

static struct span
shutdown_request(uint64_t id, uint8_t *out)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;

    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_SHUTDOWN;
    request.shutdown = &nothing;
    return pack(&request, out);
}

static struct span
capture_request(const char *file, uint8_t *out)
{
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;

    request.id = 9;
    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = &capture;
    capture.file = (char *)(uintptr_t)file;
    capture.replay = true;
    return pack(&request, out);
}

static void
shutdown_and_capture_are_the_edges_own(void **state)
{
    uint8_t            bytes[256];
    struct own_request own;

    (void)state;
    assert_true(own_request_is(shutdown_request(7, bytes)));
    assert_int_equal(own_request_read(shutdown_request(7, bytes), &own),
                     STATUS_OK);
    assert_int_equal(own.id, 7);
    assert_int_equal(own.request->kind_case, ENTENTE__REQUEST__KIND_SHUTDOWN);
    assert_int_equal(own_request_read(capture_request("x.pcapng", bytes), &own),
                     STATUS_OK);
    assert_string_equal(own.request->capture->file, "x.pcapng");
    assert_true(own.request->capture->replay);
}

static void
all_else_is_the_cores(void **state)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;
    uint8_t          bytes[64];

    (void)state;
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    request.status = &nothing;
    assert_false(own_request_is(pack(&request, bytes)));
    assert_false(own_request_is(SPAN_EMPTY));
    assert_false(own_request_is(span_text("GET / HTTP/1.1\r\n\r\n")));
}

static void
a_shutdown_behind_another_request_is_refused(void **state)
{
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Nothing   nothing = ENTENTE__NOTHING__INIT;
    uint8_t            bytes[128];
    size_t             len;
    struct own_request own;

    (void)state;
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    request.status = &nothing;
    len = pack(&request, bytes).len;
    len += shutdown_request(0, bytes + len).len;
    assert_true(own_request_is((struct span){bytes, len}));
    assert_int_not_equal(own_request_read((struct span){bytes, len}, &own),
                         STATUS_OK);
    assert_true(strlen(own.fault.words) > 0);
}

static void
a_sealed_chunk_is_brought_to_the_edge(void **state)
{
    static uint8_t         chunk[LIMIT_CHUNK_SEALED];
    static uint8_t         bytes[LIMIT_OWN_REQUEST];
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AttachRequest attach = ENTENTE__ATTACH_REQUEST__INIT;
    struct own_request     own;
    struct span            frame;

    (void)state;
    request.id = UINT64_MAX;
    request.kind_case = ENTENTE__REQUEST__KIND_ATTACH;
    request.attach = &attach;
    attach.upload = UINT64_MAX;
    attach.chunks.data = chunk;
    attach.chunks.len = sizeof(chunk);
    attach.whole = true;
    frame = pack(&request, bytes);
    assert_true(own_request_is(frame));
    assert_int_equal(own_request_read(frame, &own), STATUS_OK);
    assert_int_equal(own.request->attach->chunks.len, sizeof(chunk));
}

static void
every_cut_of_a_request_is_refused_or_read_whole(void **state)
{
    uint8_t            bytes[256];
    struct span        whole = capture_request("x.pcapng", bytes);
    struct own_request own;

    (void)state;
    for (size_t len = 0; len < whole.len; len++) {
        struct span cut = {whole.ptr, len};

        if (!own_request_is(cut))
            continue;
        assert_int_equal(own_request_read(cut, &own), STATUS_BAD_ENCODING);
        assert_int_equal(own.id, 9); /* so that it can be answered */
    }
}

static void
an_own_request_is_bounded(void **state)
{
    static uint8_t     bytes[LIMIT_OWN_REQUEST + 1];
    struct own_request own;

    (void)state;
    assert_int_equal(own_request_read(SPAN_OF(bytes), &own),
                     STATUS_TOO_LARGE);
    assert_non_null(strstr(own.fault.words, "69632"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shutdown_and_capture_are_the_edges_own),
        cmocka_unit_test(all_else_is_the_cores),
        cmocka_unit_test(a_shutdown_behind_another_request_is_refused),
        cmocka_unit_test(a_sealed_chunk_is_brought_to_the_edge),
        cmocka_unit_test(every_cut_of_a_request_is_refused_or_read_whole),
        cmocka_unit_test(an_own_request_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
