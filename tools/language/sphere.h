/*
 * sphere.h - distances on the Earth as a sphere: at most half a percent from
 * those on the ellipsoid, which is far less than how well a position is known.
 */
#ifndef TOOLS_SPHERE_H
#define TOOLS_SPHERE_H

#include <stdbool.h>
#include <stddef.h>

/* Mean radius R1 of WGS-84, kilometres (IUGG). */
#define SPHERE_RADIUS_KM 6371.0087714

/* Degrees, north and east positive. */
struct sphere_point {
    double lat, lon;
};

/* Kilometres along the great circle. */
double sphere_distance(struct sphere_point a, struct sphere_point b);

/*
 * Kilometres from a point to an area, 0 inside of it; edges as they are drawn
 * on a chart centred on the point, and the side of at most half the Earth.
 * Count above 0; two corners are a line, one is a point.
 */
double sphere_distance_area(struct sphere_point        from,
                            const struct sphere_point *corners, size_t count);

#endif
