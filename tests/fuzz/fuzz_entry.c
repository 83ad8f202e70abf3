/* fuzz_entry.c - bodies of entries; the first byte says which. */
#include "entry.pb-c.h"
#include "tests/fuzz/by_schema.h"

const bool fuzz_is_whole = false; /* a body may end after any field */

static const ProtobufCMessageDescriptor *const types[] = {
    &entente__entry_open__descriptor,      &entente__entry_key__descriptor,
    &entente__entry_sealkey__descriptor,   &entente__entry_revoke__descriptor,
    &entente__entry_answer__descriptor,    &entente__entry_grant__descriptor,
    &entente__entry_agreement__descriptor,
    &entente__entry_statement__descriptor,
};
enum { TYPES = sizeof(types) / sizeof(types[0]) };

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    uint8_t       which = reader_u8(&from);

    return which < TYPES &&
           by_schema_one(types[which], STRICT_REFUSE, reader_rest(&from));
}

/* Passes a seed on with its type's number before it. */
struct numbered {
    fuzz_seed_fn *seed;
    void         *arg;
    uint8_t       which;
};

static void
seed_numbered(void *arg, const char *name, struct span bytes)
{
    static uint8_t   memory[BY_SCHEMA_MAX];
    struct numbered *numbered = arg;
    struct writer    out = writer_of(memory, sizeof(memory));
    const char      *type = types[numbered->which]->short_name;

    (void)name;
    writer_u8(&out, numbered->which);
    writer_put(&out, bytes);
    numbered->seed(numbered->arg, type, writer_span(&out));
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct numbered numbered = {.seed = seed, .arg = arg};

    for (; numbered.which < TYPES; numbered.which++)
        by_schema_seeds(types[numbered.which], seed_numbered, &numbered);
}
