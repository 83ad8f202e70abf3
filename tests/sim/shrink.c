/*
 * shrink.c - delta debugging (Zeller, Hildebrandt 2002), one half of it: a
 * chunk of the events is left out, from large chunks to single events.
 *
 * Invariant: `best` breaks the promise that the whole run breaks.
 */
#include "tests/sim/shrink.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ATTEMPT_SECONDS = 60 };

/* What one attempt tells, in memory that it shares with us. */
struct outcome {
    char               words[VERDICT_WORDS]; /* empty: nothing broke */
    struct fate_events met;
};

struct shrink {
    struct run_options options;
    struct outcome    *outcome;
    char               broken[VERDICT_WORDS]; /* without numbers */
    struct fate_events best;
    struct fate_events tried;
    unsigned           attempts;
    time_t             until;
};

static void
no_count(void *arg, const char *name, uint64_t count)
{
    (void)arg;
    (void)name;
    (void)count;
}

/* The same promise in another run: words with a digit in them do not count. */
static void
without_numbers(const char *words, char out[static VERDICT_WORDS])
{
    size_t len = 0;

    while (*words != '\0' && len < VERDICT_WORDS - 1) {
        size_t word = strcspn(words, " /-:,");
        bool   number = false;

        for (size_t i = 0; i < word; i++)
            number = number || isdigit((unsigned char)words[i]) != 0;
        if (number)
            out[len++] = '#';
        for (size_t i = 0; !number && i < word && len < VERDICT_WORDS - 1; i++)
            out[len++] = words[i];
        words += word;
        if (*words != '\0' && len < VERDICT_WORDS - 1)
            out[len++] = *words++;
    }
    out[len] = '\0';
}

/* --- one attempt --------------------------------------------------------- */

static void
live(struct shrink *shrink, FILE *said)
{
    struct run_result result = {0};

    (void)signal(SIGABRT, SIG_DFL);
    (void)alarm(ATTEMPT_SECONDS);
    (void)dup2(fileno(said), STDERR_FILENO);
    run_seed(&shrink->options, &result, no_count, no_count, NULL);
    if (result.verdict.broken)
        snprintf(shrink->outcome->words, VERDICT_WORDS, "%s",
                 result.verdict.words);
    (void)fflush(stdout);
    _exit(0);
}

/* Of who aborted: the assertion that failed. */
static void
last_words(FILE *said, int status, char out[static VERDICT_WORDS])
{
    char line[VERDICT_WORDS];

    snprintf(out, VERDICT_WORDS, "ended by signal %c",
             'A' + WTERMSIG(status) % 26);
    rewind(said);
    while (fgets(line, sizeof(line), said) != NULL)
        if (strstr(line, "Assertion") != NULL)
            snprintf(out, VERDICT_WORDS, "%s", line);
}

/* False: nothing broke. */
static bool
attempt(struct shrink *shrink)
{
    struct outcome *outcome = shrink->outcome;
    FILE           *said = tmpfile();
    int             status = 0;
    pid_t           pid;

    if (said == NULL)
        return false;
    outcome->words[0] = '\0';
    outcome->met.count = 0;
    shrink->options.met = &outcome->met;
    shrink->attempts++;
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0)
        live(shrink, said);
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
        last_words(said, status, outcome->words);
    (void)fclose(said);
    return outcome->words[0] != '\0';
}

static bool
breaks_the_same(struct shrink *shrink, const struct fate_events *only)
{
    char words[VERDICT_WORDS];

    shrink->options.only = only;
    if (!attempt(shrink))
        return false;
    without_numbers(shrink->outcome->words, words);
    return strcmp(words, shrink->broken) == 0;
}

/* --- all attempts -------------------------------------------------------- */

static void
leave_out(struct shrink *shrink, size_t from, size_t count)
{
    struct fate_events *tried = &shrink->tried;

    tried->count = 0;
    for (size_t i = 0; i < shrink->best.count; i++)
        if (i < from || i >= from + count)
            tried->list[tried->count++] = shrink->best.list[i];
}

/* Whether anything could be left out. */
static bool
pass(struct shrink *shrink, size_t chunk)
{
    bool   smaller = false;
    size_t at = 0;

    while (at < shrink->best.count && time(NULL) < shrink->until) {
        leave_out(shrink, at, chunk);
        if (!breaks_the_same(shrink, &shrink->tried)) {
            at += chunk;
            continue;
        }
        shrink->best = shrink->tried;
        smaller = true;
    }
    return smaller;
}

/* Whole nodes and kinds of events first: they cost most. */
static void
leave_out_kinds(struct shrink *shrink)
{
    for (unsigned kind = 0; kind < FATE_KINDS; kind++) {
        struct fate_events *tried = &shrink->tried;

        tried->count = 0;
        for (size_t i = 0; i < shrink->best.count; i++)
            if (shrink->best.list[i].kind != kind)
                tried->list[tried->count++] = shrink->best.list[i];
        if (kind != FATE_NODE && breaks_the_same(shrink, tried))
            shrink->best = *tried;
    }
}

static void
leave_out_nodes(struct shrink *shrink)
{
    size_t at = 0;

    while (at < shrink->best.count &&
           shrink->best.list[at].kind == FATE_NODE) {
        leave_out(shrink, at, 1);
        if (breaks_the_same(shrink, &shrink->tried))
            shrink->best = shrink->tried;
        else
            at++;
    }
}

static void
print_result(struct shrink *shrink, const char *program, size_t from)
{
    char text[FATE_TEXT];

    printf("made smaller in %u runs, from %zu events to %zu; again by:\n"
           "%s %llu --only ",
           shrink->attempts, from, shrink->best.count, program,
           (unsigned long long)shrink->options.seed);
    for (size_t i = 0; i < shrink->best.count; i++) {
        fate_write(&shrink->best.list[i], text);
        printf("%s%s", i > 0 ? "," : "", text);
    }
    printf("\n");
    shrink->options.trace = true;
    (void)breaks_the_same(shrink, &shrink->best);
    printf("%s\n", shrink->outcome->words);
}

void
shrink(const char *program, const struct run_options *options,
       unsigned seconds)
{
    struct shrink *shrink = calloc(1, sizeof(*shrink));
    size_t         chunk, whole;

    if (shrink == NULL)
        abort();
    shrink->options = *options;
    shrink->until = time(NULL) + seconds;
    shrink->outcome = mmap(NULL, sizeof(*shrink->outcome),
                           PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shrink->outcome == MAP_FAILED)
        abort();
    if (!attempt(shrink)) {
        printf("alone, it breaks nothing: it depends on the runs before\n");
    } else {
        without_numbers(shrink->outcome->words, shrink->broken);
        shrink->best = shrink->outcome->met;
        whole = shrink->best.count;
        leave_out_nodes(shrink);
        leave_out_kinds(shrink);
        for (chunk = (shrink->best.count + 1) / 2; chunk > 1; chunk /= 2)
            (void)pass(shrink, chunk);
        while (time(NULL) < shrink->until && pass(shrink, 1))
            continue;
        print_result(shrink, program, whole);
    }
    (void)munmap(shrink->outcome, sizeof(*shrink->outcome));
    free(shrink);
}
