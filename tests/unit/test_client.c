/* The command's end of the control socket, against a server made up here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "tests/unit/fake_node.h"

static void
read_exactly(int fd, uint8_t *out, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t got = read(fd, out + at, len - at);

        if (got <= 0)
            return;
        at += (size_t)got;
    }
}

/* Reads one request and gives its id. */
static uint64_t
take_request(int fd)
{
    static uint8_t    frame[4 + LIMIT_CONTROL_FRAME];
    size_t            len;
    uint64_t          id = 0;
    Entente__Request *request;

    read_exactly(fd, frame, 4);
    len = (size_t)frame[0] << 24 | (size_t)frame[1] << 16 |
          (size_t)frame[2] << 8 | frame[3];
    if (len > LIMIT_CONTROL_FRAME)
        return 0;
    read_exactly(fd, frame, len);
    request = entente__request__unpack(NULL, len, frame);
    if (request != NULL)
        id = request->id;
    entente__request__free_unpacked(request, NULL);
    return id;
}

static void
put(int fd, const void *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t sent = send(fd, (const uint8_t *)bytes + at, len - at,
                            MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        at += (size_t)sent;
    }
}

static size_t
make_answer(uint64_t id, uint8_t *frame)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;
    size_t            len;

    response.id = id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    len = entente__response__pack(&response, frame + 4);
    frame[0] = frame[1] = frame[2] = 0;
    frame[3] = (uint8_t)len;
    return 4 + len;
}

static void
answer_in_pieces_and_out_of_turn(int fd)
{
    uint8_t  frame[64];
    uint64_t id = take_request(fd);
    size_t   len = make_answer(id + 77, frame);

    put(fd, frame, len);
    len = make_answer(id, frame);
    for (size_t i = 0; i < len; i++)
        put(fd, frame + i, 1);
}

static Entente__Request
status_request(Entente__Nothing *nothing)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    *nothing = (Entente__Nothing)ENTENTE__NOTHING__INIT;
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    request.status = nothing;
    return request;
}

static void
an_answer_is_found_by_its_id_and_read_in_any_pieces(void **state)
{
    struct fake_node   fake;
    struct client     *client;
    Entente__Nothing   nothing;
    Entente__Request   request = status_request(&nothing);
    Entente__Response *response = NULL;

    (void)state;
    client = fake_node_start(&fake, answer_in_pieces_and_out_of_turn);
    assert_int_equal(client_ask(client, &request, 5000, &response), STATUS_OK);
    assert_int_equal(response->id, request.id);
    assert_int_equal(response->kind_case, ENTENTE__RESPONSE__KIND_DONE);
    assert_int_equal(client_ask(client, &request, 5000, &response),
                     STATUS_UNREACHABLE);
    fake_node_stop(&fake, client);
}

static void
say_nothing(int fd)
{
    take_request(fd);
    take_request(fd); /* until the client goes */
}

static void
a_node_that_says_nothing_is_waited_for_no_longer_than_asked(void **state)
{
    struct fake_node   fake;
    struct client     *client;
    Entente__Nothing   nothing;
    Entente__Request   request = status_request(&nothing);
    Entente__Response *response = NULL;

    (void)state;
    client = fake_node_start(&fake, say_nothing);
    assert_int_equal(client_ask(client, &request, 50, &response),
                     STATUS_TIMEOUT);
    fake_node_stop(&fake, client);
}

static void
answer_when_the_flood_is_over(int fd)
{
    uint8_t  frame[64];
    uint64_t id = 0;

    while (id < 3000)
        id = take_request(fd);
    put(fd, frame, make_answer(id, frame));
}

static void
what_is_posted_goes_by_flushing_and_neither_waits(void **state)
{
    struct fake_node   fake;
    struct client     *client;
    char               text[1001];
    Entente__PeerName  name = ENTENTE__PEER_NAME__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    enum status        st;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[1000] = '\0';
    name.name = text;
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &name;
    client = fake_node_start(&fake, answer_when_the_flood_is_over);
    for (int i = 0; i < 3000; i++) /* more than a pipe holds */
        assert_int_equal(client_post(client, &request), STATUS_OK);
    assert_int_equal(client_take(client, &response), STATUS_AGAIN);
    while ((st = client_flush(client)) == STATUS_AGAIN)
        usleep(1000);
    assert_int_equal(st, STATUS_OK);
    assert_int_equal(client_next(client, 5000, &response), STATUS_OK);
    assert_int_equal(response->id, 3000);
    fake_node_stop(&fake, client);
}

static void
say_too_much(int fd)
{
    static const uint8_t frame[] = {0x7f, 0xff, 0xff, 0xff, 0};

    take_request(fd);
    put(fd, frame, sizeof(frame));
    take_request(fd);
}

static void
say_garbage(int fd)
{
    static const uint8_t frame[] = {0, 0, 0, 3, 0xff, 0xff, 0xff};

    take_request(fd);
    put(fd, frame, sizeof(frame));
    take_request(fd);
}

static void
bytes_that_are_no_answer_are_an_error(void **state)
{
    static void (*const serve[])(int fd) = {say_too_much, say_garbage};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fake_node   fake;
        struct client     *client = fake_node_start(&fake, serve[i]);
        Entente__Nothing   nothing;
        Entente__Request   request = status_request(&nothing);
        Entente__Response *response = NULL;

        assert_int_equal(client_ask(client, &request, 5000, &response),
                         STATUS_BAD_ENCODING);
        fake_node_stop(&fake, client);
    }
}

enum { FLOOD = 20000, FLOOD_SUBJECT = 900 };

/* Answers each request twice before it reads the next, so that its own pipe
 * is full long before the client has sent all. */
static void
answer_a_flood(int fd)
{
    for (int i = 0; i < FLOOD; i++) {
        uint8_t  frame[64];
        uint64_t id = take_request(fd);
        size_t   len = make_answer(id, frame);

        put(fd, frame, len);
        put(fd, frame, len);
    }
}

static void
requests_and_answers_that_fill_both_pipes_do_not_stand_still(void **state)
{
    struct fake_node   fake;
    struct client     *client;
    char               text[FLOOD_SUBJECT + 1];
    Entente__PeerName  name = ENTENTE__PEER_NAME__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;

    (void)state;
    memset(text, 'x', FLOOD_SUBJECT);
    text[FLOOD_SUBJECT] = '\0';
    name.name = text;
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &name;
    client = fake_node_start(&fake, answer_a_flood);
    for (int i = 0; i < FLOOD; i++)
        assert_int_equal(client_send(client, &request), STATUS_OK);
    for (uint64_t i = 0; i < 2 * FLOOD; i++) {
        assert_int_equal(client_next(client, 5000, &response), STATUS_OK);
        assert_int_equal(response->id, i / 2 + 1);
    }
    fake_node_stop(&fake, client);
}

static void
a_home_where_nobody_listens_is_unreachable(void **state)
{
    struct client *client = NULL;

    (void)state;
    assert_int_equal(client_open("/nonexistent", &client), STATUS_UNREACHABLE);
    assert_int_equal(client_open("/tmp", &client), STATUS_UNREACHABLE);
    assert_null(client);
}

static void
a_failure_names_its_status(void **state)
{
    Entente__Failure failure = ENTENTE__FAILURE__INIT;

    (void)state;
    failure.code = (char *)(uintptr_t)"UNTRUSTED";
    assert_int_equal(client_failure(&failure), STATUS_UNTRUSTED);
    failure.code = (char *)(uintptr_t)"OK";
    assert_int_equal(client_failure(&failure), STATUS_IO);
    failure.code = (char *)(uintptr_t)"NEVER_HEARD";
    assert_int_equal(client_failure(&failure), STATUS_IO);
}

static void
listen_to_the_end(int fd)
{
    uint8_t byte;

    read_exactly(fd, &byte, 1);
}

static void
the_memory_is_that_of_the_process_behind_the_socket(void **state)
{
    struct fake_node fake;
    struct client *client = fake_node_start(&fake, listen_to_the_end);
    uint8_t       *more = malloc(32 << 20);
    uint64_t       before = 0;
    uint64_t       after = 0;
    uint64_t       peak = 0;

    (void)state;
    assert_non_null(more);
    assert_int_equal(client_memory(client, &before, &peak), STATUS_OK);
    memset(more, 1, 32 << 20); /* the fake node is this process */
    assert_int_equal(client_memory(client, &after, &peak), STATUS_OK);
    assert_in_range(after, before + 24 * 1024, before + 40 * 1024);
    assert_true(peak >= after);
    free(more);
    fake_node_stop(&fake, client);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_found_by_its_id_and_read_in_any_pieces),
        cmocka_unit_test(
            a_node_that_says_nothing_is_waited_for_no_longer_than_asked),
        cmocka_unit_test(what_is_posted_goes_by_flushing_and_neither_waits),
        cmocka_unit_test(bytes_that_are_no_answer_are_an_error),
        cmocka_unit_test(
            requests_and_answers_that_fill_both_pipes_do_not_stand_still),
        cmocka_unit_test(a_home_where_nobody_listens_is_unreachable),
        cmocka_unit_test(a_failure_names_its_status),
        cmocka_unit_test(the_memory_is_that_of_the_process_behind_the_socket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
