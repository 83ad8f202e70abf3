/*
 * message.c - a message read strictly and judged whole.
 *
 * The judge goes down the message by descriptor: at each node first the rules
 * of its type (kind.c), then those between its fields (judge.c), then its
 * children.  It stops at nothing, so that a person sees all faults at once.
 */
#include "node/core/message/message.h"

#include "node/core/message/judge.h"
#include "proto/reflect.h"
#include "proto/protobuf.h"
#include "proto/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_VERSION = 2 };

struct judging {
    enum message_stage     stage;
    bool                   newer; /* of a version above ours */
    struct message_faults *faults;
};

/* ---- faults ---- */

void
message_faults_init(struct message_faults *faults)
{
    faults->count = 0;
    faults->more = 0;
}

void
message_faults_add(struct message_faults *faults, const struct path *path,
                   const char *format, ...)
{
    struct message_fault *fault = &faults->list[faults->count];
    va_list               arguments;

    if (faults->count >= MESSAGE_FAULTS) {
        faults->more++;
        return;
    }
    faults->count++;
    path_format(path, fault->path);
    va_start(arguments, format);
    (void)vsnprintf(fault->words, sizeof(fault->words), format, arguments);
    va_end(arguments);
}

/* "; its name": what it cannot be without; a range follows from its word. */
static void
mandatory_list(const ProtobufCMessageDescriptor *type,
               char                              out[static MESSAGE_WORDS])
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);
    const char             *separator = "; its ";
    size_t                  at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && at < MESSAGE_WORDS; i++) {
        if (rules[i].presence == KIND_OPTIONAL ||
            rules[i].check == KIND_RANGE)
            continue;
        at += (size_t)snprintf(out + at, MESSAGE_WORDS - at, "%s%s", separator,
                               rules[i].field);
        separator = " and ";
    }
}

static void
tell_missing(const ProtobufCFieldDescriptor *field, const struct path *path,
             struct message_faults *faults)
{
    char list[MESSAGE_WORDS];

    if (field->type == PROTOBUF_C_TYPE_ENUM) {
        words_list(field->descriptor, list, sizeof(list));
        message_faults_add(faults, path, "is missing; one of %s", list);
    } else if (field->descriptor == &entente__time__descriptor) {
        message_faults_add(faults, path, "is missing; a time such as "
                                         "2014-04-23T10:00:00Z or 2014-04-23");
    } else if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        message_faults_add(faults, path, "is missing; one or more");
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        message_faults_add(faults, path, "is missing; text");
    } else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        mandatory_list(field->descriptor, list);
        message_faults_add(faults, path, "is missing%s", list);
    } else {
        message_faults_add(faults, path, "is missing");
    }
}

/* ---- what one field says about itself ---- */

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void
check_line(const char *text, const struct path *path,
           struct message_faults *faults)
{
    if (strpbrk(text, "\r\n\v\f") != NULL)
        message_faults_add(faults, path, "is one line; it has a line break");
    else if (strlen(text) > LIMIT_LINE)
        message_faults_add(faults, path, "is longer than %d bytes",
                           LIMIT_LINE);
}

static void
check_digits(const char *text, double count, const struct path *path,
             struct message_faults *faults)
{
    size_t digits = strspn(text, "0123456789");

    if (text[digits] != '\0' || digits != (size_t)count)
        message_faults_add(faults, path, "is %d digits", (int)count);
}

/* IMO A.1117(30): the last digit is that of the first six, each times its
 * weight, added. */
static void
check_imo(const char *text, const struct kind_rule *rule,
          const struct path *path, struct message_faults *faults)
{
    size_t before = faults->count + faults->more;
    int    sum = 0;

    check_digits(text, rule->low, path, faults);
    if (faults->count + faults->more > before)
        return;
    for (int i = 0; i < 6; i++)
        sum += (7 - i) * (text[i] - '0');
    if (text[6] - '0' != sum % 10)
        message_faults_add(faults, path,
                           "is no IMO number: behind %.6s stands %d, not %c; "
                           "is every digit right?",
                           text, sum % 10, text[6]);
}

/* C0, DEL and C1, the latter as UTF-8 has it: C2 80 to C2 9F. */
static bool
has_control(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    for (; *at != '\0'; at++)
        if (*at < 0x20 || *at == 0x7f ||
            (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
            return true;
    return false;
}

static void
check_file(const char *text, const struct path *path,
           struct message_faults *faults)
{
    check_line(text, path, faults);
    if (strlen(text) > LIMIT_ATTACHMENT_NAME)
        message_faults_add(faults, path, "is longer than %d bytes",
                           LIMIT_ATTACHMENT_NAME);
    if (has_control(text))
        message_faults_add(faults, path, "has a control character");
    if (strchr(text, '/') != NULL || strcmp(text, ".") == 0 ||
        strcmp(text, "..") == 0)
        message_faults_add(faults, path, "is a file name without folders");
}

static void
check_range(const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field,
            size_t index, const struct kind_rule *rule,
            const struct path *path, struct message_faults *faults)
{
    double value;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const Entente__Quantity *quantity =
            (const Entente__Quantity *)reflect_message(node, field, index);

        if (quantity->has_value_case == 0)
            return;
        value = quantity->value;
    } else {
        value = reflect_number(node, field, index);
    }
    if (!(value >= rule->low && value <= rule->high))
        message_faults_add(faults, path, "is %.15g; from %.15g to %.15g", value,
                           rule->low, rule->high);
}

static void
check_value(const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field,
            size_t index, const struct kind_rule *rule,
            const struct path *path, struct message_faults *faults)
{
    size_t len;

    switch (rule->check) {
    case KIND_ANY:
        return;
    case KIND_LINE:
        check_line(reflect_text(node, field, index), path, faults);
        return;
    case KIND_DIGITS:
        check_digits(reflect_text(node, field, index), rule->low, path, faults);
        return;
    case KIND_IMO:
        check_imo(reflect_text(node, field, index), rule, path, faults);
        return;
    case KIND_FILE:
        check_file(reflect_text(node, field, index), path, faults);
        return;
    case KIND_RANGE:
        check_range(node, field, index, rule, path, faults);
        return;
    case KIND_BYTES:
        len = reflect_bytes(node, field, index).len;
        if ((double)len < rule->low || (double)len > rule->high)
            message_faults_add(faults, path, "is %zu bytes; %.0f", len,
                               rule->low);
        return;
    }
}

static bool
must_be_there(const struct judging *judging, const struct kind_rule *rule)
{
    if (judging->stage == MESSAGE_DRAFT)
        return rule->presence == KIND_MANDATORY;
    return rule->presence != KIND_OPTIONAL;
}

static void
apply_rule(const struct judging *judging, const ProtobufCMessage *node,
           const struct kind_rule *rule, const struct path *at)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(node->descriptor,
                                                        rule->field);
    bool        repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    struct path path = {at, rule->field, PATH_NO_INDEX};
    size_t      count = reflect_count(node, field);

    if (count == 0 && must_be_there(judging, rule))
        tell_missing(field, &path, judging->faults);
    for (size_t i = 0; i < count; i++) {
        path.index = repeated ? (long)i : PATH_NO_INDEX;
        check_value(node, field, i, rule, &path, judging->faults);
    }
}

/* Text of blanks only, where something is to be said, says nothing. */
static void
check_texts(const struct judging *judging, const ProtobufCMessage *node,
            const ProtobufCFieldDescriptor *field, const struct path *at)
{
    bool        repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    struct path path = {at, field->name, PATH_NO_INDEX};
    size_t      count = reflect_count(node, field);

    for (size_t i = 0; i < count; i++) {
        path.index = repeated ? (long)i : PATH_NO_INDEX;
        if (is_blank(reflect_text(node, field, i)))
            message_faults_add(judging->faults, &path, "is blank");
    }
}

/* ---- the walk ---- */

static void judge_node(const struct judging   *judging,
                       const ProtobufCMessage *node, const struct path *at);

static void
judge_children(const struct judging *judging, const ProtobufCMessage *node,
               const ProtobufCFieldDescriptor *field, const struct path *at)
{
    bool        repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    struct path path = {at, field->name, PATH_NO_INDEX};
    size_t      count = reflect_count(node, field);

    for (size_t i = 0; i < count; i++) {
        path.index = repeated ? (long)i : PATH_NO_INDEX;
        judge_node(judging, reflect_message(node, field, i), &path);
    }
}

static void
judge_node(const struct judging *judging, const ProtobufCMessage *node,
           const struct path *at)
{
    const ProtobufCMessageDescriptor *type = node->descriptor;
    size_t                            count;
    const struct kind_rule           *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++)
        apply_rule(judging, node, &rules[i], at);
    judge_fields_together(node, at, judging->faults);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];

        if (field->type == PROTOBUF_C_TYPE_STRING)
            check_texts(judging, node, field, at);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
            !(judging->newer && at == NULL && field->id > KIND_FIELD_BASE))
            judge_children(judging, node, field, at);
    }
}

enum status
message_validate(const Entente__Message *message, enum message_stage stage,
                 struct message_faults *faults)
{
    const struct judging judging = {stage, message->version > MESSAGE_VERSION,
                                    faults};
    const struct path    number = {NULL, "number", PATH_NO_INDEX};
    size_t               before = faults->count + faults->more;

    judge_node(&judging, &message->base, NULL);
    if (message_kind_number(message) == 0 && !judging.newer)
        message_faults_add(faults, NULL, "has no kind; see `entente kinds`");
    if (stage == MESSAGE_SENT && message->number == 0)
        message_faults_add(faults, &number, "is missing");
    if (stage != MESSAGE_SENT && message->number != 0)
        message_faults_add(faults, &number, "is given by the node at dispatch");
    return faults->count + faults->more > before ? STATUS_BAD_FIELD : STATUS_OK;
}

enum status
message_parse(struct span in, enum message_stage stage,
              struct strict_arena *arena, Entente__Message **out,
              struct message_faults *faults)
{
    ProtobufCMessage   *message = NULL;
    struct strict_fault fault;
    enum status         st;
    bool newer = protobuf_peek(in, FIELD_VERSION) > MESSAGE_VERSION;

    message_faults_init(faults);
    *out = NULL;
    st = strict_unpack(&entente__message__descriptor, in, arena,
                       newer ? STRICT_KEEP : STRICT_KEEP_KINDS, &message,
                       &fault);
    if (st != STATUS_OK) {
        const struct path path = {NULL, fault.path, PATH_NO_INDEX};

        message_faults_add(faults, fault.path[0] == '\0' ? NULL : &path, "%s",
                           fault.words);
        return st;
    }
    *out = (Entente__Message *)message;
    return message_validate(*out, stage, faults);
}

/* ---- what others ask of a message ---- */

uint32_t
message_kind_number(const Entente__Message *message)
{
    if (message->body_case != 0)
        return (uint32_t)message->body_case - KIND_FIELD_BASE;
    for (unsigned i = 0; i < message->base.n_unknown_fields; i++) {
        uint32_t tag = message->base.unknown_fields[i].tag;

        if (tag > KIND_FIELD_BASE && tag < 2 * KIND_FIELD_BASE)
            return tag - KIND_FIELD_BASE;
    }
    return 0;
}

static const char *
word_or(const ProtobufCEnumDescriptor *words, int value, const char *otherwise)
{
    const char *word = words_name(words, value);

    return word == NULL ? otherwise : word;
}

struct message_row
message_row_of(const Entente__Message *message)
{
    const struct kind *kind = kind_of(message);
    struct message_row row = {
        .number = message->number,
        .kind = kind == NULL ? "?" : kind->name,
        .precedence = (enum precedence)message->precedence,
        .status = word_or(&entente__message__status__descriptor,
                          (int)message->status, "?"),
        .action = word_or(&entente__message__action__descriptor,
                          (int)message->action, "?"),
        .subject = message->subject == NULL ? "" : message->subject,
        .dtg = message->dtg,
    };

    if (message->id.len == sizeof(row.id.bytes))
        memcpy(row.id.bytes, message->id.data, sizeof(row.id.bytes));
    return row;
}

bool
message_fits_realm(const Entente__Message *message, const char *realm)
{
    size_t len = strlen(REALM_EXERCISE_PREFIX);

    if (message->status != ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE)
        return strcmp(realm, REALM_ACTUAL) == 0;
    return strncmp(realm, REALM_EXERCISE_PREFIX, len) == 0 &&
           strcmp(realm + len, message->exercise_id) == 0;
}
