/*
 * cmd_metrics.c - printed once: a timer writes it where node_exporter's text
 * file collector reads it, so that nothing of ours speaks HTTP.
 *
 * A node that does not answer is a measurement, entente_up 0, not a failure.
 */
#include "tools/verbs/cmd_metrics.h"

#include "tools/admin/examine_home.h"
#include "tools/admin/metrics.h"
#include "tools/admin/status_view.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/terminal/moment.h"

#define DAY_MS 86400000

enum status
cmd_metrics_run(struct cli *cli)
{
    const Entente__StatusResponse *status = NULL;
    struct cli                     quiet = *cli;
    struct metrics_now             now = {.up = 0};
    struct client                 *client = NULL;
    Entente__Response             *response = NULL;
    uint64_t                       percent = 0;
    uint64_t                       bytes = 0;
    struct cert                    cert;
    enum status                    st = self_cert(cli, &cert);

    if (st != STATUS_OK)
        return st;
    now.key_days = ((int64_t)cert.renew_by_ms - (int64_t)moment_now_ms()) /
                   DAY_MS;
    now.unattended = status_view_unattended(cli);
    if (examine_home_free(cli->home, &percent, &bytes)) {
        now.free_percent = (int64_t)percent;
        now.free_bytes = (int64_t)bytes;
    }
    if (talk_plain(&quiet, ENTENTE__REQUEST__KIND_STATUS,
                   ENTENTE__RESPONSE__KIND_STATUS, &client,
                   &response) == STATUS_OK)
        status = response->status;
    metrics_take(&now, status);
    if (cli->json)
        st = cli_print_json(cli, metrics_json(&now, status));
    else
        metrics_print(&now, status, stdout);
    client_free(client);
    return st;
}
