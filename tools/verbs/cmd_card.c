/*
 * cmd_card.c - a card is shown only when every line of it verified.
 */
#include "tools/verbs/cmd_card.h"

#include "crypto/safety.h"
#include "tools/cli/file.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/reading/show.h"
#include "tools/terminal/moment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- card ---------------------------------------------------------------- */

/* From the node, which knows its addresses of today; else as last written. */
NODISCARD static enum status
own_card(struct cli *cli, struct card_text *out)
{
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    Entente__Nothing   nothing = ENTENTE__NOTHING__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    enum status        st = client_open(cli->home, &client);

    if (st != STATUS_OK)
        return self_card(cli, out);
    request.kind_case = ENTENTE__REQUEST__KIND_OWN_CARD;
    request.own_card = &nothing;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_OWN_CARD,
                  &response);
    if (st == STATUS_OK && strlen(response->own_card->card) > LIMIT_CARD)
        st = cli_status(cli, STATUS_TOO_LARGE, "the node's card");
    if (st == STATUS_OK) {
        out->len = strlen(response->own_card->card);
        memcpy(out->text, response->own_card->card, out->len + 1);
        st = cli_status(cli,
                        home_write(cli->home, HOME_CARD,
                                   span_text(out->text)),
                        HOME_CARD);
    }
    client_free(client);
    return st;
}

enum status
cmd_card_print(struct cli *cli)
{
    const char      *path = cli_value(cli, CLI_OUT);
    struct card_text card = {.len = 0};
    struct cert      cert;
    enum status      st = own_card(cli, &card);

    if (st == STATUS_OK)
        st = self_cert(cli, &cert);
    if (st == STATUS_OK && path != NULL)
        st = file_write(cli, path, span_text(card.text));
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "card",
                                             card.text));
    if (path == NULL) {
        fputs(card.text, stdout);
        return STATUS_OK;
    }
    printf("The card of %s is in %s.\n"
           "  It holds nothing secret: hand it over by any means.\n\n"
           "Next, when you have theirs:\n  %s\n",
           cert.node_name, path, cli_line(cli, "pair THEIR.card").text);
    return STATUS_OK;
}

static json_t *
card_json(const struct card *card)
{
    const struct cert *cert = &card->cert;
    char               node[2 * LIMIT_NODE_ID + 1];
    char               key[2 * LIMIT_KEY + 1];
    json_t            *addresses = json_array();

    hex_encode(cert->node.bytes, sizeof(cert->node.bytes), node);
    hex_encode(cert->org_key, sizeof(cert->org_key), key);
    for (size_t i = 0; i < card->address_count; i++)
        json_array_append_new(addresses, json_string(card->address[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:o}", "name",
                     cert->node_name, "org", cert->org_name, "country",
                     cert->country, "node", node, "org_key", key, "serial",
                     (int)cert->serial, "renew_by",
                     moment_iso(cert->renew_by_ms).text, "expires",
                     moment_iso(card->expires_ms).text, "addresses",
                     addresses);
}

static void
line(const char *key, const char *text)
{
    printf("%-18s ", key);
    show_text(text, stdout);
    putchar('\n');
}

enum status
cmd_card_show(struct cli *cli)
{
    struct card card;
    char       *text = NULL;
    char        hex[2 * LIMIT_KEY + 1];
    enum status st = self_read_card(cli, cli->args[0], &card, &text);

    if (st != STATUS_OK)
        return st;
    free(text);
    if (cli->json)
        return cli_print_json(cli, card_json(&card));
    line("node", card.cert.node_name);
    line("organisation", card.cert.org_name);
    line("country", card.cert.country);
    hex_encode(card.cert.node.bytes, sizeof(card.cert.node.bytes), hex);
    line("node id", hex);
    hex_encode(card.cert.org_key, sizeof(card.cert.org_key), hex);
    line("organisation key", hex);
    for (size_t i = 0; i < card.address_count; i++)
        line("address", card.address[i]);
    line("certificate until", moment_dtg(card.cert.renew_by_ms).text);
    line("first contact by", moment_dtg(card.expires_ms).text);
    if (card.expires_ms < moment_now_ms())
        printf("Its first-contact key is past its date: ask for a fresh "
               "card.\n");
    printf("Its signatures verify.  Whose it is, only the safety number "
           "tells.\n");
    return STATUS_OK;
}

/* --- safety number ------------------------------------------------------- */

NODISCARD static enum status
say_safety(struct cli *cli, const struct safety *safety, bool own,
           enum safety_part read)
{
    char all[SAFETY_TEXT_LEN + 1];
    char mine[SAFETY_TEXT_LEN + 1];

    safety_format(safety, SAFETY_ALL, all);
    safety_format(safety, read, mine);
    if (cli->json && own)
        return cli_print_json(cli, json_pack("{s:s, s:s}", "safety_number",
                                             all, "read_aloud", mine));
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:s}", "safety_number", all));
    printf("%s\n", all);
    if (own)
        printf("\nRead aloud to them:  %s\nThe other six groups they read to "
               "you.\n",
               mine);
    return STATUS_OK;
}

enum status
cmd_card_safety(struct cli *cli)
{
    struct card   cards[2];
    struct cert   own;
    const bool    with_own = cli->arg_count == 1;
    struct safety safety;
    enum status   st = STATUS_OK;

    for (size_t i = 0; i < cli->arg_count && st == STATUS_OK; i++) {
        char *text = NULL;

        st = self_read_card(cli, cli->args[i], &cards[i], &text);
        free(text);
    }
    if (st == STATUS_OK && with_own)
        st = self_cert(cli, &own);
    if (st != STATUS_OK)
        return st;
    if (!with_own)
        own = cards[1].cert;
    st = safety_number(own.org_key, cards[0].cert.org_key, &safety);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL,
                        "both are of one organisation: there is nothing to "
                        "compare");
    return say_safety(cli, &safety, with_own,
                      safety_read_by(own.org_key, cards[0].cert.org_key));
}

/* --- pair secret --------------------------------------------------------- */

enum status
cmd_card_secret(struct cli *cli)
{
    const char *path = cli_value(cli, CLI_OUT);
    uint8_t     secret[LIMIT_KEY];
    char        text[2 * LIMIT_KEY + 2];
    bool        print = path == NULL && cli->json;
    enum status st = STATUS_IO;

    if (getentropy(secret, sizeof(secret)) == 0) {
        hex_encode(secret, sizeof(secret), text);
        text[sizeof(text) - 2] = '\n';
        text[sizeof(text) - (print ? 2 : 1)] = '\0';
        if (print)
            st = cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1,
                                               "pair_secret", text));
        else
            st = file_write_secret(cli, path == NULL ? "-" : path,
                                   span_text(text));
    } else {
        st = cli_status(cli, st, "drawing a secret");
    }
    secret_wipe_bytes(secret, sizeof(secret));
    secret_wipe_bytes(text, sizeof(text));
    if (st != STATUS_OK || path == NULL)
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "file",
                                             path));
    printf("A secret for one pair of nodes is in %s.  Hand it over by a "
           "trusted person;\nboth sides pair with it:\n  %s\n",
           path, cli_line(cli, "pair THEIR.card --pair-secret %s", path).text);
    return STATUS_OK;
}
