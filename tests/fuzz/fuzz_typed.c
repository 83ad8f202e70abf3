/*
 * fuzz_typed.c - what a person types: times, places, moments and lengths of
 * time.  The first byte says which.
 */
#include "tests/fuzz/fuzz.h"
#include "tools/language/coordinate.h"
#include "tools/language/zulu.h"
#include "tools/terminal/moment.h"

#include <math.h>
#include <string.h>

const bool fuzz_is_whole = false; /* minutes may do without seconds */

enum { LAT, LON, ZULU, MOMENT };

static bool
place(struct span in, enum coordinate_axis axis)
{
    double   degrees, again;
    uint32_t notation, same;
    char     text[COORDINATE_TEXT];

    if (coordinate_parse(in, axis, &degrees, &notation) != STATUS_OK)
        return false;
    assert(isfinite(degrees) && notation <= COORDINATE_DECIMALS_MAX + 1);
    if (notation == 0)
        return true; /* in degrees: we write minutes */
    coordinate_format(degrees, axis, notation - 1, text);
    assert(coordinate_parse(span_text(text), axis, &again, &same) ==
           STATUS_OK);
    assert(same == notation && fabs(again - degrees) < 1e-9);
    return true;
}

static bool
zulu(struct span in)
{
    Entente__Time time = ENTENTE__TIME__INIT;
    char          text[ZULU_TEXT];

    if (zulu_parse(in, &time) != STATUS_OK)
        return false;
    zulu_format(&time, text);
    assert(span_equal(in, span_text(text)));
    zulu_dtg(&time, text);
    return true;
}

static bool
moment(struct span in)
{
    char     text[64] = "";
    uint64_t ms;

    if (in.len >= sizeof(text))
        return false;
    if (in.len > 0)
        memcpy(text, in.ptr, in.len);
    if (moment_parse(text, 1700000000000, &ms) != STATUS_OK)
        return false;
    (void)moment_iso(ms);
    (void)moment_dtg(ms);
    (void)moment_ago(ms, 1700000000000);
    return true;
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    uint8_t       which = reader_u8(&from);

    if (from.failed)
        return false;
    in = reader_rest(&from);
    switch (which) {
    case LAT: return place(in, COORDINATE_LAT);
    case LON: return place(in, COORDINATE_LON);
    case ZULU: return zulu(in);
    case MOMENT: return moment(in);
    default: return false;
    }
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const struct {
        uint8_t     which;
        const char *name, *text;
    } rows[] = {
        {LAT, "lat", "06-17.25N"},
        {LON, "lon", "003-21.123456W"},
        {LON, "half_circle", "180-00E"},
        {LAT, "degrees", "6.283 n"},
        {LON, "seconds", "0032130E"},
        {ZULU, "day", "2014-04-23"},
        {ZULU, "minute", "2014-04-23T10:00Z"},
        {ZULU, "second", "2014-04-23T10:00:00.123456789-03:30"},
        {MOMENT, "moment", "2014-04-23T10:00:00Z"},
        {MOMENT, "ago", "30min"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t       bytes[64];
        struct writer out = writer_of(bytes, sizeof(bytes));

        writer_u8(&out, rows[i].which);
        writer_put(&out, span_text(rows[i].text));
        seed(arg, rows[i].name, writer_span(&out));
    }
}
