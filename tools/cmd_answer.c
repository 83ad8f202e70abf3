/* cmd_answer.c - done once the node has it on disk; it goes with the link. */
#include "tools/cmd_answer.h"

#include "proto/record.h"
#include "tools/cmd_show.h"
#include "tools/posts.h"
#include "tools/show.h"
#include "tools/talk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REFERENCE = 128 };

NODISCARD static enum status
ask(struct cli *cli, const char *ref, enum message_state verdict,
    const char *by, const char *text)
{
    struct client         *client = NULL;
    Entente__AnswerRequest answer = ENTENTE__ANSWER_REQUEST__INIT;
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__Response     *response = NULL;
    enum status            st = talk_open(cli, &client);

    answer.ref = (char *)(uintptr_t)ref;
    answer.verdict = (char *)(uintptr_t)state_word(verdict);
    answer.by = (char *)(uintptr_t)by;
    answer.text = (char *)(uintptr_t)text;
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    if (st == STATUS_OK)
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_DONE,
                      &response);
    client_free(client);
    return st;
}

static enum status
say_done(struct cli *cli, const char *ref, enum message_state verdict)
{
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b,s:s,s:s}", "ok", 1, "ref",
                                             ref, "state",
                                             state_word(verdict)));
    show_text(ref, stdout);
    printf(" is %s.  The other side hears so with the link that is up, or the "
           "next one.\n",
           state_word(verdict));
    return STATUS_OK;
}

NODISCARD static enum status
answer(struct cli *cli, enum message_state verdict)
{
    const char *text = cli_value(cli, CLI_MESSAGE);
    char        ref[REFERENCE];
    char        by[POSTS_POST] = "";
    enum status st = cmd_show_reference(cli, cli->args[0], ref);

    if (st == STATUS_OK)
        st = posts_find(cli, getuid(), by);
    if (st == STATUS_OK)
        st = ask(cli, ref, verdict, by, text != NULL ? text : "");
    return st == STATUS_OK ? say_done(cli, ref, verdict) : st;
}

enum status
cmd_answer_ack(struct cli *cli)
{
    return answer(cli, STATE_ACKNOWLEDGED);
}

enum status
cmd_answer_decline(struct cli *cli)
{
    if (!cli_has(cli, CLI_MESSAGE))
        return cli_fail(cli, STATUS_USAGE,
                        "decline ID -m 'why': the other side is told",
                        "who declines says why");
    return answer(cli, STATE_DECLINED);
}
