/*
 * examine_node.c - one status, one look into the index, one call to itself.
 */
#include "tools/admin/examine_node.h"

#include "node/store/config.h"
#include "tools/admin/examine_home.h"
#include "tools/admin/overdue_view.h"
#include "tools/client/talk.h"
#include "tools/terminal/moment.h"

#include <inttypes.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOUR_S = 3600, SLOW_MS = 2000, CALL_S = 3, CLOCK_APART_S = 60 };

uint64_t
examine_node_down_s(const Entente__PeerStatus *peer, uint64_t uptime_s,
                    uint64_t now_ms)
{
    uint64_t silent;

    if (peer->removed || strcmp(peer->link, "up") == 0)
        return 0;
    if (peer->last_heard_ms == 0)
        return uptime_s;
    silent = now_ms > peer->last_heard_ms
                 ? (now_ms - peer->last_heard_ms) / 1000
                 : 0;
    return silent > 0 ? silent : 1;
}

/* --- peers --------------------------------------------------------------- */

static void
check_link(const struct cli *cli, const Entente__PeerStatus *peer,
           uint64_t down_s, struct findings *findings)
{
    uint64_t now = moment_now_ms();

    if (down_s == 0)
        findings_add(findings, FINDINGS_OK, "link", NULL, "%s: up",
                     peer->name);
    else if (strcmp(peer->link, "waiting") == 0)
        findings_add(findings, FINDINGS_WARN, "link",
                     "ask their administrator; they are to call",
                     "%s: down, last heard %s; this side does not call",
                     peer->name, moment_ago(peer->last_heard_ms, now).text);
    else
        findings_add(findings, FINDINGS_WARN, "link",
                     cli_line(cli, "peers %s", peer->name).text,
                     "%s: %s, last heard %s, called at %s", peer->name,
                     peer->link, moment_ago(peer->last_heard_ms, now).text,
                     peer->address);
}

static void
check_clock(const Entente__PeerStatus *peer, struct findings *findings)
{
    int64_t ahead_s = peer->clock_ahead_s;

    if (ahead_s < CLOCK_APART_S && ahead_s > -CLOCK_APART_S)
        return;
    findings_add(findings, FINDINGS_WARN, "clock",
                 "one of the two is wrong: see to ours (timedatectl), then "
                 "call their administrator; no message depends on it",
                 "%s: its clock is %s ours by %" PRId64 " s", peer->name,
                 ahead_s > 0 ? "ahead of" : "behind",
                 ahead_s > 0 ? ahead_s : -ahead_s);
}

static void
check_peer(const struct cli *cli, const Entente__PeerStatus *peer,
           uint64_t uptime_s, struct findings *findings)
{
    uint64_t now = moment_now_ms();

    if (peer->removed)
        return;
    check_link(cli, peer, examine_node_down_s(peer, uptime_s, now), findings);
    if (peer->alarm[0] != '\0')
        findings_add(findings, FINDINGS_FAIL, "alarm",
                     cli_line(cli, "peer clear-alarm %s, once you have spoken "
                                   "to their administrator; keep both homes "
                                   "as they are until then",
                              peer->name)
                         .text,
                     "%s: %s", peer->name, peer->alarm);
    if (peer->key_days_left < 0)
        findings_add(findings, FINDINGS_WARN, "peer's key",
                     "ask their administrator to renew it",
                     "%s: its certificate is past its date by %" PRId64
                     " days; the link stays up",
                     peer->name, -peer->key_days_left);
    else if (peer->key_days_left < EXAMINE_RENEW_DAYS)
        findings_add(findings, FINDINGS_WARN, "peer's key",
                     "ask their administrator to renew it",
                     "%s: %" PRId64 " days left", peer->name,
                     peer->key_days_left);
    check_clock(peer, findings);
    if (peer->quota_limit[0] != '\0')
        findings_add(findings, FINDINGS_WARN, "quota",
                     "see to the link; from 90 % on the lowest precedences "
                     "are refused first, FLASH last",
                     "%s: %" PRIu32 " %% of what may wait for it waits (%s)",
                     peer->name, peer->quota_percent, peer->quota_limit);
    if (peer->held_below[0] != '\0')
        findings_add(findings, FINDINGS_WARN, "held", NULL,
                     "%s: what waits below %s is held: %s", peer->name,
                     peer->held_below, peer->held_why);
    if (peer->oldest_queued_ms != 0 &&
        now > peer->oldest_queued_ms + (uint64_t)HOUR_S * 1000)
        findings_add(findings, FINDINGS_WARN, "queue",
                     cli_line(cli, "outbox --peer %s --state queued",
                              peer->name)
                         .text,
                     "%s: %" PRIu64 " wait, the oldest from %s", peer->name,
                     peer->queued,
                     moment_ago(peer->oldest_queued_ms, now).text);
}

/* --- the node itself ----------------------------------------------------- */

/* The index is brought up to date before any query is answered. */
static void
check_index(struct cli *cli, struct client *client, struct findings *findings)
{
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    uint64_t             begun = moment_now_ms();
    uint64_t             took;
    enum status          st;

    list.limit = 1;
    request.kind_case = ENTENTE__REQUEST__KIND_LIST;
    request.list = &list;
    st = client_ask(client, &request, TALK_WAIT_MS, &response);
    took = moment_now_ms() - begun;
    if (st == STATUS_OK &&
        response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE)
        st = client_failure(response->failure);
    if (st != STATUS_OK)
        findings_add(findings, FINDINGS_FAIL, "index",
                     cli_line(cli, "doctor --rebuild-index, after `down`").text,
                     "does not answer: %s", status_words(st));
    else
        findings_add(findings, took < SLOW_MS ? FINDINGS_OK : FINDINGS_WARN,
                     "index", NULL,
                     "answers up to the newest group of the journal, in "
                     "%" PRIu64 " ms%s",
                     took, took < SLOW_MS ? "" : ": it was far behind");
}

static bool
connects(const char *host, const char *port)
{
    struct addrinfo  hints = {.ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    struct timeval   wait = {.tv_sec = CALL_S};
    bool             ok = false;
    int              fd;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        ok = setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) ==
                 0 &&
             connect(fd, found->ai_addr, found->ai_addrlen) == 0;
        close(fd);
    }
    freeaddrinfo(found);
    return ok;
}

/* Calls it as a peer would, and says nothing: a stranger gets no answer. */
static void
check_listen(const struct cli *cli, const char *listen,
             struct findings *findings)
{
    char  text[LIMIT_ADDRESS + 1];
    char *host = text;
    char *port;

    if (listen[0] == '\0')
        return;
    snprintf(text, sizeof(text), "%s", listen);
    port = strrchr(text, ':');
    if (port == NULL)
        return;
    *port++ = '\0';
    if (host[0] == '[' && host[strlen(host) - 1] == ']') {
        host[strlen(host) - 1] = '\0';
        host++;
    }
    if (strcmp(host, "0.0.0.0") == 0)
        host = (char *)(uintptr_t)"127.0.0.1";
    else if (strcmp(host, "::") == 0)
        host = (char *)(uintptr_t)"::1";
    if (connects(host, port))
        findings_add(findings, FINDINGS_OK, "listen", NULL,
                     "%s takes calls from here; whether a firewall lets peers "
                     "in, only they can tell",
                     listen);
    else
        findings_add(findings, FINDINGS_FAIL, "listen",
                     cli_line(cli, "paths, and look into the log").text,
                     "%s takes no calls", listen);
}

static void
check_configured(const struct cli *cli, const char *listen,
                 struct findings *findings)
{
    struct config       config;
    struct config_fault fault;

    if (config_load(cli->home, &config, &fault) != STATUS_OK ||
        strcmp(config.listen, listen) == 0)
        return;
    findings_add(findings, FINDINGS_WARN, "listen",
                 "restart the node: `entente down`, `entente up`",
                 "the configuration says %s, the node listens at %s",
                 config.listen[0] == '\0' ? "none" : config.listen,
                 listen[0] == '\0' ? "nothing" : listen);
}

static void
check_overdue(const struct cli *cli, const Entente__StatusResponse *status,
              struct findings *findings)
{
    uint64_t count = overdue_view_count(status);

    if (count == 0) {
        findings_add(findings, FINDINGS_OK, "answers", NULL,
                     "no message waits for an acknowledgement beyond its "
                     "time");
        return;
    }
    findings_add(findings, FINDINGS_WARN, "answers",
                 overdue_view_cure(cli, status->overdue[0]).text,
                 "%" PRIu64 " not acknowledged in time; the gravest is %s (%s)",
                 count, status->overdue[0]->ref,
                 status->overdue[0]->precedence);
}

static void
check_status(const struct cli *cli, const Entente__StatusResponse *status,
             struct findings *findings)
{
    if (strcmp(status->version, ENTENTE_VERSION) != 0)
        findings_add(findings, FINDINGS_WARN, "node",
                     "restart the node: `entente down`, `entente up`",
                     "it runs version %s, this command is %s",
                     status->version, ENTENTE_VERSION);
    else
        findings_add(findings, FINDINGS_OK, "node", NULL,
                     "up %s, version %s",
                     moment_length(status->uptime_s).text, status->version);
    if (status->capture[0] != '\0')
        findings_add(findings, FINDINGS_WARN, "capture",
                     cli_line(cli, "capture stop").text,
                     "what passes the wire is written into %s%s%s",
                     status->capture,
                     status->capture_frames ? ", with decrypted frames" : "",
                     status->capture_replay
                         ? ", with all keys and messages, sealed"
                         : "");
    check_listen(cli, status->listen, findings);
    check_configured(cli, status->listen, findings);
    for (size_t i = 0; i < status->n_alarms; i++)
        findings_add(findings, FINDINGS_FAIL, "alarm", NULL, "%s",
                     status->alarms[i]);
    if (status->n_peers == 0)
        findings_add(findings, FINDINGS_OK, "peers", NULL, "none yet");
    for (size_t i = 0; i < status->n_peers; i++)
        check_peer(cli, status->peers[i], status->uptime_s, findings);
    check_overdue(cli, status, findings);
}

void
examine_node(struct cli *cli, struct findings *findings)
{
    struct cli         quiet = *cli;
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    enum status st = talk_plain(&quiet, ENTENTE__REQUEST__KIND_STATUS,
                                ENTENTE__RESPONSE__KIND_STATUS, &client,
                                &response);

    if (st != STATUS_OK) {
        findings_add(findings,
                     st == STATUS_UNREACHABLE ? FINDINGS_WARN : FINDINGS_FAIL,
                     "node", quiet.hint, "%s: nothing is sent or taken",
                     st == STATUS_UNREACHABLE ? "down" : quiet.message);
        return;
    }
    check_status(cli, response->status, findings);
    check_index(cli, client, findings);
    client_free(client);
}
