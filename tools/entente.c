/*
 * entente.c - the command: one table of verbs, in the order of a first day.
 */
#include "crypto/secret.h"
#include "tools/cli/cli_parse.h"
#include "tools/cli/help.h"
#include "tools/verbs/cmd_about.h"
#include "tools/verbs/cmd_answer.h"
#include "tools/verbs/cmd_api.h"
#include "tools/verbs/cmd_bench.h"
#include "tools/verbs/cmd_bugreport.h"
#include "tools/verbs/cmd_bundle.h"
#include "tools/verbs/cmd_capture.h"
#include "tools/verbs/cmd_card.h"
#include "tools/verbs/cmd_check.h"
#include "tools/verbs/cmd_compose.h"
#include "tools/verbs/cmd_config.h"
#include "tools/verbs/cmd_doctor.h"
#include "tools/verbs/cmd_draft.h"
#include "tools/verbs/cmd_evidence.h"
#include "tools/verbs/cmd_export.h"
#include "tools/verbs/cmd_init.h"
#include "tools/verbs/cmd_log.h"
#include "tools/verbs/cmd_mail.h"
#include "tools/verbs/cmd_metrics.h"
#include "tools/verbs/cmd_node.h"
#include "tools/verbs/cmd_peer.h"
#include "tools/verbs/cmd_ping.h"
#include "tools/verbs/cmd_replay.h"
#include "tools/verbs/cmd_send.h"
#include "tools/verbs/cmd_show.h"
#include "tools/verbs/cmd_status.h"
#include "tools/verbs/cmd_watch.h"

#include <errno.h>
#include <string.h>

#define O(name) CLI_BIT(name)
/* What is written about another message. */
#define WRITES                                                                 \
    (O(SUBJECT) | O(MESSAGE) | O(PRECEDENCE) | O(POST) | O(SET) | O(WAIT) |    \
     O(TIMEOUT) | O(DRY_RUN) | O(QUIET))

static const struct command commands[] = {
    {"", "", 0, 0, 0, "how things stand, or how to begin", NULL,
     cmd_node_bare},
    {"init", "", 0, 0,
     O(NAME) | O(ORG) | O(COUNTRY) | O(LISTEN) | O(ADVERTISE) | O(START) |
         O(UNATTENDED) | O(PASSPHRASE_FD),
     "Makes a node: its keys, its certificate, its card",
     "init --name ifc --org IFC-IOR --country IN --listen 0.0.0.0:7300",
     cmd_init_run},
    {"up", "", 0, 0, O(PASSPHRASE_FD),
     "Starts the node in the background and waits until it answers", "up",
     cmd_node_up},
    {"down", "", 0, 0, 0, "Ends the node gracefully", "down", cmd_node_down},
    {"status", "", 0, 0, O(WATCH),
     "The node and its peers; with --watch each second, until q",
     "status --watch", cmd_status_run},
    {"card", "", 0, 0, O(OUT),
     "Prints this node's card, which a peer needs to pair",
     "card --out ifc.card", cmd_card_print},
    {"card show", "FILE|-", 1, 1, 0, "Verifies a card and tells whose it is",
     "card show jmsdf.card", cmd_card_show},
    {"safety-number", "CARD [CARD]", 1, 2, 0,
     "The 60 digits that two organisations compare", "safety-number jmsdf.card",
     cmd_card_safety},
    {"pair", "CARD", 1, 1,
     O(AS) | O(ADDRESS) | O(SAFETY) | O(SECRET) | O(CEILING) | O(NO_DIAL),
     "Pairs with the owner of a card, once the digits agree",
     "pair jmsdf.card", cmd_peer_pair},
    {"pair-secret", "", 0, 0, O(OUT),
     "Draws a secret that two nodes may share besides their keys",
     "pair-secret --out ifc-jmsdf.secret", cmd_card_secret},
    {"peers", "[NAME]", 0, 1, 0, "Peers, or all that is known of one",
     "peers jmsdf", cmd_peer_list},
    {"peer ping", "NAME", 1, 1, O(COUNT) | O(TIMEOUT),
     "An echo through the link, and how long it takes",
     "peer ping jmsdf --count 10", cmd_ping_run},
    {"peer remove", "NAME", 1, 1, 0, "Ends a pairing", "peer remove jmsdf",
     cmd_peer_remove},
    {"peer clear-alarm", "NAME", 1, 1, 0,
     "Ends a peer's alarm, once somebody has seen to it; the log keeps it",
     "peer clear-alarm jmsdf", cmd_peer_clear_alarm},
    {"kinds", "[KIND]", 0, 1, 0, "Kinds of message, or the fields of one",
     "kinds maritime_incident", cmd_draft_kinds},
    {"template", "KIND", 1, 1, 0,
     "A form to fill in; with --json a valid example",
     "template risk_assessment", cmd_draft_template},
    {"validate", "FILE|-", 1, 1, 0, "Says everything that is wrong at once",
     "validate report.json", cmd_draft_validate},
    {"send", "FILE|-", 0, 1,
     O(TO) | O(KIND) | O(SUBJECT) | O(MESSAGE) | O(PRECEDENCE) | O(ID) |
         O(POST) | O(SET) | O(WAIT) | O(TIMEOUT) | O(DRY_RUN) | O(QUIET) |
         O(ATTACH),
     "Sends a message; with --wait until it is received",
     "send report.json --to jmsdf --precedence FLASH --wait", cmd_send_run},
    {"compose", "[KIND]", 0, 1,
     O(TO) | O(DRAFT) | O(SUBJECT) | O(PRECEDENCE) | O(POST) | O(SET) |
         O(WAIT) | O(TIMEOUT) | O(QUIET) | O(ATTACH),
     "Opens a form in your editor, checks it, and sends it",
     "compose maritime_incident --to jmsdf --precedence IMMEDIATE",
     cmd_compose_run},
    {"drafts", "", 0, 0, O(PEER) | O(KIND) | O(SINCE) | O(NEAR) | O(TEXT),
     "What is being written and not yet sent", "drafts",
     cmd_compose_drafts},
    {"drafts remove", "N", 1, 1, 0, "Throws a draft away", "drafts remove 3",
     cmd_compose_remove},
    {"inbox", "", 0, 0,
     O(PEER) | O(KIND) | O(SINCE) | O(UNREAD) | O(STATE) | O(NEAR) | O(TEXT),
     "Messages that came, in order of arrival", "inbox --unread",
     cmd_mail_inbox},
    {"outbox", "", 0, 0,
     O(PEER) | O(KIND) | O(SINCE) | O(STATE) | O(NEAR) | O(TEXT),
     "Messages that were sent or wait, and how far they are",
     "outbox --state queued", cmd_mail_outbox},
    {"show", "REF|ID|-", 1, 1, O(PEEK) | O(SAVE),
     "One message, what was verified of it, its trail, and its attachments",
     "show jmsdf/17 --save .",
     cmd_show_run},
    {"reply", "ID [FILE]", 1, 2, O(KIND) | WRITES,
     "Answers the peer that a message came from",
     "reply jmsdf/17 -m 'We have her in sight.'", cmd_about_reply},
    {"forward", "ID", 1, 1, O(TO) | WRITES,
     "Passes a message on, where its label allows it",
     "forward jmsdf/17 --to usff", cmd_about_forward},
    {"update", "ID [FILE]", 1, 2, WRITES, "Adds to a message that we sent",
     "update jmsdf/s17 -m 'A second boat has come.'", cmd_about_update},
    {"correct", "ID [FILE]", 1, 2, WRITES, "Replaces a message that we sent",
     "correct jmsdf/s17 --set ship.imo=9074729", cmd_about_correct},
    {"cancel", "ID [FILE]", 1, 2, WRITES,
     "Says that a message which we sent no longer holds",
     "cancel jmsdf/s17 -m 'It was an exercise.'", cmd_about_cancel},
    {"ack", "ID", 1, 1, O(MESSAGE) | O(POST),
     "Acknowledges a message, in the name of a post", "ack jmsdf/17",
     cmd_answer_ack},
    {"decline", "ID", 1, 1, O(MESSAGE) | O(POST),
     "Declines a message, and says why", "decline jmsdf/17 -m 'Not our area.'",
     cmd_answer_decline},
    {"watch", "", 0, 0, O(CURSOR) | O(PRECEDENCE) | O(EXEC) | O(ALL),
     "Each event as it becomes durable: what comes, leaves, is answered",
     "watch --cursor desk --precedence IMMEDIATE", cmd_watch_run},
    {"evidence", "ID", 1, 1, O(OUT) | O(WITHHOLD),
     "Writes a file that proves a message, its receipt and its answers",
     "evidence jmsdf/s17 --out s17.evidence", cmd_evidence_run},
    {"verify", "FILE...", 1, CLI_ARGS_MAX, O(CARD),
     "Says what evidence proves, and whether two log exports are one story",
     "verify s17.evidence --card jmsdf.card", cmd_evidence_verify},
    {"log", "", 0, 0, O(PEER), "The signed logs that are kept with each peer",
     "log --peer jmsdf", cmd_log_list},
    {"log verify", "", 0, 0, O(PEER),
     "Computes every log again: bodies, roots, signatures, receipts",
     "log verify", cmd_log_verify},
    {"log export", "", 0, 0, O(PEER) | O(OUT),
     "Writes the signed logs with a peer, to compare with the peer's own",
     "log export --peer jmsdf --out ifc.log", cmd_export_run},
    {"bundle export", "", 0, 0, O(TO) | O(OUT),
     "Writes what waits for a peer into a file that is carried to it",
     "bundle export --to jmsdf --out jmsdf.bundle", cmd_bundle_export},
    {"bundle import", "FILE", 1, 1, O(OUT),
     "Reads a file that a peer made for us; --out writes the answer to it",
     "bundle import ifc.bundle --out answer.bundle", cmd_bundle_import},
    {"capture start", "FILE", 1, 1,
     O(FRAMES) | O(REPLAY) | O(LIMIT) | O(KEEP) | O(PASSPHRASE_FD),
     "Writes what passes the node's sockets (pcapng)",
     "capture start link.pcapng", cmd_capture_start},
    {"capture stop", "", 0, 0, 0, "Ends the capture", "capture stop",
     cmd_capture_stop},
    {"replay", "FILE", 1, 1,
     O(PASSPHRASE_FD) | O(STRICT) | O(TRACE) | O(AGAINST),
     "Runs a captured node again and says where it differs",
     "replay link.pcapng", cmd_replay_run},
    {"doctor", "", 0, 0, O(REBUILD_INDEX) | O(REPAIR) | O(PASSPHRASE_FD),
     "Looks for what may be wrong; or mends the journal or its index", "doctor",
     cmd_doctor_run},
    {"check", "", 0, 0,
     O(OLDEST) | O(QUEUED) | O(FREE) | O(KEY_DAYS) | O(LINK_DOWN),
     "One line and an exit code for Nagios",
     "check --link-down 10min,1h --free 10,5", cmd_check_run},
    {"bench", "", 0, 0, O(COUNT) | O(SIZE) | O(IN_FLIGHT) | O(TO),
     "How fast messages come to their receipt, between two nodes made for it",
     "bench --count 100000 --size 1024", cmd_bench_run},
    {"metrics", "", 0, 0, 0,
     "The node's numbers as Prometheus reads them", "metrics",
     cmd_metrics_run},
    {"bugreport", "", 0, 0, O(OUT),
     "What a developer asks for, names left out",
     "bugreport --out report.txt", cmd_bugreport_run},
    {"config check", "", 0, 0, 0,
     "Is it right, and what does a change need",
     "config check", cmd_config_check},
    {"config show", "", 0, 0, O(EFFECTIVE),
     "All values; --effective: from where",
     "config show --effective", cmd_config_show},
    {"paths", "", 0, 0, 0, "Where everything is", "paths", cmd_node_paths},
    {"api", "", 0, 0, 0,
     "Requests and answers as lines of JSON, for a program",
     "api <requests.jsonl >answers.jsonl", cmd_api_run},
    {"completion", "bash|zsh|fish", 1, 1, 0,
     "What a shell offers at Tab, as a script", "completion bash",
     cmd_node_completion},
    {"manual", "entente|entente-verify|entented|entente.conf", 1, 1, 0,
     "A manual page, in mdoc", "manual entente",
     cmd_node_manual},
    {"help", "[VERB|exit-codes|json]", 0, 2, 0, "This, or more of one verb",
     "help send", cmd_node_help},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Also when the line cannot be read: who monitors must not take it for an
 * alarm. */
static bool
is_check(const struct cli *cli)
{
    return cli->command != NULL && strcmp(cli->command->name, "check") == 0;
}

/* Says why it failed, if it did; the exit code. */
static int
ending(struct cli *cli, enum status st)
{
    int code = status_exit_code(st);

    if (st == STATUS_OK)
        code = cli->exit_code;
    else if (is_check(cli))
        code = cmd_check_unknown(cli, st);
    else
        cli_print_error(cli, st);
    cli_clear(cli);
    return code;
}

/* What is only half there must not look done. */
static enum status
end_output(struct cli *cli, enum status st)
{
    bool before = ferror(stdout) != 0; /* errno is another's by now */

    errno = 0;
    if (fflush(stdout) == 0 && !before)
        return st;
    if (st != STATUS_OK && cli->failed)
        return st;
    return cli_fail(cli, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO, NULL,
                    "standard output: %s",
                    errno != 0 ? strerror(errno) : "it took no more");
}

int
main(int argc, char **argv)
{
    struct cli  cli;
    enum status st = crypto_start();

    if (st == STATUS_OK)
        st = cli_parse(&cli, argc, argv, commands);
    else
        cli = (struct cli){.program = argv[0]};
    if (st == STATUS_OK && cli_has(&cli, CLI_VERSION)) {
        puts("entente " ENTENTE_VERSION);
    } else if (st == STATUS_OK && cli_has(&cli, CLI_HELP)) {
        if (cli.command->name[0] == '\0')
            help_all(&cli, stdout);
        else
            help_command(&cli, cli.command, stdout);
    } else if (st == STATUS_OK) {
        st = cli.command->run(&cli);
    }
    st = end_output(&cli, st);
    return ending(&cli, st);
}
