/* answering.c - in the name of a post, with words or without. */
#include "tools/answering.h"

#include <unistd.h>

enum status
answering_check(struct cli *cli, enum message_state verdict)
{
    if (verdict != STATE_DECLINED || cli_has(cli, CLI_MESSAGE))
        return STATUS_OK;
    return cli_fail(cli, STATUS_USAGE,
                    "decline ID -m 'why': the other side is told",
                    "who declines says why");
}

enum status
answering_fill(struct cli *cli, const char *ref, enum message_state verdict,
               char by[static POSTS_POST], Entente__AnswerRequest *out)
{
    const char *text = cli_value(cli, CLI_MESSAGE);

    out->ref = (char *)(uintptr_t)ref;
    out->verdict = (char *)(uintptr_t)state_word(verdict);
    out->by = by;
    out->text = (char *)(uintptr_t)(text != NULL ? text : "");
    by[0] = '\0';
    return posts_find(cli, getuid(), by);
}

json_t *
answering_json(const char *ref, enum message_state verdict)
{
    return json_pack("{s:b,s:s,s:s}", "ok", 1, "ref", ref, "state",
                     state_word(verdict));
}
