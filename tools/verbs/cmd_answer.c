/* cmd_answer.c - done once the node has it on disk; it goes with the link. */
#include "tools/verbs/cmd_answer.h"

#include "tools/client/answering.h"
#include "tools/client/talk.h"
#include "tools/reading/show.h"
#include "tools/terminal/local.h"
#include "tools/verbs/cmd_show.h"

#include <stdio.h>
#include <string.h>

enum { REFERENCE = 128 };

/* What a person here answered the last time; no state: nobody did. */
struct before {
    char              state[16];
    char              by[POSTS_POST];
    struct local_text time;
};

static bool
is_answer(const Entente__TrailStep *step)
{
    return strcmp(step->state, state_word(STATE_ACKNOWLEDGED)) == 0 ||
           strcmp(step->state, state_word(STATE_DECLINED)) == 0;
}

NODISCARD static enum status
find_before(struct cli *cli, struct client *client, char *ref,
            struct before *out)
{
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    enum status          st;

    show.ref = ref;
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_SHOW,
                  &response);
    for (size_t i = 0; st == STATUS_OK && i < response->show->n_trail; i++) {
        const Entente__TrailStep *step = response->show->trail[i];

        if (!is_answer(step))
            continue;
        snprintf(out->state, sizeof(out->state), "%s", step->state);
        snprintf(out->by, sizeof(out->by), "%s", step->by);
        out->time = local_dtg_ms(step->time_ms);
    }
    return st;
}

NODISCARD static enum status
ask(struct cli *cli, struct client *client, Entente__AnswerRequest *answer)
{
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;

    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = answer;
    return talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_DONE,
                    &response);
}

/* standing.h: of two answers the later one is the state, and the trail keeps
 * both, on both sides. */
static void
say_before(const struct before *before, enum message_state verdict)
{
    const char *word = state_word(verdict);

    printf("It was %s before, ", before->state);
    if (before->by[0] != '\0')
        fputs("by ", stdout);
    show_text(before->by, stdout);
    printf("%s%s.  ", before->by[0] == '\0' ? "" : ", ", before->time.text);
    if (strcmp(before->state, word) == 0)
        puts("Both answers stand in its trail, on both sides.");
    else
        printf("Both answers stand in its trail, on both sides; the later\n"
               "one counts: %s.\n",
               word);
}

static enum status
say_done(struct cli *cli, const char *ref, const struct before *before,
         enum message_state verdict)
{
    if (cli->json)
        return cli_print_json(cli, answering_json(ref, verdict));
    show_text(ref, stdout);
    printf(" is %s.  The other side hears so with the next link, if not "
           "now.\n",
           state_word(verdict));
    if (before->state[0] != '\0')
        say_before(before, verdict);
    return STATUS_OK;
}

NODISCARD static enum status
answer(struct cli *cli, enum message_state verdict)
{
    Entente__AnswerRequest request = ENTENTE__ANSWER_REQUEST__INIT;
    struct before          before = {.state = ""};
    struct client         *client = NULL;
    char                   ref[REFERENCE];
    char                   by[POSTS_POST];
    enum status st = answering_check(cli, verdict);

    if (st == STATUS_OK)
        st = cmd_show_reference(cli, cli->args[0], ref);
    if (st == STATUS_OK)
        st = answering_fill(cli, ref, verdict, by, &request);
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = find_before(cli, client, ref, &before);
    if (st == STATUS_OK)
        st = ask(cli, client, &request);
    client_free(client);
    return st == STATUS_OK ? say_done(cli, ref, &before, verdict) : st;
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
