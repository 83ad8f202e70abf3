/*
 * cmd_init.c - `entente init`: all is judged before the passphrase is asked.
 */
#include "tools/verbs/cmd_init.h"

#include "node/net/passphrase.h"
#include "node/store/home.h"
#include "tools/admin/create.h"
#include "tools/admin/examine_home.h"
#include "tools/cli/start.h"
#include "tools/terminal/moment.h"

#include <string.h>
#include <unistd.h>

NODISCARD static enum status
need(struct cli *cli, enum cli_option option, const char **out)
{
    *out = cli_value(cli, option);
    if (*out != NULL)
        return STATUS_OK;
    return cli_fail(cli, STATUS_USAGE, cli_line(cli, "help init").text,
                    "init needs --%s", cli_option_info(option)->name);
}

NODISCARD static enum status
copy_address(struct cli *cli, const char *text, char *out, size_t cap)
{
    if (strlen(text) >= cap)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "an address has at most %d bytes", LIMIT_ADDRESS);
    snprintf(out, cap, "%s", text);
    return STATUS_OK;
}

/* Whether others can be told to call at the address that is listened on. */
static bool
is_reachable(const char *listen)
{
    return listen[0] != '\0' && strncmp(listen, "0.0.0.0:", 8) != 0 &&
           strncmp(listen, "[::]:", 5) != 0;
}

NODISCARD static enum status
read_addresses(struct cli *cli, const char *listen, struct config *out)
{
    const struct cli_values *advertise = &cli->options[CLI_ADVERTISE];
    enum status              st = STATUS_OK;

    if (advertise->count > LIMIT_ADDRESSES)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "a card holds at most %d addresses", LIMIT_ADDRESSES);
    if (listen[0] == '\0')
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "--listen is ADDR:PORT, or none");
    if (strcmp(listen, "none") != 0)
        st = copy_address(cli, listen, out->listen, sizeof(out->listen));
    for (size_t i = 0; i < advertise->count && st == STATUS_OK; i++)
        st = copy_address(cli, advertise->at[i], out->address[i],
                          sizeof(out->address[i]));
    out->address_count = advertise->count;
    if (st == STATUS_OK && advertise->count == 0 && is_reachable(out->listen)) {
        st = copy_address(cli, out->listen, out->address[0],
                          sizeof(out->address[0]));
        out->address_count = 1;
    }
    return st;
}

NODISCARD static enum status
read_plan(struct cli *cli, struct create_plan *plan)
{
    const char *listen = NULL;
    char        why[CREATE_WORDS];
    enum status st = need(cli, CLI_NAME, &plan->node_name);

    if (st == STATUS_OK)
        st = need(cli, CLI_ORG, &plan->org_name);
    if (st == STATUS_OK)
        st = need(cli, CLI_COUNTRY, &plan->country);
    if (st == STATUS_OK)
        st = need(cli, CLI_LISTEN, &listen);
    if (st == STATUS_OK)
        st = read_addresses(cli, listen, &plan->config);
    if (st != STATUS_OK)
        return st;
    st = create_check(plan, why);
    return st == STATUS_OK ? st : cli_fail(cli, st, NULL, "%s", why);
}

NODISCARD static enum status
say_made(struct cli *cli, const struct create_plan *plan,
         const struct cert *cert, bool started)
{
    char node[2 * LIMIT_NODE_ID + 1];

    hex_encode(cert->node.bytes, sizeof(cert->node.bytes), node);
    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "ok", 1,
                           "node", node, "name", cert->node_name, "org",
                           cert->org_name, "country", cert->country, "home",
                           cli->home, "started", started, "unattended",
                           plan->unattended));
    printf("The node %s of %s (%s) is made in %s\n", cert->node_name,
           cert->org_name, cert->country, cli->home);
    printf("  %s signs its certificate, and peers trust that key: keep a "
           "copy safe.\n",
           HOME_ORG_KEY);
    printf("  The certificate is to be renewed by %.10s.\n",
           moment_iso(cert->renew_by_ms).text);
    if (plan->unattended)
        printf("  It is %s\n    %s.\n  The passphrase closes %s alone.\n",
               EXAMINE_UNATTENDED_WHAT, EXAMINE_UNATTENDED_WHY, HOME_ORG_KEY);
    if (plan->config.address_count == 0)
        printf("  Its card names no address: this node calls its peers; they "
               "can call it only if\n  they pair with --address.\n");
    if (started)
        printf("  It runs, and takes calls on %s.\n", plan->config.listen);
    printf("\nNext:\n");
    if (!started)
        printf("  %s\n", cli_line(cli, "up").text);
    printf("  %s\n",
           cli_line(cli, "card --out %s.card", cert->node_name).text);
    return STATUS_OK;
}

enum status
cmd_init_run(struct cli *cli)
{
    struct create_plan plan = {.home = cli->home,
                               .cost = ENVELOPE_MODERATE,
                               .now_ms = moment_now_ms()};
    struct passphrase  passphrase = {.len = 0};
    struct cert        cert;
    struct card_text   card;
    char               words[CREATE_WORDS] = "";
    const char        *why = NULL;
    int                fd = PASSPHRASE_NO_FD;
    enum status        st = read_plan(cli, &plan);

    if (st == STATUS_OK)
        st = cli_passphrase_fd(cli, &fd);
    if (st == STATUS_OK && access(cli->home, F_OK) == 0 &&
        home_check(cli->home) != STATUS_NOT_FOUND)
        st = cli_fail(cli, STATUS_EXISTS, cli_line(cli, "status").text,
                      "there is a node in %s already", cli->home);
    if (st != STATUS_OK)
        goto out;
    plan.unattended = cli_has(cli, CLI_UNATTENDED);
    st = passphrase_get(fd,
                        plan.unattended
                            ? "New passphrase of the organisation key"
                            : "New passphrase of this node",
                        true, &passphrase, &why);
    if (st != STATUS_OK) {
        st = cli_fail(cli, st, NULL, "%s", why);
        goto out;
    }
    plan.passphrase = passphrase_span(&passphrase);
    st = create_home(&plan, &cert, &card, words);
    if (st != STATUS_OK)
        st = cli_fail(cli, st, NULL, "%s (%s)", words, status_words(st));
    if (st == STATUS_OK && cli_has(cli, CLI_START))
        st = start_node(cli, &passphrase);
    if (st == STATUS_OK)
        st = say_made(cli, &plan, &cert, cli_has(cli, CLI_START));
out:
    passphrase_wipe(&passphrase);
    return st;
}
