/* verified.c - an audit of the one channel that a message stands in. */
#include "tools/audit/verified.h"

#include "tools/cli/self.h"
#include "tools/terminal/moment.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static void
add(struct verified *facts, bool verified, const char *format, ...)
{
    va_list args;
    size_t  at = facts->count;

    if (at == VERIFIED_MAX)
        return;
    va_start(args, format);
    vsnprintf(facts->words[at], sizeof(facts->words[at]), format, args);
    va_end(args);
    facts->list[at] = (struct show_fact){.verified = verified,
                                         .words = facts->words[at]};
    facts->count++;
}

static void
broken(struct verified *facts, enum status st, const char *why)
{
    facts->broken = st;
    snprintf(facts->why, sizeof(facts->why), "%s", why);
    add(facts, false, "%s", why);
}

static const Entente__LogChannel *
channel_of(const struct logs *logs, const char *origin)
{
    for (size_t i = 0; i < logs->count; i++) {
        if (strcmp(logs->list[i]->origin, origin) == 0)
            return logs->list[i];
    }
    return NULL;
}

/* Who signs the log, and who receipts it. */
static const char *
signer(const Entente__LogChannel *channel)
{
    return channel->incoming ? channel->peer : "this node";
}

static const char *
receiver(const Entente__LogChannel *channel)
{
    return channel->incoming ? "this node" : channel->peer;
}

static void
add_signatures(struct verified *facts, const Entente__LogChannel *channel,
               uint64_t index)
{
    facts->signed_head = true;
    add(facts, true, "signed by %s: a head over %" PRIu64 " entries%s",
        signer(channel), channel->size,
        facts->certified ? ", by the key of its certificate" : "");
    facts->receipted = channel->cosigned_size > index;
    if (facts->receipted)
        add(facts, true,
            "receipted by %s: a cosignature over %" PRIu64
            " entries, %s by its clock",
            receiver(channel), channel->cosigned_size,
            moment_dtg(channel->cosigned_time * 1000).text);
    else
        add(facts, false, "receipted by %s yet", receiver(channel));
}

/* --- the steps ------------------------------------------------------------ */

void
verified_begin(struct verified *out, const Entente__ShowResponse *show)
{
    *out = (struct verified){.broken = STATUS_OK, .show = show};
    if (show->origin[0] != '\0')
        return;
    add(out, false, "signed or sent yet: it waits in the outbox");
    out->step = VERIFIED_END;
}

void
verified_clear(struct verified *facts)
{
    logs_free(&facts->logs);
}

bool
verified_next(const struct verified *facts, Entente__LogRequest *out)
{
    const Entente__LogChannel *channel = facts->audit.channel;

    switch (facts->step) {
    case VERIFIED_CHANNELS:
        *out = logs_request(facts->show->row->peer);
        return true;
    case VERIFIED_LEAVES:
        *out = logs_entries(channel, facts->audit.frontier.size, false);
        return true;
    case VERIFIED_BODY:
        *out = logs_entries(channel, facts->show->index, true);
        out->limit = 1;
        return true;
    case VERIFIED_END:
        break;
    }
    return false;
}

/* The one channel that the message stands in, and its signatures. */
NODISCARD static enum status
take_channels(struct cli *cli, struct verified *facts)
{
    const Entente__LogChannel *channel = channel_of(&facts->logs,
                                                    facts->show->origin);
    struct audit *audit = &facts->audit;
    struct cert   own;
    enum status   st = self_cert(cli, &own);

    facts->step = VERIFIED_END;
    if (st != STATUS_OK)
        return st;
    if (channel == NULL) {
        add(facts, false, "checked: its log is not handed out by the node");
        return STATUS_OK;
    }
    st = audit_begin(audit, channel);
    if (st == STATUS_OK)
        st = audit_keys(audit, &own, &facts->certified);
    if (st == STATUS_OK && channel->size <= facts->show->index) {
        st = STATUS_BAD_ROOT;
        snprintf(audit->why, sizeof(audit->why),
                 "no signed head reaches entry %" PRIu64, facts->show->index);
    }
    if (st != STATUS_OK) {
        broken(facts, st, audit->why);
        return STATUS_OK;
    }
    add_signatures(facts, channel, facts->show->index);
    facts->step = VERIFIED_LEAVES;
    if (channel->size <= VERIFIED_LOG_MAX)
        return STATUS_OK;
    add(facts, false,
        "computed again: the log of %" PRIu64
        " entries; `entente log verify` does it",
        channel->size);
    facts->step = VERIFIED_BODY;
    return STATUS_OK;
}

/* Leaves under the signed root; once the last has come, the body is next. */
static void
take_leaves(struct verified *facts, const Entente__LogResponse *answer)
{
    struct audit *audit = &facts->audit;
    enum status   st = logs_take(audit, answer, false);

    if (st == STATUS_OK && answer->n_entries > 0 &&
        audit->frontier.size < audit->channel->size)
        return;
    if (st == STATUS_OK)
        st = audit_end(audit);
    facts->in_log = st == STATUS_OK;
    if (facts->in_log)
        add(facts, true, "entry %" PRIu64 " of that log", facts->show->index);
    else
        broken(facts, st, audit->why);
    facts->step = VERIFIED_BODY;
}

static void
take_body(struct verified *facts, const Entente__LogResponse *answer)
{
    enum status st = logs_judge_body(facts->audit.channel, facts->show->index,
                                     answer);

    facts->body = st == STATUS_OK;
    if (facts->body)
        add(facts, true, "the sealed body is the one that the entry names; "
                         "this node opened it");
    else if (st == STATUS_NOT_FOUND)
        add(facts, false, "here any more: the body");
    else
        broken(facts, st, "the body is not the one that the entry names");
    facts->step = VERIFIED_END;
}

enum status
verified_take(struct cli *cli, struct verified *facts,
              const Entente__Response *response)
{
    enum status st = STATUS_OK;

    switch (facts->step) {
    case VERIFIED_CHANNELS:
        st = logs_keep(cli, response, &facts->logs);
        return st == STATUS_OK ? take_channels(cli, facts) : st;
    case VERIFIED_LEAVES:
        take_leaves(facts, response->log);
        break;
    case VERIFIED_BODY:
        take_body(facts, response->log);
        break;
    case VERIFIED_END:
        break;
    }
    return st;
}

enum status
verified_gather(struct cli *cli, struct client *client,
                const Entente__ShowResponse *show, struct verified *out)
{
    Entente__LogRequest log;
    enum status         st = STATUS_OK;

    verified_begin(out, show);
    while (st == STATUS_OK && verified_next(out, &log)) {
        Entente__Request   request = ENTENTE__REQUEST__INIT;
        Entente__Response *response = NULL;

        request.kind_case = ENTENTE__REQUEST__KIND_LOG;
        request.log = &log;
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_LOG,
                      &response);
        if (st == STATUS_OK)
            st = verified_take(cli, out, response);
    }
    return st;
}

json_t *
verified_json(const struct verified *facts)
{
    return json_pack("{s:b, s:b, s:b, s:b, s:s}", "signed", facts->signed_head,
                     "receipted", facts->receipted, "body", facts->body,
                     "in_log", facts->in_log, "key",
                     facts->certified ? "certificate" : "node");
}
