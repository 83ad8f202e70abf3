/*
 * cli.h - the command line: one table of commands drives parsing, --help,
 * `help` and the words of errors.
 *
 * What was parsed (cli_parse.h) stands in one struct, which each command is
 * given: it asks here for its options, and says here why it fails.
 */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include "node/store/home.h"
#include "proto/path.h"

#include <jansson.h>
#include <stdio.h>

/* X(NAME, long name, letter or 0, argument, repeated, meaning); an argument in
 * brackets may be left out */
#define CLI_OPTION_LIST(X)                                                     \
    X(HOME, "home", 0, "DIR", false, "the node's home, else ENTENTE_HOME")     \
    X(JSON, "json", 0, NULL, false, "JSON instead of text")                    \
    X(HELP, "help", 'h', NULL, false, "what this command does")                \
    X(VERSION, "version", 0, NULL, false, "which version this is")             \
    X(YES, "yes", 'y', NULL, false, "yes to what a terminal would be asked")   \
    X(PASSPHRASE_FD, "passphrase-fd", 0, "N", false,                           \
      "read the passphrase from this descriptor")                              \
    X(NAME, "name", 0, "NAME", false, "the node's name")                       \
    X(ORG, "org", 0, "ORG", false, "the organisation's name")                  \
    X(COUNTRY, "country", 0, "CC", false, "its country, two letters")          \
    X(LISTEN, "listen", 0, "ADDR:PORT|none", false, "where to take calls")     \
    X(ADVERTISE, "advertise", 0, "HOST:PORT", true,                            \
      "where others reach it (in its card)")                                   \
    X(START, "start", 0, NULL, false, "then start it in the background")       \
    X(OUT, "out", 0, "FILE", false, "write there, not to standard output")     \
    X(AS, "as", 0, "NAME", false, "what to call this peer here")               \
    X(ADDRESS, "address", 0, "HOST:PORT", false, "instead of the card's")      \
    X(SAFETY, "safety-number", 0, "DIGITS", false,                             \
      "all 60 digits, as both sides have compared them")                       \
    X(SECRET, "pair-secret", 0, "FILE", false,                                 \
      "64 hex digits that only the two nodes have")                            \
    X(CEILING, "ceiling", 0, "CLASS", false,                                   \
      "the highest classification that may pass: SECRET ...")                  \
    X(NO_DIAL, "no-dial", 0, NULL, false, "wait for the peer to call")         \
    X(TO, "to", 0, "NAME[,NAME]", false, "to which peers")                     \
    X(PRECEDENCE, "precedence", 0, "P", false,                                 \
      "DEFERRED ROUTINE PRIORITY IMMEDIATE FLASH OVERRIDE")                    \
    X(ID, "id", 0, "ID", false, "32 hex digits, for a retry of the same")      \
    X(WAIT, "wait", 0, "[STATE]", false,                                       \
      "until received (or accepted, read)")                                    \
    X(TIMEOUT, "timeout", 0, "S", false, "wait no longer than this, seconds")  \
    X(DRY_RUN, "dry-run", 0, NULL, false, "print the whole; send nothing")     \
    X(SET, "set", 0, "FIELD=VALUE", true, "set one field")                     \
    X(KIND, "kind", 0, "KIND", false, "the kind of message")                   \
    X(SUBJECT, "subject", 's', "TEXT", false, "the subject line")              \
    X(MESSAGE, "message", 'm', "TEXT", false, "what is to be said")            \
    X(POST, "post", 0, "POST", false,                                          \
      "in whose name; else ENTENTE_POST, else HOME/posts")                     \
    X(QUIET, "quiet", 'q', NULL, false, "print the reference only")            \
    X(PEER, "peer", 0, "NAME", false, "of this peer only")                     \
    X(SINCE, "since", 0, "TIME", false, "not before: 2025-01-31, 12h, 7d")     \
    X(UNREAD, "unread", 0, NULL, false, "only what nobody has read")           \
    X(STATE, "state", 0, "STATE", false,                                       \
      "only what is in this state; also overdue")                              \
    X(NEAR, "near", 0, "LAT,LON,KM", false,                                    \
      "only what has a position so near: 06-17N,003-21E,50")                   \
    X(TEXT, "text", 0, "TEXT", false,                                          \
      "only what has this in it, whatever its case")                           \
    X(PEEK, "peek", 0, NULL, false, "do not count as read")                    \
    X(DRAFT, "draft", 0, "N", false, "go on with this draft")                  \
    X(FRAMES, "frames", 0, NULL, false, "also the frames inside the link")     \
    X(REPLAY, "replay", 0, NULL, false,                                        \
      "also what `replay` needs, sealed by a passphrase")                      \
    X(LIMIT, "limit", 0, "SIZE", false,                                        \
      "bytes of a file, 1G unless given: 64M; then another follows")           \
    X(KEEP, "keep", 0, "N", false, "how many of those files stay, 2 if not")   \
    X(REBUILD_INDEX, "rebuild-index", 0, NULL, false,                          \
      "make the index again from the journal")                                 \
    X(REPAIR, "repair", 0, NULL, false,                                        \
      "make a damaged journal whole again, after saying what it costs")        \
    X(COUNT, "count", 0, "N", false, "how many")                               \
    X(SIZE, "size", 0, "BYTES", false, "bytes of text in each")                \
    X(IN_FLIGHT, "in-flight", 0, "N", false, "not yet receipted at a time")    \
    X(COLOR, "color", 0, "auto|always|never", false,                           \
      "auto: on a terminal, unless NO_COLOR is set")                           \
    X(WATCH, "watch", 0, NULL, false, "go on showing it; q ends")              \
    X(EFFECTIVE, "effective", 0, NULL, false,                                  \
      "all values, and where each comes from")                                 \
    X(CURSOR, "cursor", 0, "NAME", false,                                      \
      "go on where this name has come to, over restarts")                      \
    X(ALL, "all", 0, NULL, false, "begin with the oldest event, not now")      \
    X(EXEC, "exec", 0, "PROGRAM", false,                                       \
      "hand it each row, as JSON on its standard input")                       \
    X(UNATTENDED, "unattended", 0, NULL, false,                                \
      "start without a passphrase: the key stands open in the home")           \
    X(OLDEST, "oldest", 0, "WARN[,CRIT]", false,                               \
      "age of the oldest that waits: 15min,1h")                                \
    X(QUEUED, "queued", 0, "WARN[,CRIT]", false,                               \
      "messages that wait: 100,1000")                                          \
    X(FREE, "free", 0, "WARN[,CRIT]", false,                                   \
      "percent of the disk that is free: 10,5")                                \
    X(KEY_DAYS, "key-days", 0, "WARN[,CRIT]", false,                           \
      "days until a certificate is due: 14,3")                                 \
    X(LINK_DOWN, "link-down", 0, "WARN[,CRIT]", false,                         \
      "time without a link to a peer: 10min,1h")                               \
    X(WITHHOLD, "withhold-content", 0, NULL, false,                            \
      "prove that it exists, and open nothing")                                \
    X(CARD, "card", 0, "FILE", true, "a card that you have from elsewhere")    \
    X(STRICT, "strict", 0, NULL, false,                                        \
      "also what is only told to this machine must be the same")               \
    X(TRACE, "trace", 0, NULL, false,                                          \
      "print what happened and was done, turn by turn")                        \
    X(AGAINST, "against", 0, "HOST:PORT", false,                               \
      "throw its bytes at that node, which must answer none")                  \
    X(ATTACH, "attach", 0, "FILE", true, "send this file along")               \
    X(SAVE, "save", 0, "DIR", false,                                           \
      "write its attachments there, once they are whole")

enum cli_option {
#define CLI_ENUM(name, ...) CLI_##name,
    CLI_OPTION_LIST(CLI_ENUM)
#undef CLI_ENUM
    CLI_OPTION_COUNT
};

/* A set of options. */
__extension__ typedef unsigned __int128 cli_options;

#define CLI_ONE(option) ((cli_options)1 << (option))
#define CLI_BIT(name) CLI_ONE(CLI_##name)
/* What every command takes. */
#define CLI_ALWAYS                                                             \
    (CLI_BIT(HOME) | CLI_BIT(JSON) | CLI_BIT(HELP) | CLI_BIT(VERSION) |        \
     CLI_BIT(YES) | CLI_BIT(COLOR))

struct cli_option_info {
    const char *name;
    const char *argument; /* NULL: none; "[...": may be left out */
    bool        repeated;
    const char *help;
    char        letter;   /* 0: none */
};

const struct cli_option_info *cli_option_info(enum cli_option option);

enum {
    CLI_REPEAT_MAX = 16,
    CLI_ARGS_MAX = 64,
    CLI_WORDS = 512,
    CLI_LINE = HOME_PATH_MAX + 512
};

struct cli;

struct command {
    const char *name;     /* "card show" */
    const char *args;     /* "FILE", for people */
    size_t      args_min;
    size_t      args_max;
    cli_options options;  /* CLI_BIT()s; --home --json --help --yes always */
    const char *help;     /* one line */
    const char *example;  /* one line to type; NULL: none */
    enum status (*run)(struct cli *cli);
};

struct cli_values {
    size_t      count;
    const char *at[CLI_REPEAT_MAX]; /* "" for an argument left out */
};

struct cli {
    const struct command *commands; /* ends with name NULL */
    const struct command *command;  /* NULL: none was understood */
    const char           *program;  /* argv[0] */
    size_t                arg_count;
    const char           *args[CLI_ARGS_MAX];
    struct cli_values     options[CLI_OPTION_COUNT];
    char                  home[HOME_PATH_MAX];
    bool                  json;
    bool                  color;    /* standard output may have colours */
    bool                  said;     /* why it fails is printed already */
    int                   exit_code; /* of `check` alone; 0: the status's */
    bool                  failed;   /* the words below say why */
    char                  message[CLI_WORDS];
    char                  hint[CLI_LINE];
    char                  path[PATH_TEXT];
    json_t               *errors;   /* NULL, or [{"path", "message", "line"}] */
};

/* Frees what cli_error() kept. */
void cli_clear(struct cli *cli);

bool        cli_has(const struct cli *cli, enum cli_option option);
/* The option's (first) argument; NULL when it was not given. */
const char *cli_value(const struct cli *cli, enum cli_option option);

/* A whole number from low to high; *out is kept when it was not given.
 * USAGE with words. */
NODISCARD enum status cli_number(struct cli *cli, enum cli_option option,
                                 uint64_t low, uint64_t high, uint64_t *out);

/* The --passphrase-fd, or PASSPHRASE_NO_FD. */
NODISCARD enum status cli_passphrase_fd(struct cli *cli, int *out);

/*
 * Says why the command fails, for people, and returns `st`.  The first words
 * said stay.  `hint` tells what to do; NULL: nothing to tell, or for USAGE the
 * line that shows the command's help.
 */
NODISCARD enum status cli_fail(struct cli *cli, enum status st,
                               const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* One of several things that are wrong, besides what cli_fail says; `line` of
 * the file where it is, 0: of none. */
void cli_error(struct cli *cli, size_t line, const char *path,
               const char *words);

/*
 * The command has printed on standard output what is wrong: its exit code is
 * that of `st`, and nothing more is said.
 */
NODISCARD enum status cli_said(struct cli *cli, enum status st);

/* The same with the words of the status alone; OK is let pass. */
NODISCARD enum status cli_status(struct cli *cli, enum status st,
                                 const char *what);

/*
 * A command as it can be typed here: program and --home as they were given,
 * quoted for the shell, then the rest.
 */
struct cli_line {
    char text[CLI_LINE];
};
struct cli_line cli_line(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Asks yes or no where standard input is a terminal; --yes answers it.  USAGE
 * with words when there is nobody to ask; BAD_STATE when the answer is no.
 */
NODISCARD enum status cli_confirm(struct cli *cli, const char *question);

/* Prints the JSON on one or more lines and lets go of it. */
NODISCARD enum status cli_print_json(const struct cli *cli, json_t *value);

/* {code, message, hint, path} of the error as said. */
json_t *cli_error_json(const struct cli *cli, enum status st);
/* The error as said; for standard error, or with --json standard output. */
void cli_print_error(const struct cli *cli, enum status st);

#endif
