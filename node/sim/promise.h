/*
 * promise.h - which messages each node has promised, durably, to deliver.
 *
 * A list of its own memory; judges nothing.
 */
#ifndef SIM_PROMISE_H
#define SIM_PROMISE_H

#include "proto/origin.h"

enum promise_state {
    PROMISE_NONE,  /* nothing durable is known of it */
    PROMISE_WAITS, /* in the outbox */
    PROMISE_LEFT   /* dispatched, or taken back */
};

struct promise {
    size_t             who;
    struct message_id  id;
    enum promise_state state;
    bool               recalled; /* seen by the replay under way */
    bool               forged;   /* as it was sealed last */
    bool               spoilt;   /* it left like that: nobody can read it */
    bool               readable; /* it left, once, as it was written */
    bool               heard;    /* a person's answer came, durably */
};

struct promise_list {
    struct promise *list;
    size_t          count, cap;
};

void promise_clear(struct promise_list *promises);
/* All of `who`, added to *out; and the other way: all of `who` is as it was. */
void promise_copy(const struct promise_list *promises, size_t who,
                  struct promise_list *out);
void promise_restore(struct promise_list *promises, size_t who,
                     const struct promise_list *copy);
void promise_note(struct promise_list *promises, size_t who,
                  const struct message_id *id, enum promise_state state);
/* How it was sealed: what was forged and left durably is spoilt, and the node
 * need not know it after a restart. */
void promise_sealed(struct promise_list *promises, size_t who,
                    const struct message_id *id, bool forged);
/* It was dispatched, durably; said again by a replay. */
void promise_left(struct promise_list *promises, size_t who,
                  const struct message_id *id);
/* Its sender awaits no answer any more; said again by a replay. */
void promise_answered(struct promise_list *promises, size_t who,
                      const struct message_id *id);
bool promise_heard(const struct promise_list *promises, size_t who,
                   const struct message_id *id);
bool promise_spoilt(const struct promise_list *promises, size_t who,
                    const struct message_id *id);
/* Whether it left as it was written as well: of two sealings, a log that comes
 * back may show the older. */
bool promise_readable(const struct promise_list *promises, size_t who,
                      const struct message_id *id);
bool promise_has(const struct promise_list *promises, size_t who,
                 const struct message_id *id);

/* Whether anything waits that is not spoilt. */
bool promise_waits(const struct promise_list *promises);

/* Around a replay: forgets what was recalled of `who`; gives the first that
 * waits, is not spoilt and was not recalled, NULL when there is none. */
void                  promise_recall_begin(struct promise_list *promises,
                                           size_t               who);
const struct promise *promise_recall_end(const struct promise_list *promises,
                                         size_t                     who);

#endif
