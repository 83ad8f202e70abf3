/*
 * fuzz_api.c - lines from a program to `entente api`, where no node runs.
 *
 * Whatever they are, each request has one end, every answer is one line of
 * JSON, and nothing is left under way.
 */
#include "tests/fuzz/fuzz.h"
#include "tools/api/api.h"
#include "tools/api/api_lines.h"

#include <string.h>

const bool fuzz_is_whole = false; /* the last line needs no end */

static const struct command commands[] = {
    {"", "", 0, 0, 0, "status", NULL, NULL},
    {"inbox", "", 0, 0, CLI_BIT(UNREAD) | CLI_BIT(PEER), "", NULL, NULL},
    {"show", "REF", 1, 1, CLI_BIT(PEEK), "", NULL, NULL},
    {"send", "FILE", 0, 1,
     CLI_BIT(TO) | CLI_BIT(SET) | CLI_BIT(WAIT) | CLI_BIT(DRY_RUN) |
         CLI_BIT(MESSAGE) | CLI_BIT(TIMEOUT) | CLI_BIT(SUBJECT),
     "", NULL, NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Every line of output is an object with an id; how many are ends. */
static size_t
count_ends(struct span out)
{
    const char *at = (const char *)out.ptr;
    size_t      left = out.len;
    size_t      ends = 0;

    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        json_t     *line;

        assert(end != NULL);
        line = json_loadb(at, (size_t)(end - at), 0, NULL);
        assert(json_object_get(line, "id") != NULL);
        ends += json_object_get(line, "result") == NULL;
        json_decref(line);
        left -= (size_t)(end - at) + 1;
        at = end + 1;
    }
    return ends;
}

bool
fuzz_one(struct span in)
{
    struct cli        cli = {.commands = commands, .program = "entente",
                             .home = "/nonexistent/home"};
    struct api       *api = api_new(&cli);
    struct api_lines *lines = api_lines_new();
    struct span       line = SPAN_EMPTY;
    size_t            count = 0;
    size_t            number = 0;
    size_t            room = 0;
    uint8_t          *to;

    assert(api != NULL && lines != NULL);
    to = api_lines_room(lines, &room);
    if (in.len <= room) {
        if (in.len > 0)
            memcpy(to, in.ptr, in.len);
        api_lines_add(lines, in.len);
    }
    api_lines_end(lines);
    while (api_has_room(api) &&
           api_lines_next(lines, &line, &number) == STATUS_OK) {
        api_line(api, line, number);
        api_turn(api);
        count++;
    }
    assert(api_is_idle(api));
    assert(count_ends(api_output(api)) == count);
    api_free(api);
    api_lines_free(lines);
    return count > 0;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed(arg, "kinds", span_text("{\"id\":1,\"verb\":\"kinds\"}\n"
                                 "{\"id\":[2],\"verb\":\"kinds\","
                                 "\"kind\":\"note\"}\n"));
    seed(arg, "send",
         span_text("{\"id\":\"a\",\"verb\":\"send\",\"to\":[\"b\",\"c\"],"
                   "\"dry_run\":true,\"wait\":\"read\",\"timeout\":3,"
                   "\"set\":[\"language=en\"],\"message\":{\"kind\":\"note\","
                   "\"subject\":\"tea\",\"note\":{\"text\":\"x\"}}}\n"));
    seed(arg, "note", span_text("{\"id\":null,\"verb\":\"send\",\"to\":\"b\","
                                "\"subject\":\"s\",\"message\":\"t\"}"));
    seed(arg, "others",
         span_text("{\"id\":{},\"verb\":\"validate\",\"message\":{}}\n"
                   "{\"id\":1,\"verb\":\"stop\",\"request\":1}\n"
                   "{\"id\":1,\"verb\":\"inbox\",\"unread\":true}\n"
                   "{\"id\":1,\"verb\":\"show\",\"ref\":\"b/1\"}\n"));
}
