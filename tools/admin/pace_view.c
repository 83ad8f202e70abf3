/* pace_view.c - one table of the two times, walked for each form. */
#include "tools/admin/pace_view.h"

#include "tools/admin/metrics.h"
#include "tools/reading/show.h"

#include <inttypes.h>
#include <stdbool.h>

enum { MS = 1000, TIMES = 2, TOLD = 8 /* peers in a status */ };

static const char *const words[TIMES] = {"received", "read"};
static const char *const names[TIMES] = {"entente_peer_received_seconds",
                                         "entente_peer_read_seconds"};
static const char *const helps[TIMES] = {
    "from submission to the signed receipt, of the newest 64",
    "from submission to a person having read it, of the newest 64"};

static const Entente__PaceTimes *
times_of(const Entente__Pace *pace, size_t which)
{
    static const Entente__PaceTimes none = ENTENTE__PACE_TIMES__INIT;
    const Entente__PaceTimes       *times =
        which == 0 ? pace->received : pace->read;

    return times != NULL ? times : &none;
}

static json_t *
times_json(const Entente__PaceTimes *times)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "count",
                     (json_int_t)times->count, "p50_ms",
                     (json_int_t)times->p50_ms, "p90_ms",
                     (json_int_t)times->p90_ms, "max_ms",
                     (json_int_t)times->max_ms);
}

json_t *
pace_view_json(const Entente__PeerStatus *peer)
{
    json_t *list = json_array();

    for (size_t i = 0; i < peer->n_paces; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o}", "precedence",
                            peer->paces[i]->precedence, words[0],
                            times_json(times_of(peer->paces[i], 0)), words[1],
                            times_json(times_of(peer->paces[i], 1))));
    return list;
}

void
pace_view_lines(const Entente__PeerStatus *peer, FILE *out)
{
    for (size_t i = 0; i < peer->n_paces; i++) {
        const Entente__Pace *pace = peer->paces[i];

        fprintf(out, "%-14s", pace->precedence);
        for (size_t k = 0; k < TIMES; k++) {
            const Entente__PaceTimes *times = times_of(pace, k);

            if (times->count == 0)
                fprintf(out, " none %s yet", words[k]);
            else
                fprintf(out, " %s in %.1f s (9 of 10 in %.1f s, %" PRIu64 ")",
                        words[k], times->p50_ms / 1e3, times->p90_ms / 1e3,
                        times->count);
            fputs(k + 1 < TIMES ? "," : "\n", out);
        }
    }
}

void
pace_view_all(Entente__PeerStatus *const *peers, size_t count, FILE *out)
{
    size_t told = 0;

    for (size_t i = 0; i < count; i++) {
        if (peers[i]->removed || peers[i]->n_paces == 0)
            continue;
        if (told++ == TOLD) {
            fputs("\nof more: peers NAME\n", out);
            return;
        }
        fputs("\nto ", out);
        show_text(peers[i]->name, out);
        fputc('\n', out);
        pace_view_lines(peers[i], out);
    }
}

static void
put_name(const char *name, const char *more, const char *peer,
         const Entente__Pace *pace, FILE *out)
{
    fprintf(out, "%s%s{peer=\"", name, more);
    metrics_label(peer, out);
    fprintf(out, "\",precedence=\"%s\"", pace->precedence);
}

static void
put_peer(size_t which, const char *peer, const Entente__Pace *pace, FILE *out)
{
    const Entente__PaceTimes *times = times_of(pace, which);
    const struct {
        const char *quantile;
        uint32_t    ms;
    } series[] = {
        {"0.5", times->p50_ms}, {"0.9", times->p90_ms}, {"1", times->max_ms}};

    for (size_t i = 0; times->count > 0 && i < 3; i++) {
        put_name(names[which], "", peer, pace, out);
        fprintf(out, ",quantile=\"%s\"} %u.%03u\n", series[i].quantile,
                series[i].ms / MS, series[i].ms % MS);
    }
    put_name(names[which], "_count", peer, pace, out);
    fprintf(out, "} %" PRIu64 "\n", times->count);
}

static void
put_all(size_t which, const Entente__StatusResponse *status, FILE *out)
{
    bool headed = false;

    for (size_t i = 0; i < status->n_peers; i++) {
        const Entente__PeerStatus *peer = status->peers[i];

        for (size_t k = 0; !peer->removed && k < peer->n_paces; k++) {
            if (!headed)
                fprintf(out, "# HELP %s %s\n# TYPE %s summary\n",
                        names[which], helps[which], names[which]);
            headed = true;
            put_peer(which, peer->name, peer->paces[k], out);
        }
    }
}

void
pace_view_metrics(const Entente__StatusResponse *status, FILE *out)
{
    for (size_t which = 0; which < TIMES; which++)
        put_all(which, status, out);
}
