/*
 * compose.c - one round after another: edit, check, ask.
 *
 * Invariant: whatever was typed stands in the draft, durable, before anything
 * is asked, and the draft goes only after the node has the message.
 */
#include "tools/writing/compose.h"

#include "tools/cli/ask.h"
#include "tools/cli/editor.h"
#include "tools/client/fetch.h"
#include "tools/client/peer_names.h"
#include "tools/client/talk.h"
#include "tools/language/form.h"
#include "tools/language/json.h"
#include "tools/writing/annotate.h"
#include "tools/writing/changes.h"
#include "tools/writing/sending.h"
#include "tools/writing/summary.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status
compose_check_terminal(struct cli *cli, const char *instead)
{
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return STATUS_OK;
    return cli_fail(cli, STATUS_USAGE, instead,
                    "an editor needs a terminal, and there is none");
}

/* --- beginning ----------------------------------------------------------- */

/* Where the node answers, a name that is none is told before anything is
 * typed; where it does not, the draft waits. */
NODISCARD static enum status
check_peers(struct cli *cli, const struct sending *sending)
{
    const Entente__PeersResponse *peers = NULL;
    struct client                *client = NULL;
    enum status                   st;

    if (client_open(cli->home, &client) != STATUS_OK) {
        fputs("The node does not answer; what you write is kept.\n", stderr);
        return STATUS_OK;
    }
    st = peer_names_ask(cli, client, &peers);
    for (size_t i = 0; i < sending->batch.count && st == STATUS_OK; i++)
        st = peer_names_check(cli, peers,
                              span_text(sending->batch.deliveries[i].peer));
    client_free(client);
    return st;
}

NODISCARD static enum status
write_form(struct cli *cli, const json_t *object, char **out, size_t *len)
{
    const struct kind *kind = kind_named(
        json_string_value(json_object_get(object, "kind")));
    FILE       *form = open_memstream(out, len);
    enum status st = STATUS_IO;

    if (form == NULL)
        return cli_status(cli, st, "memory");
    fputs("# Save, and leave the editor: the form is checked, and you are "
          "asked before\n# anything is sent.\n#\n",
          form);
    st = form_template(kind, object, form);
    if (fclose(form) != 0)
        st = STATUS_IO;
    return cli_status(cli, st, "the form");
}

enum status
compose_begin(struct cli *cli, const json_t *object, const char *to,
              const char *about, struct drafts_one **out)
{
    struct sending *sending = NULL;
    uint8_t         id[LIMIT_MESSAGE_ID];
    char            hex[2 * LIMIT_MESSAGE_ID + 1];
    char           *form = NULL;
    size_t          len = 0;
    enum status     st = sending_new(cli, to, &sending);

    if (st == STATUS_OK)
        st = check_peers(cli, sending);
    sending_free(sending);
    if (st == STATUS_OK && getentropy(id, sizeof(id)) != 0)
        st = cli_status(cli, STATUS_IO, "drawing an id");
    if (st == STATUS_OK)
        st = write_form(cli, object, &form, &len);
    if (st == STATUS_OK) {
        hex_encode(id, sizeof(id), hex);
        st = drafts_new(
            cli,
            json_pack("{s:O, s:s, s:s, s:s}", "kind",
                      json_object_get(object, "kind"), "to", to, "id", hex,
                      "about", about),
            (struct span){(const uint8_t *)form, len}, out);
    }
    free(form);
    return st;
}

/* --- rounds -------------------------------------------------------------- */

/* The first letter of the answer, small; `empty` for an empty line, 'n' when
 * nobody is there any more. */
static char
ask(const char *question, char empty)
{
    char answer[64];

    fprintf(stderr, "%s ", question);
    fflush(stderr);
    if (!ask_line(answer, sizeof(answer)))
        return 'n';
    if (answer[0] == '\0')
        return empty;
    return (char)tolower((unsigned char)answer[0]);
}

static void
say_kept(const struct cli *cli, const struct drafts_one *draft)
{
    fprintf(stderr, "Draft %u is kept.  To go on:\n  %s\n", draft->number,
            cli_line(cli, "compose --draft %u", draft->number).text);
}

/* After a failure; a form that nobody wrote in is not worth keeping. */
static void
keep(const struct cli *cli, const struct drafts_one *draft, bool untouched)
{
    struct cli quiet = *cli; /* the failure that is told is another */

    if (!untouched || drafts_remove(&quiet, draft) != STATUS_OK)
        say_kept(cli, draft);
}

/* Says what failed, and goes on as if it had not. */
static void
say_failure(struct cli *cli, enum status st)
{
    bool json = cli->json;

    cli->json = false;
    cli_print_error(cli, st);
    cli->json = json;
    cli_clear(cli);
    cli->failed = false;
    cli->path[0] = '\0';
}

/* The form with the faults above their lines; none: without old ones. */
NODISCARD static enum status
annotate(struct cli *cli, struct drafts_one *one,
         const struct message_faults *faults)
{
    struct span form = {(const uint8_t *)one->form, one->len};
    char       *text = NULL;
    size_t      len = 0;
    FILE       *out = open_memstream(&text, &len);
    enum status st = STATUS_IO;

    if (out != NULL)
        st = annotate_form(form, faults, out);
    if (out != NULL && fclose(out) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = drafts_save(cli, one,
                         (struct span){(const uint8_t *)text, len});
    free(text);
    return cli_status(cli, st, "the draft");
}

/* Checks the form; *draft has the faults, *sending what can be sent. */
NODISCARD static enum status
check(struct cli *cli, struct drafts_one *one, struct sending *sending)
{
    struct draft *draft = draft_new(NULL);
    char         *text = strdup(one->form);
    char          what[32];
    enum status   st = STATUS_IO;

    if (draft == NULL || text == NULL) {
        free(text);
        draft_free(draft);
        return cli_status(cli, st, "memory");
    }
    snprintf(what, sizeof(what), "draft %u", one->number);
    st = draft_take(draft, text, strlen(text));
    if (draft->object != NULL)
        st = sending_prepare(cli, sending, draft);
    if (draft->faults.count > 0 && !cli->failed)
        st = draft_fail(cli, draft, what);
    if (draft->faults.count > 0 || st == STATUS_OK) {
        enum status saved = annotate(cli, one, &draft->faults);

        st = saved == STATUS_OK ? st : saved;
    }
    draft_free(draft);
    return st;
}

NODISCARD static enum status
edit(struct cli *cli, struct drafts_one *one)
{
    enum status st = drafts_guard(cli, one);
    enum status read;
    bool        lost = false;

    if (st == STATUS_OK)
        st = editor_run(cli, one->path.text);
    read = drafts_reread(cli, one, &lost); /* also after an editor failed */
    if (lost)
        fputs("The editor left an empty file; the text from before is "
              "back.\n",
              stderr);
    return st == STATUS_OK ? read : st;
}

NODISCARD static enum status
submit(struct cli *cli, struct drafts_one *one, struct sending *sending)
{
    enum status st = sending_submit(cli, sending);

    if (!sending_is_queued(sending)) {
        say_kept(cli, one);
        return st;
    }
    if (drafts_remove(cli, one) != STATUS_OK && st == STATUS_OK)
        fprintf(stderr, "It is sent, but draft %u could not be removed.\n",
                one->number);
    return st;
}

/* Nothing was typed into a form that asks for something. */
NODISCARD static enum status
drop(struct cli *cli, struct drafts_one *one)
{
    cli_clear(cli);
    cli->failed = false;
    cli->path[0] = '\0';
    fputs("Nothing was written, and nothing is kept.\n", stderr);
    return drafts_remove(cli, one);
}

NODISCARD static enum status
print_changes(const Entente__Message *message, const struct fetched *earlier)
{
    json_t     *now = NULL;
    enum status st = json_from_message(message, &now);

    if (st == STATUS_OK)
        st = changes_print(kind_of(message), earlier->message, now,
                           earlier->ref, stderr);
    json_decref(now);
    return st;
}

/* Of a new version of a message of ours, which the node has. */
static void
say_changes(const struct cli *cli, const Entente__Message *message)
{
    struct cli     quiet = *cli; /* no reason not to ask */
    struct client *client = NULL;
    struct fetched earlier = {.message = NULL};
    char           id[2 * LIMIT_MESSAGE_ID + 1];

    if ((message->action != ENTENTE__MESSAGE__ACTION__ACTION_UPDATE &&
         message->action != ENTENTE__MESSAGE__ACTION__ACTION_CORRECT) ||
        message->n_refs == 0 || message->refs[0].len != LIMIT_MESSAGE_ID)
        return;
    hex_encode(message->refs[0].data, LIMIT_MESSAGE_ID, id);
    if (talk_open(&quiet, &client) != STATUS_OK ||
        fetch_message(&quiet, client, id, &earlier) != STATUS_OK ||
        earlier.message == NULL ||
        print_changes(message, &earlier) != STATUS_OK)
        fputs("What it changes cannot be shown: the node does not answer, or "
              "has not kept\nthe message before.\n\n",
              stderr);
    fetch_clear(&earlier);
    client_free(client);
}

/* What an edited form leads to; AGAIN: to the editor. */
NODISCARD static enum status
judge(struct cli *cli, struct drafts_one *one, struct sending *sending,
      bool untouched)
{
    enum status st = check(cli, one, sending);
    char        answer;

    if (st != STATUS_OK && untouched)
        return drop(cli, one);
    if (st != STATUS_OK) {
        say_failure(cli, st);
        if (ask("Again? [Y/n]", 'y') != 'n')
            return STATUS_AGAIN;
        return cli_fail(
            cli, st, cli_line(cli, "compose --draft %u", one->number).text,
            "it was not sent; draft %u is kept", one->number);
    }
    summary_print(sending->message, sending->to, stderr);
    say_changes(cli, sending->message);
    answer = cli_has(cli, CLI_YES) ? 'y' : ask("Send? [y/N/e]", 'n');
    if (answer == 'e')
        return STATUS_AGAIN;
    if (answer == 'y')
        return submit(cli, one, sending);
    fputs("Nothing was sent.  ", stderr);
    say_kept(cli, one);
    return STATUS_OK;
}

enum status
compose_run(struct cli *cli, struct drafts_one *one, bool fresh)
{
    struct sending *sending = NULL;
    char           *first = strdup(one->form);
    enum status     st = sending_new(
        cli, json_string_value(json_object_get(one->facts, "to")), &sending);

    if (st == STATUS_OK && first == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    if (st == STATUS_OK) {
        sending->id = json_string_value(json_object_get(one->facts, "id"));
        sending->precedence = NULL; /* it stands in the form */
        st = STATUS_AGAIN;
    }
    while (st == STATUS_AGAIN) {
        st = edit(cli, one);
        if (st != STATUS_OK) {
            keep(cli, one, fresh && strcmp(first, one->form) == 0);
            break;
        }
        st = judge(cli, one, sending,
                   fresh && strcmp(first, one->form) == 0);
    }
    free(first);
    sending_free(sending);
    return st;
}
