/*
 * defaults.c - read as a draft of a note of which only the header counts.
 */
#include "tools/writing/defaults.h"

#include "tools/cli/file.h"
#include "tools/language/form.h"
#include "tools/language/json.h"
#include "tools/language/json_in.h"
#include "tools/reading/show.h"
#include "tools/writing/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Behind the text, so that its lines keep their numbers. */
#define ANY_KIND "\nkind: note\n"

static bool
may_stand(const char *field)
{
    static const char *const allowed[] = {
        "originator",  "author", "releaser", "info_to", "precedence",  "status",
        "exercise_id", "label",  "tlp",      "pap",     "legal_basis",
        "language"};

    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (strcmp(field, allowed[i]) == 0)
            return true;
    }
    return false;
}

static void
find_foreign(const json_t *object, struct message_faults *faults)
{
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const struct path path = {NULL, key, PATH_NO_INDEX};
        bool empty = json_is_object(value) && json_object_size(value) == 0;

        if (!may_stand(key) && !empty)
            message_faults_add(faults, &path,
                               "cannot be the same in every message");
    }
}

/* Words and shapes; what is mandatory may be in the draft. */
static void
judge(struct draft *draft)
{
    Entente__Message *message = NULL;

    json_object_del(draft->object, "kind");
    find_foreign(draft->object, &draft->faults);
    json_object_del(draft->object, "note");
    json_object_set_new(draft->object, "kind", json_string("note"));
    json_object_set_new(draft->object, "note", json_object());
    (void)!json_in_message(draft->object, &message, &draft->faults);
    if (message != NULL)
        entente__message__free_unpacked(message, NULL);
}

NODISCARD static enum status
read_text(struct cli *cli, const char *path, char **out, size_t *len)
{
    char       *longer;
    enum status st = file_read_own(cli, path, JSON_TEXT_MAX - sizeof(ANY_KIND),
                                   out, len);

    if (st != STATUS_OK ||
        !form_is_form((struct span){(const uint8_t *)*out, *len}))
        return st;
    longer = realloc(*out, *len + sizeof(ANY_KIND));
    if (longer == NULL) {
        free(*out);
        return cli_status(cli, STATUS_IO, "memory");
    }
    memcpy(longer + *len, ANY_KIND, sizeof(ANY_KIND));
    *len += strlen(ANY_KIND);
    *out = longer;
    return STATUS_OK;
}

NODISCARD static enum status
read_defaults(struct cli *cli, const char *path, struct draft *draft)
{
    char       *text = NULL;
    size_t      len = 0;
    enum status st = read_text(cli, path, &text, &len);

    if (st != STATUS_OK)
        return st;
    (void)!draft_take(draft, text, len);
    if (json_is_object(draft->object))
        judge(draft);
    if (draft->faults.count > 0)
        return draft_fail(cli, draft, path);
    return STATUS_OK;
}

/* --- what is whole ------------------------------------------------------- */

static const struct {
    unsigned    bit;
    const char *name;
} wholes[] = {{DEFAULTS_LABEL, "label"}, {DEFAULTS_BASIS, "legal_basis"}};

unsigned
defaults_begun(const json_t *object, const char *field)
{
    for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
        size_t len = strlen(wholes[i].name);

        if (strncmp(field, wholes[i].name, len) == 0 && field[len] == '.' &&
            json_object_get(object, wholes[i].name) == NULL)
            return wholes[i].bit;
    }
    return 0;
}

/* As it may be typed: --set 'label.releasable_to=IN, JP' */
static void
say_set(const char *name, const char *key, const json_t *value)
{
    fprintf(stderr, " --set '%s.%s=", name, key);
    if (json_is_string(value))
        show_text(json_string_value(value), stderr);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *one = json_string_value(json_array_get(value, i));

        fputs(i == 0 ? "" : ", ", stderr);
        show_text(one == NULL ? "" : one, stderr);
    }
    fputc('\'', stderr);
}

static void
say_left_out(const struct cli *cli, const char *name, const json_t *ours,
             json_t *theirs)
{
    const char *key;
    json_t     *value;
    bool        first = true;

    json_object_foreach(theirs, key, value)
    {
        if (json_object_get(ours, key) != NULL)
            continue;
        if (first)
            fprintf(stderr,
                    "A %s is whole: one that --set begins takes nothing from "
                    "%s/%s.  Left out:\n ",
                    name, cli->home, DEFAULTS_FILE);
        say_set(name, key, value);
        first = false;
    }
    if (!first)
        fputc('\n', stderr);
}

/* --- filling ------------------------------------------------------------- */

/* The parts of an originator may come from two places. */
static void
merge(const struct cli *cli, json_t *object, json_t *defaults, unsigned begun)
{
    json_t *ours = json_object_get(object, "originator");
    json_t *theirs = json_object_get(defaults, "originator");

    if (json_is_object(ours) && json_is_object(theirs))
        json_object_update_missing(ours, theirs);
    for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
        if ((begun & wholes[i].bit) != 0)
            say_left_out(cli, wholes[i].name,
                         json_object_get(object, wholes[i].name),
                         json_object_get(defaults, wholes[i].name));
    json_object_del(defaults, "kind");
    json_object_del(defaults, "note");
    json_object_update_missing(object, defaults);
}

enum status
defaults_fill(struct cli *cli, json_t *object, unsigned begun)
{
    struct home_path path;
    struct draft    *draft;
    enum status      st = home_path(cli->home, DEFAULTS_FILE, &path);

    if (st != STATUS_OK || access(path.text, F_OK) != 0)
        return STATUS_OK;
    draft = draft_new(NULL);
    if (draft == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    st = read_defaults(cli, path.text, draft);
    if (st == STATUS_OK)
        merge(cli, object, draft->object, begun);
    draft_free(draft);
    return st;
}
