/*
 * cmd_watch.c - one request after the other, each from where the last ended.
 *
 * Invariants:
 *  (I1) the cursor moves when a row was handed over, never before, and not at
 *       all when the program that it went to did not end with 0;
 *  (I2) signals are looked at between rows only.
 */
#include "tools/verbs/cmd_watch.h"

#include "tools/client/talk.h"
#include "tools/language/json.h"
#include "tools/reading/cursor.h"
#include "tools/reading/event_row.h"
#include "tools/reading/event_view.h"
#include "tools/reading/handover.h"
#include "tools/terminal/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    AGAIN_MS = 200,       /* then the node is asked again */
    AWAY_MS = 500,        /* between two looks for it */
    PAUSE_FIRST_MS = 1000, /* after a program that failed */
    PAUSE_MAX_MS = 60000
};

struct watching {
    struct cli      *cli;
    struct client   *client; /* NULL: the node is away */
    struct cursor    cursor;
    struct interrupt interrupt;
    const char      *program; /* NULL: rows are printed */
    bool             ended;   /* nothing more is handed over */
};

/* True: it is to end. */
static bool
pause_for(struct watching *watching, int wait_ms)
{
    enum interrupt_event event = interrupt_wait(&watching->interrupt, -1,
                                                wait_ms);

    watching->ended = watching->ended || event == INTERRUPT_END ||
                      watching->interrupt.asked > 0;
    return watching->ended;
}

static void
say(const char *words)
{
    fprintf(stderr, "entente: %s\n", words);
}

/* --- one row -------------------------------------------------------------- */

NODISCARD static enum status
print_row(struct watching *watching, const Entente__Event *event,
          const char *row)
{
    struct cli *cli = watching->cli;
    enum status st = STATUS_OK;

    if (cli->json)
        st = fputs(row, stdout) == EOF ? STATUS_IO : STATUS_OK;
    else
        st = event_view_line(event, table_terminal_width(), cli->color,
                             stdout);
    if (st == STATUS_OK && !cli->json && isatty(STDOUT_FILENO) &&
        event_view_rings(event))
        fputc('\a', stdout);
    if (st == STATUS_OK && fflush(stdout) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK || errno != EPIPE)
        return cli_status(cli, st, "standard output");
    watching->ended = true; /* nobody reads any more: not handed over */
    clearerr(stdout);
    return STATUS_OK;
}

/* Until the program takes it, or the command is to end. */
static void
run_program(struct watching *watching, const char *row)
{
    char why[HANDOVER_WHY];
    int  wait_ms = PAUSE_FIRST_MS;

    while (handover_run(&watching->interrupt, watching->program,
                        span_text(row), why) != STATUS_OK) {
        watching->ended = watching->interrupt.asked > 0;
        fprintf(stderr, "entente: %s %s; %s\n", watching->program, why,
                watching->ended ? "its row is not done, and comes again"
                                : "its row is tried again");
        if (watching->ended || pause_for(watching, wait_ms))
            return;
        wait_ms = wait_ms > PAUSE_MAX_MS / 2 ? PAUSE_MAX_MS : 2 * wait_ms;
    }
}

/* One line of JSON; NULL without memory. */
static char *
row_of(const Entente__Event *event)
{
    json_t *object = event_row_json(event);
    char   *text = object == NULL ? NULL : json_text(object, 0);
    char   *row = NULL;

    json_decref(object);
    if (text != NULL && asprintf(&row, "%s\n", text) < 0)
        row = NULL;
    free(text);
    return row;
}

NODISCARD static enum status
hand_over(struct watching *watching, const Entente__Event *event)
{
    struct cli *cli = watching->cli;
    char       *row = row_of(event);
    enum status st = STATUS_OK;

    if (row == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (watching->program != NULL)
        run_program(watching, row);
    else
        st = print_row(watching, event, row);
    free(row);
    if (st != STATUS_OK || watching->ended)
        return st;
    return cursor_note(cli, &watching->cursor, event->cursor); /* (I1) */
}

NODISCARD static enum status
hand_over_all(struct watching *watching, const Entente__EventsResponse *events)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < events->n_events; i++) {
        if (pause_for(watching, 0)) /* (I2) */
            return STATUS_OK;
        st = hand_over(watching, events->events[i]);
        if (watching->ended)
            return st;
    }
    if (st == STATUS_OK &&
        strcmp(watching->cursor.text, events->cursor) != 0)
        st = cursor_note(watching->cli, &watching->cursor, events->cursor);
    return st;
}

/* --- the node ------------------------------------------------------------- */

static void
let_go(struct watching *watching)
{
    client_free(watching->client);
    watching->client = NULL;
}

/* Until the node is there again, or the command is to end. */
NODISCARD static enum status
find_node(struct watching *watching)
{
    enum status st = STATUS_UNREACHABLE;

    if (watching->client != NULL)
        return STATUS_OK;
    say("the node has ended; waiting for it");
    while (st == STATUS_UNREACHABLE && !pause_for(watching, AWAY_MS))
        st = client_open(watching->cli->home, &watching->client);
    if (st == STATUS_OK)
        say("the node is there again");
    if (st == STATUS_UNREACHABLE)
        return STATUS_OK; /* it is to end */
    return cli_status(watching->cli, st, "the node's control socket");
}

NODISCARD static enum status
send_request(struct watching *watching)
{
    Entente__EventsRequest events = ENTENTE__EVENTS_REQUEST__INIT;
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    const char *precedence = cli_value(watching->cli, CLI_PRECEDENCE);

    events.cursor = watching->cursor.text;
    events.oldest = cli_has(watching->cli, CLI_ALL);
    if (precedence != NULL)
        events.precedence = (char *)(uintptr_t)precedence;
    request.kind_case = ENTENTE__REQUEST__KIND_EVENTS;
    request.events = &events;
    return client_send(watching->client, &request);
}

/* The next answer; NULL: there is none, and the node is asked again. */
NODISCARD static enum status
wait_answer(struct watching *watching, Entente__Response **out)
{
    struct cli          *cli = watching->cli;
    enum interrupt_event event = INTERRUPT_TIME;
    enum status          st = send_request(watching);

    *out = NULL;
    while (st == STATUS_OK && event != INTERRUPT_READY) {
        event = interrupt_wait(&watching->interrupt,
                               client_fd(watching->client), -1);
        watching->ended = event == INTERRUPT_END;
        if (watching->ended)
            return STATUS_OK;
    }
    if (st == STATUS_OK)
        st = client_next(watching->client, talk_wait_ms(cli), out);
    if (st == STATUS_OK)
        return st;
    *out = NULL;
    let_go(watching);
    return st == STATUS_UNREACHABLE ? STATUS_OK : talk_broken(cli, st);
}

NODISCARD static enum status
judge(struct watching *watching, const Entente__Response *response)
{
    struct cli *cli = watching->cli;
    char        cure[HOME_PATH_MAX + 64];
    enum status st = STATUS_OK;

    if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE)
        st = client_failure(response->failure);
    /* It ends, or a capture begins; or others ask too much at this moment. */
    if (st == STATUS_AGAIN || st == STATUS_FULL) {
        (void)pause_for(watching, AGAIN_MS);
        return STATUS_OK;
    }
    if (st != STATUS_BAD_CURSOR || watching->cursor.name[0] == '\0')
        return st == STATUS_OK
                   ? hand_over_all(watching, response->events)
                   : talk_judge(cli, response, ENTENTE__RESPONSE__KIND_EVENTS);
    snprintf(cure, sizeof(cure), "look through inbox and outbox, then begin "
             "again: rm %.3900s", watching->cursor.path.text);
    return cli_fail(cli, st, cure,
                    "the cursor %s is not of this journal: was the node "
                    "restored from a backup?  What was told since then may "
                    "never have happened here",
                    watching->cursor.name);
}

/* --- the command ---------------------------------------------------------- */

NODISCARD static enum status
begin(struct watching *watching)
{
    struct cli *cli = watching->cli;
    const char *name = cli_value(cli, CLI_CURSOR);
    enum status st = cursor_open(cli, name, &watching->cursor);
    bool        begins = watching->cursor.text[0] == '\0';

    if (st != STATUS_OK)
        return st;
    if (!begins && cli_has(cli, CLI_ALL))
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "the cursor %s has begun already, and goes on where "
                        "it is; --all is for a new one",
                        name);
    if (watching->program != NULL &&
        handover_check(watching->program) != STATUS_OK)
        return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                        "no such program: %.400s", watching->program);
    if (watching->program != NULL && setenv("ENTENTE_HOME", cli->home, 1) != 0)
        return cli_status(cli, STATUS_IO, "memory");
    st = talk_open(cli, &watching->client);
    if (st == STATUS_OK && begins && name != NULL)
        fprintf(stderr, "entente: a new cursor, %s: it begins %s\n", name,
                cli_has(cli, CLI_ALL) ? "with the oldest event"
                                      : "now (--all: with the oldest event)");
    return st;
}

NODISCARD static enum status
go_on(struct watching *watching)
{
    enum status st = STATUS_OK;

    /* A signal that came while a program ran is not told again. */
    while (st == STATUS_OK && !watching->ended &&
           watching->interrupt.asked == 0) {
        Entente__Response *response = NULL;

        st = find_node(watching);
        if (st == STATUS_OK && watching->client != NULL)
            st = wait_answer(watching, &response);
        if (st == STATUS_OK && response != NULL)
            st = judge(watching, response);
    }
    return st;
}

enum status
cmd_watch_run(struct cli *cli)
{
    struct watching watching = {.cli = cli,
                                .cursor = {.file = -1},
                                .program = cli_value(cli, CLI_EXEC)};
    enum status     st = interrupt_open(&watching.interrupt,
                                        watching.program == NULL
                                            ? STDOUT_FILENO
                                            : -1);

    if (st != STATUS_OK)
        return cli_status(cli, st, "signals");
    st = begin(&watching);
    if (st == STATUS_OK)
        st = go_on(&watching);
    interrupt_close(&watching.interrupt);
    client_free(watching.client);
    cursor_close(&watching.cursor);
    return st;
}
