/*
 * cmd_bugreport.c - one text: versions, configuration, counts, doctor's lines,
 * the end of the log.
 *
 * Invariant: every byte that did not come from this file goes through
 * redact_write().  Lines of the log that may name a peer are in only while the
 * node can be asked for the names, so that they can be taken out.
 */
#include "tools/verbs/cmd_bugreport.h"

#include "node/store/config.h"
#include "tools/admin/examine_home.h"
#include "tools/admin/examine_node.h"
#include "tools/admin/findings.h"
#include "tools/admin/redact.h"
#include "tools/admin/status_view.h"
#include "tools/cli/file.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/terminal/moment.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LOG_BYTES = 16384, NAME = 32 };

static const char left_out[] =
    "Left out: keys, messages and subjects; names and ids of this node, of\n"
    "its peers and of organisations; addresses, paths and names of hosts.  In\n"
    "their place stand peer-1, OWN-NODE, <address>, <path>, <id>.  Read it\n"
    "before you send it: what nothing recognises as a name stays.\n";

struct report {
    struct cli                    *cli;
    struct redact                  redact;
    const Entente__StatusResponse *status; /* NULL: the node is down */
    FILE                          *out;
};

/* --- what must not be in it ---------------------------------------------- */

static void
know_address(struct redact *redact, const char *address)
{
    char host[LIMIT_ADDRESS + 1];

    redact_add(redact, address, "<address>");
    snprintf(host, sizeof(host), "%s", address);
    if (strrchr(host, ':') != NULL)
        *strrchr(host, ':') = '\0';
    redact_add(redact, host, "<address>");
}

static void
know_self(struct report *report, const struct cert *cert)
{
    struct redact      *redact = &report->redact;
    struct config       config;
    struct config_fault fault;
    struct utsname      machine;

    redact_add(redact, report->cli->home, "HOME");
    redact_add(redact, cert->node_name, "OWN-NODE");
    redact_add(redact, cert->org_name, "OWN-ORG");
    if (uname(&machine) == 0)
        redact_add(redact, machine.nodename, "<address>");
    if (config_load(report->cli->home, &config, &fault) != STATUS_OK)
        return;
    know_address(redact, config.listen);
    for (size_t i = 0; i < config.address_count; i++)
        know_address(redact, config.address[i]);
}

static void
know_peers(struct report *report)
{
    for (size_t i = 0; report->status != NULL && i < report->status->n_peers;
         i++) {
        const Entente__PeerStatus *peer = report->status->peers[i];
        char                       name[NAME];

        snprintf(name, sizeof(name), "peer-%zu", i + 1);
        redact_add(&report->redact, peer->name, name);
        snprintf(name, sizeof(name), "org-%zu", i + 1);
        redact_add(&report->redact, peer->org, name);
        know_address(&report->redact, peer->address);
    }
}

/* --- its parts ----------------------------------------------------------- */

static void
put_system(struct report *report)
{
    struct utsname machine = {0};
    char           line[160];
    FILE          *release = fopen("/etc/os-release", "re");

    fprintf(report->out, "\n[versions]\nentente %s\nentented %s\n",
            ENTENTE_VERSION,
            report->status == NULL ? "does not answer"
                                   : report->status->version);
    if (uname(&machine) == 0)
        fprintf(report->out, "%s %s %s\n", machine.sysname, machine.release,
                machine.machine);
    while (release != NULL && fgets(line, sizeof(line), release) != NULL)
        if (strncmp(line, "PRETTY_NAME=", 12) == 0)
            redact_write(&report->redact, line + 12, report->out);
    if (release != NULL)
        fclose(release);
}

static void
put_config(struct report *report)
{
    struct config       config;
    struct config_fault fault = {0};
    enum status st = config_load(report->cli->home, &config, &fault);

    fprintf(report->out, "\n[config]\n");
    if (st != STATUS_OK) {
        fprintf(report->out, "line %zu: ", fault.line);
        redact_write(&report->redact, fault.words, report->out);
        fputc('\n', report->out);
        return;
    }
    fprintf(report->out, "listen = %s\nadvertise: %zu addresses\n",
            config.listen[0] == '\0' ? "none" : "<address>",
            config.address_count);
    fprintf(report->out, "unattended: %s\n",
            status_view_unattended(report->cli) ? "yes" : "no");
}

static void
put_node(struct report *report)
{
    const Entente__StatusResponse *status = report->status;

    fprintf(report->out, "\n[node]\n");
    if (status == NULL) {
        fprintf(report->out, "down\n");
        return;
    }
    fprintf(report->out, "up %s, capture %s, %zu alarms\n",
            moment_length(status->uptime_s).text,
            status->capture[0] == '\0' ? "off" : "on", status->n_alarms);
    for (size_t i = 0; i < status->n_peers; i++) {
        const Entente__PeerStatus *peer = status->peers[i];

        fprintf(report->out,
                "peer-%zu: link %s, queued %" PRIu64 ", sent %" PRIu64
                ", received %" PRIu64 ", unread %" PRIu64
                ", log entries %" PRIu64 " of which receipted %" PRIu64
                ", key days left %" PRId64 ", heard %s%s%s\n",
                i + 1, peer->link, peer->queued, peer->sent_messages,
                peer->received, peer->unread, peer->sent, peer->cosigned,
                peer->key_days_left,
                moment_ago(peer->last_heard_ms, moment_now_ms()).text,
                peer->removed ? ", removed" : "",
                peer->alarm[0] != '\0' ? ", ALARM" : "");
    }
}

static void
put_doctor(struct report *report)
{
    struct findings findings;
    char           *text = NULL;
    size_t          len = 0;
    FILE           *out = open_memstream(&text, &len);

    if (out == NULL)
        abort();
    findings_init(&findings);
    examine_home(report->cli, report->status != NULL, &findings);
    examine_node(report->cli, &findings);
    findings_print(&findings, false, 0, out);
    fclose(out);
    fprintf(report->out, "\n[doctor]\n");
    redact_write(&report->redact, text, report->out);
    free(text);
    findings_clear(&findings);
}

/* The core's lines name peers. */
static bool
may_stand(const struct report *report, const char *line)
{
    return report->status != NULL || strstr(line, " node: ") == NULL;
}

static void
put_log(struct report *report)
{
    const size_t     cap = LOG_BYTES;
    struct home_path path;
    char            *text = calloc(1, cap + 1);
    char            *line;
    char            *rest;
    int              file = -1;
    ssize_t          got = -1;

    fprintf(report->out, "\n[log]\n");
    if (text != NULL &&
        home_path(report->cli->home, HOME_LOG, &path) == STATUS_OK)
        file = open(path.text, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        off_t end = lseek(file, 0, SEEK_END);

        got = pread(file, text, cap,
                    end > (off_t)cap ? end - (off_t)cap : 0);
        close(file);
    }
    rest = text;
    if (got == (ssize_t)cap)
        (void)strsep(&rest, "\n"); /* a part of a line */
    while (got > 0 && rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
        if (line[0] == '\0' || !may_stand(report, line))
            continue;
        redact_write(&report->redact, line, report->out);
        fputc('\n', report->out);
    }
    if (got <= 0)
        fprintf(report->out, "none (only a node started by `up` has one)\n");
    else if (report->status == NULL)
        fprintf(report->out, "(lines that may name peers are left out: the "
                             "node is down, and cannot tell the names)\n");
    free(text);
}

NODISCARD static enum status
write_report(struct report *report, const struct cert *cert)
{
    const char *path = cli_value(report->cli, CLI_OUT);
    char       *text = NULL;
    size_t      len = 0;
    enum status st;

    report->out = open_memstream(&text, &len);
    if (report->out == NULL)
        return cli_status(report->cli, STATUS_IO, "memory");
    know_self(report, cert);
    know_peers(report);
    fprintf(report->out, "entente bugreport, %s\n\n%s",
            moment_iso_seconds(moment_now_ms()).text, left_out);
    put_system(report);
    put_config(report);
    put_node(report);
    put_doctor(report);
    put_log(report);
    fclose(report->out);
    if (path != NULL)
        st = file_write_secret(report->cli, path,
                               (struct span){(const uint8_t *)text, len});
    else if (report->cli->json)
        st = cli_print_json(report->cli, json_pack("{s:s}", "report", text));
    else
        st = file_write(report->cli, "-",
                        (struct span){(const uint8_t *)text, len});
    free(text);
    return st;
}

enum status
cmd_bugreport_run(struct cli *cli)
{
    struct report      report = {.cli = cli};
    struct cli         quiet = *cli;
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    struct cert        cert;
    enum status        st = self_cert(cli, &cert);

    if (st != STATUS_OK)
        return st;
    if (talk_plain(&quiet, ENTENTE__REQUEST__KIND_STATUS,
                   ENTENTE__RESPONSE__KIND_STATUS, &client,
                   &response) == STATUS_OK)
        report.status = response->status;
    st = write_report(&report, &cert);
    redact_clear(&report.redact);
    client_free(client);
    if (st != STATUS_OK || !cli_has(cli, CLI_OUT))
        return st;
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "file",
                                             cli_value(cli, CLI_OUT)));
    printf("%s is written, for your eyes alone.\n\n%s",
           cli_value(cli, CLI_OUT), left_out);
    return STATUS_OK;
}
