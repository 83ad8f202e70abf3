/* fuzz_json.c - messages as people and programs write them. */
#include "tests/fuzz/by_schema.h"
#include "tools/language/json.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = true;

static char *
text_of(const Entente__Message *message)
{
    json_t *object = NULL;
    char   *text;

    if (json_from_message(message, &object) != STATUS_OK)
        return NULL;
    text = json_text(object, 0);
    json_decref(object);
    return text;
}

/* What was read is written, and read again the same. */
bool
fuzz_one(struct span in)
{
    struct message_faults faults;
    Entente__Message     *message = NULL, *again = NULL;
    char                 *text, *other;

    if (json_to_message(in, &message, &faults) != STATUS_OK) {
        assert(faults.count > 0);
        return false;
    }
    text = text_of(message);
    assert(text != NULL);
    assert(json_to_message(span_text(text), &again, &faults) == STATUS_OK);
    other = text_of(again);
    assert(other != NULL && strcmp(text, other) == 0);
    free(text);
    free(other);
    entente__message__free_unpacked(message, NULL);
    entente__message__free_unpacked(again, NULL);
    return true;
}

struct onward {
    fuzz_seed_fn *seed;
    void         *arg;
};

static void
seed_as_json(void *arg, const char *name, struct span bytes)
{
    struct onward    *to = arg;
    Entente__Message *message =
        entente__message__unpack(NULL, bytes.len, bytes.ptr);
    char             *text;

    assert(message != NULL);
    text = text_of(message);
    assert(text != NULL);
    to->seed(to->arg, name, span_text(text));
    free(text);
    entente__message__free_unpacked(message, NULL);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct onward to = {seed, arg};

    by_schema_seeds(&entente__message__descriptor, seed_as_json, &to);
}
