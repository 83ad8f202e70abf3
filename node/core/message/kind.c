/*
 * kind.c - the tables: which kinds there are, and what their fields must be.
 *
 * What one field can say about itself stands here; what needs two fields is
 * in message.c.
 */
#include "node/core/message/kind.h"

#include "proto/limits.h"
#include "proto/reflect.h"

#include <string.h>

static const struct kind kinds[] = {
    {"risk_assessment", 1, &entente__risk_assessment__descriptor,
     "ICD 203; NATO Admiralty code"},
    {"maritime_incident", 4, &entente__maritime_incident__descriptor,
     "IMO MSC.1/Circ.1334 appendix 5; NGA ASAM; ReCAAP"},
    {"note", 28, &entente__note__descriptor, "free text"},
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- header and values ---- */

static const struct kind_rule message_rules[] = {
    {"id", KIND_SEND_FILLS, KIND_BYTES, LIMIT_MESSAGE_ID, LIMIT_MESSAGE_ID},
    {"version", KIND_SEND_FILLS, KIND_RANGE, 1, UINT32_MAX},
    {"originator", KIND_SEND_FILLS, KIND_ANY, 0, 0},
    {"author", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"releaser", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"action_to", KIND_SEND_FILLS, KIND_LINE, 0, 0},
    {"info_to", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"precedence", KIND_SEND_FILLS, KIND_ANY, 0, 0},
    {"dtg", KIND_SEND_FILLS, KIND_ANY, 0, 0},
    {"status", KIND_SEND_FILLS, KIND_ANY, 0, 0},
    {"action", KIND_SEND_FILLS, KIND_ANY, 0, 0},
    {"refs", KIND_OPTIONAL, KIND_BYTES, LIMIT_MESSAGE_ID, LIMIT_MESSAGE_ID},
    {"label", KIND_HOME_FILLS, KIND_ANY, 0, 0},
    {"legal_basis", KIND_HOME_FILLS, KIND_ANY, 0, 0},
    {"subject", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"language", KIND_OPTIONAL, KIND_LINE, 0, 0},
};

static const struct kind_rule originator_rules[] = {
    {"org", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"post", KIND_HOME_FILLS, KIND_LINE, 0, 0},
};

static const struct kind_rule legal_basis_rules[] = {
    {"agreement", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"article", KIND_MANDATORY, KIND_LINE, 0, 0},
};

static const struct kind_rule attachment_rules[] = {
    {"name", KIND_MANDATORY, KIND_FILE, 0, 0},
    {"media_type", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"size", KIND_MANDATORY, KIND_RANGE, 0, (double)LIMIT_ATTACHMENT},
    {"digest", KIND_MANDATORY, KIND_BYTES, LIMIT_DIGEST, LIMIT_DIGEST},
    {"key", KIND_MANDATORY, KIND_BYTES, LIMIT_KEY, LIMIT_KEY},
    {"stored", KIND_MANDATORY, KIND_RANGE, LIMIT_TAG + 1, (double)LIMIT_STORED},
    {"encoding", KIND_MANDATORY, KIND_ANY, 0, 0},
};

static const struct kind_rule label_rules[] = {
    {"policy", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"classification", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"context", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"releasable_to", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"caveats", KIND_OPTIONAL, KIND_LINE, 0, 0},
};

static const struct kind_rule time_rules[] = {
    {"seconds", KIND_OPTIONAL, KIND_RANGE, -62135596800.0, 253402300799.0},
    {"precision", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"nanos", KIND_OPTIONAL, KIND_RANGE, 0, 999999999},
    {"offset_minutes", KIND_OPTIONAL, KIND_RANGE, -1439, 1439},
    {"fraction_digits", KIND_OPTIONAL, KIND_RANGE, 0, 9},
};

static const struct kind_rule point_rules[] = {
    {"lat", KIND_MANDATORY, KIND_RANGE, -90, 90},
    {"lon", KIND_MANDATORY, KIND_RANGE, -180, 180},
    {"lat_minutes", KIND_OPTIONAL, KIND_RANGE, 0, 7},
    {"lon_minutes", KIND_OPTIONAL, KIND_RANGE, 0, 7},
};

static const struct kind_rule position_rules[] = {
    {"lat", KIND_OPTIONAL, KIND_RANGE, -90, 90},
    {"lon", KIND_OPTIONAL, KIND_RANGE, -180, 180},
    {"lat_minutes", KIND_OPTIONAL, KIND_RANGE, 0, 7},
    {"lon_minutes", KIND_OPTIONAL, KIND_RANGE, 0, 7},
    {"radius", KIND_OPTIONAL, KIND_RANGE, 0, 1e8},
    {"name", KIND_OPTIONAL, KIND_LINE, 0, 0},
};

static const struct kind_rule quantity_rules[] = {
    {"value", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"unit", KIND_MANDATORY, KIND_LINE, 0, 0},
};

static const struct kind_rule source_rules[] = {
    {"ref", KIND_OPTIONAL, KIND_BYTES, LIMIT_MESSAGE_ID, LIMIT_MESSAGE_ID},
    {"credibility", KIND_OPTIONAL, KIND_RANGE, 1, 6},
};

static const struct kind_rule likelihood_rules[] = {
    {"yardstick", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"word", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"low_percent", KIND_MANDATORY, KIND_RANGE, 0, 100},
    {"high_percent", KIND_MANDATORY, KIND_RANGE, 0, 100},
};

/* ---- 1 risk_assessment ---- */

static const struct kind_rule risk_assessment_rules[] = {
    {"topic", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"valid_from", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"valid_to", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"key_judgements", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"impact", KIND_OPTIONAL, KIND_RANGE, 1, 5},
};

static const struct kind_rule key_judgement_rules[] = {
    {"text", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"likelihood", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"confidence", KIND_MANDATORY, KIND_ANY, 0, 0},
};

static const struct kind_rule indicator_rules[] = {
    {"text", KIND_MANDATORY, KIND_ANY, 0, 0},
};

static const struct kind_rule change_since_rules[] = {
    {"ref", KIND_OPTIONAL, KIND_BYTES, LIMIT_MESSAGE_ID, LIMIT_MESSAGE_ID},
    {"text", KIND_MANDATORY, KIND_ANY, 0, 0},
};

static const struct kind_rule stance_rules[] = {
    {"view", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"ref", KIND_OPTIONAL, KIND_BYTES, LIMIT_MESSAGE_ID, LIMIT_MESSAGE_ID},
};

static const struct kind_rule judgement_outcome_rules[] = {
    {"judgement", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"result", KIND_MANDATORY, KIND_ANY, 0, 0},
};

/* ---- 4 maritime_incident ---- */

static const struct kind_rule maritime_incident_rules[] = {
    {"ship", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"position", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"area_name", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"navarea", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"subregion", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"occurred", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"incident_type", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"reported_to", KIND_OPTIONAL, KIND_LINE, 0, 0},
};

static const struct kind_rule ship_rules[] = {
    {"name", KIND_MANDATORY, KIND_LINE, 0, 0},
    {"imo", KIND_OPTIONAL, KIND_IMO, 7, 7},
    {"callsign", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"mmsi", KIND_OPTIONAL, KIND_DIGITS, 9, 9},
    {"flag", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"type", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"inmarsat", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"crew_nationalities", KIND_OPTIONAL, KIND_LINE, 0, 0},
    {"course", KIND_OPTIONAL, KIND_RANGE, 0, 360},
    {"speed", KIND_OPTIONAL, KIND_RANGE, 0, 1000},
};

static const struct kind_rule suspect_craft_rules[] = {
    {"course", KIND_OPTIONAL, KIND_RANGE, 0, 360},
    {"speed", KIND_OPTIONAL, KIND_RANGE, 0, 1000},
};

static const struct kind_rule external_ref_rules[] = {
    {"system", KIND_MANDATORY, KIND_ANY, 0, 0},
    {"id", KIND_MANDATORY, KIND_LINE, 0, 0},
};

/* ---- 28 note ---- */

static const struct kind_rule note_rules[] = {
    {"text", KIND_MANDATORY, KIND_ANY, 0, 0},
};

static const struct {
    const ProtobufCMessageDescriptor *type;
    const struct kind_rule           *rules;
    size_t                            count;
} table[] = {
#define ROW(name)                                                              \
    {&entente__##name##__descriptor, name##_rules,                             \
     sizeof(name##_rules) / sizeof(name##_rules[0])}
    ROW(message),         ROW(time),
    ROW(originator),      ROW(label),
    ROW(legal_basis),     ROW(attachment),
    ROW(position),        ROW(point),
    ROW(quantity),        ROW(source),
    ROW(likelihood),      ROW(risk_assessment),
    ROW(key_judgement),   ROW(indicator),
    ROW(change_since),    ROW(stance),
    ROW(judgement_outcome), ROW(maritime_incident),
    ROW(ship),            ROW(suspect_craft),
    ROW(external_ref),    ROW(note),
#undef ROW
};

const struct kind *
kind_at(size_t index)
{
    return index < KIND_COUNT ? &kinds[index] : NULL;
}

const struct kind *
kind_named(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct kind *
kind_of(const Entente__Message *message)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i].number + KIND_FIELD_BASE == (uint32_t)message->body_case)
            return &kinds[i];
    return NULL;
}

const ProtobufCMessage *
kind_body(const Entente__Message *message)
{
    const ProtobufCFieldDescriptor *field;

    if (kind_of(message) == NULL)
        return NULL;
    field = protobuf_c_message_descriptor_get_field(
        &entente__message__descriptor, (unsigned)message->body_case);
    return reflect_message(&message->base, field, 0);
}

const struct kind_rule *
kind_rules(const ProtobufCMessageDescriptor *type, size_t *count)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].type != type)
            continue;
        *count = table[i].count;
        return table[i].rules;
    }
    *count = 0;
    return NULL;
}

enum kind_presence
kind_presence(const ProtobufCMessageDescriptor *type, const char *field)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].field, field) == 0)
            return rules[i].presence;
    return KIND_OPTIONAL;
}
