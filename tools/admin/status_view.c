/*
 * status_view.c - one status answer, told.
 */
#include "tools/admin/status_view.h"

#include "node/store/storage_key.h"
#include "tools/admin/examine_home.h"
#include "tools/admin/overdue_view.h"
#include "tools/admin/pace_view.h"
#include "tools/admin/peer_view.h"
#include "tools/reading/show.h"
#include "tools/terminal/moment.h"

#include <inttypes.h>

bool
status_view_unattended(const struct cli *cli)
{
    struct storage_key key;
    enum status        st = storage_key_read(cli->home, &key);
    bool               open = key.open;

    storage_key_wipe(&key);
    return st == STATUS_OK && open;
}

json_t *
status_view_json(const struct cli              *cli,
                 const Entente__StatusResponse *status)
{
    json_t *alarms = json_array();

    for (size_t i = 0; i < status->n_alarms; i++)
        json_array_append_new(alarms, json_string(status->alarms[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:I, s:I, s:s, s:b, s:b, s:b, "
        "s:o, s:o, s:o, s:I, s:I}",
        "node", status->node, "name", status->name, "org", status->org,
        "version", status->version, "uptime_s", (json_int_t)status->uptime_s,
        "listen", status->listen, "capture", status->capture, "capture_bytes",
        (json_int_t)status->capture_bytes, "capture_packets",
        (json_int_t)status->capture_packets, "capture_since",
        moment_iso(status->capture_since_ms).text, "capture_frames",
        status->capture_frames ? 1 : 0, "capture_replay",
        status->capture_replay ? 1 : 0, "unattended",
        status_view_unattended(cli), "peers",
        peer_view_json(status->peers, status->n_peers), "alarms", alarms,
        "overdue", overdue_view_json(status), "overdue_more",
        (json_int_t)status->overdue_more, "strangers_refused",
        (json_int_t)status->strangers_refused);
}

/* A line of which a part came from a peer or a card. */
static void
say(FILE *out, const char *before, const char *text, const char *after)
{
    fputs(before, out);
    show_text(text, out);
    fputs(after, out);
}

/* Whoever looks at the node is to know that it is being looked at. */
static void
say_capture(const struct cli *cli, const Entente__StatusResponse *status,
            FILE *out)
{
    if (status->capture[0] == '\0')
        return;
    say(out, "CAPTURE IS ON: ", status->capture, "");
    fprintf(out, ", %" PRIu64 " bytes in %" PRIu64 " packets since %s\n",
            status->capture_bytes, status->capture_packets,
            moment_dtg(status->capture_since_ms).text);
    fprintf(out, "  it takes the wire%s%s; %s ends it\n",
            status->capture_frames ? ", decrypted frames" : "",
            status->capture_replay ? ", and sealed all keys and messages" : "",
            cli_line(cli, "capture stop").text);
}

enum status
status_view_text(const struct cli *cli, const Entente__StatusResponse *status,
                 FILE *out)
{
    enum status st = STATUS_OK;

    say_capture(cli, status, out);
    for (size_t i = 0; i < status->n_alarms; i++)
        say(out, "ALARM  ", status->alarms[i], "\n");
    overdue_view_text(cli, status, out);
    peer_view_room(status->peers, status->n_peers, out);
    say(out, "", status->name, " of ");
    say(out, "", status->org, "");
    fprintf(out, ", up %s", moment_length(status->uptime_s).text);
    say(out, ", version ", status->version, "\n");
    say(out, "listens on ",
        status->listen[0] == '\0' ? "nothing: it calls, nobody can call it"
                                  : status->listen,
        "\n");
    if (status_view_unattended(cli))
        fprintf(out, "%s\n  %s\n", EXAMINE_UNATTENDED_WHAT,
                EXAMINE_UNATTENDED_WHY);
    if (status->n_peers == 0) {
        fprintf(out, "no peers yet\n\nNext:\n  %s\n  %s\n",
               cli_line(cli, "card --out %s.card", status->name).text,
               cli_line(cli, "pair THEIR.card").text);
        return STATUS_OK;
    }
    fputc('\n', out);
    st = peer_view_table(status->peers, status->n_peers, out);
    pace_view_all(status->peers, status->n_peers, out);
    for (size_t i = 0; i < status->n_peers && st == STATUS_OK; i++) {
        if (status->peers[i]->unread > 0) {
            fprintf(out, "\nNext:\n  %s\n",
                    cli_line(cli, "inbox --unread").text);
            break;
        }
    }
    return st;
}
