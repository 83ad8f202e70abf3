/*
 * form.c - forms written and read back.
 */
#include "tools/language/form.h"

#include "proto/words.h"
#include "tools/language/fields.h"
#include "tools/language/form_in.h"
#include "tools/language/form_value.h"
#include "tools/language/gloss.h"
#include "tools/language/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 78, WORDS_MAX = 400 };

/* ---- comments ---- */

static void
put_comment(FILE *out, const char *text)
{
    size_t at = 1;

    (void)fputc('#', out);
    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        if (at + 1 + len > WIDTH && at > 1) {
            (void)fputs("\n#", out);
            at = 1;
        }
        (void)fprintf(out, " %.*s", (int)len, text);
        at += 1 + len;
        text += len;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
}

/* The words of an enum, each with its meaning where it has one. */
static void
put_words(FILE *out, const ProtobufCEnumDescriptor *words)
{
    const char *separator = "  One of: ";

    for (unsigned i = 0; i < words->n_values; i++) {
        int         value = words->values[i].value;
        const char *meaning = gloss_word(words, value);

        if (words_name(words, value) == NULL)
            continue;
        (void)fprintf(out, "%s%s", separator, words_name(words, value));
        if (meaning[0] != '\0')
            (void)fprintf(out, " (%s)", meaning);
        separator = ", ";
    }
    (void)fputc('.', out);
}

/* ---- the template ---- */

struct part {
    FILE              *out;
    const struct kind *kind;
    enum kind_presence presence;
    bool               header;
    bool               home;    /* what HOME may have, whatever presence */
    json_t            *example; /* the example's object */
    bool               any;
    const char        *title;
};

struct search {
    const char *path;
    bool        header;
    char       *text; /* found, for free() */
};

static void
on_example(const struct fields_row *row, void *context)
{
    struct search *search = context;
    const json_t  *value = row->value;

    if (search->text != NULL || row->header != search->header ||
        strcmp(row->path, search->path) != 0)
        return;
    if (json_is_array(value))
        value = json_array_get(value, 0);
    search->text = form_value_text(row->field, value);
}

static const char *
several(const struct fields_row *row)
{
    if (row->field->type == PROTOBUF_C_TYPE_MESSAGE)
        return "  Several as [1], [2], ...";
    if (fields_takes_commas(row->type, row->field))
        return "  Several between commas.";
    return "  Several on a line each.";
}

static void
put_above(const struct part *part, const struct fields_row *row)
{
    struct search search = {row->path, row->header, NULL};
    char         *text = NULL;
    size_t        len = 0;
    FILE         *line = open_memstream(&text, &len);

    if (line == NULL)
        return;
    fields_each(part->kind, part->example, on_example, &search);
    (void)fputs(gloss_field(row->type, row->field->name), line);
    if (row->field->type == PROTOBUF_C_TYPE_ENUM)
        put_words(line, row->field->descriptor);
    if (row->within)
        (void)fputs("  Mandatory if there is one.", line);
    if (row->field->label == PROTOBUF_C_LABEL_REPEATED)
        (void)fputs(several(row), line);
    if (search.text != NULL)
        (void)fprintf(line, "  Example: %s", search.text);
    if (fclose(line) == 0)
        put_comment(part->out, text);
    free(search.text);
    free(text);
}

/* Later lines of a value begin with blanks. */
static void
put_field(FILE *out, const char *path, const char *value)
{
    (void)fprintf(out, "%s:%s", path, value[0] == '\0' ? "" : " ");
    for (; *value != '\0'; value++) {
        (void)fputc(*value, out);
        if (*value == '\n')
            (void)fputs("  ", out);
    }
    (void)fputc('\n', out);
}

/* In the template, what the command or the node gives is not asked for. */
static bool
is_asked(const struct fields_row *row)
{
    static const char *const given[] = {"id", "version", "attachments"};

    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        if (row->header && row->value == NULL &&
            strncmp(row->path, given[i], strlen(given[i])) == 0)
            return false;
    return true;
}

static bool
is_of_part(const struct fields_row *row, const struct part *part)
{
    if (row->home || part->home)
        return row->home && part->home;
    return row->presence == part->presence && row->header == part->header;
}

static void
on_row(const struct fields_row *row, void *context)
{
    struct part *part = context;
    bool   many = row->field->label == PROTOBUF_C_LABEL_REPEATED &&
                row->field->type != PROTOBUF_C_TYPE_MESSAGE;
    size_t count = many ? json_array_size(row->value) : 1;

    if (!is_of_part(row, part) || !is_asked(row))
        return;
    if (!part->any)
        (void)fprintf(part->out, "\n# ---- %s ----\n", part->title);
    part->any = true;
    put_above(part, row);
    for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
        const json_t *value = many ? json_array_get(row->value, i)
                                   : row->value;
        char         *text = form_value_text(row->field, value);

        put_field(part->out, row->path, text == NULL ? "" : text);
        free(text);
    }
}

enum status
form_template(const struct kind *kind, const json_t *message, FILE *out)
{
    static const struct {
        enum kind_presence presence;
        bool               header;
        bool               home;
        const char        *title;
    } parts[] = {
        {KIND_MANDATORY, true, false, "mandatory"},
        {KIND_MANDATORY, false, false, "mandatory, of this kind"},
        {KIND_HOME_FILLS, true, true,
         "mandatory, where HOME/defaults and HOME/posts do not have it"},
        {KIND_OPTIONAL, false, false, "what else is known"},
        {KIND_SEND_FILLS, true, false,
         "filled by `send` where it is left empty"},
        {KIND_OPTIONAL, true, false, "of every message"},
    };
    struct message_faults faults;
    const char           *text = gloss_example(kind);
    struct part           part = {.out = out, .kind = kind};

    message_faults_init(&faults);
    if (text != NULL)
        part.example = json_parse(span_text(text), &faults);
    (void)fprintf(out, "# %s: %s\n", kind->name, kind->source);
    put_comment(out, "Fill in what you know; an empty field is left out.  A "
                     "long value goes on in lines that begin with a blank; for "
                     "a second element copy the lines and write [1] for [0].");
    (void)fprintf(out, "kind: %s\n", kind->name);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        part.presence = parts[i].presence;
        part.header = parts[i].header;
        part.home = parts[i].home;
        part.title = parts[i].title;
        part.any = false;
        fields_each(kind, message, on_row, &part);
    }
    json_decref(part.example);
    return ferror(out) ? STATUS_IO : STATUS_OK;
}

enum status
form_template_json(const struct kind *kind, FILE *out)
{
    const char *text = gloss_example(kind);

    if (text == NULL)
        return STATUS_NOT_FOUND;
    (void)fputs(text, out);
    return ferror(out) ? STATUS_IO : STATUS_OK;
}

/* ---- the description ---- */

static const char *
presence_of(const struct fields_row *row)
{
    if (row->within)
        return "mandatory if there is one";
    switch (row->presence) {
    case KIND_MANDATORY:
        return "mandatory";
    case KIND_SEND_FILLS:
        return "filled by send";
    case KIND_HOME_FILLS:
        return "mandatory, or from the home";
    default:
        return "optional";
    }
}

static void
on_description(const struct fields_row *row, void *context)
{
    json_t *list = context;
    bool    many = row->field->label == PROTOBUF_C_LABEL_REPEATED;
    json_t *words = json_array();
    char    path[PATH_TEXT];

    if (row->field->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *all = row->field->descriptor;

        for (unsigned i = 0; i < all->n_values; i++)
            if (words_name(all, all->values[i].value) != NULL)
                (void)json_array_append_new(
                    words,
                    json_string(words_name(all, all->values[i].value)));
    }
    (void)snprintf(path, sizeof(path), "%s", row->path);
    (void)json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:b, s:o, s:s}", "field", path, "type",
                        fields_type_name(row->field), "presence",
                        presence_of(row), "list", many, "words", words,
                        "meaning",
                        gloss_field(row->type, row->field->name)));
}

json_t *
form_describe_json(const struct kind *kind)
{
    json_t *list = json_array();

    if (list != NULL)
        fields_each(kind, NULL, on_description, list);
    return json_pack("{s:s, s:i, s:s, s:o}", "kind", kind->name, "number",
                     (int)kind->number, "source", kind->source, "fields", list);
}

json_t *
form_kinds_json(void)
{
    json_t            *list = json_array();
    const struct kind *kind;

    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s, s:i, s:s}", "kind", kind->name, "number",
                            (int)kind->number, "source", kind->source));
    return json_pack("{s:o}", "kinds", list);
}

static void
on_line(const struct fields_row *row, void *context)
{
    FILE *out = context;
    bool  many = row->field->label == PROTOBUF_C_LABEL_REPEATED;

    (void)fprintf(out, "%s: %s%s, %s\n", row->path,
                  fields_type_name(row->field), many ? " (several)" : "",
                  presence_of(row));
    (void)fprintf(out, "    %s", gloss_field(row->type, row->field->name));
    if (row->field->type == PROTOBUF_C_TYPE_ENUM)
        put_words(out, row->field->descriptor);
    (void)fputc('\n', out);
}

enum status
form_describe(const struct kind *kind, FILE *out)
{
    (void)fprintf(out, "%s (%u): %s\n\n", kind->name, kind->number,
                  kind->source);
    fields_each(kind, NULL, on_line, out);
    return ferror(out) ? STATUS_IO : STATUS_OK;
}

/* ---- reading ---- */

bool
form_is_form(struct span text)
{
    size_t at = 0;

    while (at < text.len && isspace(text.ptr[at]))
        at++;
    return at == text.len || (text.ptr[at] != '{' && text.ptr[at] != '[');
}

enum status
form_read_object(struct span text, json_t **out, struct message_faults *faults)
{
    json_t *object;

    message_faults_init(faults);
    if (form_is_form(text))
        object = form_in_object(text, faults);
    else
        object = json_parse(text, faults);
    *out = object;
    if (object == NULL)
        return text.len > JSON_TEXT_MAX ? STATUS_TOO_LARGE
                                        : STATUS_BAD_ENCODING;
    return faults->count > 0 ? STATUS_BAD_FIELD : STATUS_OK;
}

enum status
form_read(struct span text, Entente__Message **out,
          struct message_faults *faults)
{
    json_t     *object = NULL;
    enum status st = form_read_object(text, &object, faults);

    if (st == STATUS_OK)
        st = json_object_to_message(object, out, faults);
    json_decref(object);
    return st;
}

enum status
form_set(json_t *object, struct span field, struct span value,
         struct message_faults *faults)
{
    return form_in_set(object, field, value, true, faults);
}
