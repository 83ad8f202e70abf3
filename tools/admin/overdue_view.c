/* overdue_view.c - the first OVERDUE_SHOWN are enough to begin with. */
#include "tools/admin/overdue_view.h"

#include "tools/reading/show.h"
#include "tools/terminal/moment.h"

#include <inttypes.h>
#include <string.h>

enum { OVERDUE_SHOWN = 8 };

static json_t *
one_json(const Entente__Overdue *overdue)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:I, s:s, s:s}", "id", overdue->id,
                     "ref", overdue->ref, "peer", overdue->peer, "outgoing",
                     overdue->outgoing ? 1 : 0, "number",
                     (json_int_t)overdue->number, "precedence",
                     overdue->precedence, "ack_by",
                     moment_iso(overdue->ack_by_ms).text);
}

json_t *
overdue_view_json(const Entente__StatusResponse *status)
{
    json_t *list = json_array();

    for (size_t i = 0; i < status->n_overdue; i++)
        json_array_append_new(list, one_json(status->overdue[i]));
    return list;
}

bool
overdue_view_grave(const Entente__Overdue *overdue)
{
    return strcmp(overdue->precedence, "FLASH") == 0 ||
           strcmp(overdue->precedence, "OVERRIDE") == 0;
}

uint64_t
overdue_view_count(const Entente__StatusResponse *status)
{
    return status->n_overdue + status->overdue_more;
}

uint64_t
overdue_view_unwatched(const Entente__StatusResponse *status)
{
    uint64_t count = 0;

    for (size_t i = 0; i < status->n_peers; i++)
        count += status->peers[i]->unwatched;
    return count;
}

struct cli_line
overdue_view_cure(const struct cli *cli, const Entente__Overdue *overdue)
{
    struct cli_line line;

    if (!overdue->outgoing)
        return cli_line(cli, "show %s, then ack %s", overdue->ref,
                        overdue->ref);
    snprintf(line.text, sizeof(line.text), "phone %s: %s", overdue->peer,
             overdue->number == 0 ? "it has not left this node yet"
                                  : "nobody there has answered it");
    return line;
}

static void
say(const struct cli *cli, const Entente__Overdue *overdue, FILE *out)
{
    fputs("OVERDUE  ", out);
    show_text(overdue->ref, out);
    fprintf(out, " (%s): %s it by %s\n  ", overdue->precedence,
            overdue->outgoing ? "they were to acknowledge"
                              : "we were to acknowledge",
            moment_dtg(overdue->ack_by_ms).text);
    show_text(overdue_view_cure(cli, overdue).text, out);
    fputc('\n', out);
}

void
overdue_view_text(const struct cli *cli, const Entente__StatusResponse *status,
                  FILE *out)
{
    uint64_t all = overdue_view_count(status);
    uint64_t unwatched = overdue_view_unwatched(status);

    for (size_t i = 0; i < status->n_overdue && i < OVERDUE_SHOWN; i++)
        say(cli, status->overdue[i], out);
    if (all > OVERDUE_SHOWN)
        fprintf(out, "OVERDUE  and %" PRIu64 " more; %s has the gravest %d\n",
                all - OVERDUE_SHOWN, cli_line(cli, "status --json").text, 64);
    if (unwatched > 0)
        fprintf(out,
                "%" PRIu64 " more wait for an acknowledgement and are not "
                "watched: too many at a time\n",
                unwatched);
}
