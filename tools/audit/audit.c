/*
 * audit.c - three comparisons: body and leaf, leaves and root, root and
 * signature.
 *
 * Where a root is wrong though each body fits its leaf, a leaf's own fields
 * were changed; then only the signed heads on both sides of it can be named.
 */
#include "tools/audit/audit.h"

#include "crypto/checkpoint.h"
#include "crypto/seal.h"
#include "proto/leaf.h"
#include "proto/origin.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static enum status
refuse(struct audit *audit, enum status st, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(audit->why, sizeof(audit->why), format, args);
    va_end(args);
    return st;
}

static struct span
span_of(const ProtobufCBinaryData *bytes)
{
    return (struct span){bytes->data, bytes->len};
}

/* Whether a field has this length, or with `or_none` is left out. */
static bool
has_len(const ProtobufCBinaryData *bytes, size_t len, bool or_none)
{
    return bytes->len == len || (or_none && bytes->len == 0);
}

NODISCARD static enum status
check_shape(struct audit *audit, const Entente__LogChannel *channel)
{
    bool          no_head = channel->size == 0;
    bool          no_receipt = channel->cosigned_size == 0;
    struct origin origin;

    if (origin_parse(span_text(channel->origin), &origin) != STATUS_OK)
        return refuse(audit, STATUS_BAD_ENCODING, "this is no channel's name");
    if (!has_len(&channel->root, LIMIT_DIGEST, no_head) ||
        !has_len(&channel->signature, LIMIT_SIGNATURE, no_head) ||
        !has_len(&channel->log_key, LIMIT_KEY, false) ||
        !has_len(&channel->witness_key, LIMIT_KEY, false) ||
        !has_len(&channel->cosigned_root, LIMIT_DIGEST, no_receipt) ||
        !has_len(&channel->cosignature, LIMIT_SIGNATURE, no_receipt))
        return refuse(audit, STATUS_BAD_ENCODING,
                      "a root, key or signature has not its length");
    if (channel->cosigned_size > channel->size)
        return refuse(audit, STATUS_BAD_ROOT,
                      "%" PRIu64 " entries are receipted and only %" PRIu64
                      " are here: the log was cut",
                      channel->cosigned_size, channel->size);
    return STATUS_OK;
}

static void
head_of(uint64_t size, const ProtobufCBinaryData *root, struct head *out)
{
    out->size = size;
    memcpy(out->root.bytes, root->data, sizeof(out->root.bytes));
}

enum status
audit_begin(struct audit *audit, const Entente__LogChannel *channel)
{
    struct span        origin = span_text(channel->origin);
    struct cosignature cosignature = {.time_s = channel->cosigned_time};
    struct head        head;
    enum status        st;

    *audit = (struct audit){.channel = channel};
    merkle_init(&audit->frontier);
    merkle_empty_root(&audit->cosigned_root);
    st = check_shape(audit, channel);
    if (st != STATUS_OK || channel->size == 0)
        return st;
    head_of(channel->size, &channel->root, &head);
    st = checkpoint_verify(origin, &head, channel->log_key.data,
                           channel->signature.data);
    if (st != STATUS_OK)
        return refuse(audit, STATUS_BAD_PROOF,
                      "the signature on its head of %" PRIu64
                      " entries does not verify",
                      channel->size);
    if (channel->cosigned_size == 0)
        return STATUS_OK;
    head_of(channel->cosigned_size, &channel->cosigned_root, &head);
    memcpy(cosignature.signature, channel->cosignature.data,
           sizeof(cosignature.signature));
    st = cosignature_verify(origin, &head, &cosignature,
                            channel->witness_key.data);
    if (st != STATUS_OK)
        return refuse(audit, STATUS_BAD_PROOF,
                      "the receipt for %" PRIu64 " entries does not verify",
                      channel->cosigned_size);
    return STATUS_OK;
}

enum status
audit_keys(struct audit *audit, const struct cert *own, bool *known)
{
    const Entente__LogChannel *channel = audit->channel;
    const uint8_t *ours = channel->incoming ? channel->witness_key.data
                                            : channel->log_key.data;
    const uint8_t *theirs = channel->incoming ? channel->log_key.data
                                              : channel->witness_key.data;
    struct cert    cert;

    if (!secret_equal(ours,
                      channel->incoming ? own->witness_key : own->log_key,
                      LIMIT_KEY))
        return refuse(audit, STATUS_UNTRUSTED,
                      "our own key is not the one of our certificate");
    *known = channel->certificate.len > 0;
    if (!*known)
        return STATUS_OK;
    if (cert_verify(span_of(&channel->certificate), NULL, &cert) != STATUS_OK)
        return refuse(audit, STATUS_UNTRUSTED,
                      "the peer's certificate does not verify");
    if (!secret_equal(theirs,
                      channel->incoming ? cert.log_key : cert.witness_key,
                      LIMIT_KEY))
        return refuse(audit, STATUS_UNTRUSTED,
                      "their key is not the one of their certificate");
    return STATUS_OK;
}

NODISCARD static enum status
check_body(struct audit *audit, const Entente__LogEntry *entry,
           const struct leaf *leaf)
{
    struct seal_batch batch = {.origin = span_text(audit->channel->origin),
                               .first_index = entry->first};

    if (!has_len(&entry->ephemeral, LIMIT_KEY, false) ||
        !has_len(&entry->salt, LIMIT_SALT, false))
        return refuse(audit, STATUS_BAD_PROOF,
                      "entry %" PRIu64 ": its batch fields are cut",
                      entry->index);
    memcpy(batch.ephemeral, entry->ephemeral.data, LIMIT_KEY);
    memcpy(batch.salt, entry->salt.data, LIMIT_SALT);
    if (seal_check_digest(leaf, &batch, entry->index, span_of(&entry->body)) !=
        STATUS_OK)
        return refuse(audit, STATUS_BAD_PROOF,
                      "entry %" PRIu64 ": its body is not what its leaf names",
                      entry->index);
    audit->bodies++;
    return STATUS_OK;
}

enum status
audit_entry(struct audit *audit, const Entente__LogEntry *entry)
{
    struct leaf   leaf;
    struct digest hash;
    enum status   st = STATUS_OK;

    if (entry->index != audit->frontier.size)
        return refuse(audit, STATUS_BAD_PROOF,
                      "entry %" PRIu64 " is missing", audit->frontier.size);
    if (entry->index >= audit->channel->size)
        return STATUS_OK; /* dispatched since the head was asked for */
    if (leaf_decode(span_of(&entry->leaf), &leaf) != STATUS_OK)
        return refuse(audit, STATUS_BAD_PROOF, "entry %" PRIu64
                      ": its leaf is none", entry->index);
    if (entry->body_here)
        st = check_body(audit, entry, &leaf);
    if (st != STATUS_OK)
        return st;
    merkle_leaf_hash(span_of(&entry->leaf), &hash);
    merkle_append(&audit->frontier, &hash);
    if (audit->frontier.size == audit->channel->cosigned_size)
        merkle_root(&audit->frontier, &audit->cosigned_root);
    return STATUS_OK;
}

enum status
audit_end(struct audit *audit)
{
    const Entente__LogChannel *channel = audit->channel;
    struct digest              root;

    if (channel->size == 0)
        return STATUS_OK;
    if (audit->frontier.size != channel->size)
        return refuse(audit, STATUS_BAD_ROOT, "entry %" PRIu64 " is missing",
                      audit->frontier.size);
    if (channel->cosigned_size > 0 &&
        memcmp(audit->cosigned_root.bytes, channel->cosigned_root.data,
               LIMIT_DIGEST) != 0)
        return refuse(audit, STATUS_BAD_ROOT,
                      "one of entries 0 to %" PRIu64
                      " has another leaf than was signed and receipted",
                      channel->cosigned_size - 1);
    merkle_root(&audit->frontier, &root);
    if (memcmp(root.bytes, channel->root.data, LIMIT_DIGEST) != 0)
        return refuse(audit, STATUS_BAD_ROOT,
                      "one of entries %" PRIu64 " to %" PRIu64
                      " has another leaf than was signed",
                      channel->cosigned_size, channel->size - 1);
    return STATUS_OK;
}
