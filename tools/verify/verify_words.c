/* verify_words.c - no word here claims more than what was computed. */
#include "tools/verify/verify_words.h"

#include "entry.pb-c.h"

#include <stdio.h>
#include <string.h>

const char *
verify_words_check(enum evidence_check check)
{
    static const char *const words[EVIDENCE_CHECK_COUNT] = {
        [EVIDENCE_FORM] = "it is written as such a file is, to the byte",
        [EVIDENCE_CERTIFICATE] =
            "the organisation key in it signed the certificate",
        [EVIDENCE_PARTIES] = "the certificates are of two nodes",
        [EVIDENCE_PROOF] = "its proof is written as one is, to the byte",
        [EVIDENCE_ORIGIN] = "it stands in a log between these two nodes",
        [EVIDENCE_HEAD] = "the writer's log key signed the log's head",
        [EVIDENCE_RECEIPT] = "the reader's witness key receipted that head",
        [EVIDENCE_LEAF] = "its header is one of this kind of entry",
        [EVIDENCE_INCLUDED] = "the signed head covers its header",
        [EVIDENCE_BODY] = "its sealed body is the one that its header names",
        [EVIDENCE_KEY] = "its key is the one that its header is bound to",
        [EVIDENCE_OPENED] = "that key opens its body",
        [EVIDENCE_ANSWERS] =
            "it answers this message by the rules, and stands in order",
        [EVIDENCE_NEEDED] = "no certificate is there for nothing",
    };

    return words[check];
}

void
verify_words_part(const struct evidence_step *step,
                  char                        out[static VERIFY_WORDS])
{
    bool whole = step->check == EVIDENCE_FORM ||
                 step->check == EVIDENCE_PARTIES ||
                 step->check == EVIDENCE_NEEDED;

    if (whole)
        snprintf(out, VERIFY_WORDS, "the file");
    else if (step->check == EVIDENCE_CERTIFICATE)
        snprintf(out, VERIFY_WORDS, "certificate %zu", step->part + 1);
    else if (step->part == 0)
        snprintf(out, VERIFY_WORDS, "the message");
    else
        snprintf(out, VERIFY_WORDS, "answer %zu", step->part);
}

const char *
verify_words_verdict(int verdict)
{
    switch (verdict) {
    case ENTENTE__ANSWER__VERDICT__ACCEPTED: return "accepted";
    case ENTENTE__ANSWER__VERDICT__REJECTED: return "rejected";
    case ENTENTE__ANSWER__VERDICT__REFUSED: return "refused";
    case ENTENTE__ANSWER__VERDICT__UNOPENED: return "unopened";
    case ENTENTE__ANSWER__VERDICT__LOST: return "lost";
    case ENTENTE__ANSWER__VERDICT__READ: return "read";
    case ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED: return "acknowledged";
    case ENTENTE__ANSWER__VERDICT__DECLINED: return "declined";
    case ENTENTE__ANSWER__VERDICT__COMPLETE: return "complete";
    default: return "unspecified";
    }
}

bool
verify_words_by_person(int verdict)
{
    return verdict == ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED ||
           verdict == ENTENTE__ANSWER__VERDICT__DECLINED;
}

struct moment_text
verify_words_time(uint64_t ms)
{
    struct moment_text text = moment_iso_seconds(ms);

    if (text.text[0] == '\0')
        memcpy(text.text, "no time", sizeof("no time"));
    return text;
}

void
verify_words_key(const uint8_t key[static LIMIT_KEY],
                 char          out[static VERIFY_HEX])
{
    hex_encode(key, LIMIT_KEY, out);
}

const char *const *
verify_words_not_proven(void)
{
    static const char *const sentences[] = {
        "That any time is true: each is what a machine's clock said, or a "
        "person.",
        "That a person read or understood it: a receipt says that a node "
        "holds it; an answer says what its writer chose to say.",
        "That names, posts and what the message says are true.",
        "That this is all: other messages, other answers and other channels "
        "may exist, and answers may have been left out of the file.",
        "That no key was stolen or revoked: a file knows no revocations.",
        NULL,
    };

    return sentences;
}
