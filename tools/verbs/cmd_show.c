/*
 * cmd_show.c - one message for a person or a program.
 *
 * A person who asks for a message that its sender has replaced or taken back
 * since sees the newest one first, and below it what he asked for; both say
 * loudly what has become of it.  A program gets what it asked for.
 *
 * Invariant: what did not verify is shown all the same, said loudly, and is
 * the exit code.
 */
#include "tools/verbs/cmd_show.h"

#include "tools/reading/saving.h"
#include "tools/reading/versions.h"
#include "tools/terminal/local.h"
#include "tools/terminal/page.h"
#include "tools/terminal/pager.h"
#include "tools/terminal/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAST_FILE "last" /* in the home: the reference shown last */

enum { REFERENCE = 128, STEPS_MAX = 128, LINE = 512 };

struct view {
    struct shown      shown;
    struct versions   versions;
    size_t            step_count;
    struct show_step  steps[STEPS_MAX];
    struct local_text times[STEPS_MAX];
    size_t            file_count;
    struct show_file  files[LIMIT_ATTACHMENTS];
    size_t            ref_count;
    struct show_ref   refs[VERSIONS_MAX];
    char              ref_texts[VERSIONS_MAX][LINE];
};

/* What has become of the message that was asked for. */
struct notices {
    size_t      count;
    const char *list[VERSIONS_MAX];
    char        texts[VERSIONS_MAX][LINE];
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

/* Who is meant where a step names no post. */
static const char *
who_of(const Entente__ShowResponse *show, const char *state)
{
    static const char *const theirs[] = {"received",     "accepted",
                                         "rejected",     "read",
                                         "acknowledged", "declined"};

    for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
        if (show->outgoing && strcmp(state, theirs[i]) == 0)
            return show->row->peer;
    return strcmp(state, "read") == 0 ? "a person here" : "this node";
}

static void
read_trail(struct view *view)
{
    const Entente__ShowResponse *show = view->shown.show;

    for (size_t i = 0; i < show->n_trail && i < STEPS_MAX; i++) {
        const Entente__TrailStep *step = show->trail[i];

        view->times[i] = local_dtg_ms(step->time_ms);
        view->steps[i] = (struct show_step){.state = step->state,
                                            .time = view->times[i].text,
                                            .by = step->by[0] != '\0'
                                                      ? step->by
                                                      : who_of(show,
                                                               step->state),
                                            .why = step->why};
        view->step_count = i + 1;
    }
}

static void
read_files(struct view *view)
{
    const Entente__ShowResponse *show = view->shown.show;

    for (size_t i = 0; i < show->n_attachments && i < LIMIT_ATTACHMENTS; i++) {
        view->files[i] = (struct show_file){show->attachments[i]->state,
                                            show->attachments[i]->chunks,
                                            show->attachments[i]->of};
        view->file_count = i + 1;
    }
}

/* "Cancels: ifc/17, 231210Z NOV 26, Tanker approached". */
static void
read_refs(struct view *view)
{
    static const char *const names[] = {"About",    "About",   "Adds to",
                                        "Replaces", "Cancels", "Recalls"};
    const struct versions *versions = &view->versions;
    unsigned               action =
        view->shown.message == NULL ? 0
                                    : (unsigned)view->shown.message->action;

    for (size_t i = 0; i < versions->earlier_count; i++) {
        const struct versions_one *one = &versions->earlier[i];

        if (one->ref[0] == '\0')
            snprintf(view->ref_texts[i], LINE, "%s, not here", one->id);
        else
            snprintf(view->ref_texts[i], LINE, "%s, %s, %s", one->ref,
                     one->dtg.text, one->subject);
        view->refs[i] = (struct show_ref){
            names[action < sizeof(names) / sizeof(names[0]) ? action : 0],
            view->ref_texts[i]};
    }
    view->ref_count = versions->earlier_count;
}

NODISCARD static enum status
ask(struct cli *cli, struct client *client, const char *reference,
    struct view *view)
{
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    enum status          st;

    show.ref = (char *)(uintptr_t)reference;
    show.peek = cli_has(cli, CLI_PEEK);
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_SHOW,
                  &response);
    if (st == STATUS_OK)
        st = shown_take(cli, &view->shown, response);
    if (st == STATUS_OK)
        st = saving_settle(cli, client, &view->shown);
    if (st == STATUS_OK)
        st = verified_gather(cli, client, view->shown.show,
                             &view->shown.facts);
    if (st == STATUS_OK && !cli->json)
        st = versions_gather(cli, client, &view->shown, &view->versions);
    if (st == STATUS_OK) {
        read_trail(view);
        read_files(view);
        read_refs(view);
    }
    return st;
}

/* --- telling ------------------------------------------------------------- */

/* What does most stands first, with the line that shows it; the newest is
 * shown here. */
static void
fill_notices(struct cli *cli, const struct versions *versions,
             struct notices *out)
{
    static const char *const order[] = {"RECALL", "CANCEL", "CORRECT",
                                        "UPDATE"};

    for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
        for (size_t i = 0; i < versions->later_count; i++) {
            const struct versions_one *one = &versions->later[i];
            char                       said[LINE];

            if (strcmp(one->action, order[k]) != 0)
                continue;
            versions_say(one, said, sizeof(said));
            snprintf(out->texts[out->count], LINE, "*** %.280s%s%.200s", said,
                     i == 0 ? "" : ": ",
                     i == 0 ? "" : cli_line(cli, "show %s", one->ref).text);
            out->list[out->count] = out->texts[out->count];
            out->count++;
        }
}

static void
print_forgotten(const Entente__ListRow *row, const struct show_facts *facts,
                FILE *out)
{
    const struct page page = {out, 0, facts->width};
    const struct page inner = {out, PAGE_INDENT, facts->width};

    for (size_t i = 0; i < facts->notice_count; i++)
        page_hanging(&page, facts->notices[i]);
    page_field(&page, "Reference", row->ref);
    page_field(&page, "Subject", row->subject);
    page_line(&page, "Its content is forgotten; that it was sent and received "
                     "is not.");
    for (size_t i = 0; i < facts->fact_count; i++)
        page_field(&inner, facts->facts[i].verified ? "yes" : "NOT",
                   facts->facts[i].words);
}

NODISCARD static enum status
print_text(struct cli *cli, const struct view *view,
           const struct notices *notices, FILE *out)
{
    const Entente__ListRow *row = view->shown.show->row;
    struct local_text       time = local_dtg_ms(row->time_ms);
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
                                     .notices = notices->list,
                                     .notice_count = notices->count,
                                     .files = view->files,
                                     .file_count = view->file_count,
                                     .refs = view->refs,
                                     .ref_count = view->ref_count,
                                     .colour = cli->color,
                                     .width = page_width_for(
                                         table_terminal_width())};

    if (view->shown.message != NULL)
        return cli_status(cli, show_message(view->shown.message, &facts, out),
                          "standard output");
    print_forgotten(row, &facts, out);
    return STATUS_OK;
}

/* The newest version first. */
NODISCARD static enum status
print_versions(struct cli *cli, const struct view *view,
               const struct view *newest)
{
    struct notices *notices = calloc(1, sizeof(*notices));
    struct pager    pager;
    enum status     st = STATUS_IO;

    if (notices != NULL)
        st = pager_begin(&pager);
    if (st != STATUS_OK) {
        free(notices);
        return cli_status(cli, st, "memory");
    }
    fill_notices(cli, &view->versions, notices);
    if (newest->shown.show != NULL) {
        st = print_text(cli, newest, notices, pager.out);
        fputs("\nWhat was said before, ", pager.out);
        show_text(view->shown.show->row->ref, pager.out);
        fputs(":\n\n", pager.out);
    }
    if (st == STATUS_OK)
        st = print_text(cli, view, notices, pager.out);
    if (pager_end(&pager) != STATUS_OK && st == STATUS_OK)
        st = cli_status(cli, STATUS_IO, "standard output");
    free(notices);
    return st;
}

NODISCARD static enum status
print_json(struct cli *cli, const struct view *view)
{
    json_t     *object = NULL;
    enum status st = shown_json(cli, &view->shown, &object);

    return st == STATUS_OK ? cli_print_json(cli, object) : st;
}

/* views[0]: what is asked for; views[1]: its newest version, if another. */
NODISCARD static enum status
show(struct cli *cli, struct client *client, struct view *views)
{
    char        reference[REFERENCE];
    enum status st = cmd_show_reference(cli, cli->args[0], reference);

    if (st == STATUS_OK)
        st = ask(cli, client, reference, &views[0]);
    if (st == STATUS_OK && cli->json)
        return print_json(cli, &views[0]);
    if (st == STATUS_OK && views[0].versions.later_count > 0 &&
        views[0].versions.later[0].time_ms > 0)
        st = ask(cli, client, views[0].versions.later[0].ref, &views[1]);
    return st == STATUS_OK ? print_versions(cli, &views[0], &views[1]) : st;
}

enum status
cmd_show_run(struct cli *cli)
{
    struct view   *views = calloc(2, sizeof(*views));
    struct client *client = NULL;
    enum status    st = STATUS_OK;

    if (views == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (cli_has(cli, CLI_SAVE))
        st = saving_check(cli, cli_value(cli, CLI_SAVE));
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = show(cli, client, views);
    if (st == STATUS_OK)
        remember(cli, views[0].shown.show->row);
    if (st == STATUS_OK)
        st = shown_judge(cli, &views[0].shown);
    if (st == STATUS_OK && views[1].shown.show != NULL)
        st = shown_judge(cli, &views[1].shown);
    if (st == STATUS_OK && cli_has(cli, CLI_SAVE))
        st = saving_run(cli, client, &views[0].shown,
                        cli_value(cli, CLI_SAVE));
    shown_clear(&views[0].shown);
    shown_clear(&views[1].shown);
    free(views);
    client_free(client);
    return st;
}
