/* Distances that others published, each scaled to the radius used here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/language/sphere.h"

#include <math.h>

static bool
is_near(double value, double wanted, double tolerance)
{
    if (fabs(value - wanted) <= tolerance)
        return true;
    print_error("%f is not %f\n", value, wanted);
    return false;
}

static void
distances_are_as_published(void **state)
{
    static const struct {
        const char         *source;
        struct sphere_point a, b;
        double              km, radius;
    } table[] = {
        {"Rosetta Code, Haversine formula: BNA to LAX",
         {36.12, -86.67}, {33.94, -118.40}, 2886.44444283798, 6371.0},
        {"MariaDB, ST_DISTANCE_SPHERE: Zenica to Sarajevo",
         {44.203438, 17.907743}, {43.856258, 18.413076}, 55.87859337591705,
         6370.986},
        {"PostGIS of Alibaba Cloud, ST_DistanceSphere",
         {36, 120}, {40, 116}, 566.13931447502, 6371.0087714},
        {"a quarter of the equator", {0, 0}, {0, 90}, M_PI / 2, 1},
        {"over the pole", {80, 0}, {80, 180}, M_PI / 9, 1},
        {"across the date line", {0, 179.5}, {0, -179.5}, M_PI / 180, 1},
        {"to the other side", {0, 0}, {0, 180}, M_PI, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        double wanted = table[i].km / table[i].radius * SPHERE_RADIUS_KM;

        if (!is_near(sphere_distance(table[i].a, table[i].b), wanted, 0.001))
            fail_msg("%s", table[i].source);
        assert_true(
            is_near(sphere_distance(table[i].b, table[i].a), wanted, 0.001));
    }
}

/* One minute of arc is a nautical mile, within a part in a thousand. */
static void
a_minute_of_latitude_is_a_nautical_mile(void **state)
{
    struct sphere_point a = {6, 3};
    struct sphere_point b = {6 + 1.0 / 60, 3};

    (void)state;
    assert_true(is_near(sphere_distance(a, b), 1.852, 0.002));
    assert_true(is_near(sphere_distance(a, a), 0, 1e-9));
}

static void
inside_of_an_area_is_no_distance(void **state)
{
    static const struct sphere_point box[] = {{5, 2}, {5, 4}, {7, 4}, {7, 2}};
    static const struct sphere_point over[] = {
        {-1, 179}, {-1, -179}, {1, -179}, {1, 179}};
    struct sphere_point lagos = {6.283, 3.35};
    struct sphere_point south = {4, 3};
    struct sphere_point line = {0, 180};

    (void)state;
    assert_true(sphere_distance_area(lagos, box, 4) == 0);
    assert_true(sphere_distance_area(line, over, 4) == 0);
    /* one degree south of an edge; the edge bulges a little on the chart */
    assert_true(is_near(sphere_distance_area(south, box, 4),
                        sphere_distance(south, (struct sphere_point){5, 3}),
                        0.3));
}

static void
one_corner_is_a_point_and_two_are_a_line(void **state)
{
    static const struct sphere_point route[] = {{0, 10}, {0, 12}};
    struct sphere_point              north = {1, 11};

    (void)state;
    assert_true(is_near(sphere_distance_area(north, route, 1),
                        sphere_distance(north, route[0]), 1e-6));
    assert_true(is_near(sphere_distance_area(north, route, 2),
                        sphere_distance(north, (struct sphere_point){0, 11}),
                        0.3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_as_published),
        cmocka_unit_test(a_minute_of_latitude_is_a_nautical_mile),
        cmocka_unit_test(inside_of_an_area_is_no_distance),
        cmocka_unit_test(one_corner_is_a_point_and_two_are_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
