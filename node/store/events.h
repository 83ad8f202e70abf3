/*
 * events.h - what happened after a place in the journal: QUERY_EVENTS.
 *
 * The journal itself is read, so an event is told when it is durable, in its
 * order, and the same after a restart or with the index made again.  The
 * tables say only which message an entry brought and how it stands now.
 */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "node/core/event.h"
#include "node/store/reply.h"

enum { EVENTS_WALK = 33554432 }; /* bytes of groups read for one answer */

struct events_from {
    struct reply_from         rows;
    struct journal           *journal;
    struct walk              *walk;
    struct group_buffer      *buffer; /* its content is lost */
    const struct tables_mark *mark;   /* the journal's end */
};

/*
 * Happenings after the bookmark in `text`, at most query->count and about
 * query->bytes_max bytes but one at least, of messages of precedence
 * query->from and higher and all alarms; then the place to go on from.  It
 * says `more` when it ends before the journal does.
 *
 * Each is told once, however the journal is cut into answers: what a snapshot
 * repeats is none, nor is a message that comes again under another entry.
 * BAD_ENCODING: no bookmark.  BAD_CURSOR: one of a place that this journal
 * does not have.
 */
NODISCARD enum status events_list(const struct events_from *from,
                                  const struct query *query, struct span text,
                                  struct reply *out);

#endif
