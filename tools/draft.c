/* draft.c - JSON objects until the last step, so that what a person wrote
 * and what was filled in stay one language. */
#include "tools/draft.h"

#include "proto/words.h"
#include "tools/file.h"
#include "tools/form.h"
#include "tools/json.h"
#include "tools/moment.h"
#include "tools/self.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

enum status
draft_fail(struct cli *cli, const struct message_faults *faults,
           const char *what)
{
    size_t count = faults->count + faults->more;
    char   hint[HOME_PATH_MAX + 128] = "";

    for (size_t i = 0; i < faults->count; i++)
        cli_error(cli, faults->list[i].path, faults->list[i].words);
    if (faults->more > 0)
        cli_error(cli, "", "and more that is not listed");
    if (lacks_defaults(faults))
        snprintf(hint, sizeof(hint),
                 "originator, label and legal_basis may stand in %s/%s once "
                 "for all",
                 cli->home, DRAFT_DEFAULTS);
    return cli_fail(cli, STATUS_BAD_FIELD, hint, "%zu %s wrong in %.200s",
                    count, count == 1 ? "thing is" : "things are", what);
}

static const char *
name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Reads a file of which `before` stands in front where it is a form. */
NODISCARD static enum status
read_with(struct cli *cli, const char *path, const char *before, json_t **out)
{
    struct message_faults *faults = calloc(1, sizeof(*faults));
    char                  *text = NULL;
    uint8_t               *whole = NULL;
    size_t                 before_len;
    size_t                 len = 0;
    enum status            st = STATUS_IO;

    if (faults != NULL)
        st = file_read(cli, path, JSON_TEXT_MAX, &text, &len);
    if (st != STATUS_OK)
        goto out;
    if (text[strspn(text, " \t\r\n")] == '{')
        before = "";
    before_len = strlen(before);
    whole = malloc(before_len + len + 1);
    if (whole == NULL) {
        st = cli_status(cli, STATUS_IO, "memory");
        goto out;
    }
    memcpy(whole, before, before_len);
    memcpy(whole + before_len, text, len);
    st = form_read_object((struct span){whole, before_len + len}, out, faults);
    if (st != STATUS_OK)
        st = draft_fail(cli, faults, name_of(path));
out:
    free(whole);
    free(text);
    free(faults);
    return st;
}

enum status
draft_read(struct cli *cli, const char *path, json_t **out)
{
    return read_with(cli, path, "", out);
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

NODISCARD static enum status
fill_precedence(struct cli *cli, json_t *object, const char *word)
{
    int value = 0;

    if (word == NULL) {
        if (json_object_get(object, "precedence") == NULL)
            set_text(object, "precedence", "ROUTINE");
        return STATUS_OK;
    }
    if (words_value(&entente__precedence__descriptor, span_text(word),
                    &value) != STATUS_OK)
        return cli_fail(cli, STATUS_BAD_FIELD,
                        "DEFERRED ROUTINE PRIORITY IMMEDIATE FLASH OVERRIDE",
                        "--precedence: %.40s is none", word);
    set_text(object, "precedence",
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

/* HOME/defaults: fields that the draft leaves out. */
NODISCARD static enum status
fill_defaults(struct cli *cli, json_t *object)
{
    struct home_path path;
    json_t          *defaults = NULL;
    enum status      st = home_path(cli->home, DRAFT_DEFAULTS, &path);

    if (st != STATUS_OK || access(path.text, F_OK) != 0)
        return STATUS_OK;
    /* A form is of some kind; defaults are of none. */
    st = read_with(cli, path.text, "kind: note\n", &defaults);
    if (st != STATUS_OK)
        return st;
    json_object_del(defaults, "kind");
    json_object_del(defaults, "note");
    json_object_update_missing(object, defaults);
    json_decref(defaults);
    return STATUS_OK;
}

/* Who says so, where neither draft nor defaults tell. */
static void
fill_originator(const struct cli *cli, json_t *object)
{
    json_t     *originator = json_object_get(object, "originator");
    const char *post = getenv("ENTENTE_POST");
    struct cli  quiet = *cli; /* a home is not needed for --dry-run */
    struct cert cert;

    if (originator == NULL) {
        originator = json_object();
        json_object_set_new(object, "originator", originator);
    }
    if (!json_is_object(originator))
        return;
    if (json_object_get(originator, "org") == NULL &&
        self_cert(&quiet, &cert) == STATUS_OK)
        set_text(originator, "org", cert.org_name);
    if (json_object_get(originator, "post") == NULL && post != NULL)
        set_text(originator, "post", post);
}

static void
fill_missing(json_t *object, const char *key, json_t *value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set(object, key, value);
    json_decref(value);
}

enum status
draft_fill(struct cli *cli, json_t *object, struct draft_fill *fill)
{
    enum status st = fill_id(cli, object, fill);

    if (st == STATUS_OK)
        st = fill_defaults(cli, object);
    if (st == STATUS_OK)
        st = fill_precedence(cli, object, fill->precedence);
    if (st != STATUS_OK)
        return st;
    fill_originator(cli, object);
    fill_to(object, fill->to);
    fill_missing(object, "version", json_integer(MESSAGE_VERSION));
    fill_missing(object, "dtg",
                 json_string(moment_iso_seconds(fill->now_ms).text));
    fill_missing(object, "status", json_string("ACTUAL"));
    fill_missing(object, "action", json_string("ORIGINAL"));
    return STATUS_OK;
}

/* --- judging ----------------------------------------------------------- */

enum status
draft_finish(struct cli *cli, const json_t *object, enum message_stage stage,
             const char *what, Entente__Message **out)
{
    struct message_faults *faults = calloc(1, sizeof(*faults));
    Entente__Message      *message = NULL;
    enum status            st;

    if (faults == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    st = json_object_to_message(object, &message, faults);
    if (st == STATUS_OK)
        st = message_validate(message, stage, faults);
    if (st != STATUS_OK) {
        st = draft_fail(cli, faults, name_of(what));
        if (message != NULL)
            entente__message__free_unpacked(message, NULL);
    } else {
        *out = message;
    }
    free(faults);
    return st;
}
