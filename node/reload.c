/*
 * reload.c - what has changed, and for each key what becomes of it.
 */
#include "node/reload.h"

#include "node/core/link/addresses.h"
#include "node/net/log.h"
#include "node/store/home.h"
#include "node/store/sums.h"

#include <string.h>

enum status
reload_read(const char *home, const char *who, struct config *out)
{
    struct config_fault fault = {0};
    enum status         st = config_load(home, out, &fault);

    if (st != STATUS_OK && fault.line > 0)
        log_say(LOG_ERROR, who, "%s line %zu: %s (%s)", HOME_CONFIG,
                fault.line, fault.words, status_name(st));
    else if (st != STATUS_OK)
        log_say(LOG_ERROR, who, "%s: %s (%s)", HOME_CONFIG, fault.words,
                status_name(st));
    else if (sums_note(home, HOME_CONFIG) != STATUS_OK) /* for the doctor */
        log_say(LOG_WARN, who, "%s could not be written", HOME_SUMS);
    return st;
}

void
reload_fill(const struct config *config, struct node_config *out)
{
    out->listen = span_text(config->listen);
    out->address_count = config->address_count;
    for (size_t i = 0; i < config->address_count; i++)
        out->addresses[i] = span_text(config->address[i]);
}

static const char *
or_none(const char *listen)
{
    return listen[0] == '\0' ? "none" : listen;
}

static bool
same_addresses(const struct config *a, const struct config *b)
{
    if (a->address_count != b->address_count)
        return false;
    for (size_t i = 0; i < a->address_count; i++)
        if (strcmp(a->address[i], b->address[i]) != 0)
            return false;
    return true;
}

void
reload_now(const char *home, struct config *config,
           struct node_config *node_config, struct daemon *daemon)
{
    uint8_t       bytes[ADDRESSES_LEN];
    struct writer event = writer_of(bytes, sizeof(bytes));
    struct config fresh;

    if (reload_read(home, "config", &fresh) != STATUS_OK) {
        log_say(LOG_ERROR, "config", "not taken: nothing is changed");
        return;
    }
    if (strcmp(fresh.listen, config->listen) != 0)
        log_say(LOG_WARN, "config",
                "listen = %s needs a restart; until then it is %s",
                or_none(fresh.listen), or_none(config->listen));
    if (same_addresses(&fresh, config)) {
        log_say(LOG_INFO, "config", "read again: advertise is as before");
        return;
    }
    memcpy(config->address, fresh.address, sizeof(config->address));
    config->address_count = fresh.address_count;
    reload_fill(config, node_config);
    addresses_write(node_config, &event);
    daemon_post(daemon, (struct event){.kind = EVENT_ADDRESSES,
                                       .bytes = writer_span(&event)});
    log_say(LOG_INFO, "config",
            "read again: the card names %zu addresses; `entente card` prints "
            "it for the peers",
            config->address_count);
}
