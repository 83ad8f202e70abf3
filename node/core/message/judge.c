/*
 * judge.c - one function a type, found by its descriptor.
 *
 * Each looks only at fields that are there: what is missing was told already.
 */
#include "node/core/message/judge.h"

#include "crypto/attachment.h"
#include "node/core/message/likelihood.h"
#include "proto/words.h"

#include <stdio.h>
#include <string.h>

#define DAY_S 86400

static bool
has(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void
say(struct message_faults *faults, const struct path *at, const char *field,
    const char *words)
{
    struct path here = {at, field, PATH_NO_INDEX};

    message_faults_add(faults, &here, "%s", words);
}

/* ---- values ---- */

static int64_t
span_of_time(const Entente__Time *time)
{
    switch (time->precision) {
    case ENTENTE__TIME__PRECISION__PRECISION_DAY:
        return DAY_S;
    case ENTENTE__TIME__PRECISION__PRECISION_MINUTE:
        return 60;
    default:
        return 1;
    }
}

/* A day may reach into the moment after it: only the surely wrong is wrong. */
bool
judge_time_not_after(const Entente__Time *later, const Entente__Time *earlier)
{
    int64_t span_s = span_of_time(later);

    if (span_s > 1)
        return later->seconds + span_s <= earlier->seconds;
    return later->seconds < earlier->seconds ||
           (later->seconds == earlier->seconds &&
            later->nanos <= earlier->nanos);
}

static void
judge_time(const ProtobufCMessage *node, const struct path *at,
           struct message_faults *faults)
{
    static const uint32_t tens[] = {1,       10,       100,       1000,
                                    10000,   100000,   1000000,   10000000,
                                    100000000, 1000000000};
    const Entente__Time  *time = (const Entente__Time *)node;
    uint32_t              digits = time->fraction_digits;

    if (time->seconds % span_of_time(time) != 0 ||
        (span_of_time(time) > 1 && time->nanos != 0))
        message_faults_add(faults, at, "is more exact than its precision %s",
                           words_name(&entente__time__precision__descriptor,
                                      (int)time->precision));
    if (digits <= 9 && time->nanos % tens[9 - digits] != 0)
        say(faults, at, "fraction_digits", "is too few for its fraction");
    if (time->precision == ENTENTE__TIME__PRECISION__PRECISION_DAY &&
        time->has_offset_minutes_case != 0 && time->offset_minutes != 0)
        say(faults, at, "offset_minutes", "means nothing where only the day "
                                          "is known");
}

static void
judge_position(const ProtobufCMessage *node, const struct path *at,
               struct message_faults *faults)
{
    const Entente__Position *position = (const Entente__Position *)node;
    bool                     lat = position->has_lat_case != 0;
    bool                     lon = position->has_lon_case != 0;

    if (lat != lon)
        say(faults, at, lat ? "lon" : "lat", "is missing beside the other");
    if ((lat || lon) && position->n_polygon > 0)
        message_faults_add(faults, at, "is a point and a polygon; one of them");
    if (!lat && !lon && position->n_polygon == 0)
        message_faults_add(faults, at, "is neither lat and lon nor a polygon");
    if (position->n_polygon > 0 && position->n_polygon < 3)
        say(faults, at, "polygon", "needs three corners or more");
    if (position->radius != NULL && !lat)
        say(faults, at, "radius", "needs a point, lat and lon");
    if (position->radius != NULL && has(position->radius->unit) &&
        strcmp(position->radius->unit, "nm") != 0 &&
        strcmp(position->radius->unit, "km") != 0 &&
        strcmp(position->radius->unit, "m") != 0)
        say(faults, at, "radius", "is in nm, km or m");
}

static void
judge_source(const ProtobufCMessage *node, const struct path *at,
             struct message_faults *faults)
{
    const Entente__Source *source = (const Entente__Source *)node;

    if (source->ref.len == 0 && !has(source->description) &&
        !has(source->method))
        message_faults_add(faults, at, "says nothing of where it comes from; "
                                       "ref, description or method");
}

static void
judge_likelihood(const ProtobufCMessage *node, const struct path *at,
                 struct message_faults *faults)
{
    const Entente__Likelihood *likelihood = (const Entente__Likelihood *)node;
    const struct likelihood   *known;
    const char *yardstick = words_name(&entente__yardstick__descriptor,
                                       (int)likelihood->yardstick);
    struct path word = {at, "word", PATH_NO_INDEX};
    char        list[MESSAGE_WORDS];

    if (yardstick == NULL || !has(likelihood->word))
        return;
    known = likelihood_find(likelihood->yardstick, likelihood->word);
    if (known == NULL) {
        likelihood_list(likelihood->yardstick, list, sizeof(list));
        message_faults_add(faults, &word, "is no word of %s; %s", yardstick,
                           list);
    } else if ((likelihood->has_low_percent_case != 0 &&
                likelihood->low_percent != known->low_percent) ||
               (likelihood->has_high_percent_case != 0 &&
                likelihood->high_percent != known->high_percent)) {
        message_faults_add(faults, at, "\"%s\" of %s is %u to %u percent",
                           known->word, yardstick, known->low_percent,
                           known->high_percent);
    }
}

/* ---- attachments ---- */

static void
judge_attachment(const ProtobufCMessage *node, const struct path *at,
                 struct message_faults *faults)
{
    const Entente__Attachment *file = (const Entente__Attachment *)node;
    bool                       zstd =
        file->encoding == ENTENTE__ATTACHMENT__ENCODING__ENCODING_ZSTD;
    struct attachment_shape shape;
    uint64_t                plain;

    if (file->stored == 0 || file->size > LIMIT_ATTACHMENT)
        return;
    plain = attachment_stored_len(file->size);
    if (attachment_shape_of(file->stored, &shape) != STATUS_OK)
        say(faults, at, "stored", "is no length that sealed chunks have");
    else if (zstd ? file->stored > plain : file->stored != plain)
        say(faults, at, "stored", "does not go with its size and encoding");
    else if (zstd && file->size == 0)
        say(faults, at, "encoding", "is NONE where there is nothing");
}

static bool
same_digest(const Entente__Attachment *a, const Entente__Attachment *b)
{
    return span_equal((struct span){a->digest.data, a->digest.len},
                      (struct span){b->digest.data, b->digest.len});
}

static void
judge_attachments(const Entente__Message *message, const struct path *at,
                  struct message_faults *faults)
{
    struct path each = {at, "attachments", 0};

    if (message->n_attachments > LIMIT_ATTACHMENTS) {
        say(faults, at, "attachments", "are more than 16");
        return;
    }
    for (size_t i = 1; i < message->n_attachments; i++)
        for (size_t k = 0; k < i; k++) {
            each.index = (long)i;
            if (same_digest(message->attachments[i], message->attachments[k]))
                say(faults, &each, "digest", "is that of another one here");
        }
}

/* ---- the header ---- */

static void
judge_message(const ProtobufCMessage *node, const struct path *at,
              struct message_faults *faults)
{
    const Entente__Message *message = (const Entente__Message *)node;
    bool exercise =
        message->status == ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE;
    char realm[REALM_LEN + 1];
    int  len;

    if (exercise && !has(message->exercise_id))
        say(faults, at, "exercise_id", "is missing; status is EXERCISE");
    if (message->status != 0 && !exercise && has(message->exercise_id))
        say(faults, at, "exercise_id", "stands there, but status is not "
                                       "EXERCISE");
    if (has(message->exercise_id)) {
        len = snprintf(realm, sizeof(realm), "%s%s", REALM_EXERCISE_PREFIX,
                       message->exercise_id);
        if (len < 0 || (size_t)len >= sizeof(realm) ||
            !realm_valid(span_text(realm)))
            say(faults, at, "exercise_id", "is 1 to 32 of a-z, 0-9 and -");
    }
    if (message->action > ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL &&
        message->n_refs == 0)
        say(faults, at, "refs", "is missing; which messages the action is "
                                "about");
    if (message->dtg != NULL && message->expires != NULL &&
        judge_time_not_after(message->expires, message->dtg))
        say(faults, at, "expires", "is not after dtg");
    if (message->dtg != NULL && message->ack_by != NULL &&
        judge_time_not_after(message->ack_by, message->dtg))
        say(faults, at, "ack_by", "is not after dtg");
    judge_attachments(message, at, faults);
}

/* ---- 1 risk_assessment ---- */

/* ICD 203 D.6.e(2)(c): confidence and likelihood never in one sentence. */
static void
judge_key_judgement(const ProtobufCMessage *node, const struct path *at,
                    struct message_faults *faults)
{
    const Entente__KeyJudgement *judgement =
        (const Entente__KeyJudgement *)node;

    if (has(judgement->text) &&
        likelihood_has_confidence(judgement->text, false))
        say(faults, at, "text", "states a confidence; that belongs into "
                                "confidence, never beside a likelihood");
}

static void
judge_outcome(const Entente__RiskAssessment *assessment, const struct path *at,
              struct message_faults *faults)
{
    struct path outcome = {at, "outcome", PATH_NO_INDEX};
    struct path each = {&outcome, "judgements", 0};

    for (size_t i = 0; i < assessment->outcome->n_judgements; i++) {
        each.index = (long)i;
        if (assessment->outcome->judgements[i]->judgement >
            assessment->n_key_judgements)
            say(faults, &each, "judgement", "is beyond the last of "
                                            "key_judgements");
    }
}

static void
judge_risk_assessment(const ProtobufCMessage *node, const struct path *at,
                      struct message_faults *faults)
{
    const Entente__RiskAssessment *assessment =
        (const Entente__RiskAssessment *)node;
    const char *mixed = "has a sentence with both likelihood and confidence; "
                        "write two";

    if (assessment->valid_from != NULL && assessment->valid_to != NULL &&
        judge_time_not_after(assessment->valid_to, assessment->valid_from))
        say(faults, at, "valid_to", "is not after valid_from");
    if (has(assessment->summary) &&
        likelihood_has_confidence(assessment->summary, true))
        say(faults, at, "summary", mixed);
    if (has(assessment->discussion) &&
        likelihood_has_confidence(assessment->discussion, true))
        say(faults, at, "discussion", mixed);
    if (assessment->outcome != NULL)
        judge_outcome(assessment, at, faults);
}

static void
judge_stance(const ProtobufCMessage *node, const struct path *at,
             struct message_faults *faults)
{
    const Entente__Stance *stance = (const Entente__Stance *)node;

    if (stance->view > ENTENTE__STANCE__VIEW__VIEW_CONCUR && !has(stance->text))
        say(faults, at, "text", "is missing; the comment or the reason");
}

/* ---- 4 maritime_incident ---- */

static void
judge_count(bool given, uint32_t count, uint32_t count_max,
            const struct path *at, struct message_faults *faults)
{
    if (count_max > 0 && (!given || count_max < count))
        say(faults, at, "count_max", "is the upper end of count, which must "
                                     "be there and not above it");
}

static void
judge_suspect_craft(const ProtobufCMessage *node, const struct path *at,
                    struct message_faults *faults)
{
    const Entente__SuspectCraft *craft = (const Entente__SuspectCraft *)node;

    judge_count(craft->has_count_case != 0, craft->count, craft->count_max, at,
                faults);
}

static void
judge_perpetrators(const ProtobufCMessage *node, const struct path *at,
                   struct message_faults *faults)
{
    const Entente__Perpetrators *persons = (const Entente__Perpetrators *)node;

    judge_count(persons->has_count_case != 0, persons->count,
                persons->count_max, at, faults);
}

static void
judge_maritime_incident(const ProtobufCMessage *node, const struct path *at,
                        struct message_faults *faults)
{
    const Entente__MaritimeIncident *incident =
        (const Entente__MaritimeIncident *)node;

    if (incident->occurred != NULL && incident->ended != NULL &&
        judge_time_not_after(incident->ended, incident->occurred))
        say(faults, at, "ended", "is not after occurred");
}

void
judge_fields_together(const ProtobufCMessage *node, const struct path *at,
                      struct message_faults *faults)
{
    static const struct {
        const ProtobufCMessageDescriptor *type;
        void (*judge)(const ProtobufCMessage *node, const struct path *at,
                      struct message_faults *faults);
    } table[] = {
#define ROW(name) {&entente__##name##__descriptor, judge_##name}
        ROW(message),       ROW(time),
        ROW(position),      ROW(source),
        ROW(likelihood),    ROW(risk_assessment),
        ROW(key_judgement), ROW(stance),
        ROW(suspect_craft), ROW(perpetrators),
        ROW(maritime_incident), ROW(attachment),
#undef ROW
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].type == node->descriptor)
            table[i].judge(node, at, faults);
}
