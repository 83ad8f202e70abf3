/*
 * sphere.c - the haversine formula; areas by an azimuthal equidistant chart,
 * on which every distance from its centre is true.
 */
#include "tools/language/sphere.h"

#include <math.h>

struct plane {
    double x, y; /* kilometres */
};

static double
radians(double degrees)
{
    return degrees * M_PI / 180;
}

double
sphere_distance(struct sphere_point a, struct sphere_point b)
{
    double north = sin(radians(b.lat - a.lat) / 2);
    double east = sin(radians(b.lon - a.lon) / 2);
    double half = north * north +
                  cos(radians(a.lat)) * cos(radians(b.lat)) * east * east;

    return 2 * SPHERE_RADIUS_KM * asin(sqrt(fmin(1, half)));
}

/* Where `to` lies on the chart around `from`. */
static struct plane
project(struct sphere_point from, struct sphere_point to)
{
    double distance = sphere_distance(from, to);
    double east = radians(to.lon - from.lon);
    double bearing = atan2(sin(east) * cos(radians(to.lat)),
                           cos(radians(from.lat)) * sin(radians(to.lat)) -
                               sin(radians(from.lat)) * cos(radians(to.lat)) *
                                   cos(east));

    return (struct plane){distance * sin(bearing), distance * cos(bearing)};
}

/* From the centre of the chart to the line between two points on it. */
static double
distance_edge(struct plane a, struct plane b)
{
    double dx = b.x - a.x;
    double dy = b.y - a.y;
    double square = dx * dx + dy * dy;
    double along = square > 0 ? -(a.x * dx + a.y * dy) / square : 0;

    along = fmax(0, fmin(1, along));
    return hypot(a.x + along * dx, a.y + along * dy);
}

/* Whether a ray from the centre to the east crosses the edge. */
static bool
crosses(struct plane a, struct plane b)
{
    return (a.y > 0) != (b.y > 0) &&
           a.x + (b.x - a.x) * (0 - a.y) / (b.y - a.y) > 0;
}

double
sphere_distance_area(struct sphere_point        from,
                     const struct sphere_point *corners, size_t count)
{
    struct plane before = project(from, corners[count - 1]);
    double       nearest = INFINITY;
    bool         inside = false;

    for (size_t i = 0; i < count; i++) {
        struct plane corner = project(from, corners[i]);

        nearest = fmin(nearest, distance_edge(before, corner));
        inside = inside != (count > 2 && crosses(before, corner));
        before = corner;
    }
    return inside ? 0 : nearest;
}
