/*
 * draft.c - JSON objects until the last step, so that what a person wrote
 * and what was filled in stay one language.
 */
#include "tools/writing/draft.h"

#include "proto/words.h"
#include "tools/cli/file.h"
#include "tools/cli/self.h"
#include "tools/language/form.h"
#include "tools/language/json.h"
#include "tools/language/json_in.h"
#include "tools/terminal/moment.h"
#include "tools/writing/annotate.h"
#include "tools/writing/defaults.h"
#include "tools/writing/posts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOLD SIZE_MAX /* past every line */

enum { DRAFT_HINT = HOME_PATH_MAX + 192 };

struct draft *
draft_new(json_t *object)
{
    struct draft *draft = calloc(1, sizeof(*draft));

    if (draft != NULL)
        draft->object = object;
    else
        json_decref(object);
    return draft;
}

void
draft_free(struct draft *draft)
{
    if (draft == NULL)
        return;
    json_decref(draft->object);
    free(draft->text);
    free(draft);
}

/* --- reading ----------------------------------------------------------- */

enum status
draft_take(struct draft *draft, char *text, size_t len)
{
    draft->text = text;
    draft->len = len;
    return form_read_object((struct span){(const uint8_t *)text, len},
                            &draft->object, &draft->faults);
}

/* UTF-16, an image: no text that a person could mend line by line. */
NODISCARD static enum status
check_text(struct cli *cli, const char *path, const char *text, size_t len)
{
    if (memchr(text, '\0', len) == NULL)
        return STATUS_OK;
    return cli_fail(cli, STATUS_BAD_ENCODING, "save it as UTF-8",
                    "%s is no text: it has zero bytes", file_name(path));
}

enum status
draft_read(struct cli *cli, const char *path, struct draft **out)
{
    struct draft *draft = draft_new(NULL);
    char         *text = NULL;
    size_t        len = 0;
    enum status   st;

    if (draft == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    st = file_read(cli, path, JSON_TEXT_MAX, &text, &len);
    if (st == STATUS_OK)
        st = check_text(cli, path, text, len);
    if (st == STATUS_OK)
        st = draft_take(draft, text, len);
    else
        free(text);
    if (st != STATUS_OK && draft->object == NULL && !cli->failed)
        st = draft_fail(cli, draft, path);
    if (draft->object == NULL) {
        draft_free(draft);
        return st;
    }
    *out = draft;
    return STATUS_OK;
}

enum status
draft_set(struct cli *cli, struct draft *draft)
{
    const struct cli_values *sets = &cli->options[CLI_SET];

    for (size_t i = 0; i < sets->count; i++) {
        const char *equals = strchr(sets->at[i], '=');
        struct span field;

        if (equals == NULL)
            return cli_fail(cli, STATUS_USAGE, NULL,
                            "--set is field=value, not %.100s", sets->at[i]);
        field = (struct span){(const uint8_t *)sets->at[i],
                              (size_t)(equals - sets->at[i])};
        draft->begun |= defaults_begun(draft->object, sets->at[i]);
        (void)!form_set(draft->object, field, span_text(equals + 1),
                        &draft->faults); /* told with the others */
    }
    return STATUS_OK;
}

/* --- filling ----------------------------------------------------------- */

static void
set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

NODISCARD static enum status
fill_id(struct cli *cli, json_t *object, struct draft_fill *fill)
{
    uint8_t drawn[LIMIT_MESSAGE_ID];
    char    hex[2 * LIMIT_MESSAGE_ID + 1];

    if (fill->id != NULL &&
        hex_decode(span_text(fill->id), drawn, sizeof(drawn)) != STATUS_OK)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "--id must be 32 lower-case hex digits");
    if (fill->id != NULL)
        set_text(object, "id", fill->id);
    if (json_object_get(object, "id") != NULL)
        return STATUS_OK;
    if (getentropy(drawn, sizeof(drawn)) != 0)
        return cli_status(cli, STATUS_IO, "drawing an id");
    hex_encode(drawn, sizeof(drawn), hex);
    set_text(object, "id", hex);
    fill->drawn = true;
    return STATUS_OK;
}

enum status
draft_precedence(struct cli *cli, struct draft *draft, const char *word)
{
    int value = 0;

    if (words_value(&entente__precedence__descriptor, span_text(word),
                    &value) != STATUS_OK)
        return cli_fail(cli, STATUS_BAD_FIELD,
                        "DEFERRED ROUTINE PRIORITY IMMEDIATE FLASH OVERRIDE",
                        "no precedence is called %.40s", word);
    set_text(draft->object, "precedence",
             words_name(&entente__precedence__descriptor, value));
    return STATUS_OK;
}

static void
fill_to(json_t *object, const char *to)
{
    json_t     *list;
    const char *at = to;

    if (to == NULL || json_object_get(object, "action_to") != NULL)
        return;
    list = json_array();
    while (*at != '\0') {
        size_t len = strcspn(at, ",");

        json_array_append_new(list, json_stringn(at, len));
        at += len + (at[len] == ',' ? 1 : 0);
    }
    json_object_set_new(object, "action_to", list);
}

/* Who says so; before HOME/defaults, which come last. */
NODISCARD static enum status
fill_post(struct cli *cli, json_t *object)
{
    json_t     *originator = json_object_get(object, "originator");
    const char *given = cli_value(cli, CLI_POST);
    char        post[POSTS_POST] = "";
    enum status st = STATUS_OK;

    if (originator == NULL) {
        originator = json_object();
        json_object_set_new(object, "originator", originator);
    }
    if (!json_is_object(originator) ||
        (given == NULL && json_object_get(originator, "post") != NULL))
        return STATUS_OK;
    st = posts_find(cli, getuid(), post);
    if (st == STATUS_OK && post[0] != '\0')
        set_text(originator, "post", post);
    return st;
}

static void
fill_org(const struct cli *cli, json_t *object)
{
    json_t     *originator = json_object_get(object, "originator");
    struct cli  quiet = *cli; /* a home is not needed for --dry-run */
    struct cert cert;

    if (json_is_object(originator) &&
        json_object_get(originator, "org") == NULL &&
        self_cert(&quiet, &cert) == STATUS_OK)
        set_text(originator, "org", cert.org_name);
}

static void
fill_missing(json_t *object, const char *key, json_t *value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set(object, key, value);
    json_decref(value);
}

enum status
draft_fill_home(struct cli *cli, struct draft *draft)
{
    enum status st = fill_post(cli, draft->object);

    if (st == STATUS_OK)
        st = defaults_fill(cli, draft->object, draft->begun);
    if (st == STATUS_OK)
        fill_org(cli, draft->object);
    return st;
}

enum status
draft_fill(struct cli *cli, struct draft *draft, struct draft_fill *fill)
{
    json_t     *object = draft->object;
    enum status st = fill_id(cli, object, fill);

    if (st == STATUS_OK)
        st = draft_fill_home(cli, draft);
    if (st == STATUS_OK && fill->precedence != NULL)
        st = draft_precedence(cli, draft, fill->precedence);
    if (st != STATUS_OK)
        return st;
    fill_to(object, fill->to);
    fill_missing(object, "precedence", json_string("ROUTINE"));
    fill_missing(object, "version", json_integer(MESSAGE_VERSION));
    fill_missing(object, "dtg",
                 json_string(moment_iso_seconds(fill->now_ms).text));
    fill_missing(object, "status", json_string("ACTUAL"));
    fill_missing(object, "action", json_string("ORIGINAL"));
    return STATUS_OK;
}

/* --- judging ----------------------------------------------------------- */

/* Whether something is told already of what this fault is about: a wrong word
 * is not also missing. */
static bool
is_told(const struct message_faults *faults, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (annotate_belongs(faults->list[i].path, path) ||
            (path[0] == '\0' && strcmp(faults->list[i].path, "kind") == 0))
            return true;
    }
    return false;
}

/* What the rules say, behind what reading said. */
static void
add_rules(struct message_faults *faults, const struct message_faults *rules)
{
    size_t read = faults->count;

    for (size_t i = 0; i < rules->count; i++) {
        const struct message_fault *fault = &rules->list[i];
        const struct path path = {NULL, fault->path, PATH_NO_INDEX};

        if (!is_told(faults, read, fault->path))
            message_faults_add(faults, fault->path[0] == '\0' ? NULL : &path,
                               "%s", fault->words);
    }
    faults->more += rules->more;
}

enum status
draft_judge(struct draft *draft, enum message_stage stage,
            Entente__Message **out)
{
    struct message_faults *rules = calloc(1, sizeof(*rules));
    Entente__Message      *message = NULL;

    if (rules == NULL)
        return STATUS_IO;
    (void)!json_in_message(draft->object, &message, &draft->faults);
    if (message != NULL &&
        message_validate(message, stage, rules) != STATUS_OK)
        add_rules(&draft->faults, rules);
    free(rules);
    if (draft->faults.count == 0 && message != NULL) {
        *out = message;
        return STATUS_OK;
    }
    if (message != NULL)
        entente__message__free_unpacked(message, NULL);
    return STATUS_BAD_FIELD;
}

/* --- telling ------------------------------------------------------------ */

/* Whether one of these fields is at fault, which defaults could fill. */
static bool
lacks_defaults(const struct message_faults *faults)
{
    static const char *const fields[] = {"originator", "label", "legal_basis"};

    for (size_t i = 0; i < faults->count; i++) {
        for (size_t j = 0; j < sizeof(fields) / sizeof(fields[0]); j++) {
            if (strncmp(faults->list[i].path, fields[j], strlen(fields[j])) ==
                0)
                return true;
        }
    }
    return false;
}

/* What would fill the fields that are at fault. */
static void
write_hint(const struct cli *cli, const struct draft *draft,
           char out[static DRAFT_HINT])
{
    const struct message_faults *faults = &draft->faults;

    out[0] = '\0';
    for (size_t i = 0; i < faults->count; i++) {
        if (strcmp(faults->list[i].path, "action_to") == 0 &&
            !cli_has(cli, CLI_TO))
            snprintf(out, DRAFT_HINT, "--to NAME says to whom");
    }
    if (lacks_defaults(faults) && draft->begun != 0)
        snprintf(out, DRAFT_HINT,
                 "a label or a legal basis is whole: --set all of it, or "
                 "nothing of it and %s/%s is taken", cli->home, DEFAULTS_FILE);
    else if (lacks_defaults(faults))
        snprintf(out, DRAFT_HINT,
                 "originator, label and legal_basis may stand in %s/%s "
                 "(mode 600) once for all, as in a form: "
                 "`label.policy: IN-JP`; see entente(1)",
                 cli->home, DEFAULTS_FILE);
}

/* The first of those with the lowest line. */
static size_t
next_fault(const size_t *lines, size_t count)
{
    size_t next = 0;

    for (size_t i = 1; i < count; i++) {
        if (lines[i] < lines[next])
            next = i;
    }
    return next;
}

enum status
draft_fail(struct cli *cli, const struct draft *draft, const char *what)
{
    const struct message_faults *faults = &draft->faults;
    struct span text = {(const uint8_t *)draft->text, draft->len};
    bool        form = draft->text != NULL && form_is_form(text);
    size_t      count = faults->count + faults->more;
    char        hint[DRAFT_HINT];
    size_t      lines[MESSAGE_FAULTS];

    for (size_t i = 0; i < faults->count; i++)
        lines[i] = form ? annotate_line(text, &faults->list[i]) : 0;
    for (size_t i = 0; i < faults->count; i++) {
        size_t                      next = next_fault(lines, faults->count);
        const struct message_fault *fault = &faults->list[next];

        cli_error(cli, lines[next],
                  annotate_has_path(fault) ? fault->path : "", fault->words);
        lines[next] = TOLD;
    }
    if (faults->more > 0)
        cli_error(cli, 0, "", "and more that is not listed");
    write_hint(cli, draft, hint);
    return cli_fail(cli, STATUS_BAD_FIELD, hint, "%zu %s wrong in %.200s",
                    count, count == 1 ? "thing is" : "things are",
                    file_name(what));
}

enum status
draft_finish(struct cli *cli, struct draft *draft, enum message_stage stage,
             const char *what, Entente__Message **out)
{
    enum status st = draft_judge(draft, stage, out);

    if (st == STATUS_BAD_FIELD)
        return draft_fail(cli, draft, what);
    return cli_status(cli, st, "memory");
}
