/* cmd_capture.c - asks the node to write what passes its sockets. */
#include "tools/verbs/cmd_capture.h"

#include "node/net/passphrase.h"
#include "tools/client/talk.h"

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
ask(struct cli *cli, Entente__CaptureRequest *capture)
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
    enum status             st = absolute(cli, cli->args[0], file);

    if (st == STATUS_OK)
        st = get_passphrase(cli, &passphrase);
    if (st == STATUS_OK) {
        capture.file = file;
        capture.frames = cli_has(cli, CLI_FRAMES);
        capture.replay = cli_has(cli, CLI_REPLAY);
        capture.passphrase.data = passphrase.bytes;
        capture.passphrase.len = passphrase.len;
        st = ask(cli, &capture);
    }
    passphrase_wipe(&passphrase);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "file",
                                             file));
    printf("Captures into %s.\n", file);
    if (capture.frames)
        printf("It holds what is inside the link: keep it as you keep the "
               "node.\n");
    printf("\nNext:\n  %s\n", cli_line(cli, "capture stop").text);
    return STATUS_OK;
}

enum status
cmd_capture_stop(struct cli *cli)
{
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;
    enum status             st = ask(cli, &capture);

    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    printf("The capture has ended.\n");
    return STATUS_OK;
}
