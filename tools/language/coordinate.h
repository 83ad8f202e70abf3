/*
 * coordinate.h - latitudes and longitudes as people write them.
 *
 * We write 06-17N, 003-21.5E: degrees, and minutes with up to six decimals.
 * Read is whatever can mean one thing only, in either case of letters:
 *
 *     06-17.5N   6 17.5 N   N06-17.5   0617.5N   and with marks: degrees,
 *                                                minutes
 *     06-17-30N  061730N                         and seconds
 *     6N   6.283 N                               degrees alone
 *
 * Without a letter it is no coordinate: decimal degrees are numbers.
 */
#ifndef TOOLS_COORDINATE_H
#define TOOLS_COORDINATE_H

#include "proto/bytes.h"

enum { COORDINATE_TEXT = 32, COORDINATE_DECIMALS_MAX = 6 };

enum coordinate_axis { COORDINATE_LAT, COORDINATE_LON };

/*
 * Degrees, north and east positive, and how they were written, as
 * value.proto's lat_minutes has it: 0 in degrees (seconds become decimals of
 * one), else minutes with so many decimals, plus 1.  BAD_FIELD when it is no
 * such text or lies beyond the pole or the half circle.
 */
NODISCARD enum status coordinate_parse(struct span          text,
                                       enum coordinate_axis axis,
                                       double *degrees, uint32_t *notation);

/*
 * Parts a position: 06-17N 003-21E, 6 N, 3 E, N06 E003, 06N003E, 3E 6N.  What
 * has not one letter of each axis, both before or both behind their numbers,
 * is BAD_FIELD.  The parts are lent from `text`, and not looked into.
 */
NODISCARD enum status coordinate_part(struct span text, struct span *lat,
                                      struct span *lon);

/* "06-17N"; rounded to `decimals` <= COORDINATE_DECIMALS_MAX of a minute. */
void coordinate_format(double degrees, enum coordinate_axis axis,
                       unsigned decimals, char out[static COORDINATE_TEXT]);

#endif
