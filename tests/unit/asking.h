/*
 * asking.h - programs at the control socket of a duo's node: requests by
 * client and number, and what each was answered.
 *
 * Include once.
 */
#ifndef TESTS_ASKING_H
#define TESTS_ASKING_H

#include "tests/unit/duo.h"

#include "crypto/card.h"
#include "crypto/safety.h"

#include <stdlib.h>
#include <string.h>

static inline char *
asking_text(const char *text)
{
    return (char *)(uintptr_t)(text == NULL ? "" : text);
}

/* Posts a request of this client; its number is in it. */
static inline void
asking_post(struct duo_party *party, uint64_t client,
            const Entente__Request *request)
{
    size_t       len = entente__request__get_packed_size(request);
    uint8_t     *bytes = malloc(len + 1);
    struct event event = {
        .kind = EVENT_REQUEST, .client = client, .bytes = {bytes, len}};

    entente__request__pack(request, bytes);
    duo_post(party, &event);
    free(bytes);
}

static inline void
asking_gone(struct duo_party *party, uint64_t client)
{
    struct event event = {.kind = EVENT_CLIENT_GONE, .client = client};

    duo_post(party, &event);
}

static inline void
asking_quiesce(struct duo_party *party)
{
    struct event event = {.kind = EVENT_QUIESCE};

    duo_post(party, &event);
}

/* --- requests ------------------------------------------------------------ */

static inline void
asking_show(struct duo_party *party, uint64_t client, uint64_t id,
            const char *ref, bool peek)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;

    show.ref = asking_text(ref);
    show.peek = peek;
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    asking_post(party, client, &request);
}

static inline void
asking_state(struct duo_party *party, uint64_t client, uint64_t id,
             const char *ref, const char *until)
{
    Entente__Request      request = ENTENTE__REQUEST__INIT;
    Entente__StateRequest state = ENTENTE__STATE_REQUEST__INIT;

    state.ref = asking_text(ref);
    state.until = asking_text(until);
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_STATE;
    request.state = &state;
    asking_post(party, client, &request);
}

static inline void
asking_list(struct duo_party *party, uint64_t client, uint64_t id,
            const Entente__ListRequest *list)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_LIST;
    request.list = (Entente__ListRequest *)(uintptr_t)list;
    asking_post(party, client, &request);
}

static inline void
asking_log(struct duo_party *party, uint64_t client, uint64_t id,
           const Entente__LogRequest *log)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = (Entente__LogRequest *)(uintptr_t)log;
    asking_post(party, client, &request);
}

/* STATUS, PEERS, OWN_CARD: what needs no more words. */
static inline void
asking_plain(struct duo_party *party, uint64_t client, uint64_t id,
             Entente__Request__KindCase kind)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;

    request.id = id;
    request.kind_case = kind;
    request.status = &nothing;
    asking_post(party, client, &request);
}

static inline void
asking_remove(struct duo_party *party, uint64_t client, uint64_t id,
              const char *name)
{
    Entente__Request  request = ENTENTE__REQUEST__INIT;
    Entente__PeerName peer = ENTENTE__PEER_NAME__INIT;

    peer.name = asking_text(name);
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &peer;
    asking_post(party, client, &request);
}

/* Pairs `party` with a node that is never called, under this name. */
static inline void
asking_pair(struct duo_party *party, struct duo_party *other, const char *name)
{
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__PairRequest pair = ENTENTE__PAIR_REQUEST__INIT;
    char                 digits[SAFETY_TEXT_LEN + 1];
    struct safety        safety;
    struct card          card;
    struct cert          own;
    size_t               line;

    pair.card = asking_text(duo_card(other));
    assert_int_equal(card_parse(span_text(pair.card), &card, &line),
                     STATUS_OK);
    assert_int_equal(cert_verify(party->config.certificate, NULL, &own),
                     STATUS_OK);
    assert_int_equal(
        safety_number(own.org_key, card.cert.org_key, &safety), STATUS_OK);
    safety_format(&safety, SAFETY_ALL, digits);
    pair.safety_number = digits;
    pair.name = asking_text(name);
    pair.no_dial = true;
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &pair;
    duo_request(party, &request);
    duo_turn(party);
    assert_non_null(duo_last(party, ENTENTE__RESPONSE__KIND_PAIR));
}

/* --- answers ------------------------------------------------------------- */

/* How many answers a request got, and how many of them were the last. */
static inline size_t
asking_count(const struct duo_party *party, uint64_t client, uint64_t id,
             bool last)
{
    size_t count = 0;

    for (size_t i = 0; i < party->told_count; i++)
        count += party->told[i].client == client &&
                 party->told[i].response->id == id &&
                 (!last || party->told[i].response->last);
    return count;
}

/* The newest answer to a request; NULL: none. */
static inline const Entente__Response *
asking_told(const struct duo_party *party, uint64_t client, uint64_t id)
{
    for (size_t i = party->told_count; i-- > 0;)
        if (party->told[i].client == client &&
            party->told[i].response->id == id)
            return party->told[i].response;
    return NULL;
}

/* The one last answer of this kind. */
static inline const Entente__Response *
asking_ended(const struct duo_party *party, uint64_t client, uint64_t id,
             Entente__Response__KindCase kind)
{
    const Entente__Response *told = asking_told(party, client, id);

    assert_non_null(told);
    if (told->kind_case == ENTENTE__RESPONSE__KIND_FAILURE &&
        kind != ENTENTE__RESPONSE__KIND_FAILURE)
        fail_msg("%s %s: %s (%s)", told->failure->code, told->failure->path,
                 told->failure->message, told->failure->hint);
    assert_int_equal(told->kind_case, kind);
    assert_true(told->last);
    assert_int_equal(asking_count(party, client, id, true), 1);
    return told;
}

/* The one last answer is a refusal with this code, of this field, with words;
 * returns its hint, else its words. */
static inline const char *
asking_refused(const struct duo_party *party, uint64_t client, uint64_t id,
               const char *code, const char *path)
{
    const Entente__Failure *failure =
        asking_ended(party, client, id, ENTENTE__RESPONSE__KIND_FAILURE)
            ->failure;

    assert_string_equal(failure->code, code);
    assert_string_equal(failure->path, path);
    assert_true(failure->message[0] != '\0');
    return failure->hint[0] != '\0' ? failure->hint : failure->message;
}

/* The state of the newest answer about a message of ours. */
static inline const char *
asking_state_told(const struct duo_party *party, uint64_t client, uint64_t id)
{
    const Entente__Response *told = asking_told(party, client, id);

    if (told == NULL || told->kind_case != ENTENTE__RESPONSE__KIND_SUBMIT)
        return "nothing";
    return told->submit->state;
}

#endif
