/*
 * submitting.h - a node with two peers, and messages of a program that says
 * for itself what stands in them.
 *
 * Include once, after asking.h.
 */
#ifndef TESTS_SUBMITTING_H
#define TESTS_SUBMITTING_H

#include "tests/unit/asking.h"

#include "message.pb-c.h"

enum { SUBMITTING_TO = 70 };

/* A note to submit; zeroed memory is to nobody. */
struct submitting {
    uint64_t    request;
    unsigned    id; /* of the message */
    const char *to[SUBMITTING_TO]; /* up to the first NULL */
    const char *subject;
    const char *text;
    const char *exercise; /* NULL: it is ACTUAL */
    int64_t     dtg_s; /* 0: some time */
    const char *until; /* NULL: do not follow */
    bool        may_exist;
    size_t      id_len; /* 0: as it should be */
    unsigned    action; /* Message.Action; 0: ORIGINAL */
    unsigned    about;  /* message in refs; 0: none */
};

/* a with b for a peer, and with one who is never reached. */
static inline struct duo *
submitting_new(void)
{
    struct duo      *duo = duo_new();
    struct duo_party third;

    duo_pair(duo);
    duo_party_init(&third, 3);
    asking_pair(&duo->a, &third, "third");
    duo_party_clear(&third);
    duo_run(duo);
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    return duo;
}

static inline int
submitting_make(void **state)
{
    *state = submitting_new();
    return 0;
}

static inline int
submitting_drop(void **state)
{
    duo_free(*state);
    return 0;
}

static inline size_t
submitting_pack(const struct duo_party *party, const struct submitting *asked,
                uint8_t *out)
{
    Entente__Message    message = ENTENTE__MESSAGE__INIT;
    Entente__Originator originator = ENTENTE__ORIGINATOR__INIT;
    Entente__LegalBasis basis = ENTENTE__LEGAL_BASIS__INIT;
    Entente__Label      label = ENTENTE__LABEL__INIT;
    Entente__Time       dtg = ENTENTE__TIME__INIT;
    Entente__Note       note = ENTENTE__NOTE__INIT;
    struct message_id   id = duo_message_id(party, asked->id);
    struct message_id   earlier = duo_message_id(party, asked->about);
    ProtobufCBinaryData about = {sizeof(earlier.bytes), earlier.bytes};
    char               *names[] = {asking_text("them")};
    char               *countries[] = {asking_text("JP")};

    message.id = (ProtobufCBinaryData){
        asked->id_len > 0 ? asked->id_len : sizeof(id.bytes), id.bytes};
    message.version = 1;
    originator.org = asking_text("IFC-IOR");
    originator.post = asking_text("Duty Officer");
    message.originator = &originator;
    message.n_action_to = 1;
    message.action_to = names;
    message.precedence = ENTENTE__PRECEDENCE__PRECEDENCE_ROUTINE;
    dtg.seconds = asked->dtg_s != 0 ? asked->dtg_s : 1760000000;
    dtg.precision = ENTENTE__TIME__PRECISION__PRECISION_SECOND;
    message.dtg = &dtg;
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL;
    if (asked->exercise != NULL) {
        message.status = ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE;
        message.exercise_id = asking_text(asked->exercise);
    }
    message.action = asked->action != 0
                         ? (Entente__Message__Action)asked->action
                         : ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL;
    if (asked->about != 0) {
        message.n_refs = 1;
        message.refs = &about;
    }
    label.policy = asking_text("IN-JP");
    label.classification = ENTENTE__CLASSIFICATION__CLASSIFICATION_RESTRICTED;
    label.n_releasable_to = 1;
    label.releasable_to = countries;
    message.label = &label;
    basis.agreement = asking_text("JDSC-2025");
    basis.article = asking_text("2");
    message.legal_basis = &basis;
    message.subject = asking_text(
        asked->subject != NULL ? asked->subject : "tea?");
    note.text = asking_text(asked->text != NULL ? asked->text : "At four.");
    message.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    message.note = &note;
    return entente__message__pack(&message, out);
}

/* Posts these bytes as a message of client 1. */
static inline void
submitting_post_bytes(struct duo_party *party, const struct submitting *asked,
                      struct span bytes)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__SubmitRequest submit = ENTENTE__SUBMIT_REQUEST__INIT;
    char                  *names[SUBMITTING_TO];

    while (submit.n_to < SUBMITTING_TO && asked->to[submit.n_to] != NULL) {
        names[submit.n_to] = asking_text(asked->to[submit.n_to]);
        submit.n_to++;
    }
    submit.to = names;
    submit.message =
        (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.ptr};
    submit.may_exist = asked->may_exist;
    submit.follow = asked->until != NULL;
    submit.until = asking_text(asked->until);
    request.id = asked->request;
    request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
    request.submit = &submit;
    asking_post(party, 1, &request);
}

static inline void
submitting_post(struct duo_party *party, const struct submitting *asked)
{
    static uint8_t bytes[2 * LIMIT_BODY];

    submitting_post_bytes(
        party, asked,
        (struct span){bytes, submitting_pack(party, asked, bytes)});
}

/* a is asked, and all that follows from it happens. */
static inline void
submitting_run(struct duo *duo, const struct submitting *asked)
{
    submitting_post(&duo->a, asked);
    duo_run(duo);
}

/* The newest answer to a request about this peer; NULL: none. */
static inline const Entente__SubmitResponse *
submitting_told(const struct duo_party *party, uint64_t request,
                const char *peer)
{
    for (size_t i = party->told_count; i-- > 0;) {
        const Entente__Response *told = party->told[i].response;

        if (told->id == request &&
            told->kind_case == ENTENTE__RESPONSE__KIND_SUBMIT &&
            strcmp(told->submit->peer, peer) == 0)
            return told->submit;
    }
    return NULL;
}

/* Messages that wait, or have left, of all that is durable. */
static inline size_t
submitting_kept(const struct duo_party *party)
{
    size_t count = duo_count_records(party, RECORD_PENDING);
    size_t entries = duo_count_records(party, RECORD_OUT_ENTRY);

    for (size_t i = 0; i < entries; i++)
        count += duo_record(party, RECORD_OUT_ENTRY, i).number > 0;
    return count;
}

#endif
