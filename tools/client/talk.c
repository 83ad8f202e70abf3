/* talk.c - from statuses of the socket and failures of the node to words. */
#include "tools/client/talk.h"

#include "tools/cli/self.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FULL_BYTES = 1 << 20 };

static bool
disk_is_full(const struct cli *cli)
{
    struct statvfs disk;

    return statvfs(cli->home, &disk) == 0 &&
           (uint64_t)disk.f_bavail * disk.f_frsize < FULL_BYTES;
}

uint64_t
talk_wait_ms(const struct cli *cli)
{
    return disk_is_full(cli) ? TALK_FULL_WAIT_MS : TALK_WAIT_MS;
}

enum status
talk_open(struct cli *cli, struct client **out)
{
    enum status st = client_open(cli->home, out);

    if (st != STATUS_UNREACHABLE)
        return st == STATUS_OK
                   ? st
                   : cli_status(cli, st, "the node's control socket");
    if (home_check(cli->home) == STATUS_NOT_FOUND)
        return self_missing(cli, st);
    return cli_fail(cli, st, cli_line(cli, "up").text,
                    "the node in %s does not run", cli->home);
}

enum status
talk_broken(struct cli *cli, enum status st)
{
    if (st == STATUS_UNREACHABLE)
        return cli_fail(cli, st, cli_line(cli, "up").text,
                        "the node went away while it was asked");
    if (st == STATUS_TIMEOUT && disk_is_full(cli))
        return cli_fail(cli, st, cli_line(cli, "doctor").text,
                        "the disk of %s is full: the node answers nobody "
                        "until there is room, then it goes on by itself; what "
                        "was asked may still be done then", cli->home);
    if (st == STATUS_TIMEOUT)
        return cli_fail(cli, st, cli_line(cli, "doctor").text,
                        "the node runs but did not answer in time");
    return cli_status(cli, st, "the node's answer");
}

enum status
talk_judge(struct cli *cli, const Entente__Response *response,
           Entente__Response__KindCase kind)
{
    const Entente__Failure *failure = response->failure;
    enum status             st;

    if (response->kind_case == kind)
        return STATUS_OK;
    if (response->kind_case != ENTENTE__RESPONSE__KIND_FAILURE)
        return cli_fail(cli, STATUS_BAD_ENCODING, NULL,
                        "the node answered something else than was asked; is "
                        "it of another version?");
    st = client_failure(failure);
    if (failure->path[0] != '\0' && !cli->failed)
        snprintf(cli->path, sizeof(cli->path), "%s", failure->path);
    if (st == STATUS_HELD)
        return cli_fail(cli, st, cli_line(cli, "doctor").text,
                        "the disk of this node is nearly full, what is left "
                        "is kept for receipts; nothing was queued: make room, "
                        "then send again");
    /* The node does not say again which reference it was asked for. */
    if (strcmp(failure->path, "ref") == 0 && cli->arg_count > 0 &&
        failure->message[0] != '\0')
        return cli_fail(cli, st, failure->hint, "%s: %s", cli->args[0],
                        failure->message);
    return cli_fail(cli, st, failure->hint, "%s",
                    failure->message[0] == '\0' ? status_words(st)
                                                : failure->message);
}

enum status
talk_ask(struct cli *cli, struct client *client, Entente__Request *request,
         Entente__Response__KindCase kind, Entente__Response **out)
{
    enum status st = client_ask(client, request, talk_wait_ms(cli), out);

    if (st != STATUS_OK)
        return talk_broken(cli, st);
    return talk_judge(cli, *out, kind);
}

enum status
talk_plain(struct cli *cli, Entente__Request__KindCase request_kind,
           Entente__Response__KindCase kind, struct client **client,
           Entente__Response **out)
{
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;
    Entente__Request request = ENTENTE__REQUEST__INIT;
    enum status      st = talk_open(cli, client);

    if (st != STATUS_OK)
        return st;
    request.kind_case = request_kind;
    request.status = &nothing; /* any member that is a Nothing */
    request.times = true;
    st = talk_ask(cli, *client, &request, kind, out);
    if (st != STATUS_OK) {
        client_free(*client);
        *client = NULL;
    }
    return st;
}

enum status
talk_done(struct cli *cli, Entente__Request *request)
{
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    enum status        st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = talk_ask(cli, client, request, ENTENTE__RESPONSE__KIND_DONE,
                      &response);
    client_free(client);
    return st;
}
