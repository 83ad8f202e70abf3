/* logs.c - pages of entries until a channel's size is reached. */
#include "tools/audit/logs.h"

#include "proto/leaf.h"

#include <stdlib.h>
#include <string.h>

Entente__LogRequest
logs_request(const char *peer)
{
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;

    log.peer = (char *)(uintptr_t)(peer == NULL ? "" : peer);
    return log;
}

Entente__LogRequest
logs_entries(const Entente__LogChannel *channel, uint64_t from, bool bodies)
{
    Entente__LogRequest log = logs_request(channel->peer);

    log.incoming = channel->incoming;
    log.origin = channel->origin;
    log.from = from;
    log.bodies = bodies;
    return log;
}

bool
logs_is_whole(const Entente__LogChannel *channel)
{
    return channel->log_key.len == LIMIT_KEY &&
           channel->witness_key.len == LIMIT_KEY &&
           channel->root.len == LIMIT_DIGEST &&
           channel->signature.len == LIMIT_SIGNATURE &&
           (channel->cosigned_signature.len == 0 ||
            (channel->cosigned_signature.len == LIMIT_SIGNATURE &&
             channel->cosigned_root.len == LIMIT_DIGEST &&
             channel->cosignature.len == LIMIT_SIGNATURE));
}

enum status
logs_keep(struct cli *cli, const Entente__Response *response, struct logs *out)
{
    out->response = client_keep(response);
    if (out->response == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    out->count = out->response->log->n_channels;
    out->list = out->response->log->channels;
    return STATUS_OK;
}

void
logs_free(struct logs *logs)
{
    entente__response__free_unpacked(logs->response, NULL);
    *logs = (struct logs){.response = NULL};
}

enum status
logs_take(struct audit *audit, const Entente__LogResponse *answer, bool bodies)
{
    for (size_t i = 0; i < answer->n_entries; i++) {
        Entente__LogEntry *entry = answer->entries[i];
        enum status        st;

        entry->body_here = entry->body_here && bodies;
        st = audit_entry(audit, entry);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

enum status
logs_judge_body(const Entente__LogChannel *channel, uint64_t index,
                const Entente__LogResponse *answer)
{
    struct audit audit = {.channel = channel};

    if (answer->n_entries == 0 || !answer->entries[0]->body_here)
        return STATUS_NOT_FOUND;
    audit.frontier.size = index;
    return audit_entry(&audit, answer->entries[0]);
}

/* --- waiting for the answers ---------------------------------------------- */

NODISCARD static enum status
ask(struct cli *cli, struct client *client, Entente__LogRequest *log,
    Entente__Response **out)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = log;
    return talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_LOG, out);
}

enum status
logs_ask(struct cli *cli, struct client *client, const char *peer,
         struct logs *out)
{
    Entente__LogRequest log = logs_request(peer);
    Entente__Response  *response = NULL;
    enum status         st = ask(cli, client, &log, &response);

    return st == STATUS_OK ? logs_keep(cli, response, out) : st;
}

enum status
logs_ask_signed(struct cli *cli, struct client *client, const char *peer,
                struct logs *out)
{
    Entente__LogRequest log = logs_request(peer);
    Entente__Response  *response = NULL;
    enum status         st;

    log.both_signatures = true;
    st = ask(cli, client, &log, &response);
    return st == STATUS_OK ? logs_keep(cli, response, out) : st;
}

/* Copies a page of leaves to where they belong; how many came. */
static size_t
copy_leaves(const Entente__LogResponse *log, uint64_t from, uint64_t size,
            uint8_t *leaves)
{
    size_t count = 0;

    while (count < log->n_entries && from + count < size) {
        const Entente__LogEntry *entry = log->entries[count];

        if (entry->index != from + count || entry->leaf.len != LEAF_LEN)
            break;
        memcpy(leaves + (from + count) * LEAF_LEN, entry->leaf.data, LEAF_LEN);
        count++;
    }
    return count;
}

enum status
logs_leaves(struct cli *cli, struct client *client,
            const Entente__LogChannel *channel, uint8_t **out)
{
    uint64_t    size = channel->size;
    uint64_t    from = 0;
    uint8_t    *leaves = calloc(size + 1, LEAF_LEN);
    enum status st = STATUS_OK;

    if (leaves == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    while (from < size && st == STATUS_OK) {
        Entente__LogRequest log = logs_entries(channel, from, false);
        Entente__Response  *response = NULL;
        size_t              count = 0;

        st = ask(cli, client, &log, &response);
        if (st == STATUS_OK)
            count = copy_leaves(response->log, from, size, leaves);
        if (st == STATUS_OK && count == 0)
            st = cli_fail(cli, STATUS_CORRUPT,
                          cli_line(cli, "log verify").text,
                          "entry %llu of %s is missing",
                          (unsigned long long)from, channel->origin);
        from += count;
    }
    if (st == STATUS_OK)
        *out = leaves;
    else
        free(leaves);
    return st;
}

enum status
logs_feed(struct cli *cli, struct client *client, struct audit *audit,
          bool bodies)
{
    while (audit->frontier.size < audit->channel->size) {
        Entente__LogRequest log = logs_entries(audit->channel,
                                               audit->frontier.size, bodies);
        Entente__Response  *response = NULL;
        enum status         st = ask(cli, client, &log, &response);

        if (st != STATUS_OK)
            return st;
        if (response->log->n_entries == 0)
            return STATUS_OK; /* audit_end names what is missing */
        st = logs_take(audit, response->log, bodies);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}
