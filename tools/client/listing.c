/* listing.c - the words of the options, judged before the node is asked. */
#include "tools/client/listing.h"

#include "node/core/message/message.h"
#include "proto/record.h"
#include "tools/reading/sift.h"
#include "tools/terminal/moment.h"
#include "tools/verbs/cmd_draft.h"

#include <string.h>

static char *
text_of(const char *text)
{
    return (char *)(uintptr_t)(text == NULL ? "" : text);
}

enum status
listing_fill(struct cli *cli, bool outgoing, Entente__ListRequest *list)
{
    const char        *since = cli_value(cli, CLI_SINCE);
    const char        *state = cli_value(cli, CLI_STATE);
    bool overdue = state != NULL && strcmp(state, SIFT_OVERDUE) == 0;
    const struct kind *kind = NULL;
    enum message_state known;
    enum status        st = STATUS_OK;

    list->peer = text_of(cli_value(cli, CLI_PEER));
    list->kind = text_of(cli_value(cli, CLI_KIND));
    list->state = text_of(overdue ? NULL : state); /* sift.h */
    list->unread = cli_has(cli, CLI_UNREAD);
    list->outgoing = outgoing;
    list->limit = LISTING_PAGE;
    list->after = 1; /* from the oldest on */
    if (state != NULL && !overdue &&
        state_parse(span_text(state), &known) != STATUS_OK)
        return cli_fail(cli, STATUS_USAGE,
                        outgoing ? "queued, held, sent, received, accepted, "
                                   "rejected, read, acknowledged, declined, "
                                   "expired, recalled, overdue"
                                 : "new, read, acknowledged, declined, "
                                   "quarantined, recalled, forgotten, overdue",
                        "no state is called %.40s", state);
    if (list->kind[0] != '\0')
        st = cmd_draft_find_kind(cli, list->kind, &kind);
    if (st != STATUS_OK)
        return st;
    if (since != NULL &&
        moment_parse(since, moment_now_ms(), &list->since_ms) != STATUS_OK)
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--since is 2025-01-31, 2025-01-31T10:00:00Z, 30min, "
                        "12h or 7d");
    return STATUS_OK;
}
