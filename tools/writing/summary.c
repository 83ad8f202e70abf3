/*
 * summary.c - the header in a few lines, then all that is filled in.
 */
#include "tools/writing/summary.h"

#include "proto/words.h"
#include "tools/language/fields.h"
#include "tools/language/form_value.h"
#include "tools/language/json.h"
#include "tools/terminal/page.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 2048, TEXT_SHOWN = 400 }; /* bytes */

static void
put_list(FILE *out, const char *title, char **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)fputs(i == 0 ? title : ", ", out);
        page_text(list[i], out);
    }
}

static void
print_label(const Entente__Label *label, FILE *out)
{
    const char *word = words_name(&entente__classification__descriptor,
                                  (int)label->classification);

    page_text(label->policy, out);
    (void)fprintf(out, " %s", word == NULL ? "?" : word);
    put_list(out, "  context ", label->context, label->n_context);
    put_list(out, "  releasable to ", label->releasable_to,
             label->n_releasable_to);
    put_list(out, "  ", label->caveats, label->n_caveats);
    (void)fputc('\n', out);
}

/* A long text is cut, between two characters. */
static void
cut(char *text)
{
    size_t len = strlen(text);

    if (len <= TEXT_SHOWN)
        return;
    len = TEXT_SHOWN;
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    (void)snprintf(text + len, sizeof(" ..."), " ...");
}

/* Whether the lines above the fields have said it. */
static bool
is_said(const struct fields_row *row)
{
    return row->header && (row->presence != KIND_OPTIONAL || row->home);
}

/* Whatever is filled in: nobody sends what he was not shown. */
static void
on_field(const struct fields_row *row, void *context)
{
    const struct page *page = context;
    bool               list = json_is_array(row->value);
    size_t             count = list ? json_array_size(row->value) : 1;

    if (row->value == NULL || is_said(row))
        return;
    for (size_t i = 0; i < count; i++) {
        char *text = form_value_text(row->field,
                                     list ? json_array_get(row->value, i)
                                          : row->value);

        if (text != NULL)
            cut(text);
        if (text != NULL && text[0] != '\0')
            page_field(page, row->path, text);
        free(text);
    }
}

void
summary_print(const Entente__Message *message, const char *to, FILE *out)
{
    const struct page  page = {.out = out};
    const struct kind *kind = kind_of(message);
    struct message_row row = message_row_of(message);
    char               line[LINE_MAX_BYTES];
    json_t            *object = NULL;

    (void)fputc('\n', out);
    print_label(message->label, out);
    (void)snprintf(line, sizeof(line), "%s  %s  to %s%s%s%s%s", row.kind,
                   words_name(&entente__precedence__descriptor,
                              (int)message->precedence),
                   to == NULL ? "nobody" : to,
                   message->status == ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL
                       ? "" : "  ",
                   message->status == ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL
                       ? "" : row.status,
                   message->action ==
                           ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL
                       ? "" : "  ",
                   message->action ==
                           ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL
                       ? "" : row.action);
    page_line(&page, line);
    page_field(&page, "subject", row.subject);
    (void)snprintf(line, sizeof(line), "%s, %s", message->originator->org,
                   message->originator->post);
    page_field(&page, "from", line);
    (void)snprintf(line, sizeof(line), "%s, article %s",
                   message->legal_basis->agreement,
                   message->legal_basis->article);
    page_field(&page, "basis", line);
    if (kind != NULL && json_from_message(message, &object) == STATUS_OK)
        fields_each(kind, object, on_field, (void *)(uintptr_t)&page);
    json_decref(object);
    (void)fputc('\n', out);
}
