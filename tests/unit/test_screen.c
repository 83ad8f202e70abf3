/* A page painted on a terminal: over what stands there, and then gone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/terminal/screen.h"

struct world {
    int           master;
    int           slave;
    struct screen screen;
    char          seen[8192];
};

static int
make(void **state)
{
    struct world  *world = calloc(1, sizeof(*world));
    struct winsize size = {.ws_row = 5, .ws_col = 40};

    world->master = posix_openpt(O_RDWR | O_NOCTTY);
    if (world->master < 0 || grantpt(world->master) != 0 ||
        unlockpt(world->master) != 0)
        return 1;
    world->slave = open(ptsname(world->master), O_RDWR | O_NOCTTY);
    *state = world;
    return ioctl(world->slave, TIOCSWINSZ, &size);
}

static int
drop(void **state)
{
    struct world *world = *state;

    close(world->slave);
    close(world->master);
    free(world);
    return 0;
}

/* What the terminal was sent since it was last asked. */
static const char *
seen(struct world *world)
{
    ssize_t got;

    fcntl(world->master, F_SETFL, O_NONBLOCK);
    got = read(world->master, world->seen, sizeof(world->seen) - 1);
    world->seen[got > 0 ? got : 0] = '\0';
    return world->seen;
}

static void
begin(struct world *world)
{
    assert_int_equal(
        screen_open(&world->screen, world->slave, world->slave, true),
        STATUS_OK);
}

static void
the_terminal_comes_back_as_it_was(void **state)
{
    struct world  *world = *state;
    struct termios before;
    struct termios during;
    struct termios after;

    assert_int_equal(tcgetattr(world->slave, &before), 0);
    begin(world);
    assert_non_null(strstr(seen(world), "\x1b[?1049h"));
    assert_int_equal(tcgetattr(world->slave, &during), 0);
    assert_int_equal(during.c_lflag & (ICANON | ECHO), 0);
    screen_close(&world->screen);
    assert_non_null(strstr(seen(world), "\x1b[?25h\x1b[?1049l"));
    assert_int_equal(tcgetattr(world->slave, &after), 0);
    assert_int_equal(after.c_lflag, before.c_lflag);
    assert_memory_equal(after.c_cc, before.c_cc, sizeof(after.c_cc));
}

static void
a_page_is_painted_over_the_one_before_without_clearing_it(void **state)
{
    struct world *world = *state;

    begin(world);
    seen(world);
    assert_int_equal(screen_paint(&world->screen, "one\ntwo\n", 8), STATUS_OK);
    assert_string_equal(seen(world), "\x1b[Hone\x1b[K\r\ntwo\x1b[K\r\n\x1b[J");
    screen_close(&world->screen);
}

static void
what_the_window_does_not_hold_is_counted(void **state)
{
    struct world *world = *state;

    begin(world);
    seen(world);
    assert_int_equal(screen_paint(&world->screen, "1\n2\n3\n4\n5\n6\n7\n", 14),
                     STATUS_OK);
    assert_null(strstr(seen(world), "4\x1b[K"));
    assert_non_null(strstr(world->seen, "3\x1b[K"));
    assert_non_null(strstr(world->seen, "... 4 more lines"));
    assert_int_equal(screen_paint(&world->screen, "1\n2\n3\n4\n", 8),
                     STATUS_OK);
    assert_non_null(strstr(seen(world), "4\x1b[K\r\n\x1b[J"));
    screen_close(&world->screen);
}

static void
q_ends_and_other_keys_do_not(void **state)
{
    struct world *world = *state;

    begin(world);
    assert_int_equal(screen_wait(&world->screen, 10), SCREEN_TIME);
    assert_int_equal(write(world->master, "x", 1), 1);
    assert_int_equal(screen_wait(&world->screen, 1000), SCREEN_TIME);
    assert_int_equal(write(world->master, "q", 1), 1);
    assert_int_equal(screen_wait(&world->screen, 1000), SCREEN_END);
    screen_close(&world->screen);
}

static void
signals_end_it_and_a_new_size_does_not(void **state)
{
    struct world *world = *state;

    begin(world);
    raise(SIGWINCH);
    assert_int_equal(screen_wait(&world->screen, 1000), SCREEN_TIME);
    raise(SIGINT);
    assert_int_equal(screen_wait(&world->screen, 1000), SCREEN_END);
    raise(SIGTERM);
    assert_int_equal(screen_wait(&world->screen, 1000), SCREEN_END);
    screen_close(&world->screen);
}

static void
without_a_terminal_pages_are_as_they_are(void **state)
{
    struct world *world = *state;
    int           ends[2];
    char          text[16] = "";

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(screen_open(&world->screen, world->slave, ends[1], true),
                     STATUS_OK);
    assert_int_equal(screen_paint(&world->screen, "one\n", 4), STATUS_OK);
    screen_close(&world->screen);
    assert_int_equal(read(ends[0], text, sizeof(text)), 4);
    assert_string_equal(text, "one\n");
    close(ends[0]);
    close(ends[1]);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(the_terminal_comes_back_as_it_was),
        CLAIM(a_page_is_painted_over_the_one_before_without_clearing_it),
        CLAIM(what_the_window_does_not_hold_is_counted),
        CLAIM(q_ends_and_other_keys_do_not),
        CLAIM(signals_end_it_and_a_new_size_does_not),
        CLAIM(without_a_terminal_pages_are_as_they_are),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
