/*
 * test_confusion_places.c - what was said in one place, to one recipient, in
 * one role, is refused in every other, even by who has its keys.
 *
 * A place is an origin (sender, recipient, realm, lane, epoch) and an index.
 * Each row differs from the first in one thing, and each is presented in each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle.h"
#include "crypto/checkpoint.h"
#include "tests/unit/seal_world.h"

/* --- places --------------------------------------------------------------- */

struct place {
    const char   *differs;
    struct origin origin;
    uint64_t      index;
};

#define IFC                                                                    \
    {                                                                          \
        {                                                                      \
            1                                                                  \
        }                                                                      \
    }
#define JMSDF                                                                  \
    {                                                                          \
        {                                                                      \
            2                                                                  \
        }                                                                      \
    }
#define MRCC                                                                   \
    {                                                                          \
        {                                                                      \
            3                                                                  \
        }                                                                      \
    }

static const struct place places[] = {
    {"nothing", {IFC, JMSDF, "actual", LANE_WIRE, 1, 9}, 7},
    {"direction", {JMSDF, IFC, "actual", LANE_WIRE, 1, 9}, 7},
    {"sender", {MRCC, JMSDF, "actual", LANE_WIRE, 1, 9}, 7},
    {"recipient", {IFC, MRCC, "actual", LANE_WIRE, 1, 9}, 7},
    {"realm", {IFC, JMSDF, "exercise-a", LANE_WIRE, 1, 9}, 7},
    {"exercise", {IFC, JMSDF, "exercise-b", LANE_WIRE, 1, 9}, 7},
    {"lane", {IFC, JMSDF, "actual", LANE_COURIER, 1, 9}, 7},
    {"epoch", {IFC, JMSDF, "actual", LANE_WIRE, 2, 9}, 7},
    {"random", {IFC, JMSDF, "actual", LANE_WIRE, 1, 8}, 7},
    {"index", {IFC, JMSDF, "actual", LANE_WIRE, 1, 9}, 8},
};
enum { PLACE_COUNT = sizeof(places) / sizeof(places[0]) };

static bool
same_origin(size_t i, size_t j)
{
    return origin_equal(&places[i].origin, &places[j].origin);
}

/* An entry sealed at one place under a content key that all places share. */
struct sealed {
    struct origin_text origin;
    struct seal_batch  batch;
    struct leaf        leaf;
    uint8_t            bytes[SEALED_LEN];
};

static struct seal_batch
batch_at(const struct origin_text *origin, uint64_t first)
{
    struct seal_batch batch = {.origin = origin_span(origin),
                               .first_index = first};

    memset(batch.ephemeral, 5, sizeof(batch.ephemeral));
    memset(batch.salt, 6, sizeof(batch.salt));
    return batch;
}

static void
seal_at(const struct place *place, const struct secret32 *content_key,
        struct sealed *out)
{
    size_t len;

    out->origin = origin_format(&place->origin);
    out->batch = batch_at(&out->origin, 5);
    out->leaf = leaf_to_seal();
    assert_int_equal(seal_entry(content_key, &out->batch, place->index,
                                span_text(TEXT), &out->leaf, out->bytes, &len),
                     STATUS_OK);
    assert_int_equal(len, SEALED_LEN);
}

static void
an_entry_opens_at_its_own_place_alone(void **state)
{
    const struct secret32 content_key = {{4}};

    (void)state;
    for (size_t i = 0; i < PLACE_COUNT; i++)
        for (size_t j = 0; j < PLACE_COUNT; j++) {
            struct sealed      sealed;
            struct origin_text other = origin_format(&places[j].origin);
            struct seal_batch  batch = batch_at(&other, 5);
            uint8_t            plain[SEALED_LEN];
            size_t             len;
            enum status        opened, named;

            seal_at(&places[i], &content_key, &sealed);
            opened = seal_open(&content_key, origin_span(&other),
                               places[j].index, &sealed.leaf,
                               SPAN_OF(sealed.bytes), plain, &len);
            named = seal_check_digest(&sealed.leaf, &batch, places[j].index,
                                      SPAN_OF(sealed.bytes));
            if ((opened == STATUS_OK) != (i == j) ||
                (named == STATUS_OK) != (i == j))
                fail_msg("an entry of another %s opens at another %s",
                         places[i].differs, places[j].differs);
        }
}

/* The batch secret is of the origin, too: a content key of one place does not
 * even meet the commitment of another. */
static void
a_batch_secret_is_of_one_origin(void **state)
{
    struct dh_key ephemeral = dh_key_of(0x40);
    struct dh_key sealing = dh_key_of(0x20);

    (void)state;
    for (size_t i = 0; i < PLACE_COUNT; i++)
        for (size_t j = 0; j < PLACE_COUNT; j++) {
            struct origin_text origin[2] = {origin_format(&places[i].origin),
                                            origin_format(&places[j].origin)};
            struct secret32    secret[2];
            struct seal_key    key = {.suite = SUITE_CLASSIC, .number = 9};

            memcpy(key.public_key, sealing.public_key, LIMIT_KEY);
            for (size_t k = 0; k < 2; k++) {
                struct seal_batch batch = batch_at(&origin[k], 5);

                memcpy(batch.ephemeral, ephemeral.public_key, LIMIT_KEY);
                assert_int_equal(seal_batch_sender(&batch, &key,
                                                   &ephemeral.secret,
                                                   &secret[k]),
                                 STATUS_OK);
            }
            assert_int_equal(memcmp(secret[0].bytes, secret[1].bytes,
                                    LIMIT_KEY) == 0,
                             same_origin(i, j));
        }
}

static void
a_head_and_its_receipt_are_of_one_origin(void **state)
{
    const struct head head = {3, {{9, 9}}};
    struct secret32   seed = {{1}};
    struct sign_key   key;

    (void)state;
    sign_key_from_seed(&seed, &key);
    for (size_t i = 0; i < PLACE_COUNT; i++)
        for (size_t j = 0; j < PLACE_COUNT; j++) {
            struct origin_text a = origin_format(&places[i].origin);
            struct origin_text b = origin_format(&places[j].origin);
            uint8_t            signature[LIMIT_SIGNATURE];
            struct cosignature cosignature;

            checkpoint_sign(origin_span(&a), &head, &key, signature);
            cosignature_sign(origin_span(&a), &head, 5, &key, &cosignature);
            assert_int_equal(checkpoint_verify(origin_span(&b), &head,
                                               key.public_key, signature) ==
                                 STATUS_OK,
                             same_origin(i, j));
            assert_int_equal(cosignature_verify(origin_span(&b), &head,
                                                &cosignature,
                                                key.public_key) == STATUS_OK,
                             same_origin(i, j));
        }
}

/* --- recipients ----------------------------------------------------------- */

struct recipient {
    const char *differs;
    unsigned    sealing;     /* its key's first byte */
    unsigned    pair_secret; /* the same; 0: none */
    uint32_t    number;      /* of the sealing key */
};

static const struct recipient recipients[] = {
    {"nothing", 0x20, 0x80, 9},      {"sealing key", 0x21, 0x80, 9},
    {"pair secret", 0x20, 0x81, 9},  {"no pair secret", 0x20, 0, 9},
    {"key number", 0x20, 0x80, 10},
};
enum { RECIPIENT_COUNT = sizeof(recipients) / sizeof(recipients[0]) };

/* The content key as one side of a batch has it. */
static struct secret32
content_key_of(const struct recipient *to, const struct seal_batch *batch,
               const struct dh_key *sender)
{
    struct dh_key   sealing = dh_key_of(to->sealing);
    struct secret32 pair_secret, batch_secret, out;
    struct seal_key key = {.suite = SUITE_CLASSIC, .number = to->number};

    memcpy(key.public_key, sealing.public_key, LIMIT_KEY);
    fill(pair_secret.bytes, LIMIT_KEY, to->pair_secret);
    if (to->pair_secret != 0)
        key.pair_secret = &pair_secret;
    if (sender != NULL)
        assert_int_equal(seal_batch_sender(batch, &key, &sender->secret,
                                           &batch_secret),
                         STATUS_OK);
    else
        assert_int_equal(seal_batch_recipient(batch, &key, &sealing.secret,
                                              &batch_secret),
                         STATUS_OK);
    seal_content_key(&batch_secret, INDEX, &out);
    return out;
}

static void
an_entry_opens_for_its_own_recipient_alone(void **state)
{
    struct dh_key     ephemeral = dh_key_of(0x40);
    struct seal_batch batch = {.origin = span_text(ORIGIN), .first_index = 5};

    (void)state;
    memcpy(batch.ephemeral, ephemeral.public_key, LIMIT_KEY);
    for (size_t i = 0; i < RECIPIENT_COUNT; i++)
        for (size_t j = 0; j < RECIPIENT_COUNT; j++) {
            struct secret32 ours = content_key_of(&recipients[i], &batch,
                                                  &ephemeral);
            struct secret32 theirs = content_key_of(&recipients[j], &batch,
                                                    NULL);
            struct leaf     leaf = leaf_to_seal();
            uint8_t         sealed[SEALED_LEN], plain[SEALED_LEN];
            size_t          len;
            enum status     committed, opened;

            assert_int_equal(seal_entry(&ours, &batch, INDEX, span_text(TEXT),
                                        &leaf, sealed, &len),
                             STATUS_OK);
            committed = seal_check_key(&theirs, &leaf);
            opened = seal_open(&theirs, batch.origin, INDEX, &leaf,
                               SPAN_OF(sealed), plain, &len);
            if ((committed == STATUS_OK) != (i == j) ||
                (opened == STATUS_OK) != (i == j))
                fail_msg("what is sealed to another %s opens for another %s",
                         recipients[i].differs, recipients[j].differs);
        }
}

/* --- bundles -------------------------------------------------------------- */

struct carried {
    const char   *differs;
    struct bundle fields;
};

static const struct carried bundles[] = {
    {"nothing", {IFC, JMSDF, 3, 7, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"direction", {JMSDF, IFC, 3, 7, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"sender", {MRCC, JMSDF, 3, 7, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"recipient", {IFC, MRCC, 3, 7, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"serial", {IFC, JMSDF, 4, 7, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"number", {IFC, JMSDF, 3, 8, 9, 3, {0}, {6}, {0}, {{0}}}},
    {"key number", {IFC, JMSDF, 3, 7, 10, 3, {0}, {6}, {0}, {{0}}}},
    {"secret epoch", {IFC, JMSDF, 3, 7, 9, 4, {0}, {6}, {0}, {{0}}}},
    {"salt", {IFC, JMSDF, 3, 7, 9, 3, {0}, {7}, {0}, {{0}}}},
};
enum { BUNDLE_COUNT = sizeof(bundles) / sizeof(bundles[0]) };

/* As R derives them, who has one sealing key and one pair secret. */
static struct bundle_keys
bundle_keys_of(const struct carried *carried)
{
    struct bundle   bundle = carried->fields;
    struct dh_key   sealing = dh_key_of(0x20);
    struct seal_key key = {.suite = SUITE_CLASSIC};
    uint8_t         header[BUNDLE_HEADER_LEN];

    struct bundle_keys keys;

    memcpy(key.public_key, sealing.public_key, LIMIT_KEY);
    memcpy(bundle.ephemeral, dh_key_of(0x40).public_key, LIMIT_KEY);
    bundle_encode(&bundle, header);
    assert_int_equal(bundle_keys_recipient(header, &key, &sealing.secret,
                                           &keys),
                     STATUS_OK);
    return keys;
}

static void
a_bundles_record_opens_under_its_own_header_alone(void **state)
{
    static uint8_t sealed[BUNDLE_SEALED_LEN], plain[BUNDLE_RECORD_LEN];

    (void)state;
    for (size_t i = 0; i < BUNDLE_COUNT; i++) {
        struct bundle_keys ours = bundle_keys_of(&bundles[i]);

        bundle_seal(&ours.aead, 0, false, sealed);
        for (size_t j = 0; j < BUNDLE_COUNT; j++) {
            struct bundle_keys theirs = bundle_keys_of(&bundles[j]);
            bool committed = secret_equal(ours.commitment.bytes,
                                          theirs.commitment.bytes, LIMIT_KEY);
            enum status opened = bundle_open(&theirs.aead, 0, false,
                                             SPAN_OF(sealed), plain);

            if (committed != (i == j) || (opened == STATUS_OK) != (i == j))
                fail_msg("a bundle of another %s opens as one of another %s",
                         bundles[i].differs, bundles[j].differs);
        }
    }
}

/* --- roles ---------------------------------------------------------------- */

/* What the leaf says of an entry is sealed with it: no class, precedence, key
 * number or pair-secret epoch is put in its place, the digest made to fit. */
static void
an_entry_opens_in_the_role_it_was_sealed_for(void **state)
{
    struct world world = world_with_leaf();

    (void)state;
    for (unsigned class = 0; class <= CLASS_LAST + 1; class++)
        for (unsigned precedence = 0; precedence <= PRECEDENCE_COUNT;
             precedence++)
            for (unsigned change = 0; change < 4; change++) {
                struct leaf leaf = world.leaf;
                uint8_t     plain[SEALED_LEN];
                size_t      len;
                bool        same = class == CLASS_MESSAGE && change == 0 &&
                            precedence == PRECEDENCE_IMMEDIATE;

                leaf.class = (enum entry_class)class;
                leaf.precedence = (enum precedence)precedence;
                leaf.sealing_key += change & 1;
                leaf.secret_epoch += change >> 1;
                assert_int_equal(seal_open(&world.content_key,
                                           world.batch.origin, INDEX, &leaf,
                                           SPAN_OF(world.sealed), plain, &len),
                                 same ? STATUS_OK : STATUS_UNOPENED);
            }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_opens_at_its_own_place_alone),
        cmocka_unit_test(a_batch_secret_is_of_one_origin),
        cmocka_unit_test(a_head_and_its_receipt_are_of_one_origin),
        cmocka_unit_test(an_entry_opens_for_its_own_recipient_alone),
        cmocka_unit_test(a_bundles_record_opens_under_its_own_header_alone),
        cmocka_unit_test(an_entry_opens_in_the_role_it_was_sealed_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
