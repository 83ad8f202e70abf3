/*
 * about.c - header and body of a message made from those of another.
 */
#include "tools/writing/about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *action;
    const char *before; /* the subject */
    bool        body;   /* the earlier one goes on */
} ways[] = {
    [ABOUT_REPLY] = {"ORIGINAL", "Re: ", false},
    [ABOUT_FORWARD] = {"ORIGINAL", "Fwd: ", true},
    [ABOUT_UPDATE] = {"UPDATE", "Update: ", true},
    [ABOUT_CORRECT] = {"CORRECT", "Correction: ", true},
    [ABOUT_CANCEL] = {"CANCEL", "Cancelled: ", false},
};

static const char *
text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static void
set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

/* --- the header ---------------------------------------------------------- */

static void
take_over(json_t *object, const json_t *earlier, const char *key)
{
    json_t *value = json_object_get(earlier, key);

    if (value != NULL)
        json_object_set_new(object, key, json_deep_copy(value));
}

/* "Re: X" of "X" and of "Re: X". */
static void
set_subject(json_t *object, const char *before, const char *subject)
{
    size_t  len = strlen(before) + strlen(subject) + 1;
    char   *text = malloc(len);
    bool    there = strncasecmp(subject, before, strlen(before)) == 0;

    if (text == NULL)
        return;
    snprintf(text, len, "%s%s", there ? "" : before, subject);
    set_text(object, "subject", text);
    free(text);
}

/* The post that wrote it, which is not the one that passes it on. */
static void
set_author(json_t *object, const json_t *earlier)
{
    const json_t *originator = json_object_get(earlier, "originator");
    char          author[ABOUT_WORDS];

    if (text_of(earlier, "author")[0] != '\0') {
        take_over(object, earlier, "author");
        return;
    }
    snprintf(author, sizeof(author), "%.120s/%.120s",
             text_of(originator, "org"), text_of(originator, "post"));
    set_text(object, "author", author);
}

/* A reply stands in the thread of what it answers; what replaces or adds does
 * so to one message only. */
static void
set_refs(json_t *object, enum about_way way, const json_t *earlier,
         const char *id)
{
    json_t *refs = json_pack("[s]", id);

    if (way == ABOUT_REPLY && json_is_array(json_object_get(earlier, "refs")))
        json_array_extend(refs, json_object_get(earlier, "refs"));
    json_object_set_new(object, "refs", refs);
}

/* --- the body ------------------------------------------------------------ */

static void
set_body(json_t *object, enum about_way way, const json_t *earlier,
         const char *id, const char *kind)
{
    bool    assessed = strcmp(text_of(earlier, "kind"), "risk_assessment") == 0;
    json_t *body = json_object();

    if (ways[way].body) {
        kind = text_of(earlier, "kind");
        json_object_update(body, json_object_get(earlier, kind));
        if (assessed && way != ABOUT_FORWARD)
            json_object_set_new(body, "change_since",
                                json_pack("{s:s}", "ref", id));
    } else if (assessed && strcmp(kind, "risk_assessment") == 0) {
        json_object_set_new(body, "stance", json_pack("{s:s}", "ref", id));
    }
    set_text(object, "kind", kind);
    json_object_set_new(object, kind, body);
}

json_t *
about_object(enum about_way way, const json_t *earlier, const char *id,
             const char *kind)
{
    static const char *const header[] = {"label",      "tlp",    "pap",
                                         "legal_basis", "status", "exercise_id",
                                         "precedence"};
    json_t                  *object = json_object();

    if (object == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
        take_over(object, earlier, header[i]);
    if (ways[way].body)
        take_over(object, earlier, "language");
    if (way == ABOUT_FORWARD)
        set_author(object, earlier);
    set_text(object, "action", ways[way].action);
    set_refs(object, way, earlier, id);
    set_subject(object, ways[way].before, text_of(earlier, "subject"));
    set_body(object, way, earlier, id, kind == NULL ? "note" : kind);
    return object;
}

/* --- what -m says -------------------------------------------------------- */

/* "TEXT", or "TEXT", a line and what was there. */
NODISCARD static enum status
set_joined(json_t *body, const char *field, const char *first,
           const char *between, const char *second)
{
    size_t  len = strlen(first) + strlen(between) + strlen(second) + 1;
    char   *text = malloc(len);
    json_t *value;

    if (text == NULL)
        return STATUS_IO;
    snprintf(text, len, "%s%s%s", first, between, second);
    value = json_string(text);
    free(text);
    if (value == NULL)
        return STATUS_BAD_FIELD;
    json_object_set_new(body, field, value);
    return STATUS_OK;
}

enum status
about_text(enum about_way way, json_t *object, const char *text,
           const char *from)
{
    const char *kind = text_of(object, "kind");
    json_t     *body = json_object_get(object, kind);
    char        line[ABOUT_WORDS];

    snprintf(line, sizeof(line), "\n\n---- %.200s ----\n", from);
    if (strcmp(kind, "note") == 0 && way == ABOUT_FORWARD)
        return set_joined(body, "text", text, line, text_of(body, "text"));
    if (strcmp(kind, "note") == 0)
        return set_joined(body, "text", text, "", "");
    if (!ways[way].body || way == ABOUT_FORWARD)
        return STATUS_NOT_FOUND;
    if (strcmp(kind, "maritime_incident") == 0) {
        const char *before = text_of(body, "narrative");

        return set_joined(body, "narrative", before,
                          before[0] == '\0' ? "" : "\n", text);
    }
    if (strcmp(kind, "risk_assessment") == 0)
        return set_joined(json_object_get(body, "change_since"), "text", text,
                          "", "");
    return STATUS_NOT_FOUND;
}

/* --- forwarding ---------------------------------------------------------- */

static bool
names(const json_t *list, const struct about_reader *reader)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));

        if (one != NULL && (strcasecmp(one, reader->country) == 0 ||
                            strcasecmp(one, reader->org) == 0 ||
                            strcasecmp(one, reader->name) == 0))
            return true;
    }
    return false;
}

/* Caveats that leave the word to the originator. */
static const char *
find_caveat(const json_t *caveats)
{
    static const char *const known[] = {"ORCON", "ORIGINATOR CONTROL",
                                        "NO FORWARD", "NOFORWARD",
                                        "DO NOT FORWARD"};

    for (size_t i = 0; i < json_array_size(caveats); i++) {
        const char *one = json_string_value(json_array_get(caveats, i));

        for (size_t j = 0; j < sizeof(known) / sizeof(known[0]); j++) {
            if (one != NULL && strcasestr(one, known[j]) != NULL)
                return one;
        }
    }
    return NULL;
}

enum status
about_may_forward(const json_t *earlier, bool own,
                  const struct about_reader *reader,
                  char                       why[static ABOUT_WORDS])
{
    const json_t *label = json_object_get(earlier, "label");
    const json_t *list = json_object_get(label, "releasable_to");
    const char   *tlp = text_of(earlier, "tlp");
    const char   *caveat = find_caveat(json_object_get(label, "caveats"));
    size_t        at;

    if (!own && (strcmp(tlp, "RED") == 0 || strncmp(tlp, "AMBER", 5) == 0)) {
        snprintf(why, ABOUT_WORDS,
                 "TLP:%s keeps it within the organisation that got it", tlp);
        return STATUS_POLICY;
    }
    if (!own && caveat != NULL) {
        snprintf(why, ABOUT_WORDS, "its caveat %.100s leaves that to its "
                                   "originator", caveat);
        return STATUS_POLICY;
    }
    if (json_array_size(list) == 0 || names(list, reader))
        return STATUS_OK;
    at = (size_t)snprintf(why, ABOUT_WORDS,
                          "%.40s is of %.40s (%.4s), and its label releases it "
                          "to", reader->name, reader->org, reader->country);
    for (size_t i = 0; i < json_array_size(list) && at < ABOUT_WORDS; i++)
        at += (size_t)snprintf(why + at, ABOUT_WORDS - at, "%s %.40s",
                               i == 0 ? "" : ",",
                               json_string_value(json_array_get(list, i)));
    return STATUS_POLICY;
}
