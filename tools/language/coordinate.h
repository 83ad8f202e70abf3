/*
 * coordinate.h - latitudes and longitudes as seamen write them: 06-17N,
 * 003-21.5E, degrees and minutes with up to six decimals.
 */
#ifndef TOOLS_COORDINATE_H
#define TOOLS_COORDINATE_H

#include "proto/bytes.h"

enum { COORDINATE_TEXT = 32, COORDINATE_DECIMALS_MAX = 6 };

enum coordinate_axis { COORDINATE_LAT, COORDINATE_LON };

/*
 * Degrees, north and east positive, and the decimals that the minutes were
 * written with.  BAD_FIELD when it is no such text or lies beyond the pole
 * or the half circle.
 */
NODISCARD enum status coordinate_parse(struct span          text,
                                       enum coordinate_axis axis,
                                       double *degrees, unsigned *decimals);

/* "06-17N"; rounded to `decimals` <= COORDINATE_DECIMALS_MAX of a minute. */
void coordinate_format(double degrees, enum coordinate_axis axis,
                       unsigned decimals, char out[static COORDINATE_TEXT]);

#endif
