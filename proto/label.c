/* label.c - the strings of label.h as spans, ending zero included. */
#include "proto/label.h"

#include <assert.h>

struct span
label_span(enum label label)
{
    static const struct span table[] = {
#define LABEL_ROW(name, string) {(const uint8_t *)string, sizeof(string)},
        LABEL_LIST(LABEL_ROW)
#undef LABEL_ROW
    };

    assert(label < LABEL_COUNT);
    return table[label];
}
