/*
 * letter.c - the marker stands in subject and text, which lists and vaults
 * treat apart.
 */
#include "tests/sim/letter.h"

#include "message.pb-c.h"
#include "node/sim/machine.h"
#include "node/sim/oracle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64000, SUBJECT_MAX = 96, ACK_BY_MAX_S = 240 };

#define DTG_S (MACHINE_WALL_MS / 1000)

/* protobuf-c's structs hold text that may be changed; this is not. */
static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

static size_t
text_len(struct dice *dice)
{
    uint64_t throw = dice_below(dice, 20);

    if (throw == 0)
        return (size_t)dice_between(dice, 20000, TEXT_MAX);
    if (throw < 4)
        return (size_t)dice_between(dice, 1000, 8000);
    return (size_t)dice_between(dice, 1, 400);
}

static char *
write_text(struct dice *dice)
{
    size_t len = text_len(dice);
    char  *text = malloc(sizeof(ORACLE_MARKER) + len);

    if (text == NULL)
        abort();
    memcpy(text, ORACLE_MARKER, sizeof(ORACLE_MARKER));
    for (size_t i = 0; i < len; i++)
        text[sizeof(ORACLE_MARKER) - 1 + i] =
            (char)('a' + dice_below(dice, 26));
    text[sizeof(ORACLE_MARKER) - 1 + len] = '\0';
    return text;
}

/* As the users' documents have it, and not as the core computes it. */
static uint64_t
by_precedence_ms(enum precedence precedence)
{
    static const uint64_t minutes[PRECEDENCE_COUNT] = {
        [PRECEDENCE_PRIORITY] = 360,
        [PRECEDENCE_IMMEDIATE] = 60,
        [PRECEDENCE_FLASH] = 10,
        [PRECEDENCE_OVERRIDE] = 5};

    return minutes[precedence] == 0 ? 0
                                    : (DTG_S + 60 * minutes[precedence]) * 1000;
}

/* One in two says itself by when it is to be answered: soon, so that it comes
 * to that. */
static void
write_ack_by(struct letter *letter, struct dice *dice,
             Entente__Message *message, Entente__Time *ack_by)
{
    letter->ack_by_ms = by_precedence_ms(letter->precedence);
    if (dice_chance(dice, 1, 2))
        return;
    *ack_by = *message->dtg;
    ack_by->seconds += (int64_t)dice_between(dice, 1, ACK_BY_MAX_S);
    message->ack_by = ack_by;
    letter->ack_by_ms = (uint64_t)ack_by->seconds * 1000;
}

struct annexes {
    Entente__Attachment  list[LETTER_FILES];
    Entente__Attachment *pointers[LETTER_FILES];
    char                 names[LETTER_FILES][SUBJECT_MAX];
};

static void
write_annexes(Entente__Message *message, struct annexes *out,
              const struct enclosure *const *files, size_t file_count)
{
    assert(file_count <= LETTER_FILES);
    for (size_t i = 0; i < file_count; i++) {
        Entente__Attachment *annex = &out->list[i];

        entente__attachment__init(annex);
        snprintf(out->names[i], sizeof(out->names[i]), "%s %zu.pdf",
                 ORACLE_MARKER, i + 1);
        annex->name = out->names[i];
        annex->media_type = words("application/pdf");
        annex->has_size_case = ENTENTE__ATTACHMENT__HAS_SIZE_SIZE;
        annex->size = files[i]->size;
        annex->digest = (ProtobufCBinaryData){
            LIMIT_DIGEST, (uint8_t *)(uintptr_t)files[i]->digest.bytes};
        annex->key = (ProtobufCBinaryData){
            LIMIT_KEY, (uint8_t *)(uintptr_t)files[i]->key};
        annex->stored = files[i]->shape.stored;
        annex->encoding = ENTENTE__ATTACHMENT__ENCODING__ENCODING_NONE;
        out->pointers[i] = annex;
    }
    message->n_attachments = file_count;
    message->attachments = out->pointers;
}

static void
pack(struct letter *letter, const Entente__Message *message)
{
    letter->bytes = malloc(entente__message__get_packed_size(message));
    if (letter->bytes == NULL)
        abort();
    letter->len = entente__message__pack(message, letter->bytes);
}

void
letter_write(struct letter *letter, struct dice *dice,
             const struct enclosure *const *files, size_t file_count)
{
    Entente__Message    message = ENTENTE__MESSAGE__INIT;
    Entente__Originator originator = ENTENTE__ORIGINATOR__INIT;
    Entente__LegalBasis basis = ENTENTE__LEGAL_BASIS__INIT;
    Entente__Label      label = ENTENTE__LABEL__INIT;
    Entente__Time       dtg = ENTENTE__TIME__INIT, ack_by;
    Entente__Note       note = ENTENTE__NOTE__INIT;
    struct annexes      annexes;
    char                subject[SUBJECT_MAX];
    char               *action_to[] = {words("ALL")};
    char               *countries[] = {words("JP")};
    char               *text = write_text(dice);

    dice_fill(dice, letter->id.bytes, sizeof(letter->id.bytes));
    letter->precedence = (enum precedence)dice_between(
        dice, PRECEDENCE_DEFERRED, PRECEDENCE_OVERRIDE);
    snprintf(subject, sizeof(subject), "%s %u", ORACLE_MARKER,
             (unsigned)dice_below(dice, 1000));
    message.id = (ProtobufCBinaryData){LIMIT_MESSAGE_ID, letter->id.bytes};
    message.version = 1;
    originator.org = words("IFC-IOR");
    originator.post = words("Duty Officer");
    message.originator = &originator;
    message.n_action_to = 1;
    message.action_to = action_to;
    message.precedence = (Entente__Precedence)letter->precedence;
    dtg.seconds = (int64_t)DTG_S;
    dtg.precision = ENTENTE__TIME__PRECISION__PRECISION_SECOND;
    message.dtg = &dtg;
    write_ack_by(letter, dice, &message, &ack_by);
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL;
    message.action = ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL;
    label.policy = words("IN-JP");
    label.classification = ENTENTE__CLASSIFICATION__CLASSIFICATION_RESTRICTED;
    label.n_releasable_to = 1;
    label.releasable_to = countries;
    message.label = &label;
    basis.agreement = words("JDSC-2025");
    basis.article = words("2");
    message.legal_basis = &basis;
    message.subject = subject;
    note.text = text;
    message.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    message.note = &note;
    write_annexes(&message, &annexes, files, file_count);
    pack(letter, &message);
    free(text);
}

void
letter_clear(struct letter *letter)
{
    free(letter->bytes);
    *letter = (struct letter){0};
}
