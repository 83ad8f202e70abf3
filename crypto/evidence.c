/*
 * evidence.c - one step after the other, and none after one that failed.
 *
 * Invariants:
 *  (I1) what the report says of an entry was checked by a step before;
 *  (I2) each byte of the text is the one spelling of a value (FORM, PROOF),
 *       and each value is signed or under something signed.
 */
#include "crypto/evidence.h"

#include "crypto/proof.h"
#include "proto/answers.h"

#include <assert.h>
#include <string.h>

struct inquiry {
    struct evidence_report *report;
    struct strict_arena    *arena;
    struct evidence         evidence;
};

/* One entry while it is looked at. */
struct witnessed {
    const struct evidence_entry *entry;
    size_t                       number; /* 0: the message */
    struct evidence_part        *part;
    struct proof                 proof;
};

const char *
evidence_check_name(enum evidence_check check)
{
    static const char *const names[] = {
#define EVIDENCE_NAME(name) #name,
        EVIDENCE_CHECK_LIST(EVIDENCE_NAME)
#undef EVIDENCE_NAME
    };

    assert(check < EVIDENCE_CHECK_COUNT);
    return names[check];
}

/* Notes a step, and gives back how it went. */
static enum status
step(struct inquiry *inquiry, enum evidence_check check, size_t part,
     enum status st)
{
    struct evidence_report *report = inquiry->report;

    assert(report->step_count < EVIDENCE_STEPS);
    report->steps[report->step_count++] =
        (struct evidence_step){check, part, st};
    return st;
}

/* --- the steps of one entry ---------------------------------------------- */

static enum status
check_proof(struct witnessed *it)
{
    struct evidence_part *part = it->part;
    enum status           st = proof_parse(it->entry->proof, &it->proof);

    if (st == STATUS_OK && it->proof.extra.len > 0)
        st = STATUS_BAD_ENCODING;
    if (st == STATUS_OK)
        st = origin_parse(it->proof.note.origin, &part->origin);
    if (st == STATUS_OK)
        st = parties_note_form(&it->proof.note, &part->origin);
    if (st != STATUS_OK)
        return st;
    part->origin_text = it->proof.note.origin;
    part->index = it->proof.index;
    part->head = it->proof.note.head;
    return STATUS_OK;
}

/* From the first node to the second, an answer the other way. */
static enum status
check_origin(const struct inquiry *inquiry, const struct witnessed *it)
{
    const struct cert   *certs = inquiry->report->parties.list;
    const struct origin *origin = &it->part->origin;
    size_t               from = it->number == 0 ? 0 : 1;

    if (!node_id_equal(&origin->sender, &certs[from].node) ||
        !node_id_equal(&origin->recipient, &certs[1 - from].node) ||
        strcmp(origin->realm, inquiry->report->parts[0].origin.realm) != 0)
        return STATUS_BAD_FIELD;
    return STATUS_OK;
}

static enum status
check_receipt(struct inquiry *inquiry, struct witnessed *it)
{
    struct evidence_part *part = it->part;
    struct cosignature    cosignature;
    enum status           st;

    st = parties_receipt(&inquiry->report->parties, &it->proof.note,
                         &part->origin, part->writer, &part->reader,
                         &cosignature);
    part->receipted = st == STATUS_OK;
    if (part->receipted)
        part->time_s = cosignature.time_s;
    return st;
}

static enum status
check_leaf(struct witnessed *it)
{
    struct leaf *leaf = &it->part->leaf;
    enum status  st = leaf_decode(SPAN_OF(it->entry->leaf), leaf);

    if (st == STATUS_OK)
        st = leaf_check(leaf);
    if (st != STATUS_OK)
        return st;
    return leaf->class == (it->number == 0 ? CLASS_MESSAGE : CLASS_ANSWER)
               ? STATUS_OK
               : STATUS_BAD_FIELD;
}

static enum status
check_included(const struct witnessed *it)
{
    struct digest hash;

    merkle_leaf_hash(SPAN_OF(it->entry->leaf), &hash);
    return merkle_inclusion_verify(&it->proof.inclusion, it->part->index,
                                   it->part->head.size, &hash,
                                   &it->part->head.root);
}

static enum status
check_body(const struct witnessed *it)
{
    const struct evidence_entry *entry = it->entry;
    struct seal_batch            batch = {.origin = it->part->origin_text,
                                          .first_index = entry->first};

    memcpy(batch.ephemeral, entry->ephemeral, LIMIT_KEY);
    memcpy(batch.salt, entry->salt, LIMIT_SALT);
    return seal_check_digest(&it->part->leaf, &batch, it->part->index,
                             entry->body);
}

static enum status
check_opened(struct inquiry *inquiry, struct witnessed *it)
{
    const struct evidence_entry *entry = it->entry;
    struct evidence_part        *part = it->part;
    uint8_t                     *room;
    enum status                  st;

    room = strict_arena_take(inquiry->arena, entry->body.len);
    if (room == NULL)
        return STATUS_TOO_LARGE;
    st = seal_open(&entry->content_key, part->origin_text, part->index,
                   &part->leaf, entry->body, room, &part->plain.len);
    part->opened = st == STATUS_OK;
    part->plain.ptr = room;
    return st;
}

/* --- what an answer says -------------------------------------------------- */

static bool
is_before(const struct evidence_part *a, const struct evidence_part *b)
{
    if (a->origin.epoch != b->origin.epoch)
        return a->origin.epoch < b->origin.epoch;
    if (a->origin.random != b->origin.random)
        return a->origin.random < b->origin.random;
    if (a->origin.lane != b->origin.lane)
        return a->origin.lane < b->origin.lane;
    return a->index < b->index;
}

static void
add_said(struct evidence_report *report, size_t part,
         const Entente__Answer *answer)
{
    assert(report->said_count < EVIDENCE_SAID_MAX); /* answers_check */
    report->said[report->said_count++] =
        (struct evidence_said){.part = part,
                               .verdict = (int)answer->verdict,
                               .time_ms = answer->time_ms,
                               .by = answer->by,
                               .why = answer->why};
}

static enum status
check_answers(struct inquiry *inquiry, const struct witnessed *it)
{
    struct evidence_report     *report = inquiry->report;
    const struct evidence_part *about = &report->parts[0];
    const size_t                before = report->said_count;
    const Entente__EntryAnswer *entry;
    ProtobufCMessage           *message = NULL;
    struct strict_fault         fault;
    enum status                 st;

    if (!it->part->opened ||
        (it->number > 1 && !is_before(it->part - 1, it->part)))
        return STATUS_BAD_FIELD;
    st = strict_unpack(&entente__entry_answer__descriptor, it->part->plain,
                       inquiry->arena, STRICT_REFUSE, &message, &fault);
    entry = (const Entente__EntryAnswer *)message;
    if (st == STATUS_OK)
        st = answers_check(entry);
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; i < entry->n_answers; i++)
        if (answers_name(entry->answers[i], about->origin_text, about->index))
            add_said(report, it->number, entry->answers[i]);
    return report->said_count == before ? STATUS_BAD_FIELD : STATUS_OK;
}

/* --- all of it ------------------------------------------------------------ */

#define STEP(check, result)                                                    \
    do {                                                                       \
        enum status st_ =                                                      \
            step(inquiry, EVIDENCE_##check, it->number, (result));             \
        if (st_ != STATUS_OK)                                                  \
            return st_;                                                        \
    } while (0)

static enum status
check_entry(struct inquiry *inquiry, struct witnessed *it)
{
    struct parties       *parties = &inquiry->report->parties;
    struct evidence_part *part = it->part;

    STEP(PROOF, check_proof(it));
    STEP(ORIGIN, check_origin(inquiry, it));
    STEP(HEAD, parties_head(parties, &it->proof.note, &part->origin,
                            &part->writer));
    if (it->proof.note.line_count > 1)
        STEP(RECEIPT, check_receipt(inquiry, it));
    STEP(LEAF, check_leaf(it));
    STEP(INCLUDED, check_included(it));
    STEP(BODY, check_body(it));
    if (it->entry->disclosed) {
        STEP(KEY, seal_check_key(&it->entry->content_key, &part->leaf));
        STEP(OPENED, check_opened(inquiry, it));
    }
    if (it->number > 0)
        STEP(ANSWERS, check_answers(inquiry, it));
    return STATUS_OK;
}

static enum status
check_certificates(struct inquiry *inquiry)
{
    struct parties *parties = &inquiry->report->parties;
    enum status     st = STATUS_OK;

    for (size_t i = 0;
         i < inquiry->evidence.certificate_count && st == STATUS_OK; i++)
        st = step(inquiry, EVIDENCE_CERTIFICATE, i,
                  parties_add(parties, inquiry->evidence.certificates[i]));
    if (st == STATUS_OK)
        st = step(inquiry, EVIDENCE_PARTIES, 0, parties_check(parties));
    return st;
}

static enum status
check_all(struct inquiry *inquiry, struct span text)
{
    struct evidence_report *report = inquiry->report;
    enum status             st;

    st = step(inquiry, EVIDENCE_FORM, 0,
              evidence_text_parse(text, inquiry->arena, &inquiry->evidence,
                                  &report->line));
    if (st == STATUS_OK)
        st = check_certificates(inquiry);
    for (size_t i = 0;
         i <= inquiry->evidence.answer_count && st == STATUS_OK; i++) {
        struct witnessed it = {.number = i, .part = &report->parts[i]};

        it.entry = i == 0 ? &inquiry->evidence.message
                          : &inquiry->evidence.answers[i - 1];
        st = check_entry(inquiry, &it);
        report->part_count = i + 1;
    }
    if (st == STATUS_OK)
        st = step(inquiry, EVIDENCE_NEEDED, 0,
                  parties_needed(&report->parties));
    return st;
}

enum status
evidence_verify(struct span text, struct strict_arena *arena,
                struct evidence_report *report)
{
    struct inquiry inquiry = {.report = report, .arena = arena};
    enum status    st;

    memset(report, 0, sizeof(*report));
    st = check_all(&inquiry, text);
    secret_wipe(&inquiry.evidence);
    return st;
}
