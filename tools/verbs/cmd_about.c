/*
 * cmd_about.c - a message about another: is it sensible, who gets it, and how
 * it is written (-m, a file, the editor).
 */
#include "tools/verbs/cmd_about.h"

#include "tools/client/fetch.h"
#include "tools/client/peer_names.h"
#include "tools/client/talk.h"
#include "tools/verbs/cmd_draft.h"
#include "tools/writing/about.h"
#include "tools/writing/compose.h"
#include "tools/writing/sending.h"

#include <stdlib.h>
#include <string.h>

enum { TO_MAX = DELIVERY_PEERS_MAX * (LIMIT_NAME + 1) };

struct writing {
    enum about_way way;
    struct fetched earlier;
    char           to[TO_MAX];
};

/* --- does it make sense? -------------------------------------------------- */

/* Without an editor: all is said on the line, or nothing is to be added. */
static bool
goes_now(const struct cli *cli, enum about_way way)
{
    return cli_has(cli, CLI_MESSAGE) || cli->arg_count > 1 ||
           cli_has(cli, CLI_DRY_RUN) || cli_has(cli, CLI_YES) ||
           (way == ABOUT_CORRECT && cli_has(cli, CLI_SET));
}

/* Before the node is asked. */
NODISCARD static enum status
check_words(struct cli *cli, enum about_way way)
{
    enum status st = sending_check(cli, cli_value(cli, CLI_TO));

    if (st != STATUS_OK)
        return st;
    if (cli_has(cli, CLI_MESSAGE) && cli->arg_count > 1)
        return cli_fail(cli, STATUS_USAGE,
                        "quotes make several words one text: -m 'sinking now'",
                        "a FILE, %.60s, and -m both say what to send",
                        cli->args[1]);
    if (way == ABOUT_FORWARD && !cli_has(cli, CLI_TO))
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "peers").text,
                        "forward needs --to NAME");
    if (goes_now(cli, way))
        return STATUS_OK;
    return compose_check_terminal(
        cli, cli_line(cli, "%s %.100s %s", cli->command->name, cli->args[0],
                      way == ABOUT_FORWARD ? "--to NAME --yes" : "-m TEXT")
                 .text);
}

NODISCARD static enum status
check_earlier(struct cli *cli, const struct writing *writing)
{
    const struct fetched *earlier = &writing->earlier;
    const char           *verb = cli->command->name;

    if (writing->way == ABOUT_REPLY && earlier->outgoing)
        return cli_fail(cli, STATUS_BAD_STATE,
                        cli_line(cli, "update %s -m TEXT", earlier->ref).text,
                        "%s is ours; there is nobody to reply to",
                        earlier->ref);
    if (writing->way >= ABOUT_UPDATE && !earlier->outgoing)
        return cli_fail(cli, STATUS_BAD_STATE,
                        cli_line(cli, "reply %s -m TEXT", earlier->ref).text,
                        "%s is from %s; only its author can %s it",
                        earlier->ref, earlier->peer, verb);
    if (earlier->message == NULL)
        return cli_fail(cli, STATUS_NOT_FOUND,
                        cli_line(cli, "send --kind note --to %s -s SUBJECT -m "
                                      "TEXT", earlier->peer)
                            .text,
                        "the content of %s is forgotten here, its label with "
                        "it", earlier->ref);
    if (json_object_get(earlier->message, "kind") == NULL &&
        (writing->way == ABOUT_FORWARD || writing->way == ABOUT_UPDATE ||
         writing->way == ABOUT_CORRECT))
        return cli_fail(cli, STATUS_BAD_VERSION, NULL,
                        "%s is of a kind that this node does not know",
                        earlier->ref);
    return STATUS_OK;
}

/* --- to whom? ------------------------------------------------------------- */

/* Each of --to may have it by its label. */
NODISCARD static enum status
check_readers(struct cli *cli, const Entente__PeersResponse *peers,
              struct writing *writing)
{
    const struct fetched *earlier = &writing->earlier;
    const char           *at = writing->to;

    while (*at != '\0') {
        size_t                     len = strcspn(at, ",");
        struct span                name = {(const uint8_t *)at, len};
        const Entente__PeerStatus *peer = peer_names_find(peers, name);
        struct about_reader        reader;
        char                       why[ABOUT_WORDS];

        if (peer == NULL || peer->removed)
            return peer_names_check(cli, peers, name);
        if (!earlier->outgoing && strcmp(peer->name, earlier->peer) == 0)
            return cli_fail(
                cli, STATUS_BAD_STATE,
                cli_line(cli, "reply %s -m TEXT", earlier->ref).text,
                "%s is from %s itself", earlier->ref, peer->name);
        reader = (struct about_reader){peer->name, peer->org, peer->country};
        if (about_may_forward(earlier->message, earlier->outgoing, &reader,
                              why) != STATUS_OK)
            return cli_fail(cli, STATUS_POLICY,
                            earlier->outgoing
                                ? "send it anew, with a label that allows it"
                                : cli_line(cli, "reply %s -m 'May we pass it "
                                                "on?'", earlier->ref)
                                      .text,
                            "%s may not be forwarded: %s", earlier->ref, why);
        at += len + (at[len] == ',' ? 1 : 0);
    }
    return STATUS_OK;
}

static bool
is_peer(const Entente__PeersResponse *peers, const char *name)
{
    const Entente__PeerStatus *peer = peer_names_find(peers, span_text(name));

    return peer != NULL && !peer->removed;
}

/* All who got it: a correction that reaches one of two is none. */
static void
add_others(const Entente__PeersResponse *peers, struct writing *writing)
{
    const json_t *list = json_object_get(writing->earlier.message, "action_to");
    size_t        at = strlen(writing->to);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));

        if (name == NULL || strcmp(name, writing->earlier.peer) == 0 ||
            !is_peer(peers, name) ||
            at + strlen(name) + 2 > sizeof(writing->to))
            continue;
        at += (size_t)snprintf(writing->to + at, sizeof(writing->to) - at,
                               ",%s", name);
    }
}

NODISCARD static enum status
find_readers(struct cli *cli, struct client *client, struct writing *writing)
{
    const Entente__PeersResponse *peers = NULL;
    const char                   *to = cli_value(cli, CLI_TO);
    enum status                   st = STATUS_OK;

    if (to != NULL && strlen(to) >= sizeof(writing->to))
        return cli_fail(cli, STATUS_USAGE, NULL, "--to is too long");
    snprintf(writing->to, sizeof(writing->to), "%s",
             to == NULL ? writing->earlier.peer : to);
    if (writing->way != ABOUT_REPLY)
        st = peer_names_ask(cli, client, &peers);
    if (st == STATUS_OK && writing->way == ABOUT_FORWARD)
        st = check_readers(cli, peers, writing);
    else if (st == STATUS_OK && writing->way != ABOUT_REPLY)
        add_others(peers, writing);
    return st;
}

/* --- what does it say? ---------------------------------------------------- */

/* "jmsdf/17 from JMSDF, Watch Officer, 2014-04-23T10:00:00Z" */
static void
name_earlier(const struct fetched *earlier, char out[static ABOUT_WORDS])
{
    const char *org = NULL;
    const char *post = NULL;
    const char *dtg = NULL;

    (void)json_unpack(earlier->message, "{s?{s?s, s?s}, s?s}", "originator",
                      "org", &org, "post", &post, "dtg", &dtg);
    snprintf(out, ABOUT_WORDS, "%.80s from %.60s, %.60s%s%.30s", earlier->ref,
             org == NULL ? "?" : org, post == NULL ? "?" : post,
             dtg == NULL ? "" : ", ", dtg == NULL ? "" : dtg);
}

NODISCARD static enum status
add_text(struct cli *cli, const struct writing *writing, json_t *object)
{
    const char *text = cli_value(cli, CLI_MESSAGE);
    char        from[ABOUT_WORDS];
    enum status st;

    name_earlier(&writing->earlier, from);
    st = about_text(writing->way, object, text, from);
    if (st == STATUS_NOT_FOUND && writing->way == ABOUT_FORWARD)
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "forward %s --to NAME",
                                 writing->earlier.ref)
                            .text,
                        "what is forwarded stays as it is; send a note beside "
                        "it");
    if (st == STATUS_NOT_FOUND)
        return cli_fail(cli, STATUS_USAGE, "--set FIELD=TEXT, or a FILE",
                        "-m has no place in this kind of message");
    if (st == STATUS_BAD_FIELD)
        return cli_fail(cli, st, NULL, "-m must be UTF-8");
    return cli_status(cli, st, "memory");
}

/* A file's own words go before what is taken over, but not before what the
 * verb means. */
NODISCARD static enum status
add_file(struct cli *cli, const struct writing *writing, json_t *object,
         struct draft **out)
{
    const char *kind = json_string_value(
        json_object_get(writing->earlier.message, "kind"));
    const char *own;
    enum status st = draft_read(cli, cli->args[1], out);

    if (st != STATUS_OK)
        return st;
    own = json_string_value(json_object_get((*out)->object, "kind"));
    if (writing->way != ABOUT_REPLY && writing->way != ABOUT_CANCEL &&
        own != NULL && kind != NULL && strcmp(own, kind) != 0)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "%s is a %s, and %.200s a %.64s", writing->earlier.ref,
                        kind, cli->args[1], own);
    json_object_set((*out)->object, "action",
                    json_object_get(object, "action"));
    json_object_set((*out)->object, "refs", json_object_get(object, "refs"));
    json_object_del(object, json_string_value(json_object_get(object, "kind")));
    json_object_del(object, "kind");
    json_object_update_missing((*out)->object, object);
    return STATUS_OK;
}

/* The draft with all that the command line says. */
NODISCARD static enum status
make_draft(struct cli *cli, const struct writing *writing, struct draft **out)
{
    const struct kind *kind = NULL;
    const char        *subject = cli_value(cli, CLI_SUBJECT);
    json_t            *object = NULL;
    enum status        st = STATUS_OK;

    if (cli_has(cli, CLI_KIND))
        st = cmd_draft_find_kind(cli, cli_value(cli, CLI_KIND), &kind);
    if (st != STATUS_OK)
        return st;
    object = about_object(writing->way, writing->earlier.message,
                          writing->earlier.id, kind == NULL ? NULL
                                                            : kind->name);
    if (object == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (cli_has(cli, CLI_MESSAGE))
        st = add_text(cli, writing, object);
    if (st == STATUS_OK && cli->arg_count > 1)
        st = add_file(cli, writing, object, out);
    else if (st == STATUS_OK)
        *out = draft_new(json_incref(object));
    json_decref(object);
    if (st == STATUS_OK && *out == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    if (st == STATUS_OK && subject != NULL)
        json_object_set_new((*out)->object, "subject", json_string(subject));
    if (st == STATUS_OK && cli_has(cli, CLI_PRECEDENCE))
        st = draft_precedence(cli, *out, cli_value(cli, CLI_PRECEDENCE));
    if (st == STATUS_OK)
        st = draft_set(cli, *out);
    return st;
}

/* --- on its way ----------------------------------------------------------- */

NODISCARD static enum status
send_now(struct cli *cli, const struct writing *writing, struct draft *draft)
{
    struct sending *sending = NULL;
    enum status     st = sending_new(cli, writing->to, &sending);

    if (st == STATUS_OK)
        st = sending_run(cli, sending, draft,
                         cli->arg_count > 1 ? cli->args[1] : "the message");
    sending_free(sending);
    return st;
}

NODISCARD static enum status
write_first(struct cli *cli, const struct writing *writing, struct draft *draft)
{
    struct drafts_one *one = NULL;
    enum status        st = STATUS_OK;

    if (draft->faults.count > 0)
        return draft_fail(cli, draft, "--set");
    st = compose_begin(cli, draft->object, writing->to, writing->earlier.ref,
                       &one);
    if (st == STATUS_OK)
        st = compose_run(cli, one, true);
    drafts_free(one);
    return st;
}

NODISCARD static enum status
run(struct cli *cli, enum about_way way)
{
    struct writing *writing = calloc(1, sizeof(*writing));
    struct client  *client = NULL;
    struct draft   *draft = NULL;
    enum status     st = check_words(cli, way);

    if (writing == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    writing->way = way;
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = fetch_message(cli, client, cli->args[0], &writing->earlier);
    if (st == STATUS_OK)
        st = check_earlier(cli, writing);
    if (st == STATUS_OK)
        st = find_readers(cli, client, writing);
    client_free(client);
    if (st == STATUS_OK)
        st = make_draft(cli, writing, &draft);
    if (st == STATUS_OK)
        st = goes_now(cli, way) ? send_now(cli, writing, draft)
                                : write_first(cli, writing, draft);
    draft_free(draft);
    fetch_clear(&writing->earlier);
    free(writing);
    return st;
}

enum status
cmd_about_reply(struct cli *cli)
{
    return run(cli, ABOUT_REPLY);
}

enum status
cmd_about_forward(struct cli *cli)
{
    return run(cli, ABOUT_FORWARD);
}

enum status
cmd_about_update(struct cli *cli)
{
    return run(cli, ABOUT_UPDATE);
}

enum status
cmd_about_correct(struct cli *cli)
{
    return run(cli, ABOUT_CORRECT);
}

enum status
cmd_about_cancel(struct cli *cli)
{
    return run(cli, ABOUT_CANCEL);
}
