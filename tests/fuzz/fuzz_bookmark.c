/* fuzz_bookmark.c - a place in the journal, as a program hands it back. */
#include "node/store/bookmark.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct bookmark      bookmark;
    struct bookmark_text again;

    if (bookmark_parse(in, &bookmark) != STATUS_OK)
        return false;
    again = bookmark_text(&bookmark);
    assert(span_equal(in, span_text(again.text)));
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct bookmark      bookmark = {.group = {7, 3 * SEGMENT_PAGE, 40},
                                     .check = {0xde, 0xad},
                                     .record = 5,
                                     .part = 12};
    struct bookmark      beginning = {0};
    struct bookmark_text text = bookmark_text(&bookmark);

    seed(arg, "within", span_text(text.text));
    text = bookmark_text(&beginning);
    seed(arg, "beginning", span_text(text.text));
}
