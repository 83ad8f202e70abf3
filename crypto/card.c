/*
 * card.c - the signed block of a card, in and out.
 *
 * Invariants:
 *  (I1) the block has one form for each value, and the text one for each
 *       block (card_text.c), so a changed character has nowhere to hide;
 *  (I2) nothing of a card is given out before certificate, signature and each
 *       readable line are checked.
 */
#include "crypto/card.h"

#include "crypto/card_text.h"
#include "crypto/kdf.h"
#include "proto/label.h"

#include <assert.h>
#include <string.h>

enum {
    HOST_MAX = 253,
    HOST_LABEL_MAX = 63,
    IPV6_GROUPS = 8,
    IPV6_DIGITS = 4,
    PORT_DIGITS_MAX = 5,
    PORT_MAX = 65535
};

static_assert(HOST_MAX + 1 + PORT_DIGITS_MAX < LIMIT_ADDRESS, "fits");

void
card_key_id(const uint8_t key[static LIMIT_KEY],
            uint8_t       out[static CARD_KEY_ID_LEN])
{
    struct digest digest;

    hash_digest(LABEL_KEY_ID, (struct span){key, LIMIT_KEY}, &digest);
    memcpy(out, digest.bytes, CARD_KEY_ID_LEN);
}

static bool
is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* A DNS name or IPv4 address: labels of letters, digits and inner dashes. */
static bool
name_valid(struct span host)
{
    size_t label_len = 0;

    if (host.len == 0 || host.len > HOST_MAX)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.ptr[i];
        bool    last = i + 1 == host.len || host.ptr[i + 1] == '.';

        if (c == '.') {
            if (label_len == 0)
                return false;
            label_len = 0;
            continue;
        }
        if (!is_alphanumeric(c) && (c != '-' || label_len == 0 || last))
            return false;
        if (++label_len > HOST_LABEL_MAX)
            return false;
    }
    return label_len > 0;
}

static bool
is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
           (c >= 'A' && c <= 'F');
}

/*
 * An IPv6 address in brackets (RFC 4291 2.2, forms 1 and 2): eight groups of
 * one to four hex digits, or fewer with one `::`.
 */
static bool
ipv6_valid(struct span host)
{
    size_t groups = 0, digits = 0, gaps = 0;

    if (host.len < 4 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
        return false;
    for (size_t i = 1; i < host.len - 1; i++) {
        bool colon = host.ptr[i] == ':';

        if (colon && host.ptr[i + 1] == ':')
            gaps++;
        else if (colon && host.ptr[i - 1] != ':' &&
                 (i == 1 || i == host.len - 2))
            return false; /* one colon at an end */
        if (!colon && !is_hex(host.ptr[i]))
            return false;
        groups += !colon && digits == 0;
        digits = colon ? 0 : digits + 1;
        if (digits > IPV6_DIGITS)
            return false;
    }
    return gaps == 0 ? groups == IPV6_GROUPS
                     : gaps == 1 && groups < IPV6_GROUPS;
}

static bool
port_valid(struct span port)
{
    uint32_t value = 0;

    if (port.len == 0 || port.len > PORT_DIGITS_MAX || port.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < port.len; i++) {
        if (port.ptr[i] < '0' || port.ptr[i] > '9')
            return false;
        value = value * 10 + (port.ptr[i] - (uint32_t)'0');
    }
    return value <= PORT_MAX;
}

bool
card_address_valid(struct span address)
{
    size_t      colon = address.len;
    struct span host, port;

    while (colon > 0 && address.ptr[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return false;
    host = (struct span){address.ptr, colon - 1};
    port = (struct span){address.ptr + colon, address.len - colon};
    return port_valid(port) && (name_valid(host) || ipv6_valid(host));
}

/* The rules on what the certificate does not rule. */
static enum status
check_fields(const struct card *card)
{
    if (card->address_count > LIMIT_ADDRESSES)
        return STATUS_BAD_FIELD;
    for (size_t i = 0; i < card->address_count; i++)
        if (!card_address_valid(span_text(card->address[i])))
            return STATUS_BAD_FIELD;
    if (dh_public_check(card->first_contact) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (span_equal(SPAN_OF(card->first_contact), SPAN_OF(card->cert.link_key)))
        return STATUS_BAD_FIELD; /* one key, one purpose */
    if (card->expires_ms == 0 || card->expires_ms > CERT_TIME_MAX)
        return STATUS_BAD_FIELD;
    return STATUS_OK;
}

enum status
card_write(const struct card *card, const struct sign_key *log,
           struct card_text *out)
{
    struct card   signed_card = *card;
    uint8_t       block[CARD_BLOCK_MAX];
    uint8_t       signature[LIMIT_SIGNATURE];
    struct writer to = writer_of(block, sizeof(block));
    enum status   st;

    st = cert_verify(cert_span(&card->cert_bytes), NULL, &signed_card.cert);
    if (st != STATUS_OK)
        return st;
    st = check_fields(&signed_card);
    if (st != STATUS_OK)
        return st;
    if (!span_equal(SPAN_OF(log->public_key),
                    SPAN_OF(signed_card.cert.log_key)))
        return STATUS_BAD_FIELD;
    writer_u16(&to, CARD_VERSION);
    writer_put16(&to, cert_span(&card->cert_bytes));
    writer_u8(&to, (uint8_t)card->address_count);
    for (size_t i = 0; i < card->address_count; i++)
        writer_put16(&to, span_text(card->address[i]));
    writer_put(&to, SPAN_OF(card->first_contact));
    writer_u64(&to, card->expires_ms);
    sign_make(log, LABEL_CARD, writer_span(&to), signature);
    writer_put(&to, SPAN_OF(signature));
    assert(writer_end(&to) == STATUS_OK);
    card_text_write(&signed_card, writer_span(&to), out);
    return STATUS_OK;
}

static void
take_addresses(struct reader *in, struct card *card)
{
    card->address_count = reader_u8(in);
    if (card->address_count > LIMIT_ADDRESSES)
        reader_fail(in);
    for (size_t i = 0; !in->failed && i < card->address_count; i++) {
        struct span address = reader_take16(in, LIMIT_ADDRESS);

        if (!card_address_valid(address))
            reader_fail(in);
        else
            memcpy(card->address[i], address.ptr, address.len);
    }
}

/* Layout, certificate and fields; *body is what the signature is over. */
static enum status
take_block(struct span block, struct card *card, struct span *body,
           uint8_t signature[static LIMIT_SIGNATURE])
{
    struct reader in = reader_of(block);
    uint16_t      version = reader_u16(&in);
    struct span   cert;
    enum status   st;

    if (!in.failed && version != CARD_VERSION)
        return STATUS_BAD_VERSION;
    cert = reader_take16(&in, CERT_LEN_MAX);
    take_addresses(&in, card);
    reader_copy(&in, card->first_contact, sizeof(card->first_contact));
    card->expires_ms = reader_u64(&in);
    *body = (struct span){block.ptr, block.len - in.left};
    reader_copy(&in, signature, LIMIT_SIGNATURE);
    st = reader_end(&in);
    if (st != STATUS_OK)
        return st;
    memcpy(card->cert_bytes.bytes, cert.ptr, cert.len);
    card->cert_bytes.len = cert.len;
    st = cert_verify(cert, NULL, &card->cert);
    if (st != STATUS_OK)
        return st;
    return check_fields(card);
}

enum status
card_parse(struct span text, struct card *out, size_t *line)
{
    struct card_block block = {0};
    struct card_text  plain, again;
    struct card       card = {0};
    struct span       body;
    uint8_t           signature[LIMIT_SIGNATURE];
    enum status       st;

    *line = 1;
    st = card_text_normalize(text, &plain);
    if (st != STATUS_OK)
        return st;
    st = card_text_block(&plain, &block, line);
    if (st != STATUS_OK)
        return st;
    *line = block.line;
    st = take_block((struct span){block.bytes, block.len}, &card, &body,
                    signature);
    if (st != STATUS_OK)
        return st;
    st = sign_verify(card.cert.log_key, LABEL_CARD, body, signature);
    if (st != STATUS_OK)
        return st;
    card_text_write(&card, (struct span){block.bytes, block.len}, &again);
    st = card_text_compare(&plain, &again, line); /* (I1) */
    if (st != STATUS_OK)
        return st;
    *out = card; /* (I2) */
    return STATUS_OK;
}
