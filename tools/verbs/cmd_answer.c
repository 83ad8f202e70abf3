/* cmd_answer.c - done once the node has it on disk; it goes with the link. */
#include "tools/verbs/cmd_answer.h"

#include "tools/client/answering.h"
#include "tools/client/talk.h"
#include "tools/reading/show.h"
#include "tools/verbs/cmd_show.h"

#include <stdio.h>

enum { REFERENCE = 128 };

NODISCARD static enum status
ask(struct cli *cli, Entente__AnswerRequest *answer)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = answer;
    return talk_done(cli, &request);
}

static enum status
say_done(struct cli *cli, const char *ref, enum message_state verdict)
{
    if (cli->json)
        return cli_print_json(cli, answering_json(ref, verdict));
    show_text(ref, stdout);
    printf(" is %s.  The other side hears so with the next link, if not "
           "now.\n",
           state_word(verdict));
    return STATUS_OK;
}

NODISCARD static enum status
answer(struct cli *cli, enum message_state verdict)
{
    Entente__AnswerRequest request = ENTENTE__ANSWER_REQUEST__INIT;
    char                   ref[REFERENCE];
    char                   by[POSTS_POST];
    enum status st = answering_check(cli, verdict);

    if (st == STATUS_OK)
        st = cmd_show_reference(cli, cli->args[0], ref);
    if (st == STATUS_OK)
        st = answering_fill(cli, ref, verdict, by, &request);
    if (st == STATUS_OK)
        st = ask(cli, &request);
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
    return answer(cli, STATE_DECLINED);
}
