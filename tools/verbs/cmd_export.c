/* cmd_export.c - no content and no key stands in it: it may be handed over. */
#include "tools/verbs/cmd_export.h"

#include "tools/audit/exporting.h"
#include "tools/cli/file.h"

static void
print_made(const struct cli *cli, const char *path, const char *peer,
           const struct exporting *it)
{
    printf("%s holds the %zu %s with %s, %llu entries in all: headers and "
           "signatures,\nno content.  Every root and signature verified.\n\n"
           "Next, with the file that %s exports:\n  %s\n",
           path, it->export.count, it->export.count == 1 ? "log" : "logs",
           peer, (unsigned long long)it->entries, peer,
           cli_line(cli, "verify %s THEIRS", path).text);
}

enum status
cmd_export_run(struct cli *cli)
{
    const char      *path = cli_value(cli, CLI_OUT);
    const char      *peer = cli_value(cli, CLI_PEER);
    struct client   *client = NULL;
    struct exporting it = {.text = NULL};
    enum status      st;

    if (path == NULL || peer == NULL)
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "log export --peer NAME --out FILE")
                            .text,
                        "entente log export needs --peer NAME and --out FILE");
    st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = exporting_run(&it, cli, client, peer);
    if (st == STATUS_OK)
        st = file_write(cli, path, (struct span){it.text, it.len});
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(
            cli, json_pack("{s:b, s:s, s:s, s:I, s:I}", "ok", 1, "file", path,
                           "peer", peer, "logs", (json_int_t)it.export.count,
                           "entries", (json_int_t)it.entries));
    else if (st == STATUS_OK)
        print_made(cli, path, peer, &it);
    client_free(client);
    exporting_clear(&it);
    return st;
}
