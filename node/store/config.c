/*
 * config.c - strict INI: what is not known is an error with its line.
 *
 * Invariant: the caller's struct is written only when the whole text is good.
 */
#include "node/store/config.h"

#include "crypto/card.h"
#include "node/store/home.h"
#include "proto/words.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct config_key config_keys[] = {
#define CONFIG_ROW(name, value, reloads, help) {name, value, reloads, help},
    CONFIG_KEY_LIST(CONFIG_ROW)
#undef CONFIG_ROW
    {NULL, NULL, false, NULL},
};

struct parser {
    struct config        config;
    struct config_fault *fault;
    size_t               line;
    bool                 in_node;
};

__attribute__((format(printf, 2, 3))) static enum status
refuse(struct parser *parser, const char *format, ...)
{
    va_list args;

    parser->fault->line = parser->line;
    va_start(args, format);
    vsnprintf(parser->fault->words, sizeof(parser->fault->words), format,
              args);
    va_end(args);
    return STATUS_BAD_FIELD;
}

static bool
is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct span
trim(struct span text)
{
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool
config_listen_valid(struct span text)
{
    char            host[64];
    char           *colon;
    struct in6_addr address;

    if (text.len >= sizeof(host) || !card_address_valid(text))
        return false;
    memcpy(host, text.ptr, text.len);
    host[text.len] = '\0';
    colon = strrchr(host, ':'); /* there, as in every valid address */
    *colon = '\0';
    if (host[0] != '[')
        return inet_pton(AF_INET, host, &address) == 1;
    colon[-1] = '\0';
    return inet_pton(AF_INET6, host + 1, &address) == 1;
}

NODISCARD static enum status
take_listen(struct parser *parser, struct span value)
{
    if (parser->config.listen_line > 0)
        return refuse(parser, "listen stands here twice, first in line %zu",
                      parser->config.listen_line);
    parser->config.listen_line = parser->line;
    if (span_equal(value, span_text("none")))
        return STATUS_OK;
    if (!config_listen_valid(value))
        return refuse(parser, "listen must be ADDR:PORT with a numeric "
                              "address, such as 0.0.0.0:7300 or [::]:7300, or "
                              "none");
    memcpy(parser->config.listen, value.ptr, value.len);
    return STATUS_OK;
}

NODISCARD static enum status
take_advertise(struct parser *parser, struct span value)
{
    struct config *config = &parser->config;

    if (!card_address_valid(value))
        return refuse(parser, "advertise must be HOST:PORT, such as "
                              "node.example.org:7300");
    if (config->address_count == LIMIT_ADDRESSES)
        return refuse(parser, "more than %d advertise lines", LIMIT_ADDRESSES);
    config->address_line[config->address_count] = parser->line;
    memcpy(config->address[config->address_count++], value.ptr, value.len);
    return STATUS_OK;
}

NODISCARD static enum status
unknown_key(struct parser *parser, struct span key)
{
    const char *names[8];
    const char *near;
    size_t      count = 0;

    while (config_keys[count].name != NULL && count < 8) {
        names[count] = config_keys[count].name;
        count++;
    }
    near = words_nearest(key, names, count);
    if (near != NULL)
        return refuse(parser, "unknown key %.*s; did you mean %s?",
                      (int)(key.len < 40 ? key.len : 40),
                      (const char *)key.ptr, near);
    return refuse(parser, "unknown key %.*s; known are listen and advertise",
                  (int)(key.len < 40 ? key.len : 40), (const char *)key.ptr);
}

NODISCARD static enum status
take_line(struct parser *parser, struct span line)
{
    const uint8_t *equals;
    struct span    key;
    struct span    value;

    line = trim(line);
    if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
        return STATUS_OK;
    if (line.ptr[0] == '[') {
        if (!span_equal(line, span_text("[node]")))
            return refuse(parser, "the only section is [node]");
        parser->in_node = true;
        return STATUS_OK;
    }
    equals = memchr(line.ptr, '=', line.len);
    if (equals == NULL)
        return refuse(parser, "a line is `key = value`");
    key = trim((struct span){line.ptr, (size_t)(equals - line.ptr)});
    value = trim((struct span){equals + 1,
                               line.len - (size_t)(equals + 1 - line.ptr)});
    if (!parser->in_node)
        return refuse(parser, "a key stands before the section [node]");
    if (span_equal(key, span_text("listen")))
        return take_listen(parser, value);
    if (span_equal(key, span_text("advertise")))
        return take_advertise(parser, value);
    return unknown_key(parser, key);
}

enum status
config_parse(struct span text, struct config *out, struct config_fault *fault)
{
    struct parser parser = {.fault = fault};

    if (text.len > CONFIG_MAX)
        return refuse(&parser, "longer than %d bytes", CONFIG_MAX);
    while (text.len > 0) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        size_t         len = end == NULL ? text.len : (size_t)(end - text.ptr);
        size_t         used = end == NULL ? len : len + 1;
        enum status    st;

        parser.line++;
        st = take_line(&parser, (struct span){text.ptr, len});
        if (st != STATUS_OK)
            return st;
        text.ptr += used;
        text.len -= used;
    }
    *out = parser.config;
    return STATUS_OK;
}

enum status
config_load(const char *home, struct config *out, struct config_fault *fault)
{
    uint8_t    *text = malloc(CONFIG_MAX);
    size_t      len = 0;
    enum status st = STATUS_IO;

    *fault = (struct config_fault){0};
    if (text != NULL)
        st = home_read(home, HOME_CONFIG, text, CONFIG_MAX, &len);
    if (st != STATUS_OK)
        snprintf(fault->words, sizeof(fault->words), "%s", status_words(st));
    else
        st = config_parse((struct span){text, len}, out, fault);
    free(text);
    return st;
}

enum status
config_format(const struct config *config, struct writer *out)
{
    writer_put(out, span_text("# entente: addresses of this node.  Check a "
                              "change with `entente config check`.\n"
                              "[node]\nlisten = "));
    writer_put(out, span_text(config->listen[0] == '\0' ? "none"
                                                        : config->listen));
    writer_put(out, span_text("\n"));
    for (size_t i = 0; i < config->address_count; i++) {
        writer_put(out, span_text("advertise = "));
        writer_put(out, span_text(config->address[i]));
        writer_put(out, span_text("\n"));
    }
    return writer_end(out);
}
