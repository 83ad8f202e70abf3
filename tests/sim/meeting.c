/*
 * meeting.c - all cards, then all pairs, one request after the other.
 */
#include "tests/sim/meeting.h"

#include "crypto/card.h"
#include "crypto/safety.h"

#include <stdio.h>

void
meeting_name(size_t who, char out[static LIMIT_NAME])
{
    snprintf(out, LIMIT_NAME, "node%zu", who);
}

static Entente__Response *
own_card(struct meeting *meeting, size_t who)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    Entente__Nothing nothing = ENTENTE__NOTHING__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_OWN_CARD;
    request.own_card = &nothing;
    return desk_wait(meeting->desk, who, &request);
}

static void
pair_with(struct meeting *meeting, size_t who, size_t other, char *card_text)
{
    const struct cert   *own = &meeting->stations->list[who].cert;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__PairRequest pair = ENTENTE__PAIR_REQUEST__INIT;
    Entente__Response   *response;
    char                 digits[SAFETY_TEXT_LEN + 1];
    char                 name[LIMIT_NAME];
    struct safety        safety;
    struct card          card;
    size_t               line = 0;

    if (card_parse(span_text(card_text), &card, &line) != STATUS_OK ||
        safety_number(own->org_key, card.cert.org_key, &safety) != STATUS_OK) {
        verdict_break(&meeting->oracle->verdict, "node %zu has a bad card",
                      other);
        return;
    }
    safety_format(&safety, SAFETY_ALL, digits);
    meeting_name(other, name);
    pair.card = card_text;
    pair.name = name;
    pair.safety_number = digits;
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &pair;
    response = desk_wait(meeting->desk, who, &request);
    if (response == NULL ||
        response->kind_case != ENTENTE__RESPONSE__KIND_PAIR)
        verdict_break(&meeting->oracle->verdict,
                      "node %zu does not pair with node %zu: %s", who, other,
                      response != NULL && response->failure != NULL
                          ? response->failure->code
                          : "no answer");
    if (response != NULL)
        entente__response__free_unpacked(response, NULL);
}

void
meeting_pair(struct meeting *meeting)
{
    const struct world *world = meeting->desk->world;
    size_t              count = meeting->stations->count;

    for (size_t other = 0; other < count; other++) {
        Entente__Response *response;

        if (!world_present(world, other))
            continue;
        response = own_card(meeting, other);
        if (response == NULL ||
            response->kind_case != ENTENTE__RESPONSE__KIND_OWN_CARD) {
            verdict_break(&meeting->oracle->verdict, "node %zu has no card",
                          other);
            return;
        }
        for (size_t who = 0; who < count; who++)
            if (who != other && world_present(world, who))
                pair_with(meeting, who, other, response->own_card->card);
        entente__response__free_unpacked(response, NULL);
    }
}
