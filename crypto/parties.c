/* parties.c - each signature is looked for among the certificates, in order. */
#include "crypto/parties.h"

#include <assert.h>
#include <string.h>

enum { FIRST_TWO = 2 };

enum status
parties_add(struct parties *parties, struct span certificate)
{
    enum status st;

    if (parties->count == LIMIT_EVIDENCE_CERTIFICATES)
        return STATUS_FULL;
    st = cert_verify(certificate, NULL, &parties->list[parties->count]);
    if (st != STATUS_OK)
        return st;
    parties->needed[parties->count] = parties->count < FIRST_TWO;
    parties->count++;
    return STATUS_OK;
}

enum status
parties_check(const struct parties *parties)
{
    const struct cert *list = parties->list;

    if (parties->count < FIRST_TWO ||
        node_id_equal(&list[0].node, &list[1].node))
        return STATUS_BAD_FIELD;
    for (size_t i = FIRST_TWO; i < parties->count; i++) {
        size_t of = node_id_equal(&list[i].node, &list[0].node) ? 0 : 1;

        if (!node_id_equal(&list[i].node, &list[of].node))
            return STATUS_BAD_FIELD;
        if (!secret_equal(list[i].org_key, list[of].org_key, LIMIT_KEY))
            return STATUS_UNTRUSTED;
    }
    return STATUS_OK;
}

enum status
parties_needed(const struct parties *parties)
{
    for (size_t i = 0; i < parties->count; i++)
        if (!parties->needed[i])
            return STATUS_BAD_FIELD;
    return STATUS_OK;
}

enum status
parties_note_form(const struct note *note, const struct origin *origin)
{
    struct note_witness_name name = note_witness_name(&origin->recipient);

    if (note->line_count > 2 ||
        !span_equal(note->lines[0].name, note->origin))
        return STATUS_BAD_ENCODING;
    if (note->line_count == 2 &&
        !span_equal(note->lines[1].name, span_text(name.text)))
        return STATUS_BAD_ENCODING;
    return STATUS_OK;
}

enum status
parties_head(struct parties *parties, const struct note *note,
             const struct origin *origin, size_t *writer)
{
    struct note_signatures found;

    for (size_t i = 0; i < parties->count; i++) {
        const struct cert *cert = &parties->list[i];

        if (!node_id_equal(&cert->node, &origin->sender) ||
            note_verify(note, cert->log_key, NULL, &found) != STATUS_OK)
            continue;
        parties->needed[i] = true;
        *writer = i;
        return STATUS_OK;
    }
    return STATUS_BAD_PROOF;
}

enum status
parties_receipt(struct parties *parties, const struct note *note,
                const struct origin *origin, size_t writer, size_t *reader,
                struct cosignature *out)
{
    const uint8_t         *log_key = parties->list[writer].log_key;
    struct note_signatures found;

    assert(writer < parties->count);
    for (size_t i = 0; i < parties->count; i++) {
        const struct cert  *cert = &parties->list[i];
        struct note_witness witness = {.node = cert->node};

        memcpy(witness.public_key, cert->witness_key, LIMIT_KEY);
        if (!node_id_equal(&cert->node, &origin->recipient) ||
            note_verify(note, log_key, &witness, &found) != STATUS_OK ||
            !found.cosigned)
            continue;
        parties->needed[i] = true;
        *reader = i;
        *out = found.cosignature;
        return STATUS_OK;
    }
    return STATUS_BAD_PROOF;
}
