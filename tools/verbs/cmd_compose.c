/*
 * cmd_compose.c - from a kind to a draft, and the drafts there are.
 */
#include "tools/verbs/cmd_compose.h"

#include "tools/client/listing.h"
#include "tools/reading/sift.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/table.h"
#include "tools/verbs/cmd_draft.h"
#include "tools/writing/compose.h"
#include "tools/writing/draft.h"

#include <stdlib.h>
#include <string.h>

/* --- compose ------------------------------------------------------------- */

/* The object that the form shows: --precedence, -s, --set, and what the home
 * has, so that nobody sends under a label that he did not see. */
NODISCARD static enum status
make_object(struct cli *cli, const struct kind *kind, struct draft **out)
{
    const char   *precedence = cli_value(cli, CLI_PRECEDENCE);
    const char   *subject = cli_value(cli, CLI_SUBJECT);
    struct draft *draft = draft_new(
        json_pack("{s:s, s:{}}", "kind", kind->name, kind->name));
    enum status   st = STATUS_OK;

    if (draft == NULL || draft->object == NULL) {
        draft_free(draft);
        return cli_status(cli, STATUS_IO, "memory");
    }
    if (precedence != NULL)
        st = draft_precedence(cli, draft, precedence);
    if (subject != NULL)
        json_object_set_new(draft->object, "subject", json_string(subject));
    if (st == STATUS_OK)
        st = draft_set(cli, draft);
    if (st == STATUS_OK && draft->faults.count > 0)
        st = draft_fail(cli, draft, "--set");
    if (st == STATUS_OK)
        st = draft_fill_home(cli, draft);
    if (st == STATUS_OK)
        *out = draft;
    else
        draft_free(draft);
    return st;
}

NODISCARD static enum status
compose_new(struct cli *cli)
{
    const char        *to = cli_value(cli, CLI_TO);
    struct drafts_one *one = NULL;
    struct draft      *draft = NULL;
    const struct kind *kind = NULL;
    enum status        st;

    if (cli->arg_count == 0)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "kinds").text,
                        "compose needs a KIND, or --draft N");
    st = cmd_draft_find_kind(cli, cli->args[0], &kind);
    if (st == STATUS_OK)
        st = make_object(cli, kind, &draft);
    if (st == STATUS_OK)
        st = compose_begin(cli, draft->object, to, "", &one);
    draft_free(draft);
    if (st == STATUS_OK)
        st = compose_run(cli, one, true);
    drafts_free(one);
    return st;
}

NODISCARD static enum status
compose_again(struct cli *cli)
{
    const char        *to = cli_value(cli, CLI_TO);
    struct drafts_one *one = NULL;
    uint64_t           number = 0;
    enum status        st = cli_number(cli, CLI_DRAFT, 1, 999999, &number);

    if (st == STATUS_OK && (cli->arg_count > 0 || cli_has(cli, CLI_SET) ||
                            cli_has(cli, CLI_SUBJECT) ||
                            cli_has(cli, CLI_PRECEDENCE)))
        st = cli_fail(cli, STATUS_USAGE, NULL,
                      "--draft goes on with the form that is there: it takes "
                      "--to only");
    if (st == STATUS_OK)
        st = drafts_open(cli, (unsigned)number, &one);
    if (st == STATUS_OK && to != NULL) {
        json_object_set_new(one->facts, "to", json_string(to));
        st = drafts_save_facts(cli, one);
    }
    if (st == STATUS_OK)
        st = compose_run(cli, one, false);
    drafts_free(one);
    return st;
}

enum status
cmd_compose_run(struct cli *cli)
{
    enum status st = compose_check_terminal(
        cli, cli_line(cli, "template KIND > FILE, then send FILE --to NAME")
                 .text);

    if (st != STATUS_OK)
        return st;
    return cli_has(cli, CLI_DRAFT) ? compose_again(cli) : compose_new(cli);
}

/* --- drafts -------------------------------------------------------------- */

/* Which drafts are wanted. */
struct wanted {
    const char *peer; /* NULL: any; so are all of these */
    const char *kind;
    uint64_t    since_ms;
    struct sift sift;
};

struct listed {
    const char *kind;
    const char *to;
    const char *about;
    char        subject[256];
    char        state[40];
    bool        passes; /* sift.h, as far as it can be read */
};

static const char *
fact(const struct drafts_one *one, const char *key)
{
    const char *text = json_string_value(json_object_get(one->facts, key));

    return text == NULL ? "" : text;
}

static void
look(const struct drafts_one *one, const struct sift *sift,
     struct listed *out)
{
    struct draft     *draft = draft_new(NULL);
    char             *text = strdup(one->form);
    Entente__Message *message = NULL;
    const char       *subject = NULL;

    out->kind = fact(one, "kind");
    out->to = fact(one, "to");
    out->about = fact(one, "about");
    snprintf(out->state, sizeof(out->state), "not readable");
    out->subject[0] = '\0';
    out->passes = !sift_is_set(sift);
    if (draft == NULL || text == NULL) {
        free(text);
        draft_free(draft);
        return;
    }
    (void)!draft_take(draft, text, strlen(text));
    if (draft->object != NULL) {
        (void)!draft_judge(draft, MESSAGE_DRAFT, &message);
        subject = json_string_value(json_object_get(draft->object, "subject"));
        snprintf(out->subject, sizeof(out->subject), "%s",
                 subject == NULL ? "" : subject);
        snprintf(out->state, sizeof(out->state), "ready");
        out->passes = sift_passes(sift, draft->object, out->about);
    }
    if (draft->object != NULL && message == NULL)
        snprintf(out->state, sizeof(out->state), "%zu to mend",
                 draft->faults.count + draft->faults.more);
    if (message != NULL)
        entente__message__free_unpacked(message, NULL);
    draft_free(draft);
}

/* Whether `to`, names with commas between, has this one. */
static bool
names_peer(const char *to, const char *peer)
{
    size_t len = strlen(peer);

    for (; *to != '\0'; to += *to == ',') {
        size_t part = strcspn(to, ",");

        if (part == len && memcmp(to, peer, len) == 0)
            return true;
        to += part;
    }
    return false;
}

NODISCARD static enum status
tell(const struct cli *cli, const struct wanted *wanted,
     const struct drafts_one *one, struct table *table)
{
    struct listed listed;
    uint64_t      changed = drafts_changed_ms(one);
    char          number[16];

    look(one, &wanted->sift, &listed);
    if (!listed.passes || changed < wanted->since_ms ||
        (wanted->kind != NULL && strcmp(wanted->kind, listed.kind) != 0) ||
        (wanted->peer != NULL && !names_peer(listed.to, wanted->peer)))
        return STATUS_OK;
    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "draft",
                           (int)one->number, "kind", listed.kind, "to",
                           listed.to, "about", listed.about, "subject",
                           listed.subject, "state", listed.state, "changed",
                           moment_iso(changed).text, "path", one->path.text));
    snprintf(number, sizeof(number), "%u", one->number);
    table_add(table, (const char *[]){number, listed.kind, listed.to,
                                      moment_ago(changed, moment_now_ms()).text,
                                      listed.state, listed.about,
                                      listed.subject});
    return STATUS_OK;
}

NODISCARD static enum status
tell_all(struct cli *cli, const struct wanted *wanted, const unsigned *numbers,
         size_t count, struct table *table)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        struct drafts_one *one = NULL;

        st = drafts_peek(cli, numbers[i], &one);
        if (st == STATUS_OK)
            st = tell(cli, wanted, one, table);
        drafts_free(one);
    }
    return st;
}

NODISCARD static enum status
fill_wanted(struct cli *cli, struct wanted *out)
{
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;
    enum status          st = listing_fill(cli, true, &list);

    out->peer = cli_value(cli, CLI_PEER);
    out->kind = cli_value(cli, CLI_KIND);
    out->since_ms = list.since_ms;
    return st == STATUS_OK ? sift_fill(cli, &out->sift) : st;
}

NODISCARD static enum status
print_drafts(struct cli *cli, const struct table *table)
{
    enum status st;

    if (table->count == 0) {
        printf("No drafts.\n\nNext:\n  %s\n",
               cli_line(cli, "compose note --to NAME").text);
        return STATUS_OK;
    }
    st = table_print(table, table_terminal_width(), stdout);
    printf("\nNext:\n  %s\n",
           cli_line(cli, "compose --draft %s",
                    table_cell(table, table->count - 1, 0))
               .text);
    return st;
}

enum status
cmd_compose_drafts(struct cli *cli)
{
    static const char *const titles[] = {"<DRAFT",   "<KIND",  "<TO",
                                         "<CHANGED", "<STATE", "<ABOUT",
                                         "<SUBJECT", NULL};
    unsigned                *numbers = calloc(DRAFTS_MAX, sizeof(*numbers));
    struct wanted            wanted = {0};
    struct table             table;
    size_t                   count = 0;
    enum status              st = STATUS_IO;

    if (numbers == NULL)
        return cli_status(cli, st, "memory");
    table_init(&table, titles);
    st = fill_wanted(cli, &wanted);
    if (st == STATUS_OK)
        st = drafts_list(cli, numbers, &count);
    if (st == STATUS_OK)
        st = tell_all(cli, &wanted, numbers, count, &table);
    if (st == STATUS_OK && !cli->json)
        st = print_drafts(cli, &table);
    table_clear(&table);
    sift_clear(&wanted.sift);
    free(numbers);
    return st;
}

enum status
cmd_compose_remove(struct cli *cli)
{
    struct drafts_one *one = NULL;
    char               question[64];
    char              *end = NULL;
    unsigned long      number = strtoul(cli->args[0], &end, 10);
    enum status        st;

    if (cli->args[0][0] < '1' || cli->args[0][0] > '9' || *end != '\0' ||
        number > 999999)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "drafts").text,
                        "a draft has a number: %.40s", cli->args[0]);
    st = drafts_open(cli, (unsigned)number, &one);
    snprintf(question, sizeof(question), "Remove draft %lu for good?", number);
    if (st == STATUS_OK)
        st = cli_confirm(cli, question);
    if (st == STATUS_OK)
        st = drafts_remove(cli, one);
    drafts_free(one);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    else if (st == STATUS_OK)
        printf("Draft %lu is removed.\n", number);
    return st;
}
