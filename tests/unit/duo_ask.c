/* duo_ask.c - duo.h's requests: cards, pairing, submissions, answers. */
#include "tests/unit/duo.h"

#include "crypto/card.h"
#include "crypto/safety.h"
#include "message.pb-c.h"

#include <stdlib.h>
#include <string.h>

static void
must(enum status st)
{
    assert_string_equal(status_name(st), "OK");
}

void
duo_request(struct duo_party *party, const Entente__Request *request)
{
    size_t       len = entente__request__get_packed_size(request);
    uint8_t     *bytes = malloc(len + 1);
    struct event event = {
        .kind = EVENT_REQUEST, .client = 1, .bytes = {bytes, len}};

    entente__request__pack(request, bytes);
    duo_post(party, &event);
    free(bytes);
}

void
duo_forget_told(struct duo_party *party)
{
    for (size_t i = 0; i < party->told_count; i++)
        entente__response__free_unpacked(party->told[i].response, NULL);
    party->told_count = 0;
}

const Entente__Response *
duo_last(const struct duo_party *party, Entente__Response__KindCase kind)
{
    for (size_t i = party->told_count; i-- > 0;)
        if (party->told[i].response->kind_case == kind)
            return party->told[i].response;
    return NULL;
}

const char *
duo_card(struct duo_party *party)
{
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__Nothing         nothing = ENTENTE__NOTHING__INIT;
    const Entente__Response *response;

    request.kind_case = ENTENTE__REQUEST__KIND_OWN_CARD;
    request.own_card = &nothing;
    duo_request(party, &request);
    duo_turn(party);
    response = duo_last(party, ENTENTE__RESPONSE__KIND_OWN_CARD);
    assert_non_null(response);
    return response->own_card->card;
}

static void
pair_with(struct duo_party *party, const char *card_text)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__PairRequest pair = ENTENTE__PAIR_REQUEST__INIT;
    char                 digits[SAFETY_TEXT_LEN + 1];
    struct safety        safety;
    struct card          card;
    struct cert          own;
    size_t               line;

    must(card_parse(span_text(card_text), &card, &line));
    must(cert_verify(party->config.certificate, NULL, &own));
    must(safety_number(own.org_key, card.cert.org_key, &safety));
    safety_format(&safety, SAFETY_ALL, digits);
    pair.card = (char *)(uintptr_t)card_text;
    pair.safety_number = digits;
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &pair;
    duo_request(party, &request);
}

void
duo_pair(struct duo *duo)
{
    const char *card_a = duo_card(&duo->a);
    const char *card_b = duo_card(&duo->b);

    pair_with(&duo->a, card_b);
    pair_with(&duo->b, card_a);
    duo_run(duo);
    duo_wait(duo, 5000);
}

static unsigned
precedence_of(const char *word)
{
    unsigned value = 1;

    while (value < PRECEDENCE_COUNT &&
           strcmp(precedence_name(value), word) != 0)
        value++;
    return value;
}

struct message_id
duo_message_id(const struct duo_party *party, unsigned id)
{
    struct message_id out = {{0}};

    memcpy(out.bytes, &id, sizeof(id));
    out.bytes[15] = (uint8_t)(party->config.certificate.ptr[2] + 1);
    return out;
}

static void
enclose(const struct duo_note *asked, Entente__Attachment *files,
        Entente__Attachment **list)
{
    for (size_t i = 0; i < asked->enclosed_count; i++) {
        const struct duo_enclosed *said = &asked->enclosed[i];

        entente__attachment__init(&files[i]);
        files[i].name = (char *)(uintptr_t)"chart.png";
        files[i].media_type = (char *)(uintptr_t)"image/png";
        files[i].has_size_case = ENTENTE__ATTACHMENT__HAS_SIZE_SIZE;
        files[i].size = said->size;
        files[i].stored = said->stored;
        files[i].encoding = ENTENTE__ATTACHMENT__ENCODING__ENCODING_NONE;
        files[i].digest = (ProtobufCBinaryData){
            LIMIT_DIGEST, (uint8_t *)(uintptr_t)said->digest};
        files[i].key = (ProtobufCBinaryData){
            LIMIT_KEY, (uint8_t *)(uintptr_t)said->key};
        list[i] = &files[i];
    }
}

size_t
duo_pack_note(const struct duo_party *party, const struct duo_note *asked,
              uint8_t *out)
{
    Entente__Message    message = ENTENTE__MESSAGE__INIT;
    Entente__Originator originator = ENTENTE__ORIGINATOR__INIT;
    Entente__LegalBasis basis = ENTENTE__LEGAL_BASIS__INIT;
    Entente__Label      label = ENTENTE__LABEL__INIT;
    Entente__Time       dtg = ENTENTE__TIME__INIT, ack_by;
    Entente__Note       note = ENTENTE__NOTE__INIT;
    Entente__Attachment files[LIMIT_ATTACHMENTS], *list[LIMIT_ATTACHMENTS];
    struct message_id   id = duo_message_id(party, asked->id);
    struct message_id   about = duo_message_id(party, asked->cancels);
    ProtobufCBinaryData refs = {sizeof(about.bytes), about.bytes};
    char               *action_to[] = {(char *)(uintptr_t)"them"};
    char               *countries[] = {(char *)(uintptr_t)"JP"};

    message.id = (ProtobufCBinaryData){sizeof(id.bytes), id.bytes};
    message.version = 1;
    originator.org = (char *)(uintptr_t)"IFC-IOR";
    originator.post = (char *)(uintptr_t)"Duty Officer";
    message.originator = &originator;
    message.n_action_to = 1;
    message.action_to = action_to;
    message.precedence =
        (Entente__Precedence)precedence_of(asked->precedence);
    dtg.seconds = DUO_DTG_S;
    dtg.precision = ENTENTE__TIME__PRECISION__PRECISION_SECOND;
    message.dtg = &dtg;
    if (asked->ack_by_s != 0) {
        ack_by = dtg;
        ack_by.seconds += asked->ack_by_s;
        message.ack_by = &ack_by;
    }
    message.status = asked->test ? ENTENTE__MESSAGE__STATUS__STATUS_TEST
                                 : ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL;
    message.action = ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL;
    if (asked->cancels != 0) {
        message.action = ENTENTE__MESSAGE__ACTION__ACTION_CANCEL;
        message.n_refs = 1;
        message.refs = &refs;
    }
    label.policy = (char *)(uintptr_t)"IN-JP";
    label.classification = ENTENTE__CLASSIFICATION__CLASSIFICATION_RESTRICTED;
    label.n_releasable_to = 1;
    label.releasable_to = countries;
    message.label = &label;
    basis.agreement = (char *)(uintptr_t)"JDSC-2025";
    basis.article = (char *)(uintptr_t)"2";
    message.legal_basis = &basis;
    message.subject = (char *)(uintptr_t)asked->subject;
    note.text = (char *)(uintptr_t)(asked->text != NULL ? asked->text
                                                        : asked->subject);
    message.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    message.note = &note;
    enclose(asked, files, list);
    message.n_attachments = asked->enclosed_count;
    message.attachments = list;
    return entente__message__pack(&message, out);
}

void
duo_submit_note(struct duo_party *party, const struct duo_note *note)
{
    static uint8_t         packed[2 * LIMIT_BODY];
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__SubmitRequest submit = ENTENTE__SUBMIT_REQUEST__INIT;
    char                  *names[] = {(char *)(uintptr_t)note->to};

    submit.n_to = 1;
    submit.to = names;
    submit.message.data = packed;
    submit.message.len = duo_pack_note(party, note, packed);
    submit.may_exist = note->may_exist;
    submit.follow = note->until != NULL;
    submit.until = (char *)(uintptr_t)(note->until != NULL ? note->until : "");
    request.id = note->id;
    request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
    request.submit = &submit;
    duo_request(party, &request);
}

void
duo_submit(struct duo_party *party, const char *to, unsigned id,
           const char *precedence, const char *subject, const char *until)
{
    struct duo_note note = {.to = to,
                            .id = id,
                            .precedence = precedence,
                            .subject = subject,
                            .until = until};

    duo_submit_note(party, &note);
}

void
duo_show(struct duo_party *party, const char *ref)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;

    show.ref = (char *)(uintptr_t)ref;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    duo_request(party, &request);
}
