/* gathering.c - entries, then the logs they stand in, then the proofs. */
#include "tools/audit/gathering.h"

#include "crypto/proof.h"
#include "tools/cli/self.h"

#include <stdlib.h>
#include <string.h>

/* An entry as the node gave it, with the log that it stands in. */
struct gathered {
    char          origin[LIMIT_ORIGIN + 1];
    uint64_t      index;
    uint8_t      *body;
    uint8_t       proof[LIMIT_PROOF];
};

struct gathering {
    char                   peer[LIMIT_NAME + 1];
    uint64_t               answers; /* that the node knows of */
    size_t                 count;
    struct gathered        list[EVIDENCE_PARTS];
    struct evidence        evidence;
    struct cert_encoded    own, theirs;
    uint8_t               *text;
    size_t                 len;
    uint8_t               *room; /* of the report */
    struct evidence_report report;
};

struct gathering *
gathering_new(void)
{
    struct gathering *gathering = calloc(1, sizeof(*gathering));

    if (gathering == NULL)
        return NULL;
    gathering->text = malloc(LIMIT_EVIDENCE);
    gathering->room = malloc(EVIDENCE_ROOM);
    if (gathering->text != NULL && gathering->room != NULL)
        return gathering;
    free(gathering->text);
    free(gathering->room);
    free(gathering);
    return NULL;
}

void
gathering_free(struct gathering *gathering)
{
    if (gathering == NULL)
        return;
    for (size_t i = 0; i < gathering->count; i++)
        free(gathering->list[i].body);
    secret_wipe_bytes(gathering->text, LIMIT_EVIDENCE);
    secret_wipe_bytes(gathering->room, EVIDENCE_ROOM);
    free(gathering->text);
    free(gathering->room);
    secret_wipe(gathering);
    free(gathering);
}

struct span
gathering_text(const struct gathering *gathering)
{
    return (struct span){gathering->text, gathering->len};
}

uint64_t
gathering_left_out(const struct gathering *gathering)
{
    uint64_t held = gathering->evidence.answer_count;

    return gathering->answers > held ? gathering->answers - held : 0;
}

const struct evidence_report *
gathering_report(const struct gathering *gathering)
{
    return &gathering->report;
}

/* --- entries -------------------------------------------------------------- */

static struct evidence_entry *
entry_of(struct gathering *gathering, size_t i)
{
    return i == 0 ? &gathering->evidence.message
                  : &gathering->evidence.answers[i - 1];
}

/* Keeps one; false: it has not the lengths of one. */
static bool
keep_entry(struct gathering *gathering, const Entente__EvidenceResponse *got)
{
    struct gathered         *gathered = &gathering->list[gathering->count];
    struct evidence_entry   *out = entry_of(gathering, gathering->count);
    const Entente__LogEntry *entry = got->entry;

    if (gathering->count == EVIDENCE_PARTS ||
        strlen(got->origin) > LIMIT_ORIGIN ||
        strlen(got->peer) > LIMIT_NAME || entry->leaf.len != LEAF_LEN ||
        entry->ephemeral.len != LIMIT_KEY || entry->salt.len != LIMIT_SALT ||
        entry->body.len == 0 || entry->body.len > LIMIT_SEALED ||
        (got->content_key.len != 0 && got->content_key.len != LIMIT_KEY))
        return false;
    gathered->body = malloc(entry->body.len);
    if (gathered->body == NULL)
        return false;
    gathering->count++;
    memcpy(gathered->body, entry->body.data, entry->body.len);
    snprintf(gathered->origin, sizeof(gathered->origin), "%s", got->origin);
    snprintf(gathering->peer, sizeof(gathering->peer), "%s", got->peer);
    gathered->index = entry->index;
    memcpy(out->leaf, entry->leaf.data, LEAF_LEN);
    out->first = entry->first;
    memcpy(out->ephemeral, entry->ephemeral.data, LIMIT_KEY);
    memcpy(out->salt, entry->salt.data, LIMIT_SALT);
    out->disclosed = got->content_key.len > 0;
    if (out->disclosed)
        memcpy(out->content_key.bytes, got->content_key.data, LIMIT_KEY);
    out->body = (struct span){gathered->body, entry->body.len};
    return true;
}

NODISCARD static enum status
ask_entries(struct gathering *gathering, struct cli *cli,
            struct client *client, const char *reference, bool withhold)
{
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__EvidenceRequest evidence = ENTENTE__EVIDENCE_REQUEST__INIT;
    Entente__Response       *response = NULL;
    enum status              st;

    evidence.ref = (char *)(uintptr_t)reference;
    evidence.withhold = withhold;
    request.kind_case = ENTENTE__REQUEST__KIND_EVIDENCE;
    request.evidence = &evidence;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_EVIDENCE,
                  &response);
    while (st == STATUS_OK && !response->last) {
        if (response->evidence->entry == NULL ||
            !keep_entry(gathering, response->evidence))
            return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
        st = client_next(client, talk_wait_ms(cli), &response);
        st = st == STATUS_OK
                 ? talk_judge(cli, response, ENTENTE__RESPONSE__KIND_EVIDENCE)
                 : talk_broken(cli, st);
    }
    if (st == STATUS_OK && gathering->count == 0)
        st = cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    if (st == STATUS_OK)
        gathering->answers = response->evidence->answers;
    return st;
}

/* --- proofs --------------------------------------------------------------- */

static const Entente__LogChannel *
channel_of(const struct logs *logs, const char *origin)
{
    for (size_t i = 0; i < logs->count; i++)
        if (strcmp(logs->list[i]->origin, origin) == 0)
            return logs->list[i];
    return NULL;
}

static void
witness_of(const Entente__LogChannel *channel, struct note_witness *out)
{
    struct origin origin;
    enum status   st = origin_parse(span_text(channel->origin), &origin);

    *out = (struct note_witness){0};
    if (st != STATUS_OK)
        return; /* then the note does not verify */
    out->node = origin.recipient;
    memcpy(out->public_key, channel->witness_key.data, LIMIT_KEY);
}

/* The newest head with both signatures that holds the entry, or without a
 * receipt the newest. */
NODISCARD static enum status
write_note(const Entente__LogChannel *channel, uint64_t index, uint64_t *size,
           struct writer *out)
{
    bool receipted = channel->cosigned_signature.len > 0 &&
                     channel->cosigned_size > index;
    const ProtobufCBinaryData *root =
        receipted ? &channel->cosigned_root : &channel->root;
    const ProtobufCBinaryData *signature =
        receipted ? &channel->cosigned_signature : &channel->signature;
    struct note_signatures signatures = {.cosigned = receipted};
    struct note_witness    witness;
    struct head            head;

    head.size = receipted ? channel->cosigned_size : channel->size;
    memcpy(head.root.bytes, root->data, sizeof(head.root.bytes));
    memcpy(signatures.log_signature, signature->data, LIMIT_SIGNATURE);
    witness_of(channel, &witness);
    if (receipted) {
        signatures.cosignature.time_s = channel->cosigned_time;
        memcpy(signatures.cosignature.signature, channel->cosignature.data,
               LIMIT_SIGNATURE);
    }
    *size = head.size;
    return note_write(span_text(channel->origin), &head, channel->log_key.data,
                      receipted ? &witness : NULL, &signatures, out);
}

static enum status
leaf_hash(void *context, uint64_t index, struct digest *out)
{
    const uint8_t *leaves = context;

    merkle_leaf_hash((struct span){leaves + index * LEAF_LEN, LEAF_LEN}, out);
    return STATUS_OK;
}

NODISCARD static enum status
write_proof(struct gathered *gathered, const Entente__LogChannel *channel,
            const uint8_t *leaves, struct span *out)
{
    struct merkle_leaves hashes = {leaf_hash, (void *)(uintptr_t)leaves};
    struct merkle_proof  inclusion;
    uint8_t              note[LIMIT_NOTE];
    struct writer        noted = writer_of(note, sizeof(note));
    struct writer        to = writer_of(gathered->proof, LIMIT_PROOF);
    uint64_t             size = 0;
    enum status          st;

    st = write_note(channel, gathered->index, &size, &noted);
    if (st == STATUS_OK)
        st = merkle_inclusion_make(&hashes, gathered->index, size, &inclusion);
    if (st == STATUS_OK)
        st = proof_write(gathered->index, &inclusion, SPAN_EMPTY,
                         writer_span(&noted), &to);
    *out = writer_span(&to);
    return st;
}

/* Of all entries in this log, whose leaves are asked for once. */
NODISCARD static enum status
prove_log(struct gathering *gathering, struct cli *cli, struct client *client,
          const Entente__LogChannel *channel)
{
    uint8_t    *leaves = NULL;
    enum status st = logs_leaves(cli, client, channel, &leaves);

    for (size_t i = 0; i < gathering->count && st == STATUS_OK; i++) {
        struct gathered *gathered = &gathering->list[i];

        if (strcmp(gathered->origin, channel->origin) != 0)
            continue;
        st = cli_status(cli,
                        write_proof(gathered, channel, leaves,
                                    &entry_of(gathering, i)->proof),
                        "the proof");
    }
    free(leaves);
    return st;
}

NODISCARD static enum status
prove_all(struct gathering *gathering, struct cli *cli, struct client *client,
          const struct logs *logs)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < gathering->count && st == STATUS_OK; i++) {
        const Entente__LogChannel *channel =
            channel_of(logs, gathering->list[i].origin);

        if (channel == NULL || !logs_is_whole(channel) ||
            channel->certificate.len > CERT_LEN_MAX)
            return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                            "the node does not hand out the log that it "
                            "stands in");
        if (entry_of(gathering, i)->proof.len == 0)
            st = prove_log(gathering, cli, client, channel);
    }
    return st;
}

/* --- the file ------------------------------------------------------------- */

/* The writer's certificate, then the reader's. */
NODISCARD static enum status
add_certificates(struct gathering *gathering, struct cli *cli,
                 const Entente__LogChannel *channel)
{
    struct evidence *evidence = &gathering->evidence;
    size_t           own = channel->incoming ? 1 : 0;
    enum status      st = self_cert_encoded(cli, &gathering->own);

    gathering->theirs.len = channel->certificate.len;
    memcpy(gathering->theirs.bytes, channel->certificate.data,
           channel->certificate.len);
    evidence->certificate_count = 2;
    evidence->certificates[own] = cert_span(&gathering->own);
    evidence->certificates[1 - own] = cert_span(&gathering->theirs);
    return st;
}

NODISCARD static enum status
write_text(struct gathering *gathering, struct cli *cli)
{
    struct writer       out = writer_of(gathering->text, LIMIT_EVIDENCE);
    struct strict_arena arena = strict_arena_of(gathering->room, EVIDENCE_ROOM);
    const struct evidence_report *report = &gathering->report;
    enum status                   st;

    gathering->evidence.answer_count = gathering->count - 1;
    st = evidence_text_write(&gathering->evidence, &out);
    if (st != STATUS_OK)
        return cli_status(cli, st, "the evidence");
    gathering->len = out.len;
    st = evidence_verify(gathering_text(gathering), &arena, &gathering->report);
    if (st != STATUS_OK)
        return cli_fail(
            cli, STATUS_CORRUPT, cli_line(cli, "log verify").text,
            "what the node has does not prove this message: %s fails (%s)",
            evidence_check_name(report->steps[report->step_count - 1].check),
            status_words(st));
    return STATUS_OK;
}

enum status
gathering_run(struct gathering *gathering, struct cli *cli,
              struct client *client, const char *reference, bool withhold)
{
    struct logs logs = {.response = NULL};
    enum status st;

    st = ask_entries(gathering, cli, client, reference, withhold);
    if (st == STATUS_OK)
        st = logs_ask_signed(cli, client, gathering->peer, &logs);
    if (st == STATUS_OK)
        st = prove_all(gathering, cli, client, &logs);
    if (st == STATUS_OK)
        st = add_certificates(gathering, cli,
                              channel_of(&logs, gathering->list[0].origin));
    if (st == STATUS_OK)
        st = write_text(gathering, cli);
    logs_free(&logs);
    return st;
}
