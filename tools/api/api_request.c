/*
 * api_request.c - the same options and the same refusals as on the command
 * line, said of keys.
 */
#include "tools/api/api_request.h"

#include "proto/words.h"
#include "tools/api/api_verbs.h"
#include "tools/cli/cli_parse.h"
#include "tools/language/json.h"

#include <stdlib.h>
#include <string.h>

#define O(name) CLI_BIT(name)
/* What is the terminal's, the process's or a file's. */
#define NEVER                                                                  \
    (CLI_ALWAYS | O(PASSPHRASE_FD) | O(OUT) | O(WATCH) | O(QUIET) | O(EXEC))

static const char like[] = "{\"id\": 1, \"verb\": \"status\"}";

enum { VERBS_MAX = 32, KEYS_MAX = CLI_OPTION_COUNT + 4, LIST = 512 };

/* cli_fail() with the key that is to blame. */
__attribute__((format(printf, 5, 6))) static enum status
refuse(struct api_call *call, enum status st, const char *key,
       const char *hint, const char *format, ...)
{
    char    words[CLI_WORDS];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    snprintf(call->cli.path, sizeof(call->cli.path), "%s", key);
    return cli_fail(&call->cli, st, hint, "%s", words);
}

/* What is wrong with it; of the place in it the column is enough. */
static const char *
fault_of(const struct message_faults *faults)
{
    static const char first[] = "line 1, ";
    const char       *words = faults->list[0].words;

    return strncmp(words, first, strlen(first)) == 0 ? words + strlen(first)
                                                     : words;
}

/* Every line of an answer bears it. */
NODISCARD static enum status
check_id(struct api_call *call)
{
    const json_t *id = json_object_get(call->line, "id");

    if (id == NULL)
        return refuse(call, STATUS_BAD_FIELD, "id", like,
                      "id is missing: any value will do, the answers bear it");
    if (json_dumpb(id, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) <=
        API_REQUEST_ID_MAX)
        return STATUS_OK;
    json_object_del(call->line, "id");
    return refuse(call, STATUS_TOO_LARGE, "id", like,
                  "id is longer than %d bytes", API_REQUEST_ID_MAX);
}

enum status
api_request_read(struct api_call *call, struct span line, size_t number)
{
    struct message_faults *faults = calloc(1, sizeof(*faults));
    enum status            st = STATUS_OK;

    if (faults == NULL)
        return cli_status(&call->cli, STATUS_IO, "memory");
    call->line = json_parse(line, faults);
    if (call->line == NULL)
        st = cli_fail(&call->cli, STATUS_BAD_ENCODING, like,
                      "line %zu is no JSON: %s", number, fault_of(faults));
    else if (!json_is_object(call->line))
        st = cli_fail(&call->cli, STATUS_BAD_FIELD, like,
                      "line %zu is no object", number);
    else
        st = check_id(call);
    free(faults);
    return st;
}

/* --- the verb ------------------------------------------------------------- */

static enum status
unknown_verb(struct api_call *call, const char *verb)
{
    const char *names[VERBS_MAX];
    size_t      count = 0;
    const char *near;
    char        hint[LIST];
    size_t      at = 0;

    for (; api_verbs_all[count].name != NULL && count < VERBS_MAX; count++) {
        names[count] = api_verbs_all[count].name;
        if (at < sizeof(hint))
            at += (size_t)snprintf(hint + at, sizeof(hint) - at, "%s%s",
                                   count == 0 ? "" : ", ", names[count]);
    }
    near = words_nearest(span_text(verb), names, count);
    if (near != NULL)
        snprintf(hint, sizeof(hint), "did you mean %s?", near);
    return refuse(call, STATUS_USAGE, "verb", hint, "no such verb: %.100s",
                  verb);
}

NODISCARD static enum status
find_verb(struct api_call *call)
{
    const char *verb = json_string_value(json_object_get(call->line, "verb"));
    const char *second;
    char        first[64];

    if (verb == NULL)
        return refuse(call, STATUS_USAGE, "verb", like,
                      "verb is missing, or no text");
    for (call->verb = api_verbs_all; call->verb->name != NULL; call->verb++)
        if (strcmp(call->verb->name, verb) == 0)
            break;
    if (call->verb->name == NULL)
        return unknown_verb(call, verb);
    second = strchr(verb, ' ');
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(verb, " "), verb);
    call->cli.command = cli_parse_find(&call->cli, first,
                                       second == NULL ? NULL : second + 1);
    return STATUS_OK;
}

/* --- its keys ------------------------------------------------------------- */

static cli_options
options_of(const struct api_call *call)
{
    return call->cli.command == NULL ? 0 : call->cli.command->options & ~NEVER;
}

/* `dry_run` is --dry-run; -1: no option has this name. */
static int
option_of(const char *key)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *name = cli_option_info((enum cli_option)i)->name;
        size_t      at = 0;

        while (name[at] != '\0' &&
               (name[at] == key[at] || (name[at] == '-' && key[at] == '_')))
            at++;
        if (name[at] == key[at])
            return i;
    }
    return -1;
}

static enum status
unknown_key(struct api_call *call, const char *key)
{
    const char *names[KEYS_MAX];
    size_t      count = 0;
    const char *near;
    char        hint[128];

    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        if ((options_of(call) & CLI_ONE(i)) != 0)
            names[count++] = cli_option_info((enum cli_option)i)->name;
    if (call->verb->word != NULL)
        names[count++] = call->verb->word;
    if (call->verb->raw != NULL)
        names[count++] = call->verb->raw;
    near = words_nearest(span_text(key), names, count);
    snprintf(hint, sizeof(hint), "did you mean %s?", near == NULL ? "" : near);
    return refuse(call, STATUS_USAGE, key,
                  near == NULL
                      ? cli_line(&call->cli, "help %s", call->verb->name).text
                      : hint,
                  "%s does not take %.100s", call->verb->name, key);
}

/* A text that lives as long as the call; NULL: the value is none. */
static const char *
text_of(struct api_call *call, const json_t *value)
{
    char    number[32];
    json_t *text;

    if (json_is_string(value))
        return json_string_value(value);
    if (!json_is_integer(value))
        return NULL;
    snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
             json_integer_value(value));
    text = json_string(number);
    json_array_append_new(call->texts, text);
    return json_string_value(text);
}

NODISCARD static enum status
add_value(struct api_call *call, int option, const char *key, const char *text)
{
    struct cli_values *values = &call->cli.options[option];

    if (values->count > 0 &&
        !cli_option_info((enum cli_option)option)->repeated)
        return refuse(call, STATUS_USAGE, key, NULL, "%s stands there twice",
                      key);
    if (values->count == CLI_REPEAT_MAX)
        return refuse(call, STATUS_USAGE, key, NULL, "more than %d of %s",
                      CLI_REPEAT_MAX, key);
    values->at[values->count++] = text;
    return STATUS_OK;
}

static enum status
wrong_value(struct api_call *call, const char *key, const char *right)
{
    return refuse(call, STATUS_USAGE, key, NULL, "%s must be %s", key, right);
}

/* ["jmsdf", "usff"] for jmsdf,usff; each of a repeated option. */
NODISCARD static enum status
add_list(struct api_call *call, int option, const char *key,
         const json_t *list)
{
    bool        repeated = cli_option_info((enum cli_option)option)->repeated;
    char       *joined = NULL;
    size_t      len = 0;
    FILE       *out = repeated ? NULL : open_memstream(&joined, &len);
    enum status st = STATUS_OK;
    json_t     *one;
    size_t      i;

    json_array_foreach(list, i, one)
    {
        const char *text = json_string_value(one);

        if (text == NULL || (!repeated && strchr(text, ',') != NULL)) {
            st = wrong_value(call, key, "text, or a list of texts");
            break;
        }
        if (repeated)
            st = add_value(call, option, key, text);
        else if (out != NULL)
            fprintf(out, "%s%s", i == 0 ? "" : ",", text);
        if (st != STATUS_OK)
            break;
    }
    if (out != NULL && fclose(out) == 0 && st == STATUS_OK) {
        json_t *text = json_string(joined);

        json_array_append_new(call->texts, text);
        st = add_value(call, option, key, json_string_value(text));
    }
    free(joined);
    return st;
}

NODISCARD static enum status
take_option(struct api_call *call, int option, const char *key, json_t *value)
{
    const struct cli_option_info *info =
        cli_option_info((enum cli_option)option);
    bool        left_out = info->argument == NULL || info->argument[0] == '[';
    bool        many = info->repeated || option == CLI_TO;
    const char *text = info->argument == NULL ? NULL : text_of(call, value);

    if (left_out && json_is_boolean(value))
        return json_is_true(value) ? add_value(call, option, key, "")
                                   : STATUS_OK;
    if (text != NULL)
        return add_value(call, option, key, text);
    if (many && json_is_array(value))
        return add_list(call, option, key, value);
    return wrong_value(call, key,
                       info->argument == NULL ? "true or false"
                       : left_out             ? "true, false or text"
                       : many ? "text, or a list of texts"
                              : "text or a whole number");
}

NODISCARD static enum status
take_word(struct api_call *call, const char *key, json_t *value)
{
    const char *text = text_of(call, value);

    if (text == NULL || text[0] == '\0')
        return wrong_value(call, key, "text");
    call->cli.args[call->cli.arg_count++] = text;
    return STATUS_OK;
}

NODISCARD static enum status
take_key(struct api_call *call, const char *key, json_t *value)
{
    int  option = option_of(key);
    bool takes = option >= 0 && (options_of(call) & CLI_ONE(option)) != 0;

    if (call->verb->word != NULL && strcmp(key, call->verb->word) == 0)
        return take_word(call, key, value);
    if (call->verb->raw != NULL && strcmp(key, call->verb->raw) == 0 &&
        (json_is_object(value) || !takes)) { /* -m TEXT is another thing */
        call->raw = value;
        return STATUS_OK;
    }
    if (!takes)
        return unknown_key(call, key);
    return take_option(call, option, key, value);
}

enum status
api_request_fill(struct api_call *call)
{
    enum status st = find_verb(call);
    const char *key;
    json_t     *value;

    if (st != STATUS_OK)
        return st;
    json_object_foreach(call->line, key, value)
    {
        if (strcmp(key, "id") == 0 || strcmp(key, "verb") == 0)
            continue;
        st = take_key(call, key, value);
        if (st != STATUS_OK)
            return st;
    }
    if (!call->verb->must || call->cli.arg_count > 0 || call->raw != NULL)
        return STATUS_OK;
    key = call->verb->word != NULL ? call->verb->word : call->verb->raw;
    return refuse(call, STATUS_USAGE, key, NULL, "%s needs %s",
                  call->verb->name, key);
}
