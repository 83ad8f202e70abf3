/*
 * cmd_send.c - from a file, or a word on the command line, to the outbox.
 *
 * Invariant: what is not whole and valid is not sent to any peer.
 */
#include "tools/verbs/cmd_send.h"

#include "tools/writing/sending.h"

#include <stdlib.h>
#include <string.h>

NODISCARD static enum status
read_draft(struct cli *cli, struct draft **out)
{
    enum status st;

    if (cli->arg_count == 0)
        return sending_note(cli, out);
    if (cli_has(cli, CLI_MESSAGE))
        return cli_fail(cli, STATUS_USAGE,
                        "quotes make several words one text: -m 'sinking now'",
                        "a FILE, %.60s, and -m both say what to send",
                        cli->args[0]);
    st = draft_read(cli, cli->args[0], out);
    if (st == STATUS_OK)
        sending_amend(cli, *out);
    return st;
}

enum status
cmd_send_run(struct cli *cli)
{
    const char     *what = cli->arg_count > 0 ? cli->args[0] : "the note";
    struct sending *sending = NULL;
    struct draft   *draft = NULL;
    enum status     st = sending_new(cli, cli_value(cli, CLI_TO), &sending);

    if (st == STATUS_OK)
        st = read_draft(cli, &draft);
    if (st == STATUS_OK)
        st = draft_set(cli, draft);
    if (st == STATUS_OK)
        st = sending_run(cli, sending, draft, what);
    draft_free(draft);
    sending_free(sending);
    return st;
}
