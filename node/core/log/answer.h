/*
 * answer.h - verdicts: ours on the peer's entries, the peer's on ours.
 *
 * Automatic verdicts of a turn become one ANSWER entry with index ranges
 * (DESIGN 7, rule 10).  Accepted, rejected and people's answers answer class
 * MESSAGE only; REFUSED and UNOPENED anything but an ANSWER or GRANT, for
 * which there is an alarm, never an entry (DESIGN 2).
 */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include "node/core/peer.h"

/* A verdict on one entry of theirs, to be said when the turn ends. */
void answer_note(struct peer *peer, struct context *turn,
                 const struct witness *witness, uint64_t index,
                 Entente__Answer__Verdict verdict, enum status why,
                 enum precedence precedence);

/* The same by a person, whose post and words are copied: said by itself. */
void answer_person(struct peer *peer, struct context *turn,
                   const struct witness *witness, uint64_t index,
                   Entente__Answer__Verdict verdict, const char *by,
                   const char *text, enum precedence precedence);

/* That an attachment of that entry is whole, which was said once and lost. */
void answer_complete(struct peer *peer, struct context *turn,
                     const struct witness *witness, uint64_t index,
                     const struct digest *digest);

/*
 * Says all verdicts that are due, with ranges; while nothing may be said to the
 * peer (peer_may_say) they are saved instead.
 */
void answer_say(struct peer *peer, struct context *turn);

/* Saves what is due as DUE: what is not saved yet, or all again. */
void answer_save(struct peer *peer, struct context *turn, bool again);

/* As the journal tells: a verdict is due. */
void answer_restore(struct peer *peer, const struct witness *witness,
                    const struct record *record);

/* Nothing is due any more: an ANSWER of ours said it. */
void answer_forget(struct peer *peer);

/* That a signed head of theirs is wrong; asks for a new epoch. */
void answer_bad_head(struct peer *peer, struct context *turn,
                     const struct witness *witness, const struct head *head,
                     const uint8_t *signature);

/*
 * The body of an ANSWER entry of theirs, whole or not at all: on failure
 * nothing changed, and the caller raises the alarm.  HELD: it asks for a new
 * epoch sooner than it may; as if it had not come.  BAD_ENCODING; BAD_FIELD,
 * NOT_FOUND: it names what is not there, or what has no such verdict;
 * TOO_LARGE: ranges or words past their limit; BAD_PROOF, BAD_STATE: a bad
 * head that we did not sign, or that their own receipt covers.
 */
NODISCARD enum status answer_take(struct peer *peer, struct context *turn,
                                  struct span body);

#endif
