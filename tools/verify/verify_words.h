/*
 * verify_words.h - in plain words: what was checked, what an answer means,
 * and what no file can prove.
 */
#ifndef TOOLS_VERIFY_WORDS_H
#define TOOLS_VERIFY_WORDS_H

#include "crypto/evidence.h"
#include "tools/terminal/moment.h"

/* X(name, argument or NULL, meaning): the options of entente-verify, for its
 * usage and its manual page */
#define VERIFY_OPTION_LIST(X)                                                  \
    X("card", "FILE",                                                          \
      "a card that you have from elsewhere: the organisation key in it is "    \
      "compared with that of the files")                                       \
    X("json", NULL, "one object a file, on one line")                          \
    X("help", NULL, "how it is called")                                        \
    X("version", NULL, "which version this is")

enum { VERIFY_WORDS = 256, VERIFY_HEX = 2 * LIMIT_KEY + 1 };

/* What a step checks: "the log key of its writer signed the head". */
const char *verify_words_check(enum evidence_check check);

/* Of what: "the file", "certificate 2", "the message", "answer 3". */
void verify_words_part(const struct evidence_step *step,
                       char                        out[static VERIFY_WORDS]);

/* "accepted"; the words of the states that a message has (PROTOCOL 5.6). */
const char *verify_words_verdict(int verdict);
/* Whether a person gave it, and not the node. */
bool verify_words_by_person(int verdict);

/* "2026-01-31T12:00:00Z", or "no time" for 0. */
struct moment_text verify_words_time(uint64_t ms);

/* 64 digits. */
void verify_words_key(const uint8_t key[static LIMIT_KEY],
                      char          out[static VERIFY_HEX]);

/* What is not proven, a sentence each; ends with NULL. */
const char *const *verify_words_not_proven(void);

#endif
