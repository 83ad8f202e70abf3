/*
 * amount.c - one decimal, and the largest unit that leaves 1 or more.
 */
#include "tools/terminal/amount.h"

#include <stddef.h>
#include <stdio.h>

struct amount
amount_of(uint64_t bytes)
{
    static const struct {
        const char *name;
        double      of;
    } units[] = {{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}};
    struct amount out;

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if ((double)bytes >= units[i].of) {
            snprintf(out.text, sizeof(out.text), "%.1f %s",
                     (double)bytes / units[i].of, units[i].name);
            return out;
        }
    snprintf(out.text, sizeof(out.text), "%u byte%s", (unsigned)bytes,
             bytes == 1 ? "" : "s");
    return out;
}
