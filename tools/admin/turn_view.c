/*
 * turn_view.c - events, then effects by kind, in the turn's order.
 */
#include "tools/admin/turn_view.h"

#include "tools/cli/cli.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/safe.h"

#include <inttypes.h>

static const char *
event_name(enum event_kind kind)
{
    static const char *const names[] = {
#define EVENT_NAME(name) #name,
        EVENT_LIST(EVENT_NAME)
#undef EVENT_NAME
    };

    return names[kind];
}

/* A record as it is shown; fields that its kind does not have are zero. */
static struct record
record_of(const struct effect *effect)
{
    struct record record;

    if (record_decode(effect->bytes, &record) != STATUS_OK)
        record = (struct record){0};
    if (record.kind != RECORD_ALARM)
        record.words = SPAN_EMPTY; /* posts and names are people's words */
    return record;
}

/* The class of an entry; "" of a record that is none. */
static const char *
class_of(const struct record *record)
{
    struct leaf leaf;

    if (record->leaf.len != LEAF_LEN ||
        leaf_decode(record->leaf, &leaf) != STATUS_OK)
        return "";
    return class_name(leaf.class);
}

/* --- JSON ---------------------------------------------------------------- */

static json_t *
events_json(const struct event *events, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:I, s:I}", "event", event_name(events[i].kind),
                      "link", (json_int_t)events[i].link, "bytes",
                      (json_int_t)events[i].bytes.len));
    return list;
}

static json_t *
saved_json(const struct rerun *rerun, const struct effect *effect)
{
    struct record record = record_of(effect);

    return json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:s%}", "record",
        record_name(record.kind), "class", class_of(&record), "peer",
        rerun_peer(rerun, effect->bytes), "epoch",
        (json_int_t)record.origin.epoch, "index", (json_int_t)record.index,
        "size", (json_int_t)record.size, "state", (json_int_t)record.state,
        "precedence", (json_int_t)record.precedence, "words",
        record.words.len > 0 ? (const char *)record.words.ptr : "",
        record.words.len);
}

/* What each effect of that kind is; NULL: it is not shown. */
static json_t *
effect_json(const struct rerun *rerun, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SAVE: return saved_json(rerun, effect);
    case EFFECT_SEND:
        return json_pack("{s:I, s:I}", "link", (json_int_t)effect->link,
                         "bytes", (json_int_t)effect->bytes.len);
    case EFFECT_DIAL: return json_integer((json_int_t)effect->link);
    case EFFECT_CLOSE:
        return effect->link > 0 ? json_integer((json_int_t)effect->link)
                                : NULL;
    case EFFECT_LOG:
        return json_stringn((const char *)effect->bytes.ptr,
                            effect->bytes.len);
    default: return NULL;
    }
}

static json_t *
effects_json(const struct rerun *rerun, const struct effects *effects,
             enum effect_kind kind)
{
    json_t *list = json_array();

    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == kind)
            json_array_append_new(list, effect_json(rerun, &effects->list[i]));
    return list;
}

void
turn_view_json(void *cli, const struct rerun *rerun,
               const struct event *events, size_t count,
               const struct effects *effects)
{
    const struct replay_report_place *at = rerun_place(rerun);
    json_t                           *row = json_pack(
        "{s:I, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "turn",
        (json_int_t)at->turn, "time", moment_iso(at->wall_ms).text, "packet",
        (json_int_t)at->packet, "events", events_json(events, count), "saved",
        effects_json(rerun, effects, EFFECT_SAVE), "sent",
        effects_json(rerun, effects, EFFECT_SEND), "dialled",
        effects_json(rerun, effects, EFFECT_DIAL), "closed",
        effects_json(rerun, effects, EFFECT_CLOSE), "log",
        effects_json(rerun, effects, EFFECT_LOG));

    if (cli_print_json(cli, row) != STATUS_OK)
        return; /* standard output remembers: the command says so at its end */
}

/* --- text ---------------------------------------------------------------- */

static void
print_record(const struct rerun *rerun, const struct effect *effect)
{
    struct record record = record_of(effect);
    const char   *peer = rerun_peer(rerun, effect->bytes);

    printf("  saved %s", record_name(record.kind));
    if (*class_of(&record) != '\0')
        printf(" of %s", class_of(&record));
    if (*peer != '\0')
        printf(" %s", peer);
    if (record.origin.epoch > 0)
        printf(", epoch %" PRIu64, record.origin.epoch);
    if (record.index > 0)
        printf(", index %" PRIu64, record.index);
    if (record.size > 0)
        printf(", size %" PRIu64, record.size);
    if (record.precedence > 0)
        printf(", %s", precedence_name(record.precedence));
    if (record.words.len > 0)
        printf(": ");
    safe_put(record.words, false, stdout);
    putchar('\n');
}

static void
print_effect(const struct rerun *rerun, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SAVE: print_record(rerun, effect); break;
    case EFFECT_SEND:
        printf("  sent on link %" PRIu64 ": %zu bytes\n", effect->link,
               effect->bytes.len);
        break;
    case EFFECT_DIAL:
        printf("  dialled link %" PRIu64 "\n", effect->link);
        break;
    case EFFECT_CLOSE:
        if (effect->link > 0)
            printf("  closed link %" PRIu64 "\n", effect->link);
        break;
    case EFFECT_LOG:
        printf("  log: ");
        safe_put(effect->bytes, false, stdout);
        putchar('\n');
        break;
    default: break;
    }
}

void
turn_view_text(void *cli, const struct rerun *rerun,
               const struct event *events, size_t count,
               const struct effects *effects)
{
    const struct replay_report_place *at = rerun_place(rerun);

    (void)cli;
    printf("turn %" PRIu64 " at %s, packet %" PRIu64 "\n", at->turn,
           moment_iso(at->wall_ms).text, at->packet);
    for (size_t i = 0; i < count; i++) {
        printf("  came %s", event_name(events[i].kind));
        if (events[i].link > 0)
            printf(" on link %" PRIu64, events[i].link);
        if (events[i].bytes.len > 0)
            printf(": %zu bytes", events[i].bytes.len);
        putchar('\n');
    }
    for (size_t i = 0; i < effects->count; i++)
        print_effect(rerun, &effects->list[i]);
}
