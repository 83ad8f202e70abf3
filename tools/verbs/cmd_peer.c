/*
 * cmd_peer.c - pairing by the safety number, and what became of it.
 *
 * Invariants:
 * (I1) Nobody is asked for digits, or for a yes, that would change nothing: the
 *      node is asked first whether all else is right.
 * (I2) The node pairs only after the digits agreed here; it compares them once
 *      more itself, and pairs whole or not at all.
 */
#include "tools/verbs/cmd_peer.h"

#include "crypto/safety.h"
#include "message.pb-c.h"
#include "proto/words.h"
#include "tools/admin/create.h"
#include "tools/admin/peer_view.h"
#include "tools/cli/ask.h"
#include "tools/cli/file.h"
#include "tools/cli/self.h"
#include "tools/client/peer_names.h"
#include "tools/client/talk.h"
#include "tools/reading/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pairing {
    struct cert     own;
    struct card     card;
    char           *card_text;
    struct safety   safety;
    char            typed[2 * SAFETY_TEXT_LEN];
    struct secret32 pair_secret;
    bool            has_secret;
    const char     *ceiling; /* a word of the schema; NULL: none is set */
};

static void
say(const char *before, const char *text, const char *after)
{
    fputs(before, stdout);
    show_text(text, stdout);
    fputs(after, stdout);
}

/* What both have read and typed; or --safety-number. */
NODISCARD static enum status
compare_digits(struct cli *cli, struct pairing *pairing)
{
    const char      *given = cli_value(cli, CLI_SAFETY);
    enum safety_part part = SAFETY_ALL;
    enum safety_part read = SAFETY_ALL;
    char             mine[SAFETY_TEXT_LEN + 1];
    enum status      st;

    if (given == NULL && (cli->json || !isatty(STDIN_FILENO)))
        return cli_fail(cli, STATUS_USAGE,
                        "--safety-number takes all 60 digits, once both sides "
                        "have compared them",
                        "nobody is there to type the digits that they read");
    if (given == NULL) {
        const uint8_t *own = pairing->own.org_key;
        const uint8_t *theirs = pairing->card.cert.org_key;

        part = safety_typed_by(own, theirs);
        read = safety_read_by(own, theirs);
        safety_format(&pairing->safety, read, mine);
        say("This is the card of ", pairing->card.cert.org_name, " (");
        printf("%s), node %s.\nCall them by a number that you know already, "
               "not one from the card.\n\nRead to them:   %s\nType what they "
               "read: ",
               pairing->card.cert.country, pairing->card.cert.node_name, mine);
        fflush(stdout);
        if (!ask_line(pairing->typed, sizeof(pairing->typed)))
            return cli_fail(cli, STATUS_BAD_STATE,
                            cli_line(cli, "pair %s", cli->args[0]).text,
                            "nothing was typed: nothing was changed");
        pairing->typed[strcspn(pairing->typed, "\r")] = '\0';
    } else if (strlen(given) >= sizeof(pairing->typed)) {
        return cli_fail(cli, STATUS_BAD_FIELD,
                        cli_line(cli, "safety-number %s", cli->args[0]).text,
                        "a safety number has 60 digits");
    } else {
        snprintf(pairing->typed, sizeof(pairing->typed), "%s", given);
    }
    st = safety_compare(&pairing->safety, part, span_text(pairing->typed));
    if (st == STATUS_BAD_FIELD)
        return cli_fail(cli, st,
                        cli_line(cli, "safety-number %s", cli->args[0]).text,
                        "these are not %d digits: nothing was changed",
                        part == SAFETY_ALL ? 60 : 30);
    if (st != STATUS_OK && given == NULL &&
        safety_compare(&pairing->safety, read, span_text(pairing->typed)) ==
            STATUS_OK)
        return cli_fail(cli, st, NULL,
                        "these are the digits that you read to them, not "
                        "those that they read to you: nothing was changed");
    if (st != STATUS_OK)
        return cli_fail(cli, st,
                        "compare again; if they differ still, one of the two "
                        "cards is not theirs",
                        "these are not the digits of the two cards: nothing "
                        "was changed");
    return STATUS_OK;
}

NODISCARD static enum status
read_secret(struct cli *cli, struct pairing *pairing)
{
    const char *path = cli_value(cli, CLI_SECRET);
    char       *text = NULL;
    size_t      len = 0;
    enum status st;

    if (path == NULL)
        return STATUS_OK;
    st = file_read(cli, path, 4096, &text, &len);
    if (st != STATUS_OK)
        return st;
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    st = hex_decode((struct span){(const uint8_t *)text, len},
                    pairing->pair_secret.bytes, LIMIT_KEY);
    secret_wipe_bytes(text, len);
    free(text);
    pairing->has_secret = st == STATUS_OK;
    return st == STATUS_OK
               ? st
               : cli_fail(cli, STATUS_BAD_FIELD,
                          cli_line(cli, "pair-secret --out FILE").text,
                          "%s does not hold 64 hex digits", path);
}

NODISCARD static enum status
prepare(struct cli *cli, struct pairing *pairing)
{
    const char *as = cli_value(cli, CLI_AS);
    const char *address = cli_value(cli, CLI_ADDRESS);
    enum status st = self_cert(cli, &pairing->own);

    if (st == STATUS_OK)
        st = self_read_card(cli, cli->args[0], &pairing->card,
                            &pairing->card_text);
    if (st == STATUS_OK)
        st = read_secret(cli, pairing);
    if (st != STATUS_OK)
        return st;
    if (as != NULL && !create_name_valid(as))
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "--as: a peer's name stands in references such as "
                        "jmsdf/17: no blank, slash, comma or colon in it");
    if (address != NULL && !card_address_valid(span_text(address)))
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "--address must be HOST:PORT");
    if (node_id_equal(&pairing->own.node, &pairing->card.cert.node))
        return cli_fail(cli, STATUS_BAD_FIELD,
                        "hand it to them; here goes the card that they hand "
                        "you",
                        "this is the node's own card");
    st = safety_number(pairing->own.org_key, pairing->card.cert.org_key,
                       &pairing->safety);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL,
                        "this card is of your own organisation, whose nodes do "
                        "not pair with each other");
    return STATUS_OK;
}

/* One that no label can have would hold back nothing, or all. */
NODISCARD static enum status
read_ceiling(struct cli *cli, struct pairing *pairing)
{
    const ProtobufCEnumDescriptor *words = &entente__classification__descriptor;
    const char                    *given = cli_value(cli, CLI_CEILING);
    char                           list[CLI_WORDS];
    int                            value = 0;

    if (given == NULL)
        return STATUS_OK;
    if (words_value(words, span_text(given), &value) == STATUS_OK) {
        pairing->ceiling = words_name(words, value);
        return STATUS_OK;
    }
    words_list(words, list, sizeof(list));
    return cli_fail(cli, STATUS_BAD_FIELD, list,
                    "no classification is called %.64s", given);
}

/* protobuf-c takes text without const. */
static char *
text_of(const char *text)
{
    return (char *)(uintptr_t)(text == NULL ? "" : text);
}

/* The request with these digits; its first answer, whatever it is. */
NODISCARD static enum status
send_request(struct cli *cli, struct pairing *pairing, struct client *client,
             const char *digits, Entente__Response **out)
{
    Entente__PairRequest pair = ENTENTE__PAIR_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    enum status          st;

    pair.card = pairing->card_text;
    pair.name = text_of(cli_value(cli, CLI_AS));
    pair.address = text_of(cli_value(cli, CLI_ADDRESS));
    pair.ceiling = text_of(pairing->ceiling);
    pair.safety_number = text_of(digits);
    pair.no_dial = cli_has(cli, CLI_NO_DIAL);
    if (pairing->has_secret) {
        pair.pair_secret.data = pairing->pair_secret.bytes;
        pair.pair_secret.len = LIMIT_KEY;
    }
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &pair;
    st = client_ask(client, &request, talk_wait_ms(cli), out);
    return st == STATUS_OK ? st : talk_broken(cli, st);
}

/* (I1) Without digits it refuses, and if all else is right, for their want. */
NODISCARD static enum status
check_rest(struct cli *cli, struct pairing *pairing, struct client *client)
{
    Entente__Response *response = NULL;
    enum status        st = send_request(cli, pairing, client, NULL, &response);

    if (st != STATUS_OK)
        return st;
    if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE &&
        strcmp(response->failure->path, "safety_number") == 0)
        return STATUS_OK;
    return talk_judge(cli, response, ENTENTE__RESPONSE__KIND__NOT_SET);
}

NODISCARD static enum status
ask_to_pair(struct cli *cli, struct pairing *pairing, struct client *client)
{
    Entente__Response *response = NULL;
    enum status        st = send_request(cli, pairing, client, pairing->typed,
                                         &response);

    if (st == STATUS_OK)
        st = talk_judge(cli, response, ENTENTE__RESPONSE__KIND_PAIR);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:b, s:s, s:s, s:s}", "ok", 1, "name",
                           response->pair->name, "node", response->pair->node,
                           "org", response->pair->org));
    say("\nPaired with ", response->pair->name, " (");
    say("", response->pair->org, ").\n\n");
    printf("They still have to pair with you, if they have not:\n"
           "  hand them the file of   %s\n"
           "  and they type           entente pair %s.card%s\n"
           "\nNext:\n  %s\n",
           cli_line(cli, "card --out %s.card", pairing->own.node_name).text,
           pairing->own.node_name,
           pairing->has_secret ? " --pair-secret FILE" : "",
           cli_line(cli, "peers").text);
    return STATUS_OK;
}

enum status
cmd_peer_pair(struct cli *cli)
{
    struct pairing pairing = {.card_text = NULL};
    struct client *client = NULL;
    enum status    st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = read_ceiling(cli, &pairing);
    if (st == STATUS_OK)
        st = prepare(cli, &pairing);
    if (st == STATUS_OK)
        st = check_rest(cli, &pairing, client);
    if (st == STATUS_OK)
        st = compare_digits(cli, &pairing);
    if (st == STATUS_OK)
        st = ask_to_pair(cli, &pairing, client);
    client_free(client);
    free(pairing.card_text);
    secret_wipe(&pairing);
    return st;
}

/* --- peers --------------------------------------------------------------- */

NODISCARD static enum status
say_one(struct cli *cli, const Entente__PeersResponse *peers, const char *name)
{
    const Entente__PeerStatus *peer = peer_names_find(peers, span_text(name));

    if (peer == NULL)
        return peer_names_check(cli, peers, span_text(name));
    if (cli->json)
        return cli_print_json(cli, peer_view_one_json(peer));
    peer_view_one(peer);
    return STATUS_OK;
}

enum status
cmd_peer_list(struct cli *cli)
{
    struct client          *client = NULL;
    Entente__Response      *response = NULL;
    Entente__PeersResponse *peers;
    enum status st = talk_plain(cli, ENTENTE__REQUEST__KIND_PEERS,
                                ENTENTE__RESPONSE__KIND_PEERS, &client,
                                &response);

    if (st != STATUS_OK)
        return st;
    peers = response->peers;
    if (cli->arg_count == 1)
        st = say_one(cli, peers, cli->args[0]);
    else if (cli->json)
        st = cli_print_json(cli, peer_view_all_json(peers));
    else if (peers->n_peers == 0)
        printf("No peers yet.  Next:\n  %s\n",
               cli_line(cli, "pair THEIR.card").text);
    else
        st = peer_view_table(peers->peers, peers->n_peers, stdout);
    client_free(client);
    return st;
}

/* (I1) */
NODISCARD static enum status
confirm(struct cli *cli, struct client *client, const char *name)
{
    const Entente__PeersResponse *peers = NULL;
    char                          question[LIMIT_NAME + 96];
    enum status                   st = peer_names_ask(cli, client, &peers);

    if (st == STATUS_OK)
        st = peer_names_check(cli, peers, span_text(name));
    if (st != STATUS_OK)
        return st;
    snprintf(question, sizeof(question),
             "End the pairing with %.64s, and drop what waits for it?", name);
    return cli_confirm(cli, question);
}

enum status
cmd_peer_remove(struct cli *cli)
{
    struct client     *client = NULL;
    Entente__PeerName  name = ENTENTE__PEER_NAME__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    enum status        st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = confirm(cli, client, cli->args[0]);
    if (st == STATUS_OK) {
        name.name = text_of(cli->args[0]);
        request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
        request.peer_remove = &name;
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_DONE,
                      &response);
    }
    client_free(client);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    printf("%s is no peer any more.  Its log and messages are kept.\n",
           cli->args[0]);
    return STATUS_OK;
}

/* --- an alarm ------------------------------------------------------------ */

/* As the node has it now. */
NODISCARD static enum status
find_alarm(struct cli *cli, struct client *client, char **out)
{
    const Entente__PeersResponse *peers = NULL;
    const Entente__PeerStatus    *peer;
    const char                   *name = cli->args[0];
    enum status                   st = peer_names_ask(cli, client, &peers);

    if (st != STATUS_OK)
        return st;
    peer = peer_names_find(peers, span_text(name));
    if (peer == NULL)
        return peer_names_check(cli, peers, span_text(name));
    if (peer->alarm[0] == '\0')
        return cli_fail(cli, STATUS_NOT_FOUND,
                        cli_line(cli, "peers %s", name).text,
                        "no alarm stands at %.64s", name);
    *out = strdup(peer->alarm);
    return *out != NULL ? STATUS_OK : cli_status(cli, STATUS_IO, "memory");
}

NODISCARD static enum status
clear_alarm(struct cli *cli, struct client *client, char *words)
{
    Entente__ClearAlarm clear = ENTENTE__CLEAR_ALARM__INIT;
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__Response  *response = NULL;
    char                question[LIMIT_NAME + 96];
    enum status         st;

    snprintf(question, sizeof(question),
             "Have you seen to it, with %.64s's administrator?", cli->args[0]);
    if (!cli->json) {
        say("ALARM at ", cli->args[0], ": ");
        say("", words, "\n");
        fflush(stdout);
    }
    st = cli_confirm(cli, question);
    if (st != STATUS_OK)
        return st;
    clear.name = text_of(cli->args[0]);
    clear.words = words;
    request.kind_case = ENTENTE__REQUEST__KIND_CLEAR_ALARM;
    request.clear_alarm = &clear;
    return talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_DONE,
                    &response);
}

enum status
cmd_peer_clear_alarm(struct cli *cli)
{
    struct client *client = NULL;
    char          *words = NULL;
    enum status    st = talk_open(cli, &client);

    if (st == STATUS_OK)
        st = find_alarm(cli, client, &words);
    if (st == STATUS_OK)
        st = clear_alarm(cli, client, words);
    client_free(client);
    free(words);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    puts("It is cleared; the log keeps it.  Where its cause is still there, "
         "it comes again.");
    return STATUS_OK;
}
