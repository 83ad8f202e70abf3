/*
 * api.h - requests as lines of JSON to the node, and its answers as lines.
 *
 *     {"id": 7, "verb": "inbox", "unread": true}
 *     {"id": 7, "result": {...}}      none, one or several: what the verb's
 *                                     --json prints
 *     {"id": 7, "done": true}         or {"id": 7, "error": {...}}: the end
 *
 * Knows no file descriptor but the control socket's: who calls brings lines
 * and takes the output away.  Many requests are under way at once; answers of
 * one are in order.  A call that waits for nothing more has ended.
 *
 * The node may go away: what is under way then ends with an error, and the
 * next request looks for it again.
 */
#ifndef TOOLS_API_H
#define TOOLS_API_H

#include "tools/cli/cli.h"
#include "tools/client/client.h"

enum {
    API_CALLS_MAX = 1024, /* under way */
    API_OUTPUT_MAX = 4194304 /* bytes that nobody takes away */
};

struct api;
struct api_call;

/* --- the loop's side ------------------------------------------------------ */

/* `cli` is that of `entente api`, and outlives it.  NULL without memory. */
struct api *api_new(const struct cli *cli);
void        api_free(struct api *api);

/* One line, and its number for errors; only while there is room. */
void api_line(struct api *api, struct span line, size_t number);
/* Line `number` was too long. */
void api_line_too_long(struct api *api, size_t number);
/* Whether a line may be brought; while not, none is read. */
bool api_has_room(const struct api *api);

/* No more lines come: what would go on for ever is ended. */
void api_close(struct api *api);
/* Whether nothing is under way. */
bool api_is_idle(const struct api *api);
/* Whether an answer was lost, there being no memory for it. */
bool api_has_failed(const struct api *api);

/* The control socket; -1: there is none now. */
int api_fd(const struct api *api);
/* Whether requests wait for room in it. */
bool api_must_write(const struct api *api);
/* Sends, takes what the node answered, and calls whose time has come. */
void api_turn(struct api *api);
/* Milliseconds until api_turn() is due; -1: only when something comes. */
int api_wait_ms(const struct api *api);

/* Output that waits; then how much of it was taken. */
struct span api_output(const struct api *api);
void        api_taken(struct api *api, size_t len);

/* --- the verbs' side ------------------------------------------------------ */

struct api_verb {
    const char *name;     /* as in the table of commands */
    const char *word;     /* key of the word behind it; NULL: it has none */
    const char *raw;      /* key of a value that is taken as it is; NULL */
    bool        must;     /* the word, or that value, must be there */
    bool        endless;  /* it goes on until it is stopped */
    size_t      state_len;
    /* Begins: asks the node, gives results.  Else with words. */
    enum status (*begin)(struct api_call *call);
    /* An answer; its id is the tag of what was asked. */
    enum status (*answer)(struct api_call *call, Entente__Response *response);
    /* The time of api_wake() has come. */
    enum status (*wake)(struct api_call *call);
    /* It ends early, be it that `st` went wrong or that it is stopped (OK). */
    void (*leave)(struct api_call *call, enum status st);
    /* Frees what `state` holds. */
    void (*clear)(struct api_call *call);
};

struct api_call {
    struct api            *api;
    const struct api_verb *verb;
    struct cli             cli;     /* as if typed, for words and options */
    json_t                *line;    /* cli's texts are lent from it */
    json_t                *texts;
    json_t                *raw;     /* in line; NULL: not given */
    void                  *state;   /* state_len zeroed bytes */
    size_t                 asks;    /* whose last answer has not come */
    uint64_t               wake_ms; /* 0: never */
    bool                   ended;
    struct api_call       *next;    /* of all calls */
    struct api_call      **link;    /* what points here */
};

/*
 * Asks the node; the answers bear `tag`.  `store`: the node needs its store
 * for it, so that it waits here when too many do.  UNREACHABLE with words.
 */
NODISCARD enum status api_ask(struct api_call *call, Entente__Request *request,
                              uint64_t tag, bool store);
/* One result; takes the object over.  IO with words: it is NULL. */
NODISCARD enum status api_result(struct api_call *call, json_t *object);
/* wake() so many milliseconds from now. */
void api_wake(struct api_call *call, uint64_t ms);
/* Nothing more comes, whatever was asked. */
void api_end(struct api_call *call);
/* Ends all other calls with that id; how many. */
size_t api_stop(struct api_call *call, const json_t *id);

#endif
