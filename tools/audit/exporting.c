/* exporting.c - channels, then all their leaves, in the order of origins. */
#include "tools/audit/exporting.h"

#include "tools/cli/self.h"

#include <stdlib.h>
#include <string.h>

/* What a log takes beside its leaves: two notes and some words. */
enum { FILE_ROOM = 8192, LOG_ROOM = 2 * LIMIT_NOTE + 64 };

void
exporting_clear(struct exporting *out)
{
    free(out->text);
    free(out->logs);
    *out = (struct exporting){.text = NULL};
}

/* --- which logs ---------------------------------------------------------- */

static int
by_origin(const void *a, const void *b)
{
    const Entente__LogChannel *const *x = a;
    const Entente__LogChannel *const *y = b;

    return strcmp((*x)->origin, (*y)->origin);
}

/* Those with a head, sorted; how many. */
static size_t
pick(const struct logs *logs, const Entente__LogChannel **out)
{
    size_t count = 0;

    for (size_t i = 0; i < logs->count; i++)
        if (logs->list[i]->size > 0)
            out[count++] = logs->list[i];
    qsort(out, count, sizeof(*out), by_origin);
    return count;
}

/* --- one log ------------------------------------------------------------- */

NODISCARD static enum status
put_note(const Entente__LogChannel *channel, uint64_t size,
         const ProtobufCBinaryData *root, const ProtobufCBinaryData *signature,
         bool receipted, struct writer *out)
{
    struct note_signatures signatures = {.cosigned = receipted};
    struct note_witness    witness;
    struct origin          origin;
    struct head            head = {.size = size};
    enum status st = origin_parse(span_text(channel->origin), &origin);

    if (st != STATUS_OK)
        return st;
    witness.node = origin.recipient;
    memcpy(witness.public_key, channel->witness_key.data, LIMIT_KEY);
    memcpy(head.root.bytes, root->data, sizeof(head.root.bytes));
    memcpy(signatures.log_signature, signature->data, LIMIT_SIGNATURE);
    if (receipted) {
        signatures.cosignature.time_s = channel->cosigned_time;
        memcpy(signatures.cosignature.signature, channel->cosignature.data,
               LIMIT_SIGNATURE);
    }
    return note_write(span_text(channel->origin), &head, channel->log_key.data,
                      receipted ? &witness : NULL, &signatures, out);
}

NODISCARD static enum status
put_log(const Entente__LogChannel *channel, const uint8_t *leaves,
        struct writer *out)
{
    uint8_t       newest[LIMIT_NOTE], smaller[LIMIT_NOTE];
    struct writer note = writer_of(newest, sizeof(newest));
    struct writer receipt = writer_of(smaller, sizeof(smaller));
    bool          receipted = channel->cosigned_signature.len > 0;
    bool          on_newest = channel->cosigned_size == channel->size;
    enum status   st;

    st = put_note(channel, channel->size, &channel->root, &channel->signature,
                  receipted && on_newest, &note);
    if (st == STATUS_OK && receipted && !on_newest)
        st = put_note(channel, channel->cosigned_size, &channel->cosigned_root,
                      &channel->cosigned_signature, true, &receipt);
    if (st == STATUS_OK)
        st = export_log(writer_span(&note), writer_span(&receipt), out);
    for (uint64_t i = 0; i < channel->size && st == STATUS_OK; i++)
        export_leaf(leaves + i * LEAF_LEN, out);
    export_end_log(out);
    return st == STATUS_OK ? writer_end(out) : st;
}

NODISCARD static enum status
add_log(struct exporting *it, struct cli *cli, struct client *client,
        const Entente__LogChannel *channel)
{
    size_t        room = (size_t)channel->size * EXPORT_LEAF_LINE + LOG_ROOM;
    uint8_t      *more = NULL;
    uint8_t      *leaves = NULL;
    struct writer out;
    enum status   st;

    if (!logs_is_whole(channel))
        return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    st = logs_leaves(cli, client, channel, &leaves);
    if (st == STATUS_OK)
        more = realloc(it->text, it->len + room + FILE_ROOM);
    if (st == STATUS_OK && more == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    if (st == STATUS_OK) {
        it->text = more;
        out = writer_of(it->text + it->len, room);
        st = cli_status(cli, put_log(channel, leaves, &out), channel->origin);
    }
    if (st == STATUS_OK) {
        it->len += out.len;
        it->entries += channel->size;
    }
    free(leaves);
    return st;
}

/* --- the file ------------------------------------------------------------ */

NODISCARD static enum status
begin(struct exporting *it, struct cli *cli, const Entente__LogChannel *any)
{
    struct cert_encoded own;
    struct writer       out;
    enum status         st = self_cert_encoded(cli, &own);

    if (st != STATUS_OK)
        return st;
    it->text = malloc(FILE_ROOM);
    it->logs = calloc(LIMIT_EXPORT_LOGS, sizeof(*it->logs));
    if (it->text == NULL || it->logs == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    out = writer_of(it->text, FILE_ROOM);
    st = export_begin(cert_span(&own),
                      (struct span){any->certificate.data,
                                    any->certificate.len},
                      &out);
    it->len = out.len;
    return cli_status(cli, st, "the certificates");
}

NODISCARD static enum status
end(struct exporting *it, struct cli *cli)
{
    struct writer out = writer_of(it->text + it->len, FILE_ROOM);
    enum status   st;

    export_end(&out);
    it->len += out.len;
    it->export.logs = it->logs;
    it->export.cap = LIMIT_EXPORT_LOGS;
    st = export_verify((struct span){it->text, it->len}, &it->export);
    if (st != STATUS_OK)
        return cli_fail(cli, STATUS_CORRUPT,
                        cli_line(cli, "log verify").text,
                        "what the node has does not verify: %s, in %.*s",
                        status_words(st), (int)it->export.refused.len,
                        it->export.refused.len == 0
                            ? ""
                            : (const char *)it->export.refused.ptr);
    return STATUS_OK;
}

enum status
exporting_run(struct exporting *out, struct cli *cli, struct client *client,
              const char *peer)
{
    struct logs                 logs = {.response = NULL};
    const Entente__LogChannel **list = NULL;
    size_t                      count = 0;
    enum status st = logs_ask_signed(cli, client, peer, &logs);

    if (st == STATUS_OK && logs.count == 0)
        st = cli_fail(cli, STATUS_NOT_FOUND, NULL,
                      "there is no log with %s yet", peer);
    if (st == STATUS_OK)
        list = calloc(logs.count, sizeof(*list));
    if (st == STATUS_OK && list == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    if (st == STATUS_OK) {
        count = pick(&logs, list);
        st = begin(out, cli, logs.list[0]);
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++)
        st = add_log(out, cli, client, list[i]);
    if (st == STATUS_OK)
        st = end(out, cli);
    free(list);
    logs_free(&logs);
    return st;
}
