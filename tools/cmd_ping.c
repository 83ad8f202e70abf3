/*
 * cmd_ping.c - echoes one after the other, each timed from here.
 *
 * What is measured is the whole way: control socket, the node's turn, the
 * link, the peer's turn, and back.  No disk is in it.
 */
#include "tools/cmd_ping.h"

#include "tools/moment.h"
#include "tools/talk.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { COUNT = 3, COUNT_MAX = 100000, TIMEOUT_S = 10, PAUSE_S = 1 };

struct series {
    const char *name;
    uint64_t    count;
    uint64_t    timeout_s;
    uint64_t    sent;
    uint64_t    answered;
    double      least, most, sum; /* ms */
    json_t     *times;
};

static double
now_ms(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

NODISCARD static enum status
no_answer(struct cli *cli, const struct series *series,
          const Entente__PingResponse *ping)
{
    struct moment_text heard = moment_ago(ping->last_heard_ms,
                                          moment_now_ms());

    return cli_fail(cli, STATUS_UNREACHABLE,
                    cli_line(cli, "peers %s", series->name).text,
                    "%s: %s, last heard %s", series->name,
                    strcmp(ping->link, "up") == 0 ? "the link ended meanwhile"
                    : strcmp(ping->link, "waiting") == 0
                        ? "down, they are to call"
                        : "down",
                    heard.text);
}

static void
count_answer(struct cli *cli, struct series *series, double ms)
{
    series->answered++;
    series->sum += ms;
    if (series->answered == 1 || ms < series->least)
        series->least = ms;
    if (ms > series->most)
        series->most = ms;
    json_array_append_new(series->times, json_real(ms));
    if (!cli->json) {
        printf("echo %" PRIu64 " from %s: %.1f ms\n", series->sent,
               series->name, ms);
        (void)fflush(stdout);
    }
}

/* One echo.  TIMEOUT without words: it is lost, others may come. */
NODISCARD static enum status
one(struct cli *cli, struct client *client, struct series *series)
{
    Entente__PeerName  name = ENTENTE__PEER_NAME__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    double             begun = now_ms();
    enum status        st;

    name.name = (char *)(uintptr_t)series->name;
    request.kind_case = ENTENTE__REQUEST__KIND_PING;
    request.ping = &name;
    series->sent++;
    st = client_ask(client, &request, series->timeout_s * 1000, &response);
    if (st == STATUS_TIMEOUT) {
        if (!cli->json)
            printf("echo %" PRIu64 " from %s: none within %" PRIu64 " s\n",
                   series->sent, series->name, series->timeout_s);
        return st;
    }
    if (st != STATUS_OK)
        return talk_broken(cli, st);
    if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE &&
        client_failure(response->failure) == STATUS_NOT_FOUND)
        return cli_fail(cli, STATUS_NOT_FOUND, cli_line(cli, "peers").text,
                        "no peer is called %.64s", series->name);
    st = talk_judge(cli, response, ENTENTE__RESPONSE__KIND_PING);
    if (st != STATUS_OK)
        return st;
    if (!response->ping->answered)
        return no_answer(cli, series, response->ping);
    count_answer(cli, series, now_ms() - begun);
    return st;
}

NODISCARD static enum status
all(struct cli *cli, struct client *client, struct series *series)
{
    while (series->sent < series->count) {
        const struct timespec pause = {.tv_sec = PAUSE_S};
        enum status           st;

        if (series->sent > 0)
            nanosleep(&pause, NULL);
        st = one(cli, client, series);
        if (st != STATUS_OK && (st != STATUS_TIMEOUT || cli->failed))
            return st;
    }
    if (series->answered > 0)
        return STATUS_OK;
    return cli_fail(cli, STATUS_TIMEOUT,
                    cli_line(cli, "peers %s", series->name).text,
                    "%s: the link is up, and no echo came back", series->name);
}

NODISCARD static enum status
say(struct cli *cli, struct series *series)
{
    double mean = series->sum / (double)series->answered;

    if (cli->json)
        return cli_print_json(
            cli,
            json_pack("{s:b, s:s, s:I, s:I, s:f, s:f, s:f, s:O}", "ok", 1,
                      "peer", series->name, "sent", (json_int_t)series->sent,
                      "answered", (json_int_t)series->answered, "least_ms",
                      series->least, "mean_ms", mean, "most_ms", series->most,
                      "times_ms", series->times));
    if (series->count > 1)
        printf("%" PRIu64 " sent, %" PRIu64 " answered; least %.1f ms, "
               "mean %.1f ms, most %.1f ms\n",
               series->sent, series->answered, series->least, mean,
               series->most);
    return STATUS_OK;
}

enum status
cmd_ping_run(struct cli *cli)
{
    struct series  series = {.name = cli->args[0],
                             .count = COUNT,
                             .timeout_s = TIMEOUT_S,
                             .times = json_array()};
    struct client *client = NULL;
    enum status    st = cli_number(cli, CLI_COUNT, 1, COUNT_MAX, &series.count);

    if (st == STATUS_OK)
        st = cli_number(cli, CLI_TIMEOUT, 1, 3600, &series.timeout_s);
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = all(cli, client, &series);
    if (st == STATUS_OK)
        st = say(cli, &series);
    client_free(client);
    json_decref(series.times);
    return st;
}
