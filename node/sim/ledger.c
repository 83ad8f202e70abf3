/*
 * ledger.c - the law is looked at when a turn is computed: what it would make
 * durable must be durable already at the other end, since nothing is sent
 * before.  Order and wholeness are looked at when a commit is done.
 */
#include "node/sim/ledger.h"

#include "node/sim/saved.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
ledger_init(struct ledger *ledger, struct verdict *verdict)
{
    *ledger = (struct ledger){.verdict = verdict};
}

void
ledger_clear(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->book_count; i++) {
        book_clear(ledger->books[i]);
        free(ledger->books[i]);
    }
    free(ledger->books);
    promise_clear(&ledger->promises);
    *ledger = (struct ledger){0};
}

void
ledger_node(struct ledger *ledger, size_t who, const struct node_id *id)
{
    assert(who < LEDGER_NODES);
    ledger->nodes[who] = *id;
    ledger->known[who] = true;
}

size_t
ledger_who(const struct ledger *ledger, const struct node_id *id)
{
    size_t who = 0;

    while (who < LEDGER_NODES &&
           !(ledger->known[who] && node_id_equal(&ledger->nodes[who], id)))
        who++;
    return who;
}

struct book *
ledger_book(const struct ledger *ledger, size_t who, struct span origin)
{
    for (size_t i = 0; i < ledger->book_count; i++) {
        struct book *book = ledger->books[i];

        if (book->who == who &&
            span_equal(origin_span(&book->origin), origin))
            return book;
    }
    return NULL;
}

struct book *
ledger_book_of(struct ledger *ledger, size_t who, const struct origin *origin)
{
    struct origin_text text = origin_format(origin);
    struct book       *book = ledger_book(ledger, who, origin_span(&text));

    if (book != NULL)
        return book;
    if (ledger->book_count == ledger->book_cap) {
        ledger->book_cap = 2 * ledger->book_cap + 8;
        ledger->books = realloc(ledger->books, ledger->book_cap *
                                                   sizeof(*ledger->books));
    }
    book = malloc(sizeof(*book));
    if (book == NULL || ledger->books == NULL)
        abort();
    book_init(book, who, &text, ledger_who(ledger, &origin->sender) == who);
    ledger->books[ledger->book_count++] = book;
    return book;
}

void
ledger_give_back(struct ledger *ledger, const struct book *book)
{
    static const struct message_id none;

    for (uint64_t i = book_newest(&book->receipts); i < book->count; i++) {
        const struct message_id *id = &book->leaves[i].id;

        if (!span_equal(SPAN_OF(id->bytes), SPAN_OF(none.bytes)))
            promise_note(&ledger->promises, book->who, id, PROMISE_WAITS);
    }
}

static struct origin
origin_of(const struct book *book)
{
    struct origin origin = {0};

    if (origin_parse(origin_span(&book->origin), &origin) != STATUS_OK)
        abort(); /* it was formatted from one */
    return origin;
}

bool
ledger_superseded(const struct ledger *ledger, const struct book *book)
{
    struct origin ours = origin_of(book);

    for (size_t i = 0; i < ledger->book_count; i++) {
        struct origin other = origin_of(ledger->books[i]);

        if (ledger->books[i]->who != book->who ||
            other.epoch <= ours.epoch || other.lane != ours.lane ||
            !span_equal(span_text(other.realm), span_text(ours.realm)) ||
            !node_id_equal(&other.sender, &ours.sender) ||
            !node_id_equal(&other.recipient, &ours.recipient))
            continue;
        return true;
    }
    return false;
}

void
ledger_break(struct ledger *ledger, size_t who, const struct record *record,
             uint64_t at, const char *words)
{
    struct origin_text text = {0};

    if (record->origin.epoch > 0)
        text = origin_format(&record->origin);
    verdict_break(ledger->verdict, "node %zu, %s, %s at %llu: %s", who,
                  record_name(record->kind), text.text,
                  (unsigned long long)at, words);
}

/* The same channel at its other end; NULL: nothing is durable there. */
static const struct book *
other_end(const struct ledger *ledger, const struct record *record,
          const struct node_id *id)
{
    struct origin_text text = origin_format(&record->origin);

    return ledger_book(ledger, ledger_who(ledger, id), origin_span(&text));
}

/* --- the law ------------------------------------------------------------- */

/* It was durable, and an older copy of the disk was put back since: what left
 * before that still comes. */
static bool
was_there(const struct book *book, uint64_t size)
{
    return book != NULL && size > book->count && size <= book->lost;
}

static void
justify_leaves(struct ledger *ledger, size_t who, const struct record *record)
{
    const struct book *sender;
    struct reader      in = reader_of(record->bytes);

    sender = other_end(ledger, record, &record->origin.sender);
    for (uint64_t i = record->index; in.left >= LEAF_LEN; i++) {
        struct span leaf = reader_take(&in, LEAF_LEN);

        if (was_there(sender, i + 1))
            continue;
        if (sender == NULL || i >= sender->count)
            ledger_break(ledger, who, record, i,
                         "a leaf that its sender had not made durable");
        else if (!span_equal(leaf, SPAN_OF(sender->leaves[i].bytes)))
            ledger_break(ledger, who, record, i,
                         "another leaf than its sender's");
    }
}

static void
justify_head(struct ledger *ledger, size_t who, const struct record *record)
{
    const struct book *sender;

    sender = other_end(ledger, record, &record->origin.sender);
    if (!was_there(sender, record->size) &&
        (sender == NULL || !book_has_head(&sender->heads, record)))
        ledger_break(ledger, who, record, record->size,
                     "a head that its sender had not made durable");
}

static void
justify_receipt(struct ledger *ledger, size_t who, const struct record *record)
{
    const struct book *signer;

    signer = other_end(ledger, record, &record->origin.recipient);
    if (!was_there(signer, record->size) &&
        (signer == NULL || !book_has_head(&signer->receipts, record)))
        ledger_break(ledger, who, record, record->size,
                     "a receipt that its signer had not made durable");
}

static void
justify(struct ledger *ledger, size_t who, const struct record *record)
{
    if (record->kind == RECORD_IN_LEAVES)
        justify_leaves(ledger, who, record);
    if (record->kind == RECORD_IN_HEAD)
        justify_head(ledger, who, record);
    if (record->kind == RECORD_OUT_COSIGNED)
        justify_receipt(ledger, who, record);
}

struct logged {
    struct ledger *ledger;
    size_t         who;
};

static void
on_justify(void *arg, const struct record *record)
{
    struct logged *logged = arg;

    justify(logged->ledger, logged->who, record);
}

void
ledger_stepped(struct ledger *ledger, size_t who,
               const struct effects *effects)
{
    struct logged logged = {ledger, who};

    if (saved_each(effects, on_justify, &logged) != STATUS_OK)
        verdict_break(ledger->verdict, "node %zu saves no record", who);
}

/* --- what is durable ----------------------------------------------------- */

static void
take_head(struct ledger *ledger, struct book *book,
          const struct record *record)
{
    struct digest root;

    book_root(book, &root);
    if (record->size != book->count)
        ledger_break(ledger, book->who, record, record->size,
                     "a head over other leaves than are durable");
    else if (!span_equal(SPAN_OF(root.bytes), SPAN_OF(record->root)))
        ledger_break(ledger, book->who, record, record->size,
                     "a head whose root is not that of its leaves");
    book_add_head(&book->heads, record);
}

/* The latest that its signer has said; what he signed and lost counts from
 * when he can know it again, which is the other end's book. */
static uint64_t
times_so_far(const struct ledger *ledger, const struct book *book,
             const struct record *record)
{
    const struct book *sender = other_end(ledger, record,
                                          &record->origin.sender);
    uint64_t           ours = book_newest_time(&book->receipts);
    uint64_t           theirs = 0;

    if (sender != NULL)
        theirs = book_newest_time(&sender->receipts);
    return ours > theirs ? ours : theirs;
}

static void
take_receipt(struct ledger *ledger, struct book *book,
             const struct record *record)
{
    if (record->size <= book_newest(&book->receipts))
        ledger_break(ledger, book->who, record, record->size,
                     "a receipt that is not beyond the one before");
    if (record->size > book->count)
        ledger_break(ledger, book->who, record, record->size,
                     "a receipt beyond what is held");
    for (size_t i = 0; i < record->size && i < book->count; i++)
        if (!book->outgoing && !book->leaves[i].body)
            ledger_break(ledger, book->who, record, i,
                         "a receipt over a body that is not durable");
    if (record->time < times_so_far(ledger, book, record))
        ledger_break(ledger, book->who, record, record->time,
                     "a receipt of an earlier time than one before");
    book_add_head(&book->receipts, record);
}

static void
take_leaves(struct ledger *ledger, struct book *book,
            const struct record *record)
{
    struct reader in = reader_of(record->bytes);

    if (record->index != book->count)
        ledger_break(ledger, book->who, record, record->index,
                     "leaves that do not follow those before");
    while (in.left >= LEAF_LEN)
        (void)book_add_leaf(book, reader_take(&in, LEAF_LEN));
}

static void
take_body(struct ledger *ledger, struct book *book,
          const struct record *record)
{
    struct book_leaf *leaf = NULL;

    if (record->index < book->count)
        leaf = &book->leaves[record->index];
    if (leaf == NULL || !span_equal(record->leaf, SPAN_OF(leaf->bytes)))
        ledger_break(ledger, book->who, record, record->index,
                     "a body without its leaf");
    else if (leaf->body)
        ledger_break(ledger, book->who, record, record->index,
                     "an entry taken twice");
    else
        leaf->body = true;
}

static void
take_entry(struct ledger *ledger, struct book *book,
           const struct record *record)
{
    const struct book *peer;

    peer = other_end(ledger, record, &record->origin.recipient);
    if (record->index < book->count && ledger_superseded(ledger, book) &&
        span_equal(record->leaf, SPAN_OF(book->leaves[record->index].bytes))) {
        book->leaves[record->index].id = record->id; /* it was opened */
        promise_left(&ledger->promises, book->who, &record->id);
        return;
    }
    if (record->index != book->count)
        ledger_break(ledger, book->who, record, record->index,
                     "dispatched out of order, or two of one index");
    else if (peer != NULL && record->index < peer->count &&
             !span_equal(record->leaf,
                         SPAN_OF(peer->leaves[record->index].bytes)))
        ledger_break(ledger, book->who, record, record->index,
                     "another entry than the peer holds under that index");
    book_add_leaf(book, record->leaf)->id = record->id;
    promise_left(&ledger->promises, book->who, &record->id);
}

/* R gives up the bodies of these, by an entry of its own. */
static void
take_verdict(struct book *book, const struct record *record)
{
    if (record->outgoing ||
        (record->state != STATE_REFUSED && record->state != STATE_LOST))
        return;
    for (uint64_t i = 0; i < record->count; i++)
        if (record->index + i < book->count)
            book->leaves[record->index + i].body = true;
}

static void
take(struct ledger *ledger, size_t who, const struct record *record)
{
    struct book *book = NULL;

    if (record->origin.epoch > 0)
        book = ledger_book_of(ledger, who, &record->origin);
    switch (record->kind) {
    case RECORD_OUT_ENTRY:
        take_entry(ledger, book, record);
        return;
    case RECORD_IN_LEAVES:
        take_leaves(ledger, book, record);
        return;
    case RECORD_IN_ENTRY:
        take_body(ledger, book, record);
        return;
    case RECORD_OUT_HEAD:
    case RECORD_IN_HEAD:
        take_head(ledger, book, record);
        return;
    case RECORD_OUT_COSIGNED:
    case RECORD_IN_COSIGNED:
        take_receipt(ledger, book, record);
        return;
    case RECORD_VERDICT:
        take_verdict(book, record);
        return;
    case RECORD_CLOSED:
        ledger_give_back(ledger, book);
        return;
    case RECORD_PENDING:
        promise_note(&ledger->promises, who, &record->id, PROMISE_WAITS);
        return;
    case RECORD_STRUCK:
        promise_note(&ledger->promises, who, &record->id, PROMISE_LEFT);
        return;
    case RECORD_AWAIT:
        if (record->outgoing && record->state == AWAIT_SETTLED)
            promise_answered(&ledger->promises, who, &record->id);
        return;
    default:
        return;
    }
}

static void
on_take(void *arg, const struct record *record)
{
    struct logged *logged = arg;

    take(logged->ledger, logged->who, record);
}

void
ledger_committed(struct ledger *ledger, size_t who,
                 const struct effects *effects)
{
    struct logged logged = {ledger, who};

    if (saved_each(effects, on_take, &logged) != STATUS_OK)
        verdict_break(ledger->verdict, "node %zu saves no record", who);
}
