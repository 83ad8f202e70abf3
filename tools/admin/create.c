/*
 * create.c - every key of a node is drawn here, once.
 *
 * I1. The organisation key leaves its envelope never again but to sign.
 * I2. Nothing stands at the home's place before all of it is durable.
 */
#include "tools/admin/create.h"

#include "node/store/home.h"
#include "node/store/posix.h"
#include "node/store/storage_key.h"
#include "node/store/sums.h"
#include "node/store/vault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS 86400000ull

/* All that is secret in a new home. */
struct keys {
    struct secret32 org;
    struct secret32 storage;
    struct secret32 log;
    struct secret32 witness;
    struct secret32 link;
    struct secret32 first_contact;
    struct secret32 seed;
    struct sign_key org_pair;
    struct sign_key log_pair;
};

__attribute__((format(printf, 3, 4))) static enum status
refuse(enum status st, char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, CREATE_WORDS, format, args);
    va_end(args);
    return st;
}

/* --- judging ----------------------------------------------------------- */

bool
create_name_valid(const char *name)
{
    return cert_name_valid(span_text(name)) && strpbrk(name, " /,:") == NULL &&
           name[0] != '-' && strcmp(name, "q") != 0;
}

static bool
is_country(const char *text)
{
    return strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' &&
           text[1] >= 'A' && text[1] <= 'Z';
}

/* Why a name is none, in words. */
static const char *
name_fault(const char *name)
{
    if (name[0] == '\0')
        return "is empty";
    if (strlen(name) > LIMIT_NAME)
        return "is longer than 64 bytes";
    return "may hold no control, invisible or direction-changing characters, "
           "and no blank at its ends";
}

enum status
create_check(const struct create_plan *plan, char why[static CREATE_WORDS])
{
    const struct config *config = &plan->config;

    if (!cert_name_valid(span_text(plan->node_name)))
        return refuse(STATUS_BAD_FIELD, why, "the node's name %s",
                      name_fault(plan->node_name));
    if (!create_name_valid(plan->node_name))
        return refuse(STATUS_BAD_FIELD, why,
                      "the node's name stands in references such as jmsdf/17: "
                      "no blank, slash, comma or colon in it, no dash first, "
                      "and not q");
    if (!cert_name_valid(span_text(plan->org_name)))
        return refuse(STATUS_BAD_FIELD, why, "the organisation's name %s",
                      name_fault(plan->org_name));
    if (!is_country(plan->country))
        return refuse(STATUS_BAD_FIELD, why,
                      "the country is two capital letters, such as IN or JP");
    if (config->listen[0] != '\0' &&
        !config_listen_valid(span_text(config->listen)))
        return refuse(STATUS_BAD_FIELD, why,
                      "listen is ADDR:PORT with a numeric address and a port "
                      "from 1 to 65535, such as 0.0.0.0:7300 or [::]:7300, or "
                      "none");
    for (size_t i = 0; i < config->address_count; i++) {
        if (!card_address_valid(span_text(config->address[i])))
            return refuse(STATUS_BAD_FIELD, why,
                          "advertise is HOST:PORT, such as "
                          "node.example.org:7300");
    }
    return STATUS_OK;
}

/* --- drawing ----------------------------------------------------------- */

NODISCARD static enum status
draw(void *out, size_t len)
{
    return getentropy(out, len) == 0 ? STATUS_OK : STATUS_IO;
}

NODISCARD static enum status
draw_keys(struct keys *keys)
{
    struct secret32 *const all[] = {
        &keys->org,  &keys->storage,       &keys->log, &keys->witness,
        &keys->link, &keys->first_contact, &keys->seed,
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        enum status st = draw(all[i]->bytes, sizeof(all[i]->bytes));

        if (st != STATUS_OK)
            return st;
    }
    sign_key_from_seed(&keys->org, &keys->org_pair);
    sign_key_from_seed(&keys->log, &keys->log_pair);
    return STATUS_OK;
}

NODISCARD static enum status
certify(const struct create_plan *plan, const struct keys *keys,
        struct cert *cert, struct cert_encoded *encoded)
{
    struct sign_key witness;
    enum status     st;

    *cert = (struct cert){.serial = 1,
                          .renew_by_ms = plan->now_ms + CREATE_DAYS * DAY_MS};
    st = draw(cert->node.bytes, sizeof(cert->node.bytes));
    if (st != STATUS_OK)
        return st;
    sign_key_from_seed(&keys->witness, &witness);
    memcpy(cert->org_key, keys->org_pair.public_key, LIMIT_KEY);
    memcpy(cert->log_key, keys->log_pair.public_key, LIMIT_KEY);
    memcpy(cert->witness_key, witness.public_key, LIMIT_KEY);
    dh_public(&keys->link, cert->link_key);
    snprintf(cert->country, sizeof(cert->country), "%s", plan->country);
    snprintf(cert->node_name, sizeof(cert->node_name), "%s", plan->node_name);
    snprintf(cert->org_name, sizeof(cert->org_name), "%s", plan->org_name);
    sign_key_wipe(&witness);
    return cert_sign(cert, &keys->org_pair, encoded);
}

NODISCARD static enum status
write_card(const struct create_plan *plan, const struct keys *keys,
           const struct cert *cert, const struct cert_encoded *encoded,
           struct card_text *out)
{
    struct card card = {.cert = *cert,
                        .cert_bytes = *encoded,
                        .address_count = plan->config.address_count,
                        .expires_ms = cert->renew_by_ms};

    memcpy(card.address, plan->config.address, sizeof(card.address));
    dh_public(&keys->first_contact, card.first_contact);
    return card_write(&card, &keys->log_pair, out);
}

/* --- files ------------------------------------------------------------- */

/* Closes `secret` under the passphrase into HOME/name.  (I1) */
NODISCARD static enum status
put_envelope(const struct create_plan *plan, const char *folder,
             const char *name, enum envelope_purpose purpose,
             const uint8_t *id, const struct secret32 *secret)
{
    struct envelope_info info = {.purpose = purpose, .cost = plan->cost};
    uint8_t              drawn[ENVELOPE_SALT_LEN + ENVELOPE_NONCE_LEN];
    uint8_t              envelope[ENVELOPE_LEN];
    enum status          st = draw(drawn, sizeof(drawn));

    if (st != STATUS_OK)
        return st;
    memcpy(info.id, id, sizeof(info.id));
    st = envelope_seal(&info, plan->passphrase, drawn,
                       drawn + ENVELOPE_SALT_LEN, secret, envelope);
    if (st != STATUS_OK)
        return st;
    return home_create(folder, name, SPAN_OF(envelope));
}

NODISCARD static enum status
put_key(struct vault *vault, enum keyring_kind kind,
        const struct secret32 *secret)
{
    struct key_change change = {.kind = (uint8_t)kind,
                                .state = KEYRING_CURRENT,
                                .number = 1,
                                .secret = *secret};
    enum status       st = draw(change.nonce, sizeof(change.nonce));

    if (st == STATUS_OK)
        st = vault_apply(vault, &change);
    secret_wipe(&change);
    return st;
}

NODISCARD static enum status
put_keyring(const char *folder, const struct keys *keys,
            char why[static 256])
{
    struct disk   disk = {0};
    struct vault *vault = NULL;
    enum status   st = posix_disk_open(folder, &disk, why);

    if (st != STATUS_OK)
        return st;
    st = vault_open(&disk, &keys->storage, &keys->seed, &vault, why);
    if (st != STATUS_OK)
        goto out;
    st = vault_start(vault);
    if (st == STATUS_OK)
        st = put_key(vault, KEYRING_LOG, &keys->log);
    if (st == STATUS_OK)
        st = put_key(vault, KEYRING_WITNESS, &keys->witness);
    if (st == STATUS_OK)
        st = put_key(vault, KEYRING_LINK, &keys->link);
    if (st == STATUS_OK)
        st = put_key(vault, KEYRING_FIRST_CONTACT, &keys->first_contact);
    if (st == STATUS_OK)
        st = vault_flush(vault);
out:
    if (vault != NULL)
        vault_close(vault);
    posix_disk_close(&disk);
    return st;
}

NODISCARD static enum status
put_files(const struct create_plan *plan, const char *folder,
          const struct keys *keys, const struct cert *cert,
          const struct cert_encoded *encoded, const struct card_text *card)
{
    uint8_t       text[CONFIG_MAX];
    struct writer config = writer_of(text, sizeof(text));
    enum status   st = config_format(&plan->config, &config);

    if (st == STATUS_OK)
        st = home_create(folder, HOME_CONFIG, writer_span(&config));
    if (st == STATUS_OK)
        st = home_create(folder, HOME_CARD, span_text(card->text));
    if (st == STATUS_OK)
        st = put_envelope(plan, folder, HOME_ORG_KEY, ENVELOPE_ORGANISATION,
                          cert->org_key, &keys->org);
    if (st == STATUS_OK && plan->unattended)
        st = storage_key_put_open(folder, &keys->storage);
    else if (st == STATUS_OK)
        st = put_envelope(plan, folder, HOME_STORAGE_KEY, ENVELOPE_STORAGE,
                          cert->node.bytes, &keys->storage);
    if (st == STATUS_OK)
        st = home_create(folder, HOME_CERTIFICATE, cert_span(encoded));
    if (st == STATUS_OK)
        st = sums_note(folder, HOME_ORG_KEY);
    if (st == STATUS_OK)
        st = sums_note(folder, HOME_STORAGE_KEY);
    return st;
}

enum status
create_home(const struct create_plan *plan, struct cert *cert,
            struct card_text *card, char why[static CREATE_WORDS])
{
    struct home_path    making = {""};
    struct keys         keys = {0};
    struct cert_encoded encoded = {0};
    enum status         st = create_check(plan, why);

    if (st != STATUS_OK)
        return st;
    st = home_begin(plan->home, &making);
    if (st == STATUS_BAD_STATE)
        return refuse(st, why, "%s is a file system of its own, and a home is "
                               "made beside its place: take a folder in it, "
                               "such as %s/entente",
                      plan->home, plan->home);
    if (st == STATUS_EXISTS)
        return refuse(st, why, "%s is there, and something is in it",
                      plan->home);
    if (st != STATUS_OK)
        return refuse(st, why, "%s cannot be made", plan->home);
    snprintf(why, CREATE_WORDS, "%s", "the node's keys could not be made");
    st = draw_keys(&keys);
    if (st == STATUS_OK)
        st = certify(plan, &keys, cert, &encoded);
    if (st == STATUS_OK)
        st = write_card(plan, &keys, cert, &encoded, card);
    if (st != STATUS_OK)
        goto out;
    snprintf(why, CREATE_WORDS, "%s", "the node's files could not be written");
    st = put_keyring(making.text, &keys, why);
    if (st == STATUS_OK)
        st = put_files(plan, making.text, &keys, cert, &encoded, card);
    if (st == STATUS_OK) {
        snprintf(why, CREATE_WORDS, "%s could not be put in its place",
                 plan->home);
        st = home_finish(&making, plan->home); /* (I2) */
    }
out:
    if (st != STATUS_OK)
        home_abandon(&making);
    secret_wipe(&keys);
    return st;
}
