/* answering.c - in the name of a post, with words or without. */
#include "tools/client/answering.h"

#include "tools/writing/draft.h"

#include <stdio.h>

enum status
answering_check(struct cli *cli, enum message_state verdict)
{
    if (verdict != STATE_DECLINED || cli_has(cli, CLI_MESSAGE))
        return STATUS_OK;
    return cli_fail(cli, STATUS_USAGE,
                    "decline ID -m 'why': the other side is told",
                    "who declines says why");
}

/* As a message's originator has it: posts.h, else HOME/defaults. */
NODISCARD static enum status
find_post(struct cli *cli, char by[static POSTS_POST])
{
    struct draft *draft = draft_new(json_object());
    const json_t *originator;
    const char   *post;
    enum status   st = STATUS_IO;

    if (draft == NULL || draft->object == NULL) {
        draft_free(draft);
        return cli_status(cli, st, "memory");
    }
    st = draft_fill_home(cli, draft);
    originator = json_object_get(draft->object, "originator");
    post = json_string_value(json_object_get(originator, "post"));
    if (st == STATUS_OK && post != NULL)
        snprintf(by, POSTS_POST, "%s", post);
    draft_free(draft);
    return st;
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
    return find_post(cli, by);
}

json_t *
answering_json(const char *ref, enum message_state verdict)
{
    return json_pack("{s:b,s:s,s:s}", "ok", 1, "ref", ref, "state",
                     state_word(verdict));
}
