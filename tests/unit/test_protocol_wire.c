/*
 * test_protocol_wire.c - PROTOCOL.md's examples of a link: what stands on
 * TCP, and the frames inside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/noise.h"
#include "link.pb-c.h"
#include "proto/strict.h"
#include "tests/unit/protocol_world.h"

/* A handshake between A and B, and the transport that it gives. */
struct example_link {
    struct secret32        psk;
    uint8_t                payload[1024];
    size_t                 payload_len;
    uint8_t                frame1[2 + LIMIT_STRANGER_FRAME];
    size_t                 frame1_len;
    uint8_t                frame2[2 + LIMIT_STRANGER_FRAME];
    size_t                 frame2_len;
    struct digest          hash;
    struct noise_transport from_a, at_a, from_b, at_b;
};

/* The length before `len` bytes that stand at frame + 2. */
static size_t
with_length(uint8_t *frame, size_t len)
{
    struct writer out = writer_of(frame, 2);

    writer_u16(&out, (uint16_t)len);
    return len + 2;
}

static void
call(struct example_link *link, struct noise *a, const struct dh_key *b)
{
    struct cert_encoded cert = good_cert_bytes();
    struct dh_key       own = dh_key_from(0x11), ephemeral = dh_key_from(0x41);
    struct writer       payload = writer_of(link->payload,
                                            sizeof(link->payload));
    uint8_t            *message = link->frame1 + 2 + NOISE_MAC1_LEN;
    size_t              len = 0;

    writer_put16(&payload, cert_span(&cert));
    writer_u64(&payload, EXAMPLE_MS);
    link->payload_len = payload.len;
    noise_initiator(a, label_span(LABEL_PROLOGUE), &own, b->public_key,
                    &ephemeral, &link->psk);
    assert_int_equal(noise_write1(a, writer_span(&payload), message, &len),
                     STATUS_OK);
    noise_mac1(b->public_key, (struct span){message, len}, link->frame1 + 2);
    link->frame1_len = with_length(link->frame1, NOISE_MAC1_LEN + len);
}

static void
answer(struct example_link *link, struct noise *b, const struct dh_key *own)
{
    struct dh_key ephemeral = dh_key_from(0x42);
    uint8_t       remote[LIMIT_KEY], payload[NOISE_PAYLOAD_MAX];
    struct span   message = {link->frame1 + 2 + NOISE_MAC1_LEN,
                             link->frame1_len - 2 - NOISE_MAC1_LEN};
    size_t        len = 0;

    noise_responder(b, label_span(LABEL_PROLOGUE), own);
    assert_int_equal(noise_read1_begin(b, message, remote), STATUS_OK);
    assert_memory_equal(remote, dh_key_from(0x11).public_key, LIMIT_KEY);
    assert_int_equal(noise_read1_end(b, &link->psk, payload, &len), STATUS_OK);
    assert_int_equal(len, link->payload_len);
    assert_int_equal(
        noise_write2(b, &ephemeral, SPAN_EMPTY, link->frame2 + 2, &len),
        STATUS_OK);
    link->frame2_len = with_length(link->frame2, len);
}

static struct example_link
example_link(void)
{
    struct example_link link = {.frame1_len = 0};
    struct noise        a, b;
    struct dh_key       b_key = dh_key_from(0x12);
    struct secret32     pair_secret = secret_from(0x80);
    uint8_t             payload[NOISE_PAYLOAD_MAX];
    size_t              len = 1;

    kdf_derive(&pair_secret, LABEL_PSK, SPAN_EMPTY, &link.psk);
    call(&link, &a, &b_key);
    answer(&link, &b, &b_key);
    assert_int_equal(noise_read2(&a,
                                 (struct span){link.frame2 + 2,
                                               link.frame2_len - 2},
                                 payload, &len),
                     STATUS_OK);
    assert_int_equal(len, 0);
    noise_hash(&a, &link.hash);
    assert_int_equal(noise_split(&a, &link.from_a, &link.at_a), STATUS_OK);
    assert_int_equal(noise_split(&b, &link.from_b, &link.at_b), STATUS_OK);
    assert_memory_equal(link.from_a.key.bytes, link.at_b.key.bytes, LIMIT_KEY);
    return link;
}

static void
the_handshake_is_what_two_nodes_say(void **state)
{
    static struct lines_text out, transport;
    struct example_link      link = example_link();

    (void)state;
    page_line_hex(&out, "psk", SPAN_OF(link.psk.bytes));
    page_line_hex(&out, "mac1", (struct span){link.frame1 + 2, 16});
    page_block("link/secrets", out.text);
    page_hex("link/payload", (struct span){link.payload, link.payload_len});
    page_hex("link/frame-1", (struct span){link.frame1, link.frame1_len});
    page_hex("link/frame-2", (struct span){link.frame2, link.frame2_len});
    page_line_hex(&transport, "handshake hash", SPAN_OF(link.hash.bytes));
    page_line_hex(&transport, "caller sends under",
                  SPAN_OF(link.from_a.key.bytes));
    page_line_hex(&transport, "called sends under",
                  SPAN_OF(link.from_b.key.bytes));
    page_block("link/transport", transport.text);
}

/* --- frames --------------------------------------------------------------- */

/* The plaintext, which a node reads strictly. */
static struct span
pack_frame(const Entente__Frame *frame, uint8_t out[static 4096])
{
    static uint8_t      memory[65536];
    struct strict_arena arena = strict_arena_of(memory, sizeof(memory));
    ProtobufCMessage   *parsed;
    struct strict_fault fault;
    struct span bytes = {out, pack_into(&frame->base, out, 4096)};

    assert_int_equal(strict_unpack(&entente__frame__descriptor, bytes, &arena,
                                   STRICT_REFUSE, &parsed, &fault),
                     STATUS_OK);
    return bytes;
}

static void
a_hello_is_one_transport_message(void **state)
{
    static const uint8_t zeros[LIMIT_DIGEST];
    struct example_link  link = example_link();
    Entente__Frame       frame = ENTENTE__FRAME__INIT;
    Entente__Hello       hello = ENTENTE__HELLO__INIT;
    uint8_t              bytes[4096], wire[4096];
    struct span          plain;

    (void)state;
    hello.confirmed = lend(zeros, sizeof(zeros));
    hello.pending = lend(zeros, sizeof(zeros));
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    plain = pack_frame(&frame, bytes);
    page_hex("link/hello", plain);
    assert_int_equal(noise_encrypt(&link.from_a, plain, wire + 2), STATUS_OK);
    page_hex("link/hello-frame",
             (struct span){wire, with_length(wire, plain.len + LIMIT_TAG)});
}

static void
fill_cosigned(const struct example_log *log, Entente__Cosigned *out)
{
    entente__cosigned__init(out);
    out->origin = (char *)(uintptr_t)log->origin.ptr;
    out->size = log->heads[1].size;
    out->root = lend(log->heads[1].root.bytes, LIMIT_DIGEST);
    out->time = log->cosignature.time_s;
    out->signature = lend(log->cosignature.signature, LIMIT_SIGNATURE);
}

static void
sizes_show_head_and_receipt(void **state)
{
    struct example_log    log = example_log();
    Entente__Frame        frame = ENTENTE__FRAME__INIT;
    Entente__Sizes        sizes = ENTENTE__SIZES__INIT;
    Entente__ChannelSize  size = ENTENTE__CHANNEL_SIZE__INIT;
    Entente__ChannelSize *writes[] = {&size};
    Entente__Cosigned     cosigned;
    uint8_t               bytes[4096];

    (void)state;
    fill_cosigned(&log, &cosigned);
    size.origin = cosigned.origin;
    size.size = cosigned.size;
    size.root = cosigned.root;
    size.signature = lend(log.signature, LIMIT_SIGNATURE);
    size.cosigned = &cosigned;
    sizes.n_writes = 1;
    sizes.writes = writes;
    frame.kind_case = ENTENTE__FRAME__KIND_SIZES;
    frame.sizes = &sizes;
    page_hex("link/sizes", pack_frame(&frame, bytes));
}

static void
leaves_and_head_go_before_bodies(void **state)
{
    struct example_log log = example_log();
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Leaves    leaves = ENTENTE__LEAVES__INIT;
    Entente__Head      head = ENTENTE__HEAD__INIT;
    uint8_t            bytes[4096];

    (void)state;
    leaves.origin = (char *)(uintptr_t)log.origin.ptr;
    leaves.first = 1;
    leaves.ephemeral = lend(log.batch.ephemeral, LIMIT_KEY);
    leaves.salt = lend(log.batch.salt, LIMIT_SALT);
    leaves.start = 1;
    leaves.leaves = lend(log.leaves[1], LEAF_LEN);
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    page_hex("link/leaves", pack_frame(&frame, bytes));
    head.origin = leaves.origin;
    head.size = 2;
    head.root = lend(log.heads[1].root.bytes, LIMIT_DIGEST);
    head.signature = lend(log.signature, LIMIT_SIGNATURE);
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &head;
    page_hex("link/head", pack_frame(&frame, bytes));
}

static void
bodies_come_in_fragments_and_a_receipt_follows(void **state)
{
    struct example_log log = example_log();
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Fragment  fragment = ENTENTE__FRAGMENT__INIT;
    Entente__Fragment *fragments[] = {&fragment};
    Entente__Cosigned  cosigned;
    uint8_t            bytes[4096];

    (void)state;
    fragment.index = 1;
    fragment.bytes = lend(log.body, log.body_len);
    bodies.origin = (char *)(uintptr_t)log.origin.ptr;
    bodies.n_fragments = 1;
    bodies.fragments = fragments;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    page_hex("link/bodies", pack_frame(&frame, bytes));
    fill_cosigned(&log, &cosigned);
    frame.kind_case = ENTENTE__FRAME__KIND_COSIGNED;
    frame.cosigned = &cosigned;
    page_hex("link/cosigned", pack_frame(&frame, bytes));
}

static void
no_block_of_this_area_is_left_over(void **state)
{
    static const char *const areas[] = {"link/"};

    (void)state;
    page_all_seen(areas, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_handshake_is_what_two_nodes_say),
        cmocka_unit_test(a_hello_is_one_transport_message),
        cmocka_unit_test(sizes_show_head_and_receipt),
        cmocka_unit_test(leaves_and_head_go_before_bodies),
        cmocka_unit_test(bodies_come_in_fragments_and_a_receipt_follows),
        cmocka_unit_test(no_block_of_this_area_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}
