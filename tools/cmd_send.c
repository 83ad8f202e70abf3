/*
 * cmd_send.c - from a draft to the node's outbox, and as far on as is asked.
 *
 * Invariant: what is not whole and valid is not sent to any peer.
 */
#include "tools/cmd_send.h"

#include "crypto/seal.h"
#include "tools/delivery.h"
#include "tools/draft.h"
#include "tools/form.h"
#include "tools/json.h"
#include "tools/moment.h"
#include "tools/talk.h"

#include <stdlib.h>
#include <string.h>

enum {
    WAIT_MAX_S = 31536000,
    MESSAGE_MAX = SEAL_PLAINTEXT_MAX - 11 /* room for its number */
};

struct sending {
    Entente__Message     *message;
    uint8_t              *bytes;
    struct delivery_batch batch;
};

/* --- the draft --------------------------------------------------------- */

/* --kind note -s SUBJECT -m TEXT */
NODISCARD static enum status
hasty_note(struct cli *cli, json_t **out)
{
    const char *kind = cli_value(cli, CLI_KIND);
    const char *text = cli_value(cli, CLI_MESSAGE);
    const char *subject = cli_value(cli, CLI_SUBJECT);

    if (text == NULL)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "help send").text,
                        "entente send needs a FILE, or -m TEXT");
    if (kind != NULL && strcmp(kind, "note") != 0)
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "template %.64s", kind).text,
                        "-m writes a note; other kinds come from a FILE");
    *out = json_pack("{s:s, s:s, s:{s:s}}", "kind", "note", "subject",
                     subject == NULL ? "" : subject, "note", "text", text);
    if (subject == NULL)
        json_object_del(*out, "subject");
    return *out != NULL ? STATUS_OK
                        : cli_fail(cli, STATUS_BAD_FIELD, NULL,
                                   "-s and -m must be UTF-8");
}

NODISCARD static enum status
apply_sets(struct cli *cli, json_t *object)
{
    const struct cli_values *sets = &cli->options[CLI_SET];
    struct message_faults   *faults = calloc(1, sizeof(*faults));
    enum status              st = STATUS_OK;

    if (faults == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    message_faults_init(faults);
    for (size_t i = 0; i < sets->count && st == STATUS_OK; i++) {
        const char *equals = strchr(sets->at[i], '=');
        struct span field;

        if (equals == NULL) {
            st = cli_fail(cli, STATUS_USAGE, NULL,
                          "--set is field=value, not %.100s", sets->at[i]);
            break;
        }
        field = (struct span){(const uint8_t *)sets->at[i],
                              (size_t)(equals - sets->at[i])};
        st = form_set(object, field, span_text(equals + 1), faults);
        if (st != STATUS_OK)
            st = draft_fail(cli, faults, "--set");
    }
    free(faults);
    return st;
}

NODISCARD static enum status
read_draft(struct cli *cli, json_t **out)
{
    const char *kind = cli_value(cli, CLI_KIND);
    const char *subject = cli_value(cli, CLI_SUBJECT);
    enum status st;

    if (cli->arg_count == 0)
        return hasty_note(cli, out);
    if (cli_has(cli, CLI_MESSAGE))
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "a FILE and -m both say what to send");
    st = draft_read(cli, cli->args[0], out);
    if (st != STATUS_OK)
        return st;
    if (kind != NULL && json_object_get(*out, "kind") == NULL)
        json_object_set_new(*out, "kind", json_string(kind));
    if (subject != NULL)
        json_object_set_new(*out, "subject", json_string(subject));
    return STATUS_OK;
}

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
encode(struct cli *cli, struct sending *sending, bool drawn)
{
    struct delivery_batch *batch = &sending->batch;

    batch->may_exist = !drawn;
    hex_encode(sending->message->id.data, LIMIT_MESSAGE_ID, batch->id);
    batch->message.len = entente__message__get_packed_size(sending->message);
    if (batch->message.len > MESSAGE_MAX)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL,
                        "the message has %zu bytes, and at most %d may go in "
                        "one entry; what is larger is an attachment",
                        batch->message.len, MESSAGE_MAX);
    sending->bytes = malloc(batch->message.len);
    if (sending->bytes == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    entente__message__pack(sending->message, sending->bytes);
    batch->message.ptr = sending->bytes;
    return STATUS_OK;
}

/* Reads, fills, judges and encodes. */
NODISCARD static enum status
prepare(struct cli *cli, struct sending *sending)
{
    struct draft_fill fill = {.to = cli_value(cli, CLI_TO),
                              .precedence = cli_value(cli, CLI_PRECEDENCE),
                              .id = cli_value(cli, CLI_ID),
                              .now_ms = moment_now_ms()};
    const char       *what = cli->arg_count > 0 ? cli->args[0] : "the note";
    json_t           *object = NULL;
    enum status       st = read_draft(cli, &object);

    if (st == STATUS_OK)
        st = apply_sets(cli, object);
    if (st == STATUS_OK)
        st = draft_fill(cli, object, &fill);
    if (st == STATUS_OK)
        st = draft_finish(cli, object, MESSAGE_READY, what, &sending->message);
    json_decref(object);
    if (st != STATUS_OK)
        return st;
    return encode(cli, sending, fill.drawn);
}

/* --- options ------------------------------------------------------------ */

NODISCARD static enum status
read_to(struct cli *cli, struct delivery_batch *batch)
{
    const char *at = cli_value(cli, CLI_TO);

    if (at == NULL)
        return cli_fail(cli, STATUS_USAGE, cli_line(cli, "peers").text,
                        "entente send needs --to NAME");
    while (*at != '\0') {
        size_t len = strcspn(at, ",");

        if (len == 0 || len > LIMIT_NAME)
            return cli_fail(cli, STATUS_USAGE, NULL,
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

    batch->wait = until != NULL;
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
    return cli_number(cli, CLI_TIMEOUT, 1, WAIT_MAX_S, &batch->timeout_s);
}

enum status
cmd_send_run(struct cli *cli)
{
    struct sending *sending = calloc(1, sizeof(*sending));
    struct client  *client = NULL;
    enum status     st = STATUS_IO;

    if (sending == NULL)
        return cli_status(cli, st, "memory");
    st = STATUS_OK;
    if (!cli_has(cli, CLI_DRY_RUN) || cli_has(cli, CLI_TO))
        st = read_to(cli, &sending->batch);
    if (st == STATUS_OK)
        st = read_wait(cli, &sending->batch);
    if (st == STATUS_OK)
        st = prepare(cli, sending);
    if (st == STATUS_OK && cli_has(cli, CLI_DRY_RUN)) {
        st = cli_status(cli, print_whole(cli, sending->message), "the message");
        goto out;
    }
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = delivery_submit(cli, &sending->batch, client);
    if (st != STATUS_OK)
        goto out;
    st = delivery_follow(cli, &sending->batch, client);
    if (st == STATUS_OK || st == STATUS_TIMEOUT)
        st = delivery_tell(cli, &sending->batch, st);
out:
    client_free(client);
    if (sending->message != NULL)
        entente__message__free_unpacked(sending->message, NULL);
    free(sending->bytes);
    free(sending);
    return st;
}
