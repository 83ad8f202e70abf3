/*
 * cmd_log.c - what the node hands over is verified here, by nobody's word.
 */
#include "tools/verbs/cmd_log.h"

#include "tools/audit/logs.h"
#include "tools/cli/self.h"
#include "tools/reading/channel_row.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/table.h"

#include <inttypes.h>
#include <string.h>

/* "actual/wire/1-0123..." of an origin: what tells one channel of a peer. */
static const char *
short_origin(const char *origin)
{
    const char *at = origin;

    for (int slashes = 0; slashes < 4; slashes++) {
        at = strchr(at, '/');
        if (at == NULL)
            return origin;
        at++;
    }
    return at;
}

NODISCARD static enum status
print_channels(const struct cli *cli, const struct logs *channels)
{
    static const char *const titles[] = {"<PEER",      "<",           ">SIZE",
                                         ">RECEIPTED", "<RECEIPT OF", "<LOG",
                                         NULL};
    struct table             table;
    enum status              st;

    table_init(&table, titles);
    for (size_t i = 0; i < channels->count; i++) {
        const Entente__LogChannel *channel = channels->list[i];
        char                       size[24];
        char                       receipted[24];

        snprintf(size, sizeof(size), "%" PRIu64, channel->size);
        snprintf(receipted, sizeof(receipted), "%" PRIu64,
                 channel->cosigned_size);
        table_add(&table,
                  (const char *[]){
                      channel->peer, channel->incoming ? "in" : "out", size,
                      receipted,
                      moment_dtg(channel->cosigned_time * 1000).text,
                      short_origin(channel->origin)});
    }
    st = table_print(&table, table_terminal_width(), stdout);
    table_clear(&table);
    if (st == STATUS_OK)
        printf("\nNext:\n  %s\n", cli_line(cli, "log verify").text);
    return st;
}

enum status
cmd_log_list(struct cli *cli)
{
    struct client  *client = NULL;
    struct logs     channels = {.response = NULL};
    enum status     st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = logs_ask(cli, client, cli_value(cli, CLI_PEER), &channels);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, channel_row_all(channels.list,
                                                 channels.count));
    else if (st == STATUS_OK)
        st = print_channels(cli, &channels);
    logs_free(&channels);
    client_free(client);
    return st;
}

/* --- verify -------------------------------------------------------------- */

NODISCARD static enum status
verify_channel(struct cli *cli, struct client *client, const struct cert *own,
               const Entente__LogChannel *channel, json_t *list)
{
    struct audit audit;
    bool         known = false;
    enum status  st = audit_begin(&audit, channel);
    json_t      *row;

    if (st == STATUS_OK)
        st = audit_keys(&audit, own, &known);
    if (st == STATUS_OK)
        st = logs_feed(cli, client, &audit, true);
    if (st == STATUS_OK)
        st = audit_end(&audit);
    if (cli->failed)
        return st; /* the node could not be asked */
    row = channel_row_json(channel);
    json_object_set_new(row, "verified", json_boolean(st == STATUS_OK));
    json_object_set_new(row, "bodies", json_integer((json_int_t)audit.bodies));
    json_array_append_new(list, row);
    if (st != STATUS_OK) {
        char path[LIMIT_NAME + LIMIT_ORIGIN + 16];

        snprintf(path, sizeof(path), "%s, %s, %s", channel->peer,
                 channel->incoming ? "in" : "out",
                 short_origin(channel->origin));
        cli_error(cli, 0, path, audit.why);
    } else if (!cli->json) {
        printf("%s  %s  %" PRIu64 " entries signed, %" PRIu64
               " receipted, %" PRIu64 " bodies here  (%s)%s\n",
               channel->peer, channel->incoming ? "in " : "out", channel->size,
               channel->cosigned_size, audit.bodies,
               short_origin(channel->origin),
               known ? "" : "  their key by the node's word");
    }
    return STATUS_OK;
}

enum status
cmd_log_verify(struct cli *cli)
{
    struct client  *client = NULL;
    struct logs     channels = {.response = NULL};
    struct cert     own;
    json_t         *list = json_array();
    enum status     st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = self_cert(cli, &own);
    if (st == STATUS_OK)
        st = logs_ask(cli, client, cli_value(cli, CLI_PEER), &channels);
    for (size_t i = 0; i < channels.count && st == STATUS_OK; i++)
        st = verify_channel(cli, client, &own, channels.list[i], list);
    if (st == STATUS_OK && cli->errors != NULL)
        st = cli_fail(cli, STATUS_BAD_PROOF, NULL,
                      "%zu of %zu logs do not verify",
                      json_array_size(cli->errors), channels.count);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, json_pack("{s:b, s:O}", "ok", 1, "channels",
                                           list));
    else if (st == STATUS_OK)
        printf("%zu %s: every body, root, signature and receipt was computed "
               "again here.\nThat nothing was cut off the end, only the other "
               "side shows: export the logs on both\nsides and verify the two "
               "files (%s).\n",
               channels.count,
               channels.count == 1 ? "log verifies" : "logs verify",
               cli_line(cli, "log export --peer NAME --out FILE").text);
    json_decref(list);
    logs_free(&channels);
    client_free(client);
    return st;
}
