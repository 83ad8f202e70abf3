/*
 * show_body.c - a node of a message as lines, by its descriptor.
 *
 * A type with a line of its own has a row in `renderers`; all others are
 * their fields, indented below their name.
 */
#include "tools/reading/show_body.h"

#include "proto/origin.h"
#include "proto/reflect.h"
#include "proto/text.h"
#include "proto/protobuf.h"
#include "proto/words.h"
#include "tools/language/coordinate.h"
#include "tools/terminal/local.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_BYTES = 32 };

/* ---- types with a line of their own ---- */

static void
put_time(FILE *out, const ProtobufCMessage *node)
{
    (void)fputs(local_dtg((const Entente__Time *)node).text, out);
}

static void
put_quantity(FILE *out, const ProtobufCMessage *node)
{
    const Entente__Quantity *quantity = (const Entente__Quantity *)node;

    (void)fprintf(out, "%.15g %s", quantity->value, quantity->unit);
}

/* As it was written, or to a tenth of a minute with the decimals behind. */
static void
put_point(FILE *out, double lat, uint32_t lat_minutes, double lon,
          uint32_t lon_minutes)
{
    bool     minutes = lat_minutes > 0 && lon_minutes > 0;
    unsigned lat_decimals = minutes ? (lat_minutes - 1) % 7 : 1;
    unsigned lon_decimals = minutes ? (lon_minutes - 1) % 7 : 1;
    char     north[COORDINATE_TEXT];
    char     east[COORDINATE_TEXT];

    coordinate_format(lat, COORDINATE_LAT, lat_decimals, north);
    coordinate_format(lon, COORDINATE_LON, lon_decimals, east);
    (void)fprintf(out, "%s %s", north, east);
    if (!minutes)
        (void)fprintf(out, " (%.10g, %.10g)", lat, lon);
}

static void
put_position(FILE *out, const ProtobufCMessage *node)
{
    const Entente__Position *position = (const Entente__Position *)node;

    if (position->name != NULL && position->name[0] != '\0')
        (void)fprintf(out, "%s, ", position->name);
    for (size_t i = 0; i < position->n_polygon; i++) {
        const Entente__Point *corner = position->polygon[i];

        (void)fputs(i == 0 ? "within " : " - ", out);
        put_point(out, corner->lat, corner->lat_minutes, corner->lon,
                  corner->lon_minutes);
    }
    if (position->n_polygon == 0)
        put_point(out, position->lat, position->lat_minutes, position->lon,
                  position->lon_minutes);
    if (position->radius != NULL) {
        (void)fputs(", within ", out);
        put_quantity(out, &position->radius->base);
    }
}

static void
put_likelihood(FILE *out, const ProtobufCMessage *node)
{
    const Entente__Likelihood *likelihood = (const Entente__Likelihood *)node;
    const char *yardstick = words_name(&entente__yardstick__descriptor,
                                       (int)likelihood->yardstick);

    (void)fprintf(out, "%s (%u to %u %%, %s)", likelihood->word,
                  likelihood->low_percent, likelihood->high_percent,
                  yardstick == NULL ? "yardstick not known here" : yardstick);
}

static void
put_external_ref(FILE *out, const ProtobufCMessage *node)
{
    const Entente__ExternalRef *ref = (const Entente__ExternalRef *)node;
    const char *system = words_name(&entente__external_ref__system__descriptor,
                                    (int)ref->system);

    (void)fprintf(out, "%s %s", system == NULL ? "?" : system, ref->id);
}

static void
put_source(FILE *out, const ProtobufCMessage *node)
{
    static const char *const reliabilities[] = {
        "", "completely reliable", "usually reliable", "fairly reliable",
        "not usually reliable", "unreliable", "reliability cannot be judged"};
    static const char *const credibilities[] = {
        "", "confirmed", "probably true", "possibly true", "doubtful",
        "improbable", "truth cannot be judged"};
    const Entente__Source *source = (const Entente__Source *)node;
    unsigned               reliability = (unsigned)source->reliability;
    const char            *mark = "";

    if (reliability >= 1 && reliability <= 6) {
        (void)fprintf(out, "%c (%s)", (int)('A' + reliability - 1),
                      reliabilities[reliability]);
        mark = ", ";
    }
    if (source->credibility >= 1 && source->credibility <= 6) {
        (void)fprintf(out, "%s%u (%s)", mark, source->credibility,
                      credibilities[source->credibility]);
        mark = ", ";
    }
    if (source->description[0] != '\0') {
        (void)fprintf(out, "%s%s", mark, source->description);
        mark = ", ";
    }
    if (source->method[0] != '\0') {
        (void)fprintf(out, "%sby %s", mark, source->method);
        mark = ", ";
    }
    if (source->ref.len == LIMIT_MESSAGE_ID) {
        char hex[2 * LIMIT_MESSAGE_ID + 1];

        hex_encode(source->ref.data, LIMIT_MESSAGE_ID, hex);
        (void)fprintf(out, "%smessage %s", mark, hex);
        mark = ", ";
    }
    if (source->obtained != NULL) {
        (void)fputs(mark, out);
        put_time(out, &source->obtained->base);
    }
}

typedef void put_fn(FILE *out, const ProtobufCMessage *node);

static put_fn *
renderer_of(const ProtobufCMessageDescriptor *type)
{
    static const struct {
        const ProtobufCMessageDescriptor *type;
        put_fn                           *put;
    } renderers[] = {
        {&entente__time__descriptor, put_time},
        {&entente__quantity__descriptor, put_quantity},
        {&entente__position__descriptor, put_position},
        {&entente__likelihood__descriptor, put_likelihood},
        {&entente__external_ref__descriptor, put_external_ref},
        {&entente__source__descriptor, put_source},
    };

    for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++)
        if (renderers[i].type == type)
            return renderers[i].put;
    return NULL;
}

/* ---- scalars ---- */

static void
put_bytes(FILE *out, struct span bytes)
{
    for (size_t i = 0; i < bytes.len && i < RAW_BYTES; i++)
        (void)fprintf(out, "%02x", bytes.ptr[i]);
    if (bytes.len > RAW_BYTES)
        (void)fprintf(out, "... (%zu bytes)", bytes.len);
}

static void
put_word(FILE *out, const ProtobufCEnumDescriptor *words, int value)
{
    const char *word = words_name(words, value);

    if (word == NULL)
        (void)fprintf(out, "%d (a word not known here)", value);
    else
        (void)fputs(word, out);
}

static void
put_value(FILE *out, const ProtobufCMessage *node,
          const ProtobufCFieldDescriptor *field, size_t index)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        (void)fputs(reflect_text(node, field, index), out);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        put_bytes(out, reflect_bytes(node, field, index));
        return;
    case PROTOBUF_C_TYPE_ENUM:
        put_word(out, field->descriptor, reflect_i32(node, field, index));
        return;
    case PROTOBUF_C_TYPE_BOOL:
        (void)fputs(reflect_i32(node, field, index) ? "yes" : "no", out);
        return;
    case PROTOBUF_C_TYPE_UINT64:
        (void)fprintf(out, "%" PRIu64, reflect_u64(node, field, index));
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        renderer_of(field->descriptor)(
            out, reflect_message(node, field, index));
        return;
    default:
        (void)fprintf(out, "%.15g", reflect_number(node, field, index));
    }
}

/* ---- fields ---- */

/* One line: the value, or all values of a list with commas between. */
static void
show_line(const struct page *page, const char *name,
          const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field,
          size_t first, size_t count)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *line = open_memstream(&text, &len);

    if (line == NULL)
        return;
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            (void)fputs(", ", line);
        put_value(line, node, field, i);
    }
    if (fclose(line) == 0)
        page_field(page, name, text);
    free(text);
}

static void
show_judgement(const struct page *page, size_t number,
               const Entente__KeyJudgement *judgement)
{
    const struct page inner = {page->out, page->indent + PAGE_INDENT,
                               page->width};
    const ProtobufCMessageDescriptor *type = judgement->base.descriptor;
    char                              name[24];

    (void)snprintf(name, sizeof(name), "%zu", number);
    page_field(page, name, judgement->text);
    for (unsigned i = 0; i < type->n_fields; i++)
        if (strcmp(type->fields[i].name, "text") != 0 &&
            reflect_count(&judgement->base, &type->fields[i]) > 0)
            show_line(&inner, type->fields[i].name, &judgement->base,
                      &type->fields[i], 0, 1);
}

static void
show_node(const struct page *page, const ProtobufCMessage *node,
          const ProtobufCFieldDescriptor *field, size_t index, size_t count)
{
    const struct page       inner = {page->out, page->indent + PAGE_INDENT,
                               page->width};
    const ProtobufCMessage *below = reflect_message(node, field, index);
    char                    name[64];

    if (index == 0)
        page_field(page, field->name, "");
    if (below->descriptor == &entente__key_judgement__descriptor) {
        show_judgement(&inner, index + 1,
                       (const Entente__KeyJudgement *)below);
        return;
    }
    if (count > 1) {
        const struct page deeper = {page->out, inner.indent + PAGE_INDENT,
                                    page->width};

        (void)snprintf(name, sizeof(name), "%zu", index + 1);
        page_field(&inner, name, "");
        show_body_fields(&deeper, below);
        return;
    }
    show_body_fields(&inner, below);
}

/* Long texts of a list stand one below the other, short ones in a line. */
static bool
stands_in_one_line(const ProtobufCMessage         *node,
                   const ProtobufCFieldDescriptor *field, size_t count)
{
    size_t len = 0;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return false;
    for (size_t i = 0; i < count && field->type == PROTOBUF_C_TYPE_STRING; i++)
        len += strlen(reflect_text(node, field, i)) + 2;
    return len < PAGE_WIDTH / 2;
}

static void
show_field(const struct page *page, const ProtobufCMessage *node,
           const ProtobufCFieldDescriptor *field)
{
    size_t count = reflect_count(node, field);
    bool   lines = field->type != PROTOBUF_C_TYPE_MESSAGE ||
                 renderer_of(field->descriptor) != NULL;

    if (count == 0)
        return;
    if (lines && (count == 1 || stands_in_one_line(node, field, count))) {
        show_line(page, field->name, node, field, 0, count);
        return;
    }
    if (lines)
        page_field(page, field->name, "");
    for (size_t i = 0; i < count; i++) {
        const struct page inner = {page->out, page->indent + PAGE_INDENT,
                               page->width};
        char              name[24];

        (void)snprintf(name, sizeof(name), "%zu", i + 1);
        if (lines)
            show_line(&inner, name, node, field, i, 1);
        else
            show_node(page, node, field, i, count);
    }
}

void
show_body_fields(const struct page *page, const ProtobufCMessage *node)
{
    for (unsigned i = 0; i < node->descriptor->n_fields; i++)
        show_field(page, node, &node->descriptor->fields[i]);
    show_body_unknown(page, node);
}

/* ---- what is not known here ---- */

static bool
is_printable(struct span text)
{
    while (text.len > 0) {
        bool     bad = false;
        uint32_t code = text_take(&text, &bad);

        if (bad || (text_is_control(code) && code != '\n'))
            return false;
    }
    return true;
}

static void
put_raw(FILE *out, unsigned wire, struct reader *in)
{
    struct span bytes;

    switch (wire) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        (void)fprintf(out, "%" PRIu64, protobuf_varint(in));
        return;
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        put_bytes(out, reader_take(in, 8));
        return;
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        put_bytes(out, reader_take(in, 4));
        return;
    default:
        bytes = protobuf_lent(in);
        if (is_printable(bytes))
            (void)fwrite(bytes.ptr, 1, bytes.len, out);
        else
            put_bytes(out, bytes);
    }
}

static void
show_raw(const struct page *page, unsigned number, unsigned wire,
         struct reader *in)
{
    char   name[32];
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);

    if (out == NULL)
        return;
    put_raw(out, wire, in);
    (void)snprintf(name, sizeof(name), "Field %u", number);
    if (fclose(out) == 0)
        page_field(page, name, text);
    free(text);
}

/* The fields inside of bytes that may be a message; false when they are not. */
static bool
show_inside(const struct page *page, struct span bytes)
{
    struct reader in = reader_of(bytes);

    while (in.left > 0 && !in.failed) {
        uint64_t tag = protobuf_varint(&in);

        if (tag >> 3 == 0 || tag >> 3 > PROTOBUF_FIELD_MAX)
            reader_fail(&in);
        protobuf_skip(&in, tag & 7);
    }
    if (in.failed || bytes.len == 0)
        return false;
    in = reader_of(bytes);
    while (in.left > 0) {
        uint64_t tag = protobuf_varint(&in);

        show_raw(page, (unsigned)(tag >> 3), tag & 7, &in);
    }
    return true;
}

void
show_body_unknown(const struct page *page, const ProtobufCMessage *node)
{
    const struct page inner = {page->out, page->indent + PAGE_INDENT,
                               page->width};

    if (node->n_unknown_fields == 0)
        return;
    page_line(page, "Fields this node does not know:");
    for (unsigned i = 0; i < node->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &node->unknown_fields[i];
        struct reader in = reader_of((struct span){field->data, field->len});
        struct span   body = SPAN_EMPTY;

        if (field->wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            body = protobuf_lent(&in);
        in = reader_of((struct span){field->data, field->len});
        if (body.len == 0 || is_printable(body) || !show_inside(&inner, body))
            show_raw(&inner, field->tag, field->wire_type, &in);
    }
}
