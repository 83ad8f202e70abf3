/*
 * metrics.c - one table, written as text and as JSON.
 */
#include "tools/admin/metrics.h"

#include "tools/admin/pace_view.h"
#include "tools/terminal/safe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *name;
    const char *type;
    const char *help;
};

static const struct row rows[] = {
#define METRICS_ROW(name, type, value, help) {name, #type, help},
    METRICS_LIST(METRICS_ROW)};
static const struct row peer_rows[] = {METRICS_PEER_LIST(METRICS_ROW)
#undef METRICS_ROW
};

enum {
    ROWS = sizeof(rows) / sizeof(rows[0]),
    PEER_ROWS = sizeof(peer_rows) / sizeof(peer_rows[0])
};

static void
fill(const struct metrics_now *now, int64_t out[static ROWS])
{
    size_t i = 0;

#define METRICS_VALUE(name, type, value, help) out[i++] = (int64_t)(value);
    METRICS_LIST(METRICS_VALUE)
}

static void
fill_peer(const Entente__PeerStatus *peer, int64_t out[static PEER_ROWS])
{
    size_t i = 0;

    METRICS_PEER_LIST(METRICS_VALUE)
#undef METRICS_VALUE
}

void
metrics_take(struct metrics_now *now, const Entente__StatusResponse *status)
{
    if (status == NULL)
        return;
    now->up = 1;
    now->uptime_s = (int64_t)status->uptime_s;
    now->strangers_refused = (int64_t)status->strangers_refused;
    now->capture = status->capture[0] != '\0';
    now->alarms = (int64_t)status->n_alarms;
    now->overdue = (int64_t)(status->n_overdue + status->overdue_more);
    for (size_t i = 0; i < status->n_peers; i++) {
        const Entente__PeerStatus *peer = status->peers[i];

        if (peer->removed)
            continue;
        now->peers++;
        now->links_up += strcmp(peer->link, "up") == 0;
        now->alarms += peer->alarm[0] != '\0';
    }
}

/* --- text ---------------------------------------------------------------- */

/* Backslash, quotation mark and line feed are escaped, as the format asks;
 * what acts on a terminal is told before. */
void
metrics_label(const char *text, FILE *out)
{
    char *safe = safe_text(span_text(text), true);

    for (const char *at = safe; at != NULL && *at != '\0'; at++) {
        if (*at == '\\' || *at == '"')
            fputc('\\', out);
        if (*at == '\n')
            fputs("\\n", out);
        else
            fputc(*at, out);
    }
    free(safe);
}

static void
put_head(const struct row *row, FILE *out)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help,
            row->name, row->type);
}

void
metrics_print(const struct metrics_now      *now,
              const Entente__StatusResponse *status, FILE *out)
{
    int64_t values[ROWS];
    size_t  peers = status == NULL ? 0 : status->n_peers;

    fill(now, values);
    for (size_t i = 0; i < ROWS; i++) {
        put_head(&rows[i], out);
        fprintf(out, "%s %" PRId64 "\n", rows[i].name, values[i]);
    }
    for (size_t i = 0; i < PEER_ROWS && now->peers > 0; i++) {
        put_head(&peer_rows[i], out);
        for (size_t k = 0; k < peers; k++) {
            int64_t peer[PEER_ROWS];

            if (status->peers[k]->removed)
                continue;
            fill_peer(status->peers[k], peer);
            fprintf(out, "%s{peer=\"", peer_rows[i].name);
            metrics_label(status->peers[k]->name, out);
            fprintf(out, "\"} %" PRId64 "\n", peer[i]);
        }
    }
    if (status != NULL)
        pace_view_metrics(status, out);
}

/* --- JSON ---------------------------------------------------------------- */

static json_t *
one_json(const struct row *row, const int64_t *values, size_t count)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++)
        json_object_set_new(object, row[i].name, json_integer(values[i]));
    return object;
}

json_t *
metrics_json(const struct metrics_now      *now,
             const Entente__StatusResponse *status)
{
    json_t *list = json_array();
    json_t *object;
    int64_t values[ROWS];
    size_t  peers = status == NULL ? 0 : status->n_peers;

    fill(now, values);
    object = one_json(rows, values, ROWS);
    for (size_t i = 0; i < peers; i++) {
        int64_t peer[PEER_ROWS];
        json_t *one;

        if (status->peers[i]->removed)
            continue;
        fill_peer(status->peers[i], peer);
        one = one_json(peer_rows, peer, PEER_ROWS);
        json_object_set_new(one, "peer", json_string(status->peers[i]->name));
        json_array_append_new(list, one);
    }
    json_object_set_new(object, "peers", list);
    return object;
}
