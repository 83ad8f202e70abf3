/* Many messages asked for at once, against a node made up here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "message.pb-c.h"
#include "tests/unit/fake_node.h"
#include "tools/client/peeking.h"

enum { ROWS = 130, FRAME = 65536 };

/* A node that takes so many requests, then answers the last one first. */
static struct {
    size_t at_once;
    size_t asked;
    size_t under_way_most;
    bool   peeked; /* all of them */
    bool   goes_away;
} served;

static bool
read_whole(int fd, uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, out, len);

        if (got <= 0)
            return false;
        out += got;
        len -= (size_t)got;
    }
    return true;
}

static Entente__Request *
read_request(int fd)
{
    static uint8_t bytes[FRAME];
    uint8_t        head[4];
    struct reader  in = reader_of(SPAN_OF(head));
    uint32_t       len;

    if (!read_whole(fd, head, sizeof(head)))
        return NULL;
    len = reader_u32(&in);
    assert_true(len <= sizeof(bytes));
    return read_whole(fd, bytes, len)
               ? entente__request__unpack(NULL, len, bytes)
               : NULL;
}

static void
answer(int fd, const Entente__Request *request)
{
    static uint8_t        bytes[FRAME];
    static uint8_t        body[1024];
    Entente__Response     response = ENTENTE__RESPONSE__INIT;
    Entente__ShowResponse show = ENTENTE__SHOW_RESPONSE__INIT;
    Entente__ListRow      row = ENTENTE__LIST_ROW__INIT;
    Entente__Failure      failure = ENTENTE__FAILURE__INIT;
    Entente__Message      message = ENTENTE__MESSAGE__INIT;
    const char           *ref = request->show->ref;
    struct writer         out = writer_of(bytes, sizeof(bytes));
    size_t                len;

    response.id = request->id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_SHOW;
    response.show = &show;
    show.row = &row;
    /* q/1 has become another message; its id still finds it. */
    row.id = (char *)(uintptr_t)(strncmp(ref, "q/", 2) == 0 ? "other" : ref);
    message.subject = row.id;
    show.message.data = body;
    show.message.len = entente__message__pack(&message, body);
    if (strcmp(ref, "forgotten") == 0)
        show.message.len = 0;
    if (strcmp(ref, "broken") == 0)
        body[0] = 0xff;
    if (strcmp(ref, "gone") == 0) {
        response.kind_case = ENTENTE__RESPONSE__KIND_FAILURE;
        response.failure = &failure;
    }
    len = entente__response__get_packed_size(&response);
    writer_u32(&out, (uint32_t)len);
    entente__response__pack(&response, bytes + 4);
    assert_int_equal(write(fd, bytes, len + 4), (ssize_t)(len + 4));
}

static void
serve(int fd)
{
    Entente__Request *held[PEEKING_AHEAD + 1];
    Entente__Request *request;
    size_t            count = 0;

    while (!served.goes_away && (request = read_request(fd)) != NULL) {
        served.peeked = served.peeked && request->show->peek;
        served.asked++;
        held[count++] = request;
        if (count > served.under_way_most)
            served.under_way_most = count;
        if (served.asked < ROWS - PEEKING_AHEAD && count < served.at_once)
            continue;
        while (count > 0) {
            answer(fd, held[--count]);
            entente__request__free_unpacked(held[count], NULL);
        }
    }
}

static struct client *
start(struct fake_node *fake, size_t at_once, bool goes_away)
{
    memset(&served, 0, sizeof(served));
    served.at_once = at_once;
    served.peeked = true;
    served.goes_away = goes_away;
    return fake_node_start(fake, serve);
}

/* Rows named by `ids`, looked through for `text`. */
static enum status
sift(struct fake_node *fake, struct client *client, size_t count,
     const char *const *ids, const char *text, bool *passes)
{
    static const struct command none = {.name = "inbox"};
    static Entente__ListRow     rows[ROWS];
    static Entente__ListRow    *list[ROWS];
    struct cli                  cli = {.program = "entente", .command = &none};
    struct sift                 wanted;
    enum status                 st;

    cli.options[CLI_TEXT] = (struct cli_values){1, {text}};
    snprintf(cli.home, sizeof(cli.home), "%s", fake->home);
    assert_int_equal(sift_fill(&cli, &wanted), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (Entente__ListRow)ENTENTE__LIST_ROW__INIT;
        rows[i].id = (char *)(uintptr_t)ids[i];
        rows[i].ref = i % 10 == 3 ? (char *)(uintptr_t) "q/1" : rows[i].id;
        list[i] = &rows[i];
    }
    st = peeking_sift(&cli, client, &wanted, count, list, passes);
    sift_clear(&wanted);
    cli_clear(&cli);
    return st;
}

static void
each_row_has_its_own_answer_in_whatever_order_they_come(void **state)
{
    char           names[ROWS][16];
    const char    *ids[ROWS];
    bool           passes[ROWS] = {false};
    struct fake_node fake;
    struct client *client = start(&fake, PEEKING_AHEAD, false);

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof(names[i]), "no%03zu%s", i,
                 i % 7 == 0 ? "tanker" : "");
        ids[i] = names[i];
    }
    assert_int_equal(sift(&fake, client, ROWS, ids, "Tanker", passes),
                     STATUS_OK);
    fake_node_stop(&fake, client);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(passes[i], i % 7 == 0);
    /* Each q/1 is asked by its id, too. */
    assert_int_equal(served.asked, ROWS + ROWS / 10);
    assert_int_equal(served.under_way_most, PEEKING_AHEAD);
    assert_true(served.peeked);
}

static void
what_is_forgotten_broken_or_gone_does_not_pass(void **state)
{
    static const char *const ids[] = {"forgotten", "broken", "gone", "here"};
    bool                     passes[4] = {true, true, true, false};
    struct fake_node         fake;
    struct client           *client = start(&fake, 1, false);

    (void)state;
    assert_int_equal(sift(&fake, client, 4, ids, "e", passes), STATUS_OK);
    fake_node_stop(&fake, client);
    assert_false(passes[0]);
    assert_false(passes[1]);
    assert_false(passes[2]);
    assert_true(passes[3]);
}

static void
a_node_that_goes_away_is_a_failure(void **state)
{
    static const char *const ids[] = {"here"};
    bool                     passes[1] = {false};
    struct fake_node         fake;
    struct client           *client = start(&fake, 1, true);

    (void)state;
    assert_int_equal(sift(&fake, client, 1, ids, "e", passes),
                     STATUS_UNREACHABLE);
    fake_node_stop(&fake, client);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            each_row_has_its_own_answer_in_whatever_order_they_come),
        cmocka_unit_test(what_is_forgotten_broken_or_gone_does_not_pass),
        cmocka_unit_test(a_node_that_goes_away_is_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
