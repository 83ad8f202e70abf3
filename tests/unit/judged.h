/* judged.h - a message as people write it, with one thing changed, judged. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "tests/unit/written.h"

static struct message_faults faults;

/* Reads and judges; the answer stays in `faults`. */
static inline enum status
judge(const char *text, enum message_stage stage)
{
    Entente__Message *message = written_message(text, &faults);
    enum status       st = STATUS_BAD_FIELD;

    if (message != NULL) {
        st = message_validate(message, stage, &faults);
        entente__message__free_unpacked(message, NULL);
    }
    return st;
}

static inline const char *
words_at(const char *path)
{
    for (size_t i = 0; i < faults.count; i++)
        if (strcmp(faults.list[i].path, path) == 0)
            return faults.list[i].words;
    return NULL;
}

/* That `text` with `from` turned into `to` has a fault at `path` alone. */
static inline void
assert_fault(const char *text, const char *from, const char *to,
             const char *path, const char *words)
{
    char changed[WRITTEN_MAX];

    assert_int_equal(judge(written_but(text, from, to, changed), MESSAGE_READY),
                     STATUS_BAD_FIELD);
    if (words_at(path) == NULL)
        print_error("nothing at %s, but %s: %s\n", path, faults.list[0].path,
                    faults.list[0].words);
    assert_non_null(words_at(path));
    assert_non_null(strstr(words_at(path), words));
    assert_int_equal(faults.count, 1);
}

static inline void
assert_good(const char *text, const char *from, const char *to)
{
    char changed[WRITTEN_MAX];

    if (judge(written_but(text, from, to, changed), MESSAGE_READY) != STATUS_OK)
        print_error("%s: %s\n", faults.list[0].path, faults.list[0].words);
    assert_int_equal(faults.count, 0);
}

#endif
