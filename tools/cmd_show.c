/*
 * cmd_show.c - one message for a person or a program.
 *
 * Invariant: what did not verify is shown all the same, said loudly, and is
 * the exit code.
 */
#include "tools/cmd_show.h"

#include "tools/moment.h"
#include "tools/page.h"
#include "tools/shown.h"
#include "tools/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_FILE "last" /* in the home: the reference shown last */

enum { REFERENCE = 128, STEPS_MAX = 128 };

struct view {
    struct shown       shown;
    size_t             step_count;
    struct show_step   steps[STEPS_MAX];
    struct moment_text times[STEPS_MAX];
};

enum status
cmd_show_reference(struct cli *cli, const char *typed, char out[static 128])
{
    size_t      len = 0;
    enum status st;

    if (strcmp(typed, "-") != 0) {
        if (strlen(typed) >= REFERENCE)
            return cli_fail(cli, STATUS_BAD_FIELD,
                            "NAME/17, NAME/s17, q/1, or an id's first 6 "
                            "digits or more",
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

static void
read_trail(struct view *view)
{
    for (size_t i = 0; i < view->shown.show->n_trail && i < STEPS_MAX; i++) {
        const Entente__TrailStep *step = view->shown.show->trail[i];

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
        st = shown_take(cli, &view->shown, response);
    if (st == STATUS_OK)
        st = verified_gather(cli, client, view->shown.show,
                             &view->shown.facts);
    if (st == STATUS_OK)
        read_trail(view);
    return st;
}

/* --- telling ------------------------------------------------------------- */

NODISCARD static enum status
print_text(struct cli *cli, const struct view *view)
{
    const Entente__ListRow *row = view->shown.show->row;
    struct moment_text      time = moment_dtg(row->time_ms);
    struct show_facts       facts = {.ref = row->ref,
                                     .from = view->shown.show->from,
                                     .time = time.text,
                                     .outgoing = view->shown.show->outgoing,
                                     .overdue = view->shown.show->overdue,
                                     .state = row->state,
                                     .facts = view->shown.facts.list,
                                     .fact_count = view->shown.facts.count,
                                     .trail = view->steps,
                                     .step_count = view->step_count,
                                     .colour = cli->color,
                                     .width = page_width_for(
                                         table_terminal_width())};

    if (view->shown.message != NULL)
        return cli_status(
            cli, show_message(view->shown.message, &facts, stdout),
            "standard output");
    printf("%s  ", row->ref);
    show_text(row->subject, stdout);
    printf("\nIts content is forgotten; that it was sent and received is "
           "not.\n");
    for (size_t i = 0; i < view->shown.facts.count; i++)
        printf("  %s  %s\n", view->shown.facts.list[i].verified ? "yes" : "NOT",
               view->shown.facts.list[i].words);
    return STATUS_OK;
}

enum status
cmd_show_run(struct cli *cli)
{
    struct view   *view = calloc(1, sizeof(*view));
    struct client *client = NULL;
    json_t        *object = NULL;
    enum status    st = STATUS_IO;

    if (view == NULL)
        return cli_status(cli, st, "memory");
    st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = ask(cli, client, view);
    if (st == STATUS_OK && cli->json)
        st = shown_json(cli, &view->shown, &object);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, object);
    else if (st == STATUS_OK)
        st = print_text(cli, view);
    if (st == STATUS_OK)
        remember(cli, view->shown.show->row);
    if (st == STATUS_OK)
        st = shown_judge(cli, &view->shown);
    shown_clear(&view->shown);
    free(view);
    client_free(client);
    return st;
}
