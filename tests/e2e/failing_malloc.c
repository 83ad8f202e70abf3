/*
 * failing_malloc.c - preloaded into a program under test: one allocation of
 * it fails, that which the test has chosen while the program runs.
 *
 * The file that FAILING_MALLOC names is mapped.  In it the test sets
 * `countdown`: 1 is the next allocation of any thread, 0 is none.  Where it
 * failed goes to standard error.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FRAMES_MAX = 24 };

void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *old, size_t len);
void *__libc_memalign(size_t alignment, size_t len);

static _Atomic uint64_t *countdown;

__attribute__((constructor)) static void
map_countdown(void)
{
    const char *path = getenv("FAILING_MALLOC");
    int         file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    void       *frames[1];
    void       *map;

    (void)backtrace(frames, 1); /* which allocates, the first time */
    if (file < 0)
        return;
    map = mmap(NULL, sizeof(*countdown), PROT_READ | PROT_WRITE, MAP_SHARED,
               file, 0);
    (void)close(file);
    if (map != MAP_FAILED)
        countdown = map;
}

static int
fails_now(void)
{
    uint64_t left = countdown == NULL ? 0 : atomic_load(countdown);
    void    *frames[FRAMES_MAX];

    while (left > 0)
        if (atomic_compare_exchange_weak(countdown, &left, left - 1))
            break;
    if (left != 1)
        return 0;
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX),
                         STDERR_FILENO);
    errno = ENOMEM;
    return 1;
}

void *
malloc(size_t len)
{
    return fails_now() ? NULL : __libc_malloc(len);
}

void *
calloc(size_t count, size_t len)
{
    return fails_now() ? NULL : __libc_calloc(count, len);
}

void *
realloc(void *old, size_t len)
{
    return fails_now() ? NULL : __libc_realloc(old, len);
}

void *
aligned_alloc(size_t alignment, size_t len)
{
    return fails_now() ? NULL : __libc_memalign(alignment, len);
}

int
posix_memalign(void **out, size_t alignment, size_t len)
{
    void *ptr = fails_now() ? NULL : __libc_memalign(alignment, len);

    if (ptr == NULL)
        return ENOMEM;
    *out = ptr;
    return 0;
}
