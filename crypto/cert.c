/*
 * cert.c - certificates: checked fields, then bytes, then a signature.
 *
 * Invariants:
 *  (I1) what cert_sign writes cert_verify reads back to the same value, and
 *       no other bytes read to it: the layout has one form for each value;
 *  (I2) no key leaves this module unchecked (CRYPTO: Ed25519 oddities), and
 *       organisation, log and witness key are three different ones.
 */
#include "crypto/cert.h"

#include "proto/label.h"

#include <assert.h>
#include <string.h>

static_assert((int)CERT_LEN_MAX <= LIMIT_CERTIFICATE, "a certificate fits");

struct span
cert_span(const struct cert_encoded *encoded)
{
    return (struct span){encoded->bytes, encoded->len};
}

/*
 * The next character of UTF-8 (RFC 3629): shortest form only, no surrogates,
 * nothing above U+10FFFF.  Fails the reader on anything else.
 */
static uint32_t
next_character(struct reader *in)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint8_t               first = reader_u8(in);
    size_t                more;
    uint32_t              code;

    if (first < 0x80)
        return first;
    more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc0 || first > 0xf4)
        reader_fail(in);
    code = first & (0x3fu >> more);
    for (size_t i = 0; i < more; i++) {
        uint8_t next = reader_u8(in);

        if ((next & 0xc0) != 0x80)
            reader_fail(in);
        code = code << 6 | (next & 0x3fu);
    }
    if (code < least[more] || code > 0x10ffff)
        reader_fail(in);
    if (code >= 0xd800 && code <= 0xdfff)
        reader_fail(in);
    return code;
}

/*
 * Characters that a name may not have: controls, line and paragraph breaks,
 * and those that reorder or hide what a person compares.  The joiners U+200C
 * and U+200D stay: Persian and Sinhala are written with them.
 */
static bool
is_hidden(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x061c, 0x061c},
        {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
        {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };

    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return true;
    return false;
}

bool
cert_name_valid(struct span name)
{
    struct reader in = reader_of(name);

    if (name.len == 0 || name.len > LIMIT_NAME)
        return false;
    if (name.ptr[0] == ' ' || name.ptr[name.len - 1] == ' ')
        return false;
    while (!in.failed && in.left > 0)
        if (is_hidden(next_character(&in)))
            return false;
    return !in.failed;
}

static bool
country_valid(const char *country)
{
    return country[0] >= 'A' && country[0] <= 'Z' && country[1] >= 'A' &&
           country[1] <= 'Z' && country[2] == '\0';
}

static bool
keys_equal(const uint8_t *a, const uint8_t *b)
{
    return span_equal((struct span){a, LIMIT_KEY}, (struct span){b, LIMIT_KEY});
}

/* (I2) */
static enum status
check_keys(const struct cert *cert)
{
    if (sign_public_check(cert->org_key) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (sign_public_check(cert->log_key) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (sign_public_check(cert->witness_key) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (dh_public_check(cert->link_key) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (keys_equal(cert->log_key, cert->witness_key) ||
        keys_equal(cert->log_key, cert->org_key) ||
        keys_equal(cert->witness_key, cert->org_key))
        return STATUS_BAD_FIELD;
    return STATUS_OK;
}

enum status
cert_check(const struct cert *cert)
{
    if (secret_is_zero(cert->node.bytes, sizeof(cert->node.bytes)))
        return STATUS_BAD_FIELD;
    if (cert->serial == 0)
        return STATUS_BAD_FIELD;
    if (cert->renew_by_ms == 0 || cert->renew_by_ms > CERT_TIME_MAX)
        return STATUS_BAD_FIELD;
    if (!country_valid(cert->country))
        return STATUS_BAD_FIELD;
    if (!cert_name_valid(span_text(cert->node_name)) ||
        !cert_name_valid(span_text(cert->org_name)))
        return STATUS_BAD_FIELD;
    return check_keys(cert);
}

static void
put_body(struct writer *out, const struct cert *cert)
{
    writer_u16(out, CERT_VERSION);
    writer_put(out, SPAN_OF(cert->node.bytes));
    writer_put(out, SPAN_OF(cert->org_key));
    writer_u32(out, cert->serial);
    writer_u64(out, cert->renew_by_ms);
    writer_put(out, SPAN_OF(cert->log_key));
    writer_put(out, SPAN_OF(cert->witness_key));
    writer_put(out, SPAN_OF(cert->link_key));
    writer_put(out, (struct span){(const uint8_t *)cert->country,
                                  CERT_COUNTRY_LEN});
    writer_put16(out, span_text(cert->node_name));
    writer_put16(out, span_text(cert->org_name));
}

enum status
cert_sign(const struct cert *cert, const struct sign_key *org,
          struct cert_encoded *out)
{
    struct cert_encoded encoded = {0};
    struct writer       to = writer_of(encoded.bytes, CERT_LEN_MAX);
    uint8_t             signature[LIMIT_SIGNATURE];
    enum status         st = cert_check(cert);

    if (st != STATUS_OK)
        return st;
    if (!keys_equal(org->public_key, cert->org_key))
        return STATUS_BAD_FIELD;
    put_body(&to, cert);
    sign_make(org, LABEL_CERTIFICATE, writer_span(&to), signature);
    writer_put(&to, SPAN_OF(signature));
    assert(writer_end(&to) == STATUS_OK);
    encoded.len = to.len;
    *out = encoded;
    return STATUS_OK;
}

/* A name into zeroed room for it; a zero byte would end it early (I1). */
static void
take_name(struct reader *in, char out[static LIMIT_NAME + 1])
{
    struct span name = reader_take16(in, LIMIT_NAME);

    if (name.len == 0 || memchr(name.ptr, 0, name.len) != NULL)
        reader_fail(in);
    else
        memcpy(out, name.ptr, name.len);
}

static enum status
take_body(struct reader *in, struct cert *cert)
{
    uint16_t version = reader_u16(in);

    if (!in->failed && version != CERT_VERSION)
        return STATUS_BAD_VERSION;
    reader_copy(in, cert->node.bytes, sizeof(cert->node.bytes));
    reader_copy(in, cert->org_key, sizeof(cert->org_key));
    cert->serial = reader_u32(in);
    cert->renew_by_ms = reader_u64(in);
    reader_copy(in, cert->log_key, sizeof(cert->log_key));
    reader_copy(in, cert->witness_key, sizeof(cert->witness_key));
    reader_copy(in, cert->link_key, sizeof(cert->link_key));
    reader_copy(in, (uint8_t *)cert->country, CERT_COUNTRY_LEN);
    take_name(in, cert->node_name);
    take_name(in, cert->org_name);
    return in->failed ? STATUS_BAD_ENCODING : STATUS_OK;
}

enum status
cert_verify(struct span encoded, const uint8_t *org_key, struct cert *out)
{
    struct reader in = reader_of(encoded);
    struct cert   cert = {0};
    struct span   body;
    uint8_t       signature[LIMIT_SIGNATURE];
    enum status   st = take_body(&in, &cert);

    if (st != STATUS_OK)
        return st;
    body = (struct span){encoded.ptr, encoded.len - in.left};
    reader_copy(&in, signature, sizeof(signature));
    st = reader_end(&in);
    if (st != STATUS_OK)
        return st;
    st = cert_check(&cert);
    if (st != STATUS_OK)
        return st;
    if (org_key != NULL && !keys_equal(org_key, cert.org_key))
        return STATUS_UNTRUSTED;
    st = sign_verify(cert.org_key, LABEL_CERTIFICATE, body, signature);
    if (st != STATUS_OK)
        return st;
    *out = cert;
    return STATUS_OK;
}
