/*
 * cmd_ping.c - echoes one after the other, each timed from here.
 *
 * What is measured is the whole way: control socket, the node's turn, the
 * link, the peer's turn, and back.  No disk is in it.
 */
#include "tools/verbs/cmd_ping.h"

#include "tools/client/pinging.h"
#include "tools/client/talk.h"

#include <inttypes.h>
#include <time.h>

/* One echo.  TIMEOUT without words: it is lost, others may come. */
NODISCARD static enum status
one(struct cli *cli, struct client *client, struct pinging *series)
{
    Entente__PeerName  name = pinging_request(series);
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    enum status        st;

    request.kind_case = ENTENTE__REQUEST__KIND_PING;
    request.ping = &name;
    st = client_ask(client, &request, series->timeout_s * 1000, &response);
    if (st == STATUS_TIMEOUT) {
        if (!cli->json)
            printf("echo %" PRIu64 " from %s: none within %" PRIu64 " s\n",
                   series->sent, series->name, series->timeout_s);
        return st;
    }
    if (st != STATUS_OK)
        return talk_broken(cli, st);
    st = pinging_take(cli, series, response);
    if (st == STATUS_OK && !cli->json) {
        printf("echo %" PRIu64 " from %s: %.1f ms\n", series->sent,
               series->name, series->last_ms);
        (void)fflush(stdout);
    }
    return st;
}

NODISCARD static enum status
all(struct cli *cli, struct client *client, struct pinging *series)
{
    const struct timespec pause = {.tv_sec = PINGING_PAUSE_MS / 1000};

    while (series->sent < series->count) {
        enum status st;

        if (series->sent > 0)
            nanosleep(&pause, NULL);
        st = one(cli, client, series);
        if (st != STATUS_OK && (st != STATUS_TIMEOUT || cli->failed))
            return st;
    }
    return pinging_judge(cli, series);
}

NODISCARD static enum status
say(struct cli *cli, const struct pinging *series)
{
    if (cli->json)
        return cli_print_json(cli, pinging_json(series));
    if (series->count > 1)
        printf("%" PRIu64 " sent, %" PRIu64 " answered; least %.1f ms, "
               "mean %.1f ms, most %.1f ms\n",
               series->sent, series->answered, series->least_ms,
               series->sum_ms / (double)series->answered, series->most_ms);
    return STATUS_OK;
}

enum status
cmd_ping_run(struct cli *cli)
{
    struct pinging series;
    struct client *client = NULL;
    enum status    st = pinging_init(cli, cli->args[0], &series);

    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = all(cli, client, &series);
    if (st == STATUS_OK)
        st = say(cli, &series);
    client_free(client);
    pinging_clear(&series);
    return st;
}
