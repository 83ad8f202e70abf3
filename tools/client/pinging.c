/* pinging.c - what is timed is the way from here and back, no disk in it. */
#include "tools/client/pinging.h"

#include "tools/client/talk.h"
#include "tools/terminal/moment.h"

#include <string.h>
#include <time.h>

enum { COUNT = 3, COUNT_MAX = 100000, TIMEOUT_S = 10, TIMEOUT_MAX_S = 3600 };

static double
now_ms(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

enum status
pinging_init(struct cli *cli, const char *name, struct pinging *out)
{
    enum status st;

    *out = (struct pinging){.name = name,
                            .count = COUNT,
                            .timeout_s = TIMEOUT_S,
                            .times = json_array()};
    st = cli_number(cli, CLI_COUNT, 1, COUNT_MAX, &out->count);
    if (st == STATUS_OK)
        st = cli_number(cli, CLI_TIMEOUT, 1, TIMEOUT_MAX_S, &out->timeout_s);
    return st;
}

void
pinging_clear(struct pinging *pinging)
{
    json_decref(pinging->times);
    pinging->times = NULL;
}

Entente__PeerName
pinging_request(struct pinging *pinging)
{
    Entente__PeerName name = ENTENTE__PEER_NAME__INIT;

    name.name = (char *)(uintptr_t)pinging->name;
    pinging->sent++;
    pinging->began_ms = now_ms();
    return name;
}

NODISCARD static enum status
no_answer(struct cli *cli, const struct pinging *pinging,
          const Entente__PingResponse *ping)
{
    struct moment_text heard = moment_ago(ping->last_heard_ms,
                                          moment_now_ms());

    return cli_fail(cli, STATUS_UNREACHABLE,
                    cli_line(cli, "peers %s", pinging->name).text,
                    "%s: %s, last heard %s", pinging->name,
                    strcmp(ping->link, "up") == 0 ? "the link ended meanwhile"
                    : strcmp(ping->link, "waiting") == 0
                        ? "down, they are to call"
                        : "down",
                    heard.text);
}

enum status
pinging_take(struct cli *cli, struct pinging *pinging,
             const Entente__Response *response)
{
    double      ms = now_ms() - pinging->began_ms;
    enum status st;

    st = talk_judge(cli, response, ENTENTE__RESPONSE__KIND_PING);
    if (st != STATUS_OK)
        return st;
    if (!response->ping->answered)
        return no_answer(cli, pinging, response->ping);
    pinging->answered++;
    pinging->last_ms = ms;
    pinging->sum_ms += ms;
    if (pinging->answered == 1 || ms < pinging->least_ms)
        pinging->least_ms = ms;
    if (ms > pinging->most_ms)
        pinging->most_ms = ms;
    json_array_append_new(pinging->times, json_real(ms));
    return STATUS_OK;
}

enum status
pinging_judge(struct cli *cli, const struct pinging *pinging)
{
    if (pinging->answered > 0)
        return STATUS_OK;
    return cli_fail(cli, STATUS_TIMEOUT,
                    cli_line(cli, "peers %s", pinging->name).text,
                    "%s: the link is up, and no echo came back", pinging->name);
}

json_t *
pinging_json(const struct pinging *pinging)
{
    return json_pack("{s:b, s:s, s:I, s:I, s:f, s:f, s:f, s:O}", "ok", 1,
                     "peer", pinging->name, "sent", (json_int_t)pinging->sent,
                     "answered", (json_int_t)pinging->answered, "least_ms",
                     pinging->least_ms, "mean_ms",
                     pinging->sum_ms / (double)pinging->answered, "most_ms",
                     pinging->most_ms, "times_ms", pinging->times);
}
