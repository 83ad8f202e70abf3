/* peer_view.c - what a gateway administrator wants to see of peers. */
#include "tools/admin/peer_view.h"

#include "tools/admin/pace_view.h"
#include "tools/reading/show.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

json_t *
peer_view_one_json(const Entente__PeerStatus *peer)
{
    json_t *one = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, "
        "s:I, s:s, s:s, s:b}",
        "name", peer->name, "node", peer->node, "org", peer->org, "country",
        peer->country, "link", peer->link, "queued", (json_int_t)peer->queued,
        "sent", (json_int_t)peer->sent_messages, "received",
        (json_int_t)peer->received, "unread", (json_int_t)peer->unread,
        "entries", (json_int_t)peer->sent, "entries_receipted",
        (json_int_t)peer->cosigned, "last_heard",
        moment_iso(peer->last_heard_ms).text, "oldest_queued",
        moment_iso(peer->oldest_queued_ms).text, "key_days_left",
        (json_int_t)peer->key_days_left, "address", peer->address, "alarm",
        peer->alarm, "removed", peer->removed ? 1 : 0);
    json_t *awaited = json_pack(
        "{s:I, s:s, s:I, s:I, s:I}", "unanswered",
        (json_int_t)peer->unanswered, "oldest_unanswered",
        moment_iso(peer->oldest_unanswered_ms).text, "to_answer",
        (json_int_t)peer->to_answer, "overdue", (json_int_t)peer->overdue,
        "unwatched", (json_int_t)peer->unwatched);

    json_t *room = json_pack(
        "{s:I, s:s, s:s, s:s, s:I}", "quota_percent",
        (json_int_t)peer->quota_percent, "quota_limit", peer->quota_limit,
        "held_below", peer->held_below, "held_why", peer->held_why,
        "clock_ahead_s", (json_int_t)peer->clock_ahead_s);

    json_object_set_new(one, "times", pace_view_json(peer));
    json_object_update_missing(one, awaited);
    json_object_update_missing(one, room);
    json_decref(awaited);
    json_decref(room);
    return one;
}

json_t *
peer_view_json(Entente__PeerStatus *const *peers, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, peer_view_one_json(peers[i]));
    return list;
}

json_t *
peer_view_all_json(const Entente__PeersResponse *peers)
{
    return json_pack("{s:o}", "peers",
                     peer_view_json(peers->peers, peers->n_peers));
}

struct number {
    char text[24];
};

static struct number
number(uint64_t value)
{
    struct number out;

    snprintf(out.text, sizeof(out.text), "%" PRIu64, value);
    return out;
}

enum status
peer_view_table(Entente__PeerStatus *const *peers, size_t count, FILE *out)
{
    static const char *const titles[] = {
        "<PEER",  "<LINK",     ">UNREAD", ">QUEUED", ">OLDEST", ">UNANSWERED",
        ">HEARD", ">KEY DAYS", "<ALARM",  NULL,
    };
    uint64_t     now = moment_now_ms();
    struct table table;
    enum status  st;

    table_init(&table, titles);
    for (size_t i = 0; i < count; i++) {
        const Entente__PeerStatus *peer = peers[i];
        char                       days[24];
        uint64_t                   oldest = peer->oldest_queued_ms;
        uint64_t                   asked = peer->oldest_unanswered_ms;

        snprintf(days, sizeof(days), "%" PRId64, peer->key_days_left);
        table_add(&table,
                  (const char *[]){
                      peer->name, peer->removed ? "removed" : peer->link,
                      number(peer->unread).text, number(peer->queued).text,
                      oldest == 0 ? "-" : moment_ago(oldest, now).text,
                      asked == 0 ? "-" : moment_ago(asked, now).text,
                      moment_ago(peer->last_heard_ms, now).text, days,
                      peer->alarm});
    }
    st = table_print(&table, table_terminal_width(), out);
    table_clear(&table);
    return st;
}

void
peer_view_room(Entente__PeerStatus *const *peers, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        const Entente__PeerStatus *peer = peers[i];

        if (peer->quota_limit[0] != '\0') {
            fputs("WARNING  ", out);
            show_text(peer->name, out);
            fprintf(out,
                    ": %" PRIu32 " %% of what may wait for it waits (%s)\n",
                    peer->quota_percent, peer->quota_limit);
        }
        if (peer->held_below[0] != '\0') {
            fputs("HELD  ", out);
            show_text(peer->name, out);
            fprintf(out, ": what waits %s%s: %s\n",
                    strcmp(peer->held_below, "ALL") == 0 ? "stays" : "below ",
                    strcmp(peer->held_below, "ALL") == 0 ? ""
                                                         : peer->held_below,
                    peer->held_why);
        }
    }
}

static void
line(const char *key, const char *text)
{
    printf("%-14s ", key);
    show_text(text[0] == '\0' ? "-" : text, stdout);
    putchar('\n');
}

void
peer_view_one(const Entente__PeerStatus *peer)
{
    uint64_t now = moment_now_ms();

    line("peer", peer->name);
    line("organisation", peer->org);
    line("country", peer->country);
    line("node", peer->node);
    line("link", peer->removed ? "removed" : peer->link);
    line("address", peer->address);
    line("last heard", moment_ago(peer->last_heard_ms, now).text);
    line("unread", number(peer->unread).text);
    line("received", number(peer->received).text);
    line("sent", number(peer->sent_messages).text);
    line("log entries", number(peer->sent).text);
    line("receipted", number(peer->cosigned).text);
    line("queued", number(peer->queued).text);
    printf("%-14s %" PRIu32 " %%\n", "of its quota", peer->quota_percent);
    if (peer->held_below[0] != '\0') {
        line("held below", peer->held_below);
        line("held because", peer->held_why);
    }
    line("oldest queued", moment_dtg(peer->oldest_queued_ms).text);
    line("unanswered", number(peer->unanswered).text);
    line("oldest of them", moment_dtg(peer->oldest_unanswered_ms).text);
    line("to answer", number(peer->to_answer).text);
    if (peer->overdue > 0)
        line("OVERDUE", number(peer->overdue).text);
    if (peer->unwatched > 0)
        line("not watched", number(peer->unwatched).text);
    printf("%-14s %" PRId64 "\n", "key days left", peer->key_days_left);
    printf("%-14s %" PRId64 " s\n", "clock ahead", peer->clock_ahead_s);
    pace_view_lines(peer, stdout);
    if (peer->alarm[0] != '\0')
        line("ALARM", peer->alarm);
}
