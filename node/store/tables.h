/*
 * tables.h - what the index holds: where each record stands, and what of it
 * is public.  No person's words: those are read from the journal when a row
 * is shown, so that at rest they are only where their vault key seals them.
 *
 *   mark      the newest group applied
 *   peer      small number <-> node id
 *   channel   small number <-> origin
 *   entry     (channel, index) -> place of its record
 *   leaves    (channel, first index) -> leaves whose bodies may be missing
 *   head      (channel, size) -> place of its signed head
 *   message   a row of inbox or outbox, in order of arrival
 *   trail     states of one message
 *   verdict   states of ranges of entries, never spread over their rows
 *   cosigned  (channel, size) -> time of the receipt
 *   refers    id of a message -> a later one that says something of it
 *   file      id of a message and digest -> state of an attachment
 *
 * `pd` is 2 * peer + (1 for outgoing).  An id of a message is `key`, its first
 * 8 bytes, and `rest`.  One index over all random ids would cost more with
 * each message there is, since every insert finds another page of it; so there
 * is one over each 65,536 rows, which stays in memory while it grows, and who
 * looks for an id looks in each.  That is too dear to be done for each message
 * that arrives: an id that comes twice is two rows, of which one is shown.
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "node/store/db.h"
#include "node/store/group.h"
#include "proto/origin.h"

enum { TABLES_VERSION = 4, TABLES_RECENT = 16, TABLES_NUMBER_BITS = 40 };

/* No channel has so many entries. */
#define TABLES_NUMBER_MAX (((uint64_t)1 << TABLES_NUMBER_BITS) - 1)

/* X(name, SQL) */
#define TABLES_LIST(X)                                                         \
    X(MARK_GET, "SELECT version, segment, offset, sequence, len, file_id, "    \
                "digest FROM mark WHERE id=1")                                 \
    X(MARK_SET, "INSERT OR REPLACE INTO mark VALUES"                           \
                "(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)")                             \
    X(PEER_FIND, "SELECT id FROM peer WHERE node=?1")                          \
    X(PEER_ADD, "INSERT INTO peer(node) VALUES(?1)")                           \
    X(PEER_NODE, "SELECT node FROM peer WHERE id=?1")                          \
    X(CHANNEL_FIND, "SELECT id FROM channel WHERE origin=?1")                  \
    X(CHANNEL_ADD, "INSERT INTO channel VALUES(NULL, ?1, 0, 0, ?2)")           \
    X(CHANNEL_GET, "SELECT pd, cosigned, span, origin FROM channel "           \
                   "WHERE id=?1")                                              \
    X(CHANNEL_SET, "UPDATE channel SET cosigned=?2, span=?3 WHERE id=?1")      \
    X(ENTRY_ADD, "INSERT OR IGNORE INTO entry VALUES(?1, ?2)")                 \
    X(ENTRY_MOVE, "UPDATE entry SET place=?2 WHERE id=?1")                     \
    X(ENTRY_RANGE, "SELECT id, place FROM entry WHERE id>=?1 AND id<?2 "       \
                   "ORDER BY id")                                              \
    X(LEAVES_ADD, "INSERT OR REPLACE INTO leaves VALUES(?1, ?2, ?3)")          \
    X(LEAVES_FIND, "SELECT id, count, place FROM leaves WHERE id<=?1 "         \
                   "AND id>=?2 ORDER BY id DESC LIMIT 1")                      \
    X(HEAD_ADD, "INSERT OR IGNORE INTO head VALUES(?1, ?2)")                   \
    X(HEAD_BELOW, "SELECT place FROM head WHERE id>?1 AND id<=?2 "             \
                  "ORDER BY id DESC LIMIT 1")                                  \
    X(HEAD_ABOVE, "SELECT place FROM head WHERE id>?1 AND id<=?2 "             \
                  "ORDER BY id LIMIT 1")                                       \
    X(MESSAGE_ADD, "INSERT INTO message(id, pd, key, precedence, time, "       \
                   "number, state, entry, place, queued, unread, rest) "       \
                   "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, "    \
                   "nullif(?10, 0), nullif(?11, 0), ?12)")                     \
    X(MESSAGE_SET, "UPDATE message SET number=?2, state=?3, "                  \
                   "entry=nullif(?4, 0), place=?5, queued=nullif(?6, 0), "     \
                   "unread=nullif(?7, 0) WHERE id=?1")                         \
    X(MESSAGE_FIRST, "SELECT " TABLES_MESSAGE " FROM message "                 \
                     "INDEXED BY message_key WHERE id>>16=?1 AND key=?2 "      \
                     "AND pd=?3 AND rest=?4 ORDER BY id LIMIT 1")              \
    X(MESSAGE_NEWEST, "SELECT " TABLES_MESSAGE " FROM message "                \
                      "INDEXED BY message_key WHERE id>>16=?1 AND key=?2 "     \
                      "AND pd=?3 AND rest=?4 ORDER BY id DESC LIMIT 1")        \
    X(WAITING_FIND, "SELECT " TABLES_MESSAGE " FROM message "                  \
                    "INDEXED BY message_waiting WHERE queued=1 AND key=?1 "    \
                    "AND pd=?2 AND rest=?3")                                   \
    X(MESSAGE_LAST, "SELECT max(id) FROM message WHERE id>=?1 AND id<?2")      \
    X(QUEUED_COUNT, "SELECT count(*) FROM message INDEXED BY message_queued "  \
                    "WHERE queued=1 AND id>?1 AND id<=?2")                     \
    X(TRAIL_ADD, "INSERT INTO trail VALUES(?1, ?2, ?3)")                       \
    X(TRAIL_OF, "SELECT place FROM trail INDEXED BY trail_key WHERE key=?1 "   \
                "AND pd=?2 ORDER BY place")                                    \
    X(VERDICT_ADD, "INSERT INTO verdict VALUES(?1, ?2, ?3, ?4, ?5)")           \
    X(VERDICT_OF, "SELECT state, place FROM verdict "                          \
                  "INDEXED BY verdict_first WHERE channel=?1 AND first<=?2 "   \
                  "AND first>?2-?3 AND first+count>?2 ORDER BY place")         \
    X(COSIGNED_ADD, "INSERT OR REPLACE INTO cosigned VALUES(?1, ?2)")          \
    X(COSIGNED_OF, "SELECT time FROM cosigned WHERE id>?1 AND id<=?2 "         \
                   "ORDER BY id LIMIT 1")                                      \
    X(COSIGNED_BEFORE, "SELECT id FROM cosigned WHERE id>=?1 AND id<?2 "       \
                       "ORDER BY id DESC LIMIT 1")                             \
    X(REFERS_ADD, "INSERT INTO refers VALUES(?1, ?2, ?3, ?4, ?5)")             \
    X(REFERS_TO, "SELECT action, max(by), max(rowid) FROM refers "             \
                 "INDEXED BY refers_key WHERE key=?1 AND pd=?2 AND id=?3 "     \
                 "GROUP BY action, by ORDER BY 1 DESC, 3 DESC")               \
    X(FILE_PUT, "INSERT OR REPLACE INTO file VALUES(?1, ?2, ?4, ?5, ?3)")      \
    X(FILES_OF, "SELECT state, digest FROM file WHERE key=?1 AND pd=?2 "       \
                "AND id=?3")

/* The columns that tables_message_read takes. */
#define TABLES_MESSAGE                                                         \
    "id, pd, key, precedence, time, number, state, entry, place, queued, "     \
    "unread, rest"

enum tables_statement {
#define TABLES_ENUM(name, sql) TABLES_##name,
    TABLES_LIST(TABLES_ENUM)
#undef TABLES_ENUM
    TABLES_COUNT
};

struct tables_channel {
    int64_t       id;
    int64_t       pd;
    uint64_t      cosigned; /* the largest size that has a receipt */
    uint64_t      span;     /* entries in the widest verdict */
    struct origin origin;
};

struct tables {
    struct db            *db;
    struct tables_channel recent[TABLES_RECENT]; /* newest first; id 0: free */
    int64_t               next[2]; /* message ids: incoming, outgoing */
    uint64_t              waiting; /* messages that are queued */
};

/* As db_open. */
NODISCARD enum status tables_open(const struct disk *disk, const char *name,
                                  struct tables *out);
void                  tables_close(struct tables *tables);
/* What is remembered of rows that a rolled back transaction had. */
NODISCARD enum status tables_forget_cached(struct tables *tables);

/* --- the mark ------------------------------------------------------------ */

struct tables_mark {
    struct group_place last; /* the newest group applied; sequence 0: none */
    uint64_t           len;  /* of it */
    uint8_t            digest[GROUP_CHECK];
};

/* NOT_FOUND: none for this journal and this version. */
NODISCARD enum status tables_mark_get(struct tables *tables,
                                      const uint8_t *file_id,
                                      struct tables_mark *out);
/* Whether there is one of any journal. */
bool tables_are_marked(struct tables *tables);
NODISCARD enum status tables_mark_set(struct tables            *tables,
                                      const uint8_t            *file_id,
                                      const struct tables_mark *mark);

/* --- small numbers ------------------------------------------------------- */

/* NOT_FOUND unless `make`. */
NODISCARD enum status tables_peer(struct tables        *tables,
                                  const struct node_id *node, bool make,
                                  int64_t *out);
NODISCARD enum status tables_peer_node(struct tables *tables, int64_t peer,
                                       struct node_id *out);

/* The channel, good until the next call of these two.  NOT_FOUND. */
NODISCARD enum status tables_channel_of(struct tables          *tables,
                                        const struct origin    *origin,
                                        struct tables_channel **out);
NODISCARD enum status tables_channel_by_id(struct tables *tables, int64_t id,
                                           struct tables_channel **out);
/* As tables_channel_of; makes one that is new.  Outgoing: to its recipient. */
NODISCARD enum status tables_channel_make(struct tables          *tables,
                                          const struct origin    *origin,
                                          bool                    outgoing,
                                          struct tables_channel **out);
/* Writes cosigned and span. */
NODISCARD enum status
tables_channel_set(struct tables *tables, const struct tables_channel *channel);

/* (channel, number up to TABLES_NUMBER_MAX) as one number; and back. */
int64_t  tables_at(int64_t channel, uint64_t number);
int64_t  tables_at_channel(int64_t at);
uint64_t tables_at_number(int64_t at);

/* --- messages ------------------------------------------------------------ */

struct tables_message {
    int64_t           id; /* direction and order of arrival */
    int64_t           pd;
    struct message_id message;
    uint8_t           precedence;
    uint64_t          time;
    uint64_t          number;
    uint8_t           state;
    int64_t           entry; /* tables_at; 0: not dispatched */
    int64_t           place;
    bool              queued;
};

/* First 8 bytes of an id, in an order that SQLite's integers have too. */
int64_t tables_key(const struct message_id *id);

/* The row that is shown for an id: of the inbox the first that brought it, of
 * the outbox the last that it went by.  NOT_FOUND. */
NODISCARD enum status tables_message_find(struct tables *tables, int64_t pd,
                                          const struct message_id *id,
                                          struct tables_message   *out);
/* The one that is queued.  NOT_FOUND. */
NODISCARD enum status tables_waiting_find(struct tables *tables, int64_t pd,
                                          const struct message_id *id,
                                          struct tables_message   *out);
/* The parts that rows of one direction are in; each has its index of ids. */
int64_t tables_first_part(bool outgoing);
int64_t tables_last_part(const struct tables *tables, bool outgoing);

/* Gives it the next id of its direction. */
NODISCARD enum status tables_message_add(struct tables         *tables,
                                         struct tables_message *message);
/* Writes number, state, entry, place and queued; `before` is what it was. */
NODISCARD enum status
tables_message_set(struct tables *tables, const struct tables_message *before,
                   const struct tables_message *message);
/* From a row with the columns of TABLES_MESSAGE. */
struct tables_message tables_message_read(sqlite3_stmt *row);

/* The ids of one direction lie between these two; a cursor is what an id is
 * above the first.  Cursors begin with 2. */
int64_t tables_first_id(bool outgoing);
int64_t tables_last_id(bool outgoing);

#endif
