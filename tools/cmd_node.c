/*
 * cmd_node.c - up, down, status, paths, help.
 */
#include "tools/cmd_node.h"

#include "node/net/endpoint.h"
#include "node/net/passphrase.h"
#include "node/store/storage_key.h"
#include "tools/cli_parse.h"
#include "tools/examine_home.h"
#include "tools/help.h"
#include "tools/moment.h"
#include "tools/peer_view.h"
#include "tools/self.h"
#include "tools/show.h"
#include "tools/start.h"
#include "tools/talk.h"

#include <inttypes.h>
#include <string.h>

/* --- up and down --------------------------------------------------------- */

NODISCARD static enum status
say_up(struct cli *cli, const struct cert *cert, bool before)
{
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s, s:b}", "ok", 1, "name",
                                             cert->node_name, "was_up",
                                             before));
    printf("The node %s %s.\n\nNext:\n  %s\n", cert->node_name,
           before ? "runs already" : "is up", cli_line(cli, "status").text);
    return STATUS_OK;
}

/* What is wrong with the key, the node says when it starts. */
static bool
is_unattended(const struct cli *cli)
{
    struct storage_key key;
    enum status        st = storage_key_read(cli->home, &key);
    bool               open = key.open;

    storage_key_wipe(&key);
    return st == STATUS_OK ? open : st == STATUS_MODE;
}

enum status
cmd_node_up(struct cli *cli)
{
    struct passphrase passphrase = {.len = 0};
    struct cert       cert;
    const char       *why = NULL;
    int               fd = PASSPHRASE_NO_FD;
    enum status       st = self_cert(cli, &cert);

    if (st == STATUS_OK)
        st = cli_passphrase_fd(cli, &fd);
    if (st != STATUS_OK)
        return st;
    if (start_is_up(cli))
        return say_up(cli, &cert, true);
    if (!is_unattended(cli))
        st = passphrase_get(fd, "Passphrase of this node", false, &passphrase,
                            &why);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s", why);
    st = start_node(cli, &passphrase);
    passphrase_wipe(&passphrase);
    return st == STATUS_OK ? say_up(cli, &cert, false) : st;
}

enum status
cmd_node_down(struct cli *cli)
{
    enum status st = start_stop(cli);

    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    printf("The node has ended; what waits is kept.\n");
    return STATUS_OK;
}

/* --- status -------------------------------------------------------------- */

static json_t *
status_json(const struct cli *cli, const Entente__StatusResponse *status)
{
    json_t *alarms = json_array();

    for (size_t i = 0; i < status->n_alarms; i++)
        json_array_append_new(alarms, json_string(status->alarms[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:I, s:s, s:b, s:b, s:o, s:o}",
        "node", status->node, "name", status->name, "org", status->org, "version",
        status->version, "uptime_s", (json_int_t)status->uptime_s, "listen",
        status->listen, "capture", status->capture, "capture_bytes",
        (json_int_t)status->capture_bytes, "capture_since",
        moment_iso(status->capture_since_ms).text, "capture_replay",
        status->capture_replay ? 1 : 0, "unattended", is_unattended(cli), "peers",
        peer_view_json(status->peers, status->n_peers), "alarms", alarms);
}

/* A line of which a part came from a peer or a card. */
static void
say(const char *before, const char *text, const char *after)
{
    fputs(before, stdout);
    show_text(text, stdout);
    fputs(after, stdout);
}

/* Whoever looks at the node is to know that it is being looked at. */
static void
say_capture(const struct cli *cli, const Entente__StatusResponse *status)
{
    if (status->capture[0] == '\0')
        return;
    say("CAPTURE IS ON: ", status->capture, "");
    printf(", %" PRIu64 " bytes since %s\n", status->capture_bytes,
           moment_dtg(status->capture_since_ms).text);
    printf("  the wire%s is being written; %s ends it\n",
           status->capture_replay ? ", and sealed all keys and messages," : "",
           cli_line(cli, "capture stop").text);
}

NODISCARD static enum status
say_status(struct cli *cli, const Entente__StatusResponse *status)
{
    enum status st = STATUS_OK;

    say_capture(cli, status);
    for (size_t i = 0; i < status->n_alarms; i++)
        say("ALARM  ", status->alarms[i], "\n");
    say("", status->name, " of ");
    say("", status->org, "");
    printf(", up %s, version %s\n", moment_length(status->uptime_s).text,
           status->version);
    printf("listens on %s\n",
           status->listen[0] == '\0' ? "nothing: it calls, nobody can call it"
                                     : status->listen);
    if (is_unattended(cli))
        printf("%s\n", EXAMINE_UNATTENDED);
    if (status->n_peers == 0) {
        printf("no peers yet\n\nNext:\n  %s\n  %s\n",
               cli_line(cli, "card --out %s.card", status->name).text,
               cli_line(cli, "pair THEIR.card").text);
        return STATUS_OK;
    }
    putchar('\n');
    st = peer_view_table(status->peers, status->n_peers);
    for (size_t i = 0; i < status->n_peers && st == STATUS_OK; i++) {
        if (status->peers[i]->unread > 0) {
            printf("\nNext:\n  %s\n", cli_line(cli, "inbox --unread").text);
            break;
        }
    }
    return st;
}

enum status
cmd_node_status(struct cli *cli)
{
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    struct cert        cert;
    enum status st = talk_plain(cli, ENTENTE__REQUEST__KIND_STATUS,
                                ENTENTE__RESPONSE__KIND_STATUS, &client,
                                &response);

    if (st == STATUS_UNREACHABLE && !cli->json &&
        home_check(cli->home) == STATUS_OK &&
        self_cert(cli, &cert) == STATUS_OK)
        printf("%s of %s (%s) in %s, down\n", cert.node_name, cert.org_name,
               cert.country, cli->home);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        st = cli_print_json(cli, status_json(cli, response->status));
    else
        st = say_status(cli, response->status);
    client_free(client);
    return st;
}

enum status
cmd_node_bare(struct cli *cli)
{
    if (cli->json || start_is_up(cli))
        return cmd_node_status(cli);
    if (home_check(cli->home) == STATUS_NOT_FOUND) {
        printf("There is no node in %s yet.  To make one:\n"
               "  %s\n  %s\n  %s\n",
               cli->home,
               cli_line(cli, "init --name NAME --org ORG --country CC "
                             "--listen ADDR:PORT")
                   .text,
               cli_line(cli, "up").text,
               cli_line(cli, "card --out NAME.card").text);
    } else {
        printf("The node in %s does not run.  To go on:\n  %s\n  %s\n  %s\n",
               cli->home, cli_line(cli, "up").text,
               cli_line(cli, "status").text, cli_line(cli, "inbox").text);
    }
    printf("\n%s tells what else there is.\n", cli_line(cli, "help").text);
    return STATUS_OK;
}

/* --- paths --------------------------------------------------------------- */

enum status
cmd_node_paths(struct cli *cli)
{
    static const struct {
        const char *key;
        const char *name;
        const char *what;
    } rows[] = {
        {"certificate", HOME_CERTIFICATE, "who this node is"},
        {"config", HOME_CONFIG, "addresses; yours to edit"},
        {"card", HOME_CARD, "what peers need to pair"},
        {"org_key", HOME_ORG_KEY, "signs certificates; may live elsewhere"},
        {"storage_key", HOME_STORAGE_KEY, "wraps the keyring"},
        {"keyring", HOME_KEYRING, "every other key"},
        {"index", HOME_INDEX, "made again from the journal at will"},
        {"log", HOME_LOG, "what a node started by `up` says"},
        {"socket", ENDPOINT_NAME, "where programs ask the node"},
    };
    json_t *object = json_pack("{s:s}", "home", cli->home);

    if (!cli->json)
        printf("%-12s %s\n", "home", cli->home);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct home_path path;

        if (home_path(cli->home, rows[i].name, &path) != STATUS_OK)
            continue;
        json_object_set_new(object, rows[i].key, json_string(path.text));
        if (!cli->json)
            printf("%-12s %s  (%s)\n", rows[i].key, path.text, rows[i].what);
    }
    if (cli->json)
        return cli_print_json(cli, object);
    json_decref(object);
    return STATUS_OK;
}

/* --- help ---------------------------------------------------------------- */

enum status
cmd_node_help(struct cli *cli)
{
    const struct command *found;

    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:o}", "commands", help_json(cli)));
    if (cli->arg_count == 0) {
        help_all(cli, stdout);
        return STATUS_OK;
    }
    if (strcmp(cli->args[0], "exit-codes") == 0) {
        help_exit_codes(stdout);
        return STATUS_OK;
    }
    found = cli_parse_find(cli, cli->args[0],
                           cli->arg_count > 1 ? cli->args[1] : NULL);
    if (found == NULL)
        return cli_fail(cli, STATUS_NOT_FOUND, cli_line(cli, "help").text,
                        "no such command: %s", cli->args[0]);
    help_command(cli, found, stdout);
    return STATUS_OK;
}
