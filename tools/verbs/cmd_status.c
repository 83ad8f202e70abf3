/*
 * cmd_status.c - asked once, or each second over one connection.
 */
#include "tools/verbs/cmd_status.h"

#include "tools/admin/status_view.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/terminal/screen.h"

#include <stdlib.h>
#include <unistd.h>

enum { REPAINT_MS = 1000 };

NODISCARD static enum status
say(struct cli *cli, const Entente__StatusResponse *status)
{
    if (cli->json)
        return cli_print_json(cli, status_view_json(cli, status));
    return status_view_text(cli, status, stdout);
}

/* One page, or one object on a line. */
NODISCARD static enum status
paint(struct cli *cli, const struct screen *screen,
      const Entente__StatusResponse *status)
{
    char       *text = NULL;
    size_t      len = 0;
    FILE       *out = open_memstream(&text, &len);
    enum status st;

    if (out == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (cli->json) {
        json_t *object = status_view_json(cli, status);

        st = json_dumpf(object, out, JSON_COMPACT) == 0 &&
                     fputc('\n', out) != EOF
                 ? STATUS_OK
                 : STATUS_IO;
        json_decref(object);
    } else {
        st = status_view_text(cli, status, out);
        fputs(screen->terminal ? "\nq ends\n" : "\n", out);
    }
    if (fclose(out) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = screen_paint(screen, text, len);
    free(text);
    return cli_status(cli, st, "standard output");
}

NODISCARD static enum status
watch(struct cli *cli, struct client *client,
      const Entente__StatusResponse *one)
{
    Entente__Nothing               nothing = ENTENTE__NOTHING__INIT;
    Entente__Request               request = ENTENTE__REQUEST__INIT;
    Entente__Response             *response = NULL;
    const Entente__StatusResponse *status = one;
    struct screen                  screen;
    enum status                    st;

    st = screen_open(&screen, STDIN_FILENO, STDOUT_FILENO, !cli->json);
    if (st != STATUS_OK)
        return cli_status(cli, st, "the terminal");
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    request.status = &nothing;
    request.times = true;
    while (st == STATUS_OK) {
        st = paint(cli, &screen, status);
        if (st != STATUS_OK || screen_wait(&screen, REPAINT_MS) == SCREEN_END)
            break;
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_STATUS,
                      &response);
        if (st == STATUS_OK)
            status = response->status;
    }
    screen_close(&screen);
    return st;
}

enum status
cmd_status_run(struct cli *cli)
{
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    struct cert        cert;
    enum status st = talk_plain(cli, ENTENTE__REQUEST__KIND_STATUS,
                                ENTENTE__RESPONSE__KIND_STATUS, &client,
                                &response);

    if (st == STATUS_UNREACHABLE && !cli->json &&
        home_check(cli->home) == STATUS_OK &&
        self_cert(cli, &cert) == STATUS_OK)
        printf("%s of %s (%s) in %s, down\n", cert.node_name, cert.org_name,
               cert.country, cli->home);
    if (st != STATUS_OK)
        return st;
    if (cli_has(cli, CLI_WATCH))
        st = watch(cli, client, response->status);
    else
        st = say(cli, response->status);
    client_free(client);
    return st;
}
