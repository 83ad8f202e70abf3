/* context.c - saving, telling, logging and parsing within one turn. */
#include "node/core/context.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LOG_LINE_MAX = 512 };

void
context_random(struct context *turn, uint8_t *out, size_t len)
{
    seed_stream_take(&turn->seeds, out, len);
}

void
context_random_dh(struct context *turn, struct dh_key *out)
{
    struct secret32 secret;

    context_random(turn, secret.bytes, sizeof(secret.bytes));
    dh_key_from_secret(&secret, out);
    secret_wipe(&secret);
}

void
context_save(struct context *turn, const struct record *record,
             const struct record_secret *secret)
{
    size_t         len = record_len(record);
    struct writer  to = writer_of(effects_alloc(turn->out, len), len);
    struct span    sealed = SPAN_EMPTY;
    uint32_t       vault = 0;
    struct effect *effect;

    record_encode(record, &to);
    assert(writer_end(&to) == STATUS_OK);
    assert((secret != NULL) <= record_has_secret(record->kind));
    if (secret != NULL) {
        size_t        secret_len = record_secret_len(secret);
        struct writer in = writer_of(effects_alloc(turn->out, secret_len),
                                     secret_len);

        record_secret_encode(secret, &in);
        assert(writer_end(&in) == STATUS_OK);
        sealed = writer_span(&in);
        vault = vaults_take(turn->vaults, &turn->seeds, turn->out);
    }
    effect = effects_add(turn->out, EFFECT_SAVE);
    effect->bytes = writer_span(&to);
    effect->secret = sealed;
    effect->vault = vault;
}

struct span
context_pack(struct context *turn, const ProtobufCMessage *message)
{
    size_t   len = protobuf_c_message_get_packed_size(message);
    uint8_t *at = effects_alloc(turn->out, len);

    protobuf_c_message_pack(message, at);
    return (struct span){at, len};
}

void
context_keep_key(struct context *turn, enum keyring_kind kind,
                 const struct keyring_owner *owner, uint64_t number,
                 const struct secret32 *secret)
{
    struct key_change *key = &effects_add(turn->out, EFFECT_KEY)->key;

    key->kind = (uint8_t)kind;
    key->state = KEYRING_CURRENT;
    key->number = number;
    key->secret = *secret;
    memcpy(key->owner, owner->bytes, sizeof(key->owner));
    context_random(turn, key->nonce[0], sizeof(key->nonce[0]));
    context_random(turn, key->nonce[1], sizeof(key->nonce[1]));
}

void
context_tell(struct context *turn, uint64_t client,
             const ProtobufCMessage *response)
{
    struct span    bytes = context_pack(turn, response);
    struct effect *effect = effects_add(turn->out, EFFECT_TELL);

    effect->client = client;
    effect->bytes = bytes;
    turn->told += bytes.len;
}

void
context_close_link(struct context *turn, uint64_t link)
{
    effects_add(turn->out, EFFECT_CLOSE)->link = link;
}

void
context_log(struct context *turn, const char *format, ...)
{
    char    line[LOG_LINE_MAX];
    va_list args;
    int     len;

    va_start(args, format);
    len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (len < 0)
        return;
    struct span text = effects_copy(turn->out, span_text(line));
    effects_add(turn->out, EFFECT_LOG)->bytes = text;
}

const ProtobufCMessage *
context_parse(struct context *turn, const ProtobufCMessageDescriptor *type,
              struct span in)
{
    ProtobufCMessage   *out = NULL;
    struct strict_fault fault;

    if (strict_unpack(type, in, &turn->arena, STRICT_REFUSE, &out, &fault) !=
        STATUS_OK)
        return NULL;
    return out;
}
