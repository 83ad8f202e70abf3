/*
 * cmd_show.c - one message for a person or a program.
 *
 * Invariant: what did not verify is shown all the same, said loudly, and is
 * the exit code.
 */
#include "tools/cmd_show.h"

#include "node/core/message.h"
#include "tools/verified.h"
#include "tools/json.h"
#include "tools/moment.h"
#include "tools/page.h"
#include "tools/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_FILE "last" /* in the home: the reference shown last */

enum { REFERENCE = 128, STEPS_MAX = 128 };

struct view {
    Entente__ShowResponse *show;
    Entente__Response     *kept;    /* the answer, in memory of its own */
    Entente__Message      *message; /* NULL: forgotten */
    uint8_t               *memory;
    struct verified           facts;
    size_t                 step_count;
    struct show_step       steps[STEPS_MAX];
    struct moment_text     times[STEPS_MAX];
};

enum status
cmd_show_reference(struct cli *cli, const char *typed, char out[static 128])
{
    size_t      len = 0;
    enum status st;

    if (strcmp(typed, "-") != 0) {
        if (strlen(typed) >= REFERENCE)
            return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                            "a reference is not so long");
        snprintf(out, REFERENCE, "%s", typed);
        return STATUS_OK;
    }
    st = home_read(cli->home, LAST_FILE, (uint8_t *)out, REFERENCE - 1, &len);
    if (st != STATUS_OK)
        return cli_fail(cli, STATUS_NOT_FOUND, cli_line(cli, "inbox").text,
                        "no message was shown yet");
    out[len] = '\0';
    return STATUS_OK;
}

/* A q/1 changes when it leaves; its id does not. */
static void
remember(const struct cli *cli, const Entente__ListRow *row)
{
    const char *last = strncmp(row->ref, "q/", 2) == 0 ? row->id : row->ref;

    if (home_write(cli->home, LAST_FILE, span_text(last)) != STATUS_OK)
        fprintf(stderr, "entente: what was shown last could not be noted\n");
}

/* --- asking -------------------------------------------------------------- */

NODISCARD static enum status
keep(struct cli *cli, const Entente__Response *response, struct view *view)
{
    size_t   len = entente__response__get_packed_size(response);
    uint8_t *copy = malloc(len + 1);

    if (copy == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    entente__response__pack(response, copy);
    view->kept = entente__response__unpack(NULL, len, copy);
    free(copy);
    if (view->kept == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    view->show = view->kept->show;
    if (view->show->row == NULL)
        return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    return STATUS_OK;
}

/* However the message is: what is not valid is shown, too. */
NODISCARD static enum status
read_message(struct cli *cli, struct view *view)
{
    struct span          bytes = {view->show->message.data,
                                  view->show->message.len};
    struct strict_arena  arena;
    struct strict_fault  fault;
    ProtobufCMessage    *message = NULL;
    enum status          st;

    if (bytes.len == 0)
        return STATUS_OK;
    view->memory = malloc(LIMIT_PARSE_BYTES);
    if (view->memory == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    arena = strict_arena_of(view->memory, LIMIT_PARSE_BYTES);
    st = strict_unpack(&entente__message__descriptor, bytes, &arena,
                       STRICT_KEEP, &message, &fault);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "its bytes are no message: %s %s",
                        fault.path, fault.words);
    view->message = (Entente__Message *)message;
    return STATUS_OK;
}

static void
read_trail(struct view *view)
{
    for (size_t i = 0; i < view->show->n_trail && i < STEPS_MAX; i++) {
        const Entente__TrailStep *step = view->show->trail[i];

        view->times[i] = moment_dtg(step->time_ms);
        view->steps[i] = (struct show_step){.state = step->state,
                                            .time = view->times[i].text,
                                            .by = step->by,
                                            .why = step->why};
        view->step_count = i + 1;
    }
}

NODISCARD static enum status
ask(struct cli *cli, struct client *client, struct view *view)
{
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    char                 reference[REFERENCE];
    enum status st = cmd_show_reference(cli, cli->args[0], reference);

    if (st != STATUS_OK)
        return st;
    show.ref = reference;
    show.peek = cli_has(cli, CLI_PEEK);
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_SHOW,
                  &response);
    if (st == STATUS_OK)
        st = keep(cli, response, view);
    if (st == STATUS_OK)
        st = read_message(cli, view);
    if (st == STATUS_OK)
        st = verified_gather(cli, client, view->show->row->peer, view->show,
                          &view->facts);
    if (st == STATUS_OK)
        read_trail(view);
    return st;
}

/* --- telling ------------------------------------------------------------- */

static json_t *
view_json(const struct view *view)
{
    const Entente__ShowResponse *show = view->show;
    const Entente__ListRow      *row = show->row;
    json_t                      *trail = json_array();

    for (size_t i = 0; i < show->n_trail; i++) {
        const Entente__TrailStep *step = show->trail[i];

        json_array_append_new(
            trail, json_pack("{s:s, s:s, s:s, s:s}", "state", step->state,
                             "time", moment_iso(step->time_ms).text, "by",
                             step->by, "why", step->why));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:I, s:s, s:s, s:o, s:o}",
                     "id", row->id, "ref", row->ref, "from", show->from, "peer",
                     row->peer, "outgoing", show->outgoing, "origin",
                     show->origin, "index", (json_int_t)show->index,
                     show->outgoing ? "submitted" : "received",
                     moment_iso(row->time_ms).text, "state", row->state,
                     "verified", verified_json(&view->facts), "trail", trail);
}

NODISCARD static enum status
print_json(struct cli *cli, const struct view *view)
{
    json_t     *object = NULL;
    enum status st = STATUS_OK;

    if (view->message == NULL)
        object = json_object();
    else
        st = cli_status(cli, json_from_message(view->message, &object),
                        "the message");
    if (st != STATUS_OK)
        return st;
    json_object_set_new(object, "entente", view_json(view));
    return cli_print_json(cli, object);
}

NODISCARD static enum status
print_text(struct cli *cli, const struct view *view)
{
    const Entente__ListRow *row = view->show->row;
    struct moment_text      time = moment_dtg(row->time_ms);
    struct show_facts       facts = {.ref = row->ref,
                                     .from = view->show->from,
                                     .time = time.text,
                                     .outgoing = view->show->outgoing,
                                     .state = row->state,
                                     .facts = view->facts.list,
                                     .fact_count = view->facts.count,
                                     .trail = view->steps,
                                     .step_count = view->step_count,
                                     .colour = cli->color,
                                     .width = page_width_for(
                                         table_terminal_width())};

    if (view->message != NULL)
        return cli_status(cli, show_message(view->message, &facts, stdout),
                          "standard output");
    printf("%s  ", row->ref);
    show_text(row->subject, stdout);
    printf("\nIts content is forgotten; that it was sent and received is "
           "not.\n");
    for (size_t i = 0; i < view->facts.count; i++)
        printf("  %s  %s\n", view->facts.list[i].verified ? "yes" : "NOT",
               view->facts.list[i].words);
    return STATUS_OK;
}

enum status
cmd_show_run(struct cli *cli)
{
    struct view   *view = calloc(1, sizeof(*view));
    struct client *client = NULL;
    enum status    st = STATUS_IO;

    if (view == NULL)
        return cli_status(cli, st, "memory");
    st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = ask(cli, client, view);
    if (st == STATUS_OK && cli->json)
        st = print_json(cli, view);
    else if (st == STATUS_OK)
        st = print_text(cli, view);
    if (st == STATUS_OK)
        remember(cli, view->show->row);
    if (st == STATUS_OK && view->facts.broken != STATUS_OK)
        st = cli_fail(cli, view->facts.broken,
                      cli_line(cli, "log verify").text,
                      "this message does not verify: %s", view->facts.why);
    entente__response__free_unpacked(view->kept, NULL);
    free(view->memory);
    free(view);
    client_free(client);
    return st;
}
