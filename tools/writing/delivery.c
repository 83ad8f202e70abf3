/*
 * delivery.c - one request a peer, so each has its own last answer.
 *
 * Invariant: what was queued for one peer is told, whatever becomes of the
 * others.
 */
#include "tools/writing/delivery.h"

#include "tools/client/peer_names.h"
#include "tools/client/talk.h"
#include "tools/reading/show.h"
#include "tools/terminal/moment.h"

#include <string.h>
#include <time.h>

/* --- asking ------------------------------------------------------------- */

enum status
delivery_check(struct cli *cli, const struct delivery_batch *batch,
               const Entente__PeersResponse *peers)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < batch->count && st == STATUS_OK; i++)
        st = peer_names_check(cli, peers,
                              span_text(batch->deliveries[i].peer));
    return st;
}

/* Before the first of several: every name is a peer. */
NODISCARD static enum status
check_names(struct cli *cli, const struct delivery_batch *batch,
            struct client *client)
{
    const Entente__PeersResponse *peers = NULL;
    enum status                   st;

    if (batch->count == 1)
        return STATUS_OK;
    st = peer_names_ask(cli, client, &peers);
    return st == STATUS_OK ? delivery_check(cli, batch, peers) : st;
}

Entente__SubmitRequest
delivery_request(struct delivery_batch *batch, size_t index, char **to)
{
    Entente__SubmitRequest submit = ENTENTE__SUBMIT_REQUEST__INIT;

    *to = batch->deliveries[index].peer;
    submit.n_to = 1;
    submit.to = to;
    submit.message.data = (uint8_t *)(uintptr_t)batch->message.ptr;
    submit.message.len = batch->message.len;
    submit.may_exist = batch->may_exist;
    submit.follow = batch->wait;
    submit.until = batch->until;
    return submit;
}

enum status
delivery_submit(struct cli *cli, struct delivery_batch *batch,
                struct client *client)
{
    enum status checked = check_names(cli, batch, client);

    if (checked != STATUS_OK)
        return checked;
    for (size_t i = 0; i < batch->count; i++) {
        char                  *to;
        Entente__SubmitRequest submit = delivery_request(batch, i, &to);
        Entente__Request       request = ENTENTE__REQUEST__INIT;
        enum status            st;

        request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
        request.submit = &submit;
        st = client_send(client, &request);
        if (st != STATUS_OK)
            return talk_broken(cli, st);
        batch->deliveries[i].request = request.id;
    }
    return STATUS_OK;
}

/* The node's refusal for one peer; the words of the first are the command's. */
static void
take_failure(struct cli *cli, struct delivery_batch *batch,
             struct delivery *delivery, const Entente__Response *response)
{
    bool has_words = response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE;

    delivery->done = true;
    delivery->failed = talk_judge(cli, response,
                                  ENTENTE__RESPONSE__KIND_SUBMIT);
    if (has_words)
        snprintf(delivery->why, sizeof(delivery->why), "%s",
                 response->failure->message);
    if (batch->failed == STATUS_OK)
        batch->failed = delivery->failed;
}

void
delivery_take(struct cli *cli, struct delivery_batch *batch,
              const Entente__Response *response)
{
    struct delivery              *delivery = NULL;
    const Entente__SubmitResponse *told = response->submit;

    for (size_t i = 0; i < batch->count; i++) {
        if (batch->deliveries[i].request == response->id)
            delivery = &batch->deliveries[i];
    }
    if (delivery == NULL)
        return;
    if (response->kind_case != ENTENTE__RESPONSE__KIND_SUBMIT) {
        take_failure(cli, batch, delivery, response);
        return;
    }
    delivery->done = response->last;
    if (state_parse(span_text(told->state), &delivery->state) != STATUS_OK)
        delivery->state = STATE_QUEUED;
    delivery->time_ms = told->time_ms;
    snprintf(delivery->ref, sizeof(delivery->ref), "%s", told->ref);
    snprintf(delivery->why, sizeof(delivery->why), "%s", told->why);
}

bool
delivery_is_done(const struct delivery_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->deliveries[i].done)
            return false;
    }
    return true;
}

bool
delivery_is_queued(const struct delivery_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->deliveries[i].state == STATE_NONE &&
            !batch->deliveries[i].done)
            return false;
    }
    return true;
}

static uint64_t
mono_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

enum status
delivery_follow(struct cli *cli, struct delivery_batch *batch,
                struct client *client)
{
    uint64_t end = mono_ms() + batch->timeout_s * 1000;

    while (!delivery_is_done(batch)) {
        Entente__Response *response = NULL;
        uint64_t           now = mono_ms();
        uint64_t           wait = talk_wait_ms(cli);
        enum status        st;

        if (delivery_is_queued(batch))
            wait = batch->timeout_s == 0 ? CLIENT_FOR_EVER
                                           : (end > now ? end - now : 0);
        st = client_next(client, wait, &response);
        if (st == STATUS_TIMEOUT && delivery_is_queued(batch))
            return st;
        if (st != STATUS_OK)
            return talk_broken(cli, st);
        delivery_take(cli, batch, response);
    }
    return STATUS_OK;
}

/* --- telling ------------------------------------------------------------- */

static bool
is_refused(enum message_state state)
{
    return state == STATE_REJECTED || state == STATE_REFUSED ||
           state == STATE_EXPIRED || state == STATE_RECALLED ||
           state == STATE_UNOPENED || state == STATE_LOST;
}

/* "" while nothing is known of it. */
static const char *
state_of(const struct delivery *delivery)
{
    return delivery->state == STATE_NONE ? "" : state_word(delivery->state);
}

/* The last answer came, and it is not what was waited for. */
static bool
is_left(const struct delivery_batch *batch, const struct delivery *delivery)
{
    enum message_state until = STATE_RECEIVED;
    enum status        st = state_parse(span_text(batch->until), &until);

    return batch->wait && delivery->done && delivery->failed == STATUS_OK &&
           (st != STATUS_OK || delivery->state < until);
}

static json_t *
batch_json(const struct delivery_batch *batch, bool ok)
{
    const struct delivery *first = &batch->deliveries[0];
    json_t                *list = json_array();

    for (size_t i = 0; i < batch->count; i++) {
        const struct delivery *delivery = &batch->deliveries[i];

        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "to", delivery->peer,
                      "ref", delivery->ref, "state", state_of(delivery),
                      "time", moment_iso(delivery->time_ms).text, "why",
                      delivery->why, "error",
                      delivery->failed == STATUS_OK
                          ? ""
                          : status_name(delivery->failed)));
    }
    return json_pack("{s:b, s:s, s:s, s:s, s:o}", "ok", ok, "id", batch->id,
                     "ref", first->ref, "state", state_of(first), "messages",
                     list);
}

/* Of several each one that was refused; the words of one are the error's. */
static void
say_one(const struct cli *cli, const struct delivery *delivery, bool alone)
{
    if (delivery->state == STATE_NONE && delivery->failed != STATUS_OK &&
        !alone && !cli_has(cli, CLI_QUIET)) {
        printf("not sent to %s: ", delivery->peer);
        show_text(delivery->why, stdout);
        putchar('\n');
    }
    if (delivery->state == STATE_NONE)
        return;
    if (cli_has(cli, CLI_QUIET)) {
        show_text(delivery->ref, stdout);
        putchar('\n');
        return;
    }
    show_text(delivery->ref, stdout);
    printf("  %s %s ", state_word(delivery->state),
           delivery->state >= STATE_RECEIVED ? "by" : "for");
    show_text(delivery->peer, stdout);
    if (delivery->why[0] != '\0') {
        fputs(": ", stdout);
        show_text(delivery->why, stdout);
    }
    putchar('\n');
}

/* The words are those of the first failure. */
enum status
delivery_judge(struct cli *cli, const struct delivery_batch *batch,
               enum status waited)
{
    const struct delivery *first = &batch->deliveries[0];
    enum status            st = batch->failed;

    for (size_t i = 0; i < batch->count && st == STATUS_OK; i++) {
        const struct delivery *delivery = &batch->deliveries[i];

        if (batch->wait && is_refused(delivery->state))
            st = cli_fail(cli, STATUS_POLICY, NULL, "%s: %s%s%s",
                          delivery->peer, state_word(delivery->state),
                          delivery->why[0] == '\0' ? "" : ": ",
                          delivery->why);
        else if (is_left(batch, delivery))
            st = cli_fail(cli, STATUS_AGAIN,
                          cli_line(cli, "show %s", delivery->ref).text,
                          "%s: %s and not %s, and the node tells no more; the "
                          "message is safe and goes on by itself",
                          delivery->peer, state_word(delivery->state),
                          batch->until);
    }
    if (st != STATUS_OK || waited != STATUS_TIMEOUT)
        return st != STATUS_OK ? st : waited;
    return cli_fail(cli, waited, cli_line(cli, "show %s", first->ref).text,
                    "not %s within %llu s; %s is %s, and goes on by itself",
                    batch->until, (unsigned long long)batch->timeout_s,
                    first->ref, state_word(first->state));
}

json_t *
delivery_json(const struct cli *cli, const struct delivery_batch *batch,
              enum status st)
{
    json_t *object = batch_json(batch, st == STATUS_OK);

    if (object != NULL && st != STATUS_OK)
        json_object_set_new(object, "error", cli_error_json(cli, st));
    return object;
}

static enum status
tell_json(struct cli *cli, const struct delivery_batch *batch, enum status st)
{
    enum status printed = cli_print_json(cli, delivery_json(cli, batch, st));

    if (st == STATUS_OK)
        return printed;
    return printed == STATUS_OK ? cli_said(cli, st) : st;
}

enum status
delivery_tell(struct cli *cli, const struct delivery_batch *batch,
              enum status waited)
{
    enum status st = delivery_judge(cli, batch, waited);

    if (cli->json)
        return tell_json(cli, batch, st);
    for (size_t i = 0; i < batch->count; i++)
        say_one(cli, &batch->deliveries[i], batch->count == 1);
    if (st == STATUS_OK && !cli_has(cli, CLI_QUIET))
        printf("\nNext:\n  %s\n",
               cli_line(cli, "show %s", batch->deliveries[0].ref).text);
    return st;
}
