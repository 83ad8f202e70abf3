/*
 * readout.c - through the control requests that officers and auditors have.
 */
#include "tests/sim/readout.h"

#include "node/sim/audit.h"

#include <string.h>

enum { ENTRIES = 100 };

static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Entente__Response *
wait_for(struct desk *desk, struct oracle *oracle, size_t who,
         const Entente__Request *request, Entente__Response__KindCase kind)
{
    Entente__Response *response = desk_wait(desk, who, request);

    if (response != NULL && response->kind_case == kind)
        return response;
    verdict_break(&oracle->verdict,
                  "node %zu does not answer request %d at the end: %s", who,
                  (int)request->kind_case,
                  response != NULL && response->failure != NULL
                      ? response->failure->code
                      : "nothing");
    if (response != NULL)
        entente__response__free_unpacked(response, NULL);
    return NULL;
}

/* --- messages ------------------------------------------------------------ */

void
readout_files(struct custody *custody, size_t who,
              const Entente__ShowResponse *shown)
{
    struct message_id id;

    if (shown->outgoing || hex_decode(span_text(shown->row->id), id.bytes,
                                      sizeof(id.bytes)) != STATUS_OK)
        return;
    for (size_t i = 0; i < shown->n_attachments; i++) {
        const Entente__AttachmentState *file = shown->attachments[i];

        custody_shown(custody, who, &id,
                      (struct span){file->digest.data, file->digest.len},
                      strcmp(file->state, "complete") == 0, file->chunks,
                      file->of);
    }
}

static void
read_message(struct desk *desk, struct oracle *oracle,
             struct custody *custody, size_t who, const Entente__ListRow *row)
{
    const struct machine      *machine = world_machine(desk->world, who);
    uint64_t                   asked_ms = machine->wall_ms;
    Entente__Request           request = ENTENTE__REQUEST__INIT;
    Entente__ShowRequest       show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Response         *response;
    const Entente__ShowResponse *shown;
    struct message_id          id = {{0}};

    show.ref = row->id; /* numbers begin again where a disk was set back */
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    response = wait_for(desk, oracle, who, &request,
                        ENTENTE__RESPONSE__KIND_SHOW);
    if (response == NULL)
        return;
    shown = response->show;
    if (hex_decode(span_text(row->id), id.bytes, sizeof(id.bytes)) !=
        STATUS_OK)
        verdict_break(&oracle->verdict, "node %zu lists a bad id", who);
    else if (!shown->outgoing)
        oracle_reads(oracle, who, &id, row->number, span_text(shown->origin),
                     shown->index,
                     (struct span){shown->message.data, shown->message.len});
    readout_files(custody, who, shown);
    oracle_awaits(oracle, who, &id, shown->awaited, shown->overdue, asked_ms,
                  machine->wall_max_ms);
    entente__response__free_unpacked(response, NULL);
}

/* A whole list: fewer than one answer may hold. */
static void
read_list(struct desk *desk, struct oracle *oracle, struct custody *custody,
          size_t who, bool outgoing)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;
    Entente__Response   *response;

    list.outgoing = outgoing;
    request.kind_case = ENTENTE__REQUEST__KIND_LIST;
    request.list = &list;
    response = wait_for(desk, oracle, who, &request,
                        ENTENTE__RESPONSE__KIND_LIST);
    if (response == NULL)
        return;
    for (size_t i = 0; i < response->list->n_rows; i++) {
        const Entente__ListRow *row = response->list->rows[i];

        if (strcmp(row->state, "unopened") != 0 &&
            strcmp(row->state, "quarantined") != 0)
            read_message(desk, oracle, custody, who, row);
    }
    entente__response__free_unpacked(response, NULL);
}

/* --- logs ---------------------------------------------------------------- */

/* Leaves from `from` on; returns how many there were. */
static size_t
read_leaves(struct desk *desk, struct oracle *oracle, size_t who,
            const Entente__LogChannel *channel, uint64_t from)
{
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    Entente__Response  *response;
    size_t              count;

    log.peer = channel->peer;
    log.incoming = channel->incoming;
    log.origin = channel->origin;
    log.from = from;
    log.limit = ENTRIES;
    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = &log;
    response = wait_for(desk, oracle, who, &request,
                        ENTENTE__RESPONSE__KIND_LOG);
    if (response == NULL)
        return 0;
    count = response->log->n_entries;
    for (size_t i = 0; i < count; i++) {
        const Entente__LogEntry *entry = response->log->entries[i];

        if (entry->index != from + i)
            verdict_break(&oracle->verdict, "node %zu shows entry %llu of %s "
                                            "out of place",
                          who, (unsigned long long)entry->index,
                          channel->origin);
        audit_leaf(&oracle->ledger, who, span_text(channel->origin),
                   entry->index,
                   (struct span){entry->leaf.data, entry->leaf.len});
    }
    entente__response__free_unpacked(response, NULL);
    return count;
}

static void
copy(uint8_t *out, size_t len, const ProtobufCBinaryData *from)
{
    struct reader in = reader_of((struct span){from->data, from->len});

    reader_copy(&in, out, len);
}

static void
read_channel(struct desk *desk, struct oracle *oracle, size_t who,
             const Entente__LogChannel *channel)
{
    struct audit_log log = {.who = who, .origin = span_text(channel->origin)};
    uint64_t         at = 0;
    size_t           got;

    log.head.size = channel->size;
    copy(log.head.root.bytes, LIMIT_DIGEST, &channel->root);
    copy(log.signature, LIMIT_SIGNATURE, &channel->signature);
    log.cosigned.size = channel->cosigned_size;
    copy(log.cosigned.root.bytes, LIMIT_DIGEST, &channel->cosigned_root);
    log.cosignature.time_s = channel->cosigned_time;
    copy(log.cosignature.signature, LIMIT_SIGNATURE, &channel->cosignature);
    copy(log.log_key, LIMIT_KEY, &channel->log_key);
    copy(log.witness_key, LIMIT_KEY, &channel->witness_key);
    audit_log(&oracle->ledger, &log);
    do
        got = read_leaves(desk, oracle, who, channel, at);
    while (got > 0 && (at += got) < channel->size);
    if (at < channel->size)
        verdict_break(&oracle->verdict,
                      "node %zu shows %llu of %llu entries of %s", who,
                      (unsigned long long)at,
                      (unsigned long long)channel->size, channel->origin);
}

static void
read_logs(struct desk *desk, struct oracle *oracle, size_t who)
{
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__LogRequest log = ENTENTE__LOG_REQUEST__INIT;
    Entente__Response  *response;

    log.peer = words("");
    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = &log;
    audit_asked(&oracle->ledger, who);
    response = wait_for(desk, oracle, who, &request,
                        ENTENTE__RESPONSE__KIND_LOG);
    if (response == NULL)
        return;
    for (size_t i = 0; i < response->log->n_channels; i++)
        read_channel(desk, oracle, who, response->log->channels[i]);
    entente__response__free_unpacked(response, NULL);
}

/* As a client reads a file that is shown as whole. */
static void
read_files(struct oracle *oracle, struct stations *stations)
{
    const struct custody *custody = stations->custody;

    for (size_t i = 0; i < custody->count; i++) {
        const struct custody_file *file = &custody->list[i];

        if (custody_owes(custody, file) &&
            !cabinet_shows(&stations->list[file->to].cabinet,
                           &oracle->ledger.nodes[file->from],
                           file->enclosure))
            verdict_break(&oracle->verdict,
                          "node %zu has a file of node %zu's, and does not "
                          "give it whole",
                          file->to, file->from);
    }
}

void
readout(struct desk *desk, struct oracle *oracle, struct stations *stations)
{
    for (size_t who = 0; who < stations->count; who++) {
        if (!world_present(desk->world, who))
            continue;
        read_list(desk, oracle, stations->custody, who, false);
        read_list(desk, oracle, stations->custody, who, true);
        read_logs(desk, oracle, who);
    }
    oracle_end(oracle);
    read_files(oracle, stations);
}
