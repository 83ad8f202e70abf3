/* verified.c - an audit of the one channel that a message stands in. */
#include "tools/verified.h"

#include "tools/moment.h"
#include "tools/self.h"

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

/* The leaf under the signed root, and the body under the leaf. */
NODISCARD static enum status
add_entry(struct cli *cli, struct client *client, struct audit *audit,
          uint64_t index, struct verified *facts)
{
    const Entente__LogChannel *channel = audit->channel;
    enum status                st;

    if (channel->size > VERIFIED_LOG_MAX) {
        add(facts, false,
            "computed again: the log of %" PRIu64
            " entries; `entente log verify` does it",
            channel->size);
    } else {
        st = logs_feed(cli, client, audit, false);
        if (st == STATUS_OK)
            st = audit_end(audit);
        if (cli->failed)
            return st;
        facts->in_log = st == STATUS_OK;
        if (!facts->in_log)
            broken(facts, st, audit->why);
        else
            add(facts, true, "entry %" PRIu64 " of that log", index);
    }
    st = logs_check_body(cli, client, channel, index);
    if (cli->failed)
        return st;
    facts->body = st == STATUS_OK;
    if (facts->body)
        add(facts, true, "the sealed body is the one that the entry names; "
                         "this node opened it");
    else if (st == STATUS_NOT_FOUND)
        add(facts, false, "here any more: the body");
    else
        broken(facts, st, "the body is not the one that the entry names");
    return STATUS_OK;
}

NODISCARD static enum status
gather(struct cli *cli, struct client *client, const struct logs *logs,
       const Entente__ShowResponse *show, struct verified *out)
{
    const Entente__LogChannel *channel = channel_of(logs, show->origin);
    struct audit               audit;
    struct cert                own;
    enum status                st = self_cert(cli, &own);

    if (st != STATUS_OK)
        return st;
    if (channel == NULL) {
        add(out, false, "checked: its log is not handed out by the node");
        return STATUS_OK;
    }
    st = audit_begin(&audit, channel);
    if (st == STATUS_OK)
        st = audit_keys(&audit, &own, &out->certified);
    if (st == STATUS_OK && channel->size <= show->index) {
        st = STATUS_BAD_ROOT;
        snprintf(audit.why, sizeof(audit.why),
                 "no signed head reaches entry %" PRIu64, show->index);
    }
    if (st != STATUS_OK) {
        broken(out, st, audit.why);
        return STATUS_OK;
    }
    add_signatures(out, channel, show->index);
    return add_entry(cli, client, &audit, show->index, out);
}

enum status
verified_gather(struct cli *cli, struct client *client, const char *peer,
             const Entente__ShowResponse *show, struct verified *out)
{
    struct logs logs = {.response = NULL};
    enum status st;

    *out = (struct verified){.broken = STATUS_OK};
    if (show->origin[0] == '\0') {
        add(out, false, "signed or sent yet: it waits in the outbox");
        return STATUS_OK;
    }
    st = logs_ask(cli, client, peer, &logs);
    if (st == STATUS_OK)
        st = gather(cli, client, &logs, show, out);
    logs_free(&logs);
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
