/* cmd_capture.c - asks the node to write what passes its sockets. */
#include "tools/verbs/cmd_capture.h"

#include "node/host/size.h"
#include "node/net/capture.h"
#include "node/net/passphrase.h"
#include "tools/client/talk.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The node has another working folder. */
NODISCARD static enum status
absolute(struct cli *cli, const char *file, char out[static PATH_MAX])
{
    char *folder = realpath(".", NULL);
    int   len = -1;

    if (file[0] == '/')
        len = snprintf(out, PATH_MAX, "%s", file);
    else if (folder != NULL)
        len = snprintf(out, PATH_MAX, "%s/%s", folder, file);
    free(folder);
    if (len < 0 || len >= PATH_MAX)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL, "the path is too long");
    return STATUS_OK;
}

NODISCARD static enum status
get_passphrase(struct cli *cli, struct passphrase *out)
{
    const char *why = NULL;
    int         fd = PASSPHRASE_NO_FD;
    enum status st = cli_passphrase_fd(cli, &fd);

    if (st != STATUS_OK || !cli_has(cli, CLI_REPLAY))
        return st;
    st = passphrase_get(fd, "Passphrase of this capture", true, out, &why);
    return st == STATUS_OK ? st : cli_fail(cli, st, NULL, "%s", why);
}

NODISCARD static enum status
get_limits(struct cli *cli, Entente__CaptureRequest *out)
{
    const char *limit = cli_value(cli, CLI_LIMIT);
    uint64_t    keep = 0;
    enum status st;

    if (limit != NULL && (size_parse(limit, &out->limit_bytes) != STATUS_OK ||
                          out->limit_bytes < CAPTURE_LIMIT_MIN))
        return cli_fail(cli, STATUS_USAGE, "64M and 2G are",
                        "--limit is a size from 1M on, not %.40s", limit);
    st = cli_number(cli, CLI_KEEP, 1, CAPTURE_KEEP_MAX, &keep);
    out->keep = (uint32_t)keep;
    if (st == STATUS_OK && keep > 0 && cli_has(cli, CLI_REPLAY))
        st = cli_fail(cli, STATUS_USAGE,
                      "it ends at its --limit, for a replay needs all of it",
                      "a capture with --replay has one file: leave --keep out");
    return st;
}

/* Whoever has the file is to know what he has. */
static void
say_what(const struct cli *cli, const Entente__CaptureRequest *capture)
{
    printf("Captures into %s.\n", capture->file);
    if (capture->frames)
        printf("It holds what is inside the links, though not what is sealed "
               "in messages: keep it as you keep the node.\n");
    if (capture->replay)
        printf("It holds all keys and messages of the node, sealed under the "
               "passphrase that you gave.\n");
    printf("Whoever watches this node is told of it.\n\nNext:\n  %s\n",
           cli_line(cli, "capture stop").text);
}

NODISCARD static enum status
start(struct cli *cli, Entente__CaptureRequest *capture)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = capture;
    return talk_done(cli, &request);
}

enum status
cmd_capture_start(struct cli *cli)
{
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;
    struct passphrase       passphrase = {.len = 0};
    char                    file[PATH_MAX];
    enum status             st = get_limits(cli, &capture);

    if (st == STATUS_OK)
        st = absolute(cli, cli->args[0], file);
    if (st == STATUS_OK)
        st = get_passphrase(cli, &passphrase);
    if (st == STATUS_OK) {
        capture.file = file;
        capture.frames = cli_has(cli, CLI_FRAMES);
        capture.replay = cli_has(cli, CLI_REPLAY);
        capture.passphrase.data = passphrase.bytes;
        capture.passphrase.len = passphrase.len;
        st = start(cli, &capture);
    }
    passphrase_wipe(&passphrase);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "file",
                                             file));
    say_what(cli, &capture);
    return STATUS_OK;
}

enum status
cmd_capture_stop(struct cli *cli)
{
    Entente__CaptureRequest  capture = ENTENTE__CAPTURE_REQUEST__INIT;
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__CaptureResponse ended;
    struct client           *client = NULL;
    Entente__Response       *response = NULL;
    enum status              st = talk_open(cli, &client);

    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = &capture;
    if (st == STATUS_OK)
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_CAPTURE,
                      &response);
    if (st == STATUS_OK) {
        ended = *response->capture;
        if (cli->json)
            st = cli_print_json(
                cli, json_pack("{s:b, s:s, s:I, s:I}", "ok", 1, "file",
                               ended.file, "bytes", (json_int_t)ended.bytes,
                               "packets", (json_int_t)ended.packets));
        else
            printf("The capture has ended: %" PRIu64 " bytes in %" PRIu64
                   " packets, the newest in %s.\n",
                   ended.bytes, ended.packets, ended.file);
    }
    client_free(client);
    return st;
}
