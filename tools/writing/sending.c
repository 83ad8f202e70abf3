/*
 * sending.c - filled, judged, encoded, submitted.
 *
 * Invariant: what is not whole and valid is not sent to any peer.
 */
#include "tools/writing/sending.h"

#include "crypto/seal.h"
#include "tools/client/talk.h"
#include "tools/language/json.h"
#include "tools/terminal/moment.h"
#include "tools/verbs/cmd_draft.h"
#include "tools/writing/enclosing.h"

#include <stdlib.h>
#include <string.h>

enum {
    WAIT_MAX_S = 31536000,
    MESSAGE_MAX = SEAL_PLAINTEXT_MAX - 11 /* room for its number */
};

/* --- options ------------------------------------------------------------ */

NODISCARD static enum status
read_to(struct cli *cli, const char *at, struct delivery_batch *batch)
{
    if (at == NULL)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "peers").text,
                        "%s needs --to NAME", cli->command->name);
    while (*at != '\0') {
        size_t len = strcspn(at, ",");

        if (len == 0 || len > LIMIT_NAME)
            return cli_fail(cli, STATUS_USAGE, cli_line(cli, "peers").text,
                            "--to is a list of names such as jmsdf,usff");
        if (batch->count == DELIVERY_PEERS_MAX)
            return cli_fail(cli, STATUS_USAGE, NULL, "--to: more than %d names",
                            DELIVERY_PEERS_MAX);
        snprintf(batch->deliveries[batch->count++].peer, LIMIT_NAME + 1,
                 "%.*s", (int)len, at);
        at += len + (at[len] == ',' ? 1 : 0);
    }
    return batch->count > 0
               ? STATUS_OK
               : cli_fail(cli, STATUS_USAGE, NULL, "--to is empty");
}

NODISCARD static enum status
read_wait(struct cli *cli, struct delivery_batch *batch)
{
    const char        *until = cli_value(cli, CLI_WAIT);
    enum message_state state = STATE_NONE;
    enum status        st;

    batch->wait = until != NULL;
    st = cli_number(cli, CLI_TIMEOUT, 1, WAIT_MAX_S, &batch->timeout_s);
    if (st != STATUS_OK)
        return st;
    if (until == NULL && cli_has(cli, CLI_TIMEOUT))
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--timeout bounds --wait, which is not there");
    if (until == NULL || until[0] == '\0')
        until = "received";
    if (state_parse(span_text(until), &state) != STATUS_OK ||
        (state != STATE_RECEIVED && state != STATE_ACCEPTED &&
         state != STATE_READ && state != STATE_SENT))
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--wait is for sent, received, accepted or read");
    snprintf(batch->until, sizeof(batch->until), "%s", until);
    return STATUS_OK;
}

enum status
sending_check(struct cli *cli, const char *to)
{
    struct delivery_batch *batch = calloc(1, sizeof(*batch));
    enum status            st = STATUS_OK;

    if (batch == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (to != NULL)
        st = read_to(cli, to, batch);
    if (st == STATUS_OK)
        st = read_wait(cli, batch);
    if (st == STATUS_OK)
        st = enclosing_check(cli);
    free(batch);
    return st;
}

enum status
sending_new(struct cli *cli, const char *to, struct sending **out)
{
    struct sending *sending = calloc(1, sizeof(*sending));
    enum status     st = STATUS_OK;

    if (sending == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    sending->to = to;
    sending->id = cli_value(cli, CLI_ID);
    sending->precedence = cli_value(cli, CLI_PRECEDENCE);
    if (!cli_has(cli, CLI_DRY_RUN) || to != NULL)
        st = read_to(cli, to, &sending->batch);
    if (st == STATUS_OK)
        st = read_wait(cli, &sending->batch);
    if (st == STATUS_OK)
        st = enclosing_check(cli);
    if (st == STATUS_OK)
        *out = sending;
    else
        sending_free(sending);
    return st;
}

enum status
sending_note(struct cli *cli, struct draft **out)
{
    const char *kind = cli_value(cli, CLI_KIND);
    const char *text = cli_value(cli, CLI_MESSAGE);
    const char *subject = cli_value(cli, CLI_SUBJECT);
    const struct kind *known = NULL;
    json_t     *object;
    enum status st = STATUS_OK;

    if (text == NULL)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "help send").text,
                        "send needs a FILE, or -m TEXT");
    if (kind != NULL)
        st = cmd_draft_find_kind(cli, kind, &known);
    if (st != STATUS_OK)
        return st;
    if (kind != NULL && strcmp(kind, "note") != 0)
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "template %.64s", kind).text,
                        "-m writes a note; other kinds come from a FILE");
    object = json_pack("{s:s, s:s, s:{s:s}}", "kind", "note", "subject",
                     subject == NULL ? "" : subject, "note", "text", text);
    if (subject == NULL)
        json_object_del(object, "subject");
    if (object == NULL)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL, "-s and -m must be UTF-8");
    *out = draft_new(object);
    return *out != NULL ? STATUS_OK : cli_status(cli, STATUS_IO, "memory");
}

void
sending_amend(const struct cli *cli, struct draft *draft)
{
    const char *kind = cli_value(cli, CLI_KIND);
    const char *subject = cli_value(cli, CLI_SUBJECT);

    if (kind != NULL && json_object_get(draft->object, "kind") == NULL)
        json_object_set_new(draft->object, "kind", json_string(kind));
    if (subject != NULL)
        json_object_set_new(draft->object, "subject", json_string(subject));
}

static void
forget(struct sending *sending)
{
    if (sending->message != NULL)
        entente__message__free_unpacked(sending->message, NULL);
    free(sending->bytes);
    sending->message = NULL;
    sending->bytes = NULL;
}

void
sending_free(struct sending *sending)
{
    if (sending == NULL)
        return;
    forget(sending);
    free(sending);
}

/* --- the message -------------------------------------------------------- */

/* Prints the whole message that would be sent. */
NODISCARD static enum status
print_whole(const struct cli *cli, const Entente__Message *message)
{
    json_t     *object = NULL;
    char       *text = NULL;
    enum status st = json_from_message(message, &object);

    if (st != STATUS_OK)
        return st;
    text = json_text(object, cli->json ? 0 : 2);
    json_decref(object);
    if (text == NULL)
        return STATUS_IO;
    puts(text);
    free(text);
    return STATUS_OK;
}

NODISCARD static enum status
encode(struct cli *cli, struct sending *sending)
{
    struct delivery_batch *batch = &sending->batch;

    hex_encode(sending->message->id.data, LIMIT_MESSAGE_ID, batch->id);
    batch->message.len = entente__message__get_packed_size(sending->message);
    if (batch->message.len > MESSAGE_MAX)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL,
                        "the message has %zu bytes, and at most %d may go in "
                        "one entry: write it as several",
                        batch->message.len, MESSAGE_MAX);
    free(sending->bytes);
    sending->bytes = malloc(batch->message.len);
    if (sending->bytes == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    entente__message__pack(sending->message, sending->bytes);
    batch->message.ptr = sending->bytes;
    return STATUS_OK;
}

enum status
sending_prepare(struct cli *cli, struct sending *sending, struct draft *draft)
{
    struct draft_fill fill = {.to = sending->to,
                              .precedence = sending->precedence,
                              .id = sending->id,
                              .now_ms = moment_now_ms()};
    enum status       st = draft_fill(cli, draft, &fill);

    forget(sending);
    if (st == STATUS_OK &&
        json_object_get(draft->object, "attachments") != NULL)
        st = cli_fail(cli, STATUS_BAD_FIELD,
                      "leave them out, and give --attach FILE",
                      "attachments are not written by hand");
    if (st == STATUS_OK)
        st = draft_judge(draft, MESSAGE_READY, &sending->message);
    if (st == STATUS_OK)
        st = encode(cli, sending);
    sending->batch.may_exist = !fill.drawn;
    return st;
}

/* --- on its way --------------------------------------------------------- */

enum status
sending_submit(struct cli *cli, struct sending *sending)
{
    struct client *client = NULL;
    enum status    st = talk_open(cli, &client);

    if (st == STATUS_OK && cli_has(cli, CLI_ATTACH))
        st = enclosing_run(cli, client, sending->message);
    if (st == STATUS_OK && cli_has(cli, CLI_ATTACH))
        st = encode(cli, sending);
    if (st == STATUS_OK)
        st = delivery_submit(cli, &sending->batch, client);
    if (st == STATUS_OK) {
        st = delivery_follow(cli, &sending->batch, client);
        st = delivery_tell(cli, &sending->batch, st);
    }
    client_free(client);
    return st;
}

bool
sending_is_queued(const struct sending *sending)
{
    for (size_t i = 0; i < sending->batch.count; i++) {
        if (sending->batch.deliveries[i].state == STATE_NONE)
            return false;
    }
    return sending->batch.count > 0;
}

enum status
sending_run(struct cli *cli, struct sending *sending, struct draft *draft,
            const char *what)
{
    enum status st = sending_prepare(cli, sending, draft);

    if (st == STATUS_BAD_FIELD && !cli->failed)
        st = draft_fail(cli, draft, what);
    if (st != STATUS_OK)
        return st;
    if (cli_has(cli, CLI_DRY_RUN))
        return cli_status(cli, print_whole(cli, sending->message),
                          "the message");
    return sending_submit(cli, sending);
}
