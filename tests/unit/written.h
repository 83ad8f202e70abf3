/*
 * Messages for tests, written in the language that people write: JSON with '
 * for ", so that a test reads like one.
 */
#ifndef TESTS_WRITTEN_H
#define TESTS_WRITTEN_H

#include "tools/language/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITTEN_MAX = 8192 };

/* A whole header but for the outer braces; a kind's own fields follow. */
#define WRITTEN_HEADER                                                         \
    "'id': '000102030405060708090a0b0c0d0e0f', 'version': 1,"                  \
    "'originator': {'org': 'IFC-IOR', 'post': 'Duty Officer'},"                \
    "'action_to': ['JMSDF'], 'precedence': 'IMMEDIATE',"                       \
    "'dtg': '2014-04-23T10:00:00Z', 'status': 'ACTUAL',"                       \
    "'action': 'ORIGINAL', 'subject': 'Tanker approached off Lagos',"          \
    "'label': {'policy': 'IN-JP', 'classification': 'RESTRICTED',"             \
    "          'releasable_to': ['IN', 'JP']},"                                \
    "'legal_basis': {'agreement': 'JDSC-2025', 'article': '2'}"

#define WRITTEN_NOTE                                                           \
    "{'kind': 'note', " WRITTEN_HEADER ", 'note': {'text': 'tea?'}}"

#define WRITTEN_INCIDENT                                                       \
    "{'kind': 'maritime_incident', " WRITTEN_HEADER ", 'maritime_incident': {" \
    "'ship': {'name': 'unknown tanker', 'type': 'tanker'},"                    \
    "'incident_type': 'suspicious_approach',"                                  \
    "'position': {'lat': 6.283, 'lon': 3.35},"                                 \
    "'occurred': {'t': '2014-04-23', 'precision': 'DAY'}}}"

#define WRITTEN_ASSESSMENT                                                     \
    "{'kind': 'risk_assessment', " WRITTEN_HEADER ", 'risk_assessment': {"     \
    "'topic': 'Will tankers be boarded off Lagos again?',"                     \
    "'valid_from': '2014-05-01', 'valid_to': '2014-08-01',"                    \
    "'key_judgements': [{'text': 'A tanker will be boarded.',"                 \
    "'likelihood': {'yardstick': 'ICD_203', 'word': 'likely',"                 \
    "'low_percent': 55, 'high_percent': 80}, 'confidence': 'moderate'}]}}"

/* ' becomes ". */
static inline struct span
written_text(const char *text, char out[static WRITTEN_MAX])
{
    size_t len = strlen(text);

    if (len >= WRITTEN_MAX)
        abort();
    for (size_t i = 0; i <= len; i++)
        out[i] = text[i] == '\'' ? '"' : text[i];
    return (struct span){(const uint8_t *)out, len};
}

/* `from` replaced by `to` once; `from` must be there. */
static inline const char *
written_but(const char *text, const char *from, const char *to,
            char out[static WRITTEN_MAX])
{
    const char *at = strstr(text, from);
    int         len;

    if (at == NULL)
        abort();
    len = snprintf(out, WRITTEN_MAX, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    if (len < 0 || len >= WRITTEN_MAX)
        abort();
    return out;
}

/* The message; NULL and faults when it cannot be read. */
static inline Entente__Message *
written_message(const char *text, struct message_faults *faults)
{
    char              quoted[WRITTEN_MAX];
    Entente__Message *message = NULL;

    if (json_to_message(written_text(text, quoted), &message, faults) !=
        STATUS_OK)
        return NULL;
    return message;
}

/* Its encoding in memory for free(). */
static inline uint8_t *
written_bytes(const char *text, size_t *len)
{
    struct message_faults faults;
    Entente__Message     *message = written_message(text, &faults);
    uint8_t              *bytes;

    if (message == NULL) {
        fprintf(stderr, "%s: %s\n", faults.list[0].path, faults.list[0].words);
        abort();
    }
    *len = entente__message__get_packed_size(message);
    bytes = malloc(*len + 16); /* room for a number */
    if (bytes == NULL)
        abort();
    entente__message__pack(message, bytes);
    entente__message__free_unpacked(message, NULL);
    return bytes;
}

#endif
