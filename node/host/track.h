/*
 * track.h - per link, bytes that one side of a comparison has and the other
 * has not yet: of frames sent, until they are seen on the wire; of the wire,
 * until frames are made of them.
 */
#ifndef HOST_TRACK_H
#define HOST_TRACK_H

#include "node/host/difference.h"
#include "proto/bytes.h"

struct track; /* all links; opaque: track_new / track_free */

struct track_place {
    uint64_t frame;  /* on this link and direction, from 1 */
    size_t   offset; /* in the frame, its length before it included */
    char     bytes[DIFFERENCE_BYTES]; /* both, around it */
};

struct track *track_new(void);
void          track_free(struct track *track);

/* Links are told apart by the low 32 bits of their numbers. */
NODISCARD enum status track_frame_out(struct track *track, uint64_t link,
                                      struct span frame);
NODISCARD enum status track_wire_in(struct track *track, uint64_t link,
                                    struct span bytes);

/* What people call a link: the last name that was given to it (its comment)
 * and was not empty, else "link N".  Good until the next call. */
void        track_rename(struct track *track, uint64_t link, struct span name);
const char *track_name(struct track *track, uint64_t link);

/* Takes what was expected.  DIFFERENT: *at tells where; nothing was taken. */
NODISCARD enum status track_wire_out(struct track *track, uint64_t link,
                                     struct span         bytes,
                                     struct track_place *at);
NODISCARD enum status track_frame_in(struct track *track, uint64_t link,
                                     struct span         frame,
                                     struct track_place *at);

#endif
