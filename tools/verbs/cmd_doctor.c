/*
 * cmd_doctor.c - reads, judges, tells; only --rebuild-index and --repair write.
 *
 * Both do it in this process under the home's lock, so the node must be down.
 * The index is made again without touching the journal.
 */
#include "tools/verbs/cmd_doctor.h"

#include "node/store/posix.h"
#include "node/store/store.h"
#include "tools/admin/examine_home.h"
#include "tools/admin/examine_node.h"
#include "tools/admin/repair.h"
#include "tools/admin/unlock.h"
#include "tools/cli/self.h"
#include "tools/cli/start.h"
#include "tools/terminal/table.h"

#include <string.h>
#include <unistd.h>

NODISCARD static enum status
examine(struct cli *cli)
{
    struct findings findings;
    enum status     st = home_check(cli->home);
    bool            bad;

    if (st == STATUS_NOT_FOUND)
        return self_missing(cli, st);
    findings_init(&findings);
    examine_home(cli, start_is_up(cli), &findings);
    examine_node(cli, &findings);
    bad = findings.count[FINDINGS_FAIL] > 0;
    if (cli->json) {
        st = cli_print_json(cli, findings_json(&findings));
    } else {
        findings_print(&findings, cli->color, table_terminal_width(), stdout);
        printf("\n%zu ok, %zu to look at, %zu failed\n",
               findings.count[FINDINGS_OK], findings.count[FINDINGS_WARN],
               findings.count[FINDINGS_FAIL]);
        st = STATUS_OK;
    }
    findings_clear(&findings);
    return st == STATUS_OK && bad ? cli_said(cli, STATUS_BAD_STATE) : st;
}

/* --- the index ----------------------------------------------------------- */

NODISCARD static enum status
rebuild(struct cli *cli)
{
    struct store_options options = {.segment_len = LIMIT_SEGMENT,
                                    .index_name = HOME_INDEX};
    struct store        *store = NULL;
    char                 why[256] = "";
    enum status          st;

    if (start_is_up(cli))
        return cli_fail(cli, STATUS_LOCKED, cli_line(cli, "down").text,
                        "the node runs and holds its home");
    st = unlock_storage_key(cli, &options.storage_key);
    if (st == STATUS_OK)
        st = posix_disk_open(cli->home, &options.disk, why);
    if (st != STATUS_OK) {
        secret_wipe(&options);
        return cli_fail(cli, st, NULL, "%s", why);
    }
    if (getentropy(options.seed.bytes, sizeof(options.seed.bytes)) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = store_open(&options, &store, why);
    if (st == STATUS_OK)
        st = store_index_rebuild(store);
    if (store != NULL)
        store_close(store);
    posix_disk_close(&options.disk);
    secret_wipe(&options);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s (%s)",
                        why[0] == '\0' ? "the index could not be made" : why,
                        status_words(st));
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    printf("The index is made again from the journal.\n\nNext:\n  %s\n",
           cli_line(cli, "up").text);
    return STATUS_OK;
}

enum status
cmd_doctor_run(struct cli *cli)
{
    struct cert cert;
    int         fd;
    enum status st = cli_passphrase_fd(cli, &fd);

    if (st != STATUS_OK)
        return st;
    if (!cli_has(cli, CLI_REBUILD_INDEX) && !cli_has(cli, CLI_REPAIR))
        return examine(cli);
    if (cli_has(cli, CLI_REBUILD_INDEX) && cli_has(cli, CLI_REPAIR))
        return cli_fail(cli, STATUS_USAGE, "--repair does both",
                        "--rebuild-index and --repair are one too many");
    st = self_cert(cli, &cert);
    if (st != STATUS_OK)
        return st;
    return cli_has(cli, CLI_REPAIR) ? repair_journal(cli) : rebuild(cli);
}
