/*
 * cmd_config.c - HOME/config read as the node reads it.
 */
#include "tools/verbs/cmd_config.h"

#include "node/store/config.h"
#include "tools/admin/status_view.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/terminal/page.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FROM = 96 };

NODISCARD static enum status
read_config(struct cli *cli, struct config *out)
{
    struct config_fault fault = {0};
    enum status         st = home_check(cli->home);

    if (st == STATUS_NOT_FOUND)
        return self_missing(cli, st);
    st = config_load(cli->home, out, &fault);
    if (st == STATUS_OK)
        return st;
    if (fault.line > 0)
        return cli_fail(cli, st, NULL, "%.300s/%s line %zu: %s", cli->home,
                        HOME_CONFIG, fault.line, fault.words);
    return cli_fail(cli, st,
                    st == STATUS_MODE ? "chmod 600 config, in the home" : NULL,
                    "%.300s/%s: %s", cli->home, HOME_CONFIG, fault.words);
}

static const char *
or_none(const char *listen)
{
    return listen[0] == '\0' ? "none" : listen;
}

/* --- check --------------------------------------------------------------- */

/* What the running node listens at; NULL: none runs.  The text lasts as long
 * as the client. */
static const char *
listen_now(const struct cli *cli, struct client **client)
{
    struct cli         quiet = *cli;
    Entente__Response *response = NULL;
    enum status st = talk_plain(&quiet, ENTENTE__REQUEST__KIND_STATUS,
                                ENTENTE__RESPONSE__KIND_STATUS, client,
                                &response);

    return st == STATUS_OK ? response->status->listen : NULL;
}

static json_t *
keys_json(void)
{
    json_t *list = json_array();

    for (const struct config_key *key = config_keys; key->name != NULL; key++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b}", "key", key->name,
                                        "value", key->value, "reloads",
                                        key->reloads));
    return list;
}

/* What a change of each needs; client NULL: no node runs. */
static void
say_keys(const struct client *client)
{
    long pid = 0;
    bool running = client != NULL && client_pid(client, &pid) == STATUS_OK;

    for (const struct config_key *key = config_keys; key->name != NULL; key++) {
        printf("  %-10s ", key->name);
        if (!running)
            printf("is read when the node starts\n");
        else if (key->reloads)
            printf("is taken by `kill -HUP %ld`; no link is dropped\n", pid);
        else
            printf("needs a restart: `down`, then `up`\n");
    }
}

enum status
cmd_config_check(struct cli *cli)
{
    struct client *client = NULL;
    struct config  config;
    const char    *now;
    bool           restart;
    enum status    st = read_config(cli, &config);

    if (st != STATUS_OK)
        return st;
    now = listen_now(cli, &client);
    restart = now != NULL && strcmp(now, config.listen) != 0;
    if (cli->json) {
        st = cli_print_json(cli, json_pack("{s:b, s:b, s:b, s:o}", "ok", 1,
                                           "running", now != NULL,
                                           "needs_restart", restart, "keys",
                                           keys_json()));
        client_free(client);
        return st;
    }
    printf("%s/%s has no mistake.\n", cli->home, HOME_CONFIG);
    say_keys(client);
    if (restart)
        printf("\nThe node listens at %s still.  Next:\n  %s\n  %s\n",
               or_none(now), cli_line(cli, "down").text,
               cli_line(cli, "up").text);
    client_free(client);
    return st;
}

/* --- show ---------------------------------------------------------------- */

/* One value: a line, and {key, value, from}. */
static void
tell(struct cli *cli, json_t *list, const char *key, const char *value,
     const char *from)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "key", key,
                                          "value", value, "from", from));
    if (cli->json)
        return;
    printf("%s = ", key);
    page_text(value, stdout);
    if (cli_has(cli, CLI_EFFECTIVE))
        printf("    (%s)", from);
    putchar('\n');
}

static void
tell_line(struct cli *cli, json_t *list, const char *key, const char *value,
          size_t line)
{
    char from[FROM];

    snprintf(from, sizeof(from), line > 0 ? "%s line %zu" : "default",
             HOME_CONFIG, line);
    tell(cli, list, key, value, from);
}

static void
tell_config(struct cli *cli, json_t *list, const struct config *config)
{
    if (!cli->json)
        printf("[node]\n");
    tell_line(cli, list, "listen", or_none(config->listen),
              config->listen_line);
    for (size_t i = 0; i < config->address_count; i++)
        tell_line(cli, list, "advertise", config->address[i],
                  config->address_line[i]);
}

static const char *
home_from(const struct cli *cli)
{
    const char *variable = getenv("ENTENTE_HOME");

    if (cli_has(cli, CLI_HOME))
        return "--home";
    if (variable != NULL && variable[0] != '\0')
        return "ENTENTE_HOME";
    if (geteuid() != 0 && getenv("XDG_DATA_HOME") != NULL)
        return "XDG_DATA_HOME";
    return "default";
}

/* Where `up` would have the passphrase from; never the passphrase. */
static void
tell_passphrase(struct cli *cli, json_t *list)
{
    const char *file = getenv("ENTENTE_PASSPHRASE_FILE");

    if (status_view_unattended(cli))
        tell(cli, list, "passphrase", "none: the node is unattended",
             HOME_STORAGE_KEY);
    else if (file != NULL && file[0] != '\0')
        tell(cli, list, "passphrase", file, "ENTENTE_PASSPHRASE_FILE");
    else if (getenv("CREDENTIALS_DIRECTORY") != NULL)
        tell(cli, list, "passphrase", "entente.passphrase",
             "systemd credential");
    else
        tell(cli, list, "passphrase", "asked at the terminal", "default");
}

static const char *
color_from(const struct cli *cli)
{
    const char *no = getenv("NO_COLOR");

    if (cli_has(cli, CLI_COLOR))
        return "--color";
    return no != NULL && no[0] != '\0' ? "NO_COLOR" : "default";
}

enum status
cmd_config_show(struct cli *cli)
{
    struct config config;
    json_t       *list;
    enum status   st = read_config(cli, &config);

    if (st != STATUS_OK)
        return st;
    list = json_array();
    tell_config(cli, list, &config);
    if (cli_has(cli, CLI_EFFECTIVE)) {
        if (!cli->json)
            printf("\n# not in the file\n");
        tell(cli, list, "home", cli->home, home_from(cli));
        tell_passphrase(cli, list);
        tell(cli, list, "color", cli->color ? "yes" : "no", color_from(cli));
    }
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:o}", "config", list));
    json_decref(list);
    return STATUS_OK;
}
