/*
 * resume.h - after a handshake: exchange sizes, then go on from there.
 *
 * Each side shows, per live channel, origin, size, signed head and the newest
 * cosignature, and of what it reads also which bodies it misses.  The writer
 * then loads what is not cosigned from the journal into the flight, in
 * portions, sends leaves and bodies from the reader's size on, and below it
 * only the bodies that are missing.
 *
 * A reader that lost what it had cosigned gets that again too, as far as
 * LIMIT_HEAD_AHEAD entries and RESUME_AGAIN bytes; else the channel is closed
 * and a new epoch goes on.
 */
#ifndef CORE_RESUME_H
#define CORE_RESUME_H

#include "node/core/log/channel.h"
#include "node/core/log/lane.h"
#include "node/core/link/session.h"
#include "node/core/log/witness.h"

enum {
    RESUME_PORTION = 1 << 20,
    RESUME_AGAIN = 1 << 25 /* bytes of what a reader lost, at most */
};

struct resume_range {
    uint64_t first, count;
};

/* The runs of bodies below the committed size that are not here, oldest
 * first, as frames carry them: `list` points to `ranges`.  The last of
 * LIMIT_RANGES takes in all that follow it. */
size_t resume_missing(const struct witness *witness,
                      Entente__Range        ranges[static LIMIT_RANGES],
                      Entente__Range       *list[static LIMIT_RANGES]);

void resume_send_sizes(struct session *session, struct context *turn);

NODISCARD enum status resume_take_sizes(struct session *session,
                                        struct context *turn,
                                        const Entente__Sizes *sizes);

/* The Sizes of a bundle, through a session without a link: what a receipt in it
 * says and what shows that state was lost counts, all else may be old.  All of
 * it is taken; the first fault is returned. */
NODISCARD enum status resume_carried(struct session *session,
                                     struct context *turn,
                                     const Entente__Sizes *sizes);

struct load;

/* A portion for the flight came from the store. */
void resume_loaded(struct context *turn, const struct load *load,
                   enum status st, struct span answer);

/* At the end of a turn, while the link is open: the next portion for the
 * flight of a channel of lane courier, where there is room. */
void resume_flow(struct context *turn, struct peer *peer,
                 struct channel *channel);

/* Bodies that the reader asks for again. */
void resume_fetch(struct channel *channel, uint64_t first, uint64_t count);

#endif
