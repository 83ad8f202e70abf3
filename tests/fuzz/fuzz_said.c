/*
 * fuzz_said.c - a paired peer that seals what it likes into its entries.
 *
 * The input is a list of entries: u8 class, u8 precedence, u16 length, body
 * before sealing.  Node a says each of them in the place of a message of its
 * own, well sealed and signed.  Whatever they were, node b comes to rest, its
 * receipt covers all of them (one bad message never blocks a channel), and it
 * comes up again from its keys and journal.
 *
 * Linked with --wrap=channel_append.
 */
#include "entry.pb-c.h"
#include "message.pb-c.h"
#include "node/core/log/channel.h"
#include "node/core/roster.h"
#include "tests/fuzz/by_schema.h"
#include "tests/unit/duo.h"

const bool fuzz_is_whole = false; /* a list may end after any entry */

enum { ENTRIES_MAX = 32 };

/* What is said instead of the next message of `by`. */
static struct {
    const struct node *by;
    enum entry_class   class;
    enum precedence    precedence;
    struct span        body;
} instead;

enum status __real_channel_append(struct channel           *channel,
                                  struct context           *turn,
                                  struct channel_batch     *batch,
                                  const struct channel_to  *to,
                                  const struct channel_say *say);
enum status __wrap_channel_append(struct channel           *channel,
                                  struct context           *turn,
                                  struct channel_batch     *batch,
                                  const struct channel_to  *to,
                                  const struct channel_say *say);

enum status
__wrap_channel_append(struct channel *channel, struct context *turn,
                      struct channel_batch     *batch,
                      const struct channel_to  *to,
                      const struct channel_say *say)
{
    struct channel_say other = *say;

    if (say->class != CLASS_MESSAGE || turn->node != instead.by)
        return __real_channel_append(channel, turn, batch, to, say);
    other.class = instead.class;
    other.precedence = instead.precedence;
    other.body = instead.body;
    instead.by = NULL;
    return __real_channel_append(channel, turn, batch, to, &other);
}

static void
say(struct duo *duo, unsigned number, struct reader *from)
{
    uint8_t     class = reader_u8(from);
    uint8_t     precedence = reader_u8(from);
    struct span body = reader_take16(from, SEAL_PLAINTEXT_MAX);

    if (from->failed || body.len == 0)
        return;
    instead.by = duo->a.node;
    instead.class = (enum entry_class)(1 + class % CLASS_LAST);
    instead.precedence = (enum precedence)(1 + precedence % 6);
    instead.body = body;
    duo_submit(&duo->a, "node2", number, "ROUTINE", "in its place", "sent");
    duo_run(duo);
}

/* Rule 8: whatever stood in them, all are covered by b's receipt. */
static void
assert_all_covered(const struct duo *duo)
{
    const struct peer *peer = duo->a.node->peers[0];

    for (size_t i = 0; i < peer->channel_count; i++)
        assert(peer->channels[i]->cosigned.size ==
               peer->channels[i]->head.size);
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    struct duo   *duo = duo_new();

    duo_pair(duo);
    for (unsigned i = 1; i <= ENTRIES_MAX && from.left > 0 && !from.failed; i++)
        say(duo, i, &from);
    duo_wait(duo, 1000);
    assert_all_covered(duo);
    duo_submit(&duo->b, "node1", 1, "FLASH", "still here", "sent");
    duo_run(duo);
    duo_restart(&duo->b);
    duo_free(duo);
    return reader_end(&from) == STATUS_OK;
}

/* --- good inputs ---------------------------------------------------------- */

struct classed {
    fuzz_seed_fn *seed;
    void         *arg;
    uint8_t       class;
};

static void
seed_entry(void *arg, const char *name, struct span bytes)
{
    static uint8_t  memory[BY_SCHEMA_MAX];
    struct classed *classed = arg;
    struct writer   out = writer_of(memory, sizeof(memory));

    writer_u8(&out, (uint8_t)(classed->class - 1));
    writer_u8(&out, PRECEDENCE_ROUTINE - 1);
    writer_put16(&out, bytes);
    classed->seed(classed->arg, name, writer_span(&out));
}

static void
seed_class(enum entry_class class, const ProtobufCMessageDescriptor *type,
           fuzz_seed_fn *seed, void *arg)
{
    struct classed classed = {seed, arg, (uint8_t)class};

    by_schema_seeds(type, seed_entry, &classed);
}

/* A sealing key with which no secret can be shared. */
static void
seed_small_key(fuzz_seed_fn *seed, void *arg)
{
    struct classed        classed = {seed, arg, CLASS_SEALKEY};
    Entente__EntrySealkey entry = ENTENTE__ENTRY_SEALKEY__INIT;
    uint8_t               key[LIMIT_KEY] = {1};
    uint8_t               bytes[128];
    size_t                len;

    entry.number = 9;
    entry.key = (ProtobufCBinaryData){LIMIT_KEY, key};
    entry.realm = (char *)(uintptr_t)REALM_ACTUAL;
    len = entente__entry_sealkey__pack(&entry, bytes);
    seed_entry(&classed, "small_key", (struct span){bytes, len});
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed_class(CLASS_OPEN, &entente__entry_open__descriptor, seed, arg);
    seed_class(CLASS_KEY, &entente__entry_key__descriptor, seed, arg);
    seed_class(CLASS_SEALKEY, &entente__entry_sealkey__descriptor, seed, arg);
    seed_class(CLASS_REVOKE, &entente__entry_revoke__descriptor, seed, arg);
    seed_class(CLASS_MESSAGE, &entente__message__descriptor, seed, arg);
    seed_class(CLASS_ANSWER, &entente__entry_answer__descriptor, seed, arg);
    seed_class(CLASS_GRANT, &entente__entry_grant__descriptor, seed, arg);
    seed_class(CLASS_STATEMENT, &entente__entry_statement__descriptor, seed,
               arg);
    seed_small_key(seed, arg);
}
