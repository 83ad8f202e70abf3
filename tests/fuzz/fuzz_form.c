/* fuzz_form.c - forms as officers write them, and get them back. */
#include "tests/fuzz/fuzz.h"
#include "tools/form.h"
#include "tools/gloss.h"
#include "tools/json.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = false; /* a form may end after any line */

/* A form with its faults in it is a form again, with the same faults. */
static void
assert_annotated_is_the_same(struct span              form,
                             const struct message_faults *before)
{
    struct message_faults after;
    Entente__Message     *message = NULL;
    char                 *text = NULL;
    size_t                len = 0;
    FILE                 *out = open_memstream(&text, &len);
    enum status           st;

    assert(out != NULL);
    st = form_annotate(form, before, out);
    assert(st == STATUS_OK);
    assert(fclose(out) == 0);
    st = form_read((struct span){(uint8_t *)text, len}, &message, &after);
    assert(st != STATUS_OK);
    assert(after.count == before->count && after.more == before->more);
    for (size_t i = 0; i < after.count; i++)
        assert(strcmp(after.list[i].path, before->list[i].path) == 0);
    free(text);
}

static bool
is_form(struct span in)
{
    size_t at = 0;

    while (at < in.len && memchr(" \t\r\n\v\f", in.ptr[at], 6) != NULL)
        at++;
    return at == in.len || (in.ptr[at] != '{' && in.ptr[at] != '[');
}

bool
fuzz_one(struct span in)
{
    struct message_faults faults;
    Entente__Message     *message = NULL;

    if (form_read(in, &message, &faults) != STATUS_OK) {
        assert(faults.count > 0);
        if (is_form(in))
            assert_annotated_is_the_same(in, &faults);
        return false;
    }
    entente__message__free_unpacked(message, NULL);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct message_faults faults;

    message_faults_init(&faults);
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        const struct kind *kind = kind_at(i);
        json_t *object = json_parse(span_text(gloss_example(kind)), &faults);
        char   *text = NULL;
        size_t  len = 0;
        FILE   *out = open_memstream(&text, &len);
        enum status st;

        assert(object != NULL && out != NULL);
        st = form_template(kind, strcmp(kind->name, "note") == 0 ? object
                                                                 : NULL,
                           out);
        assert(st == STATUS_OK && fclose(out) == 0);
        seed(arg, kind->name, span_text(text));
        free(text);
        json_decref(object);
    }
}
