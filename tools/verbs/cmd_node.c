/*
 * cmd_node.c - up, down, paths, help, and the command without a verb.
 */
#include "tools/verbs/cmd_node.h"

#include "node/net/endpoint.h"
#include "node/net/passphrase.h"
#include "node/store/storage_key.h"
#include "tools/cli/cli_meant.h"
#include "tools/cli/cli_parse.h"
#include "tools/cli/completion.h"
#include "tools/cli/help.h"
#include "tools/cli/manual.h"
#include "tools/cli/self.h"
#include "tools/cli/start.h"
#include "tools/client/client.h"
#include "tools/verbs/cmd_status.h"
#include "tools/writing/defaults.h"

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
asks(const struct cli *cli)
{
    struct storage_key key;
    enum status        st = storage_key_read(cli->home, &key);
    bool               open = key.open;

    storage_key_wipe(&key);
    return st == STATUS_OK && !open;
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
    if (asks(cli))
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

/* --- without a verb ------------------------------------------------------ */

/* One that does not answer runs, too: `status` says what is wrong with it. */
static bool
is_running(const struct cli *cli)
{
    struct client *client = NULL;
    enum status    st = client_open(cli->home, &client);

    client_free(client);
    return st == STATUS_OK;
}

enum status
cmd_node_bare(struct cli *cli)
{
    if (cli->json || is_running(cli))
        return cmd_status_run(cli);
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
        {"defaults", DEFAULTS_FILE, "what your messages say alike; yours"},
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
    const char *first = cli->arg_count > 0 ? cli->args[0] : "";
    const char *second = cli->arg_count > 1 ? cli->args[1] : NULL;
    bool        codes = strcmp(first, "exit-codes") == 0;
    bool        objects = strcmp(first, "json") == 0;
    const struct command *found =
        first[0] == '\0' ? cli->commands : cli_parse_find(cli, first, second);

    if (!codes && !objects &&
        (found == NULL || (second != NULL && strchr(found->name, ' ') == NULL)))
        return cli_meant_command(cli, STATUS_NOT_FOUND, first, second);
    if (cli->json)
        return cli_print_json(cli, help_json(cli));
    if (codes)
        help_exit_codes(stdout);
    else if (objects)
        help_objects(stdout);
    else if (found == cli->commands)
        help_all(cli, stdout);
    else
        help_command(cli, found, stdout);
    return STATUS_OK;
}

enum status
cmd_node_completion(struct cli *cli)
{
    enum status st = completion_print(cli->commands, cli->args[0], stdout);

    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, STATUS_USAGE, NULL,
                    "there is a completion for bash, zsh and fish, none for "
                    "%.40s",
                    cli->args[0]);
}

enum status
cmd_node_manual(struct cli *cli)
{
    enum status st = manual_print(cli->commands, cli->args[0], stdout);

    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, STATUS_USAGE, NULL,
                    "the pages are entente, entente-verify, entented and "
                    "entente.conf, not "
                    "%.40s",
                    cli->args[0]);
}
