/*
 * limits.h - every maximum and every deadline, one name each.
 *
 * Past a limit stands a clear refusal that names it.  Sizes are bytes, times
 * milliseconds, unless the name says otherwise.
 */
#ifndef PROTO_LIMITS_H
#define PROTO_LIMITS_H

enum {
    /* keys and digests, fixed by their algorithms */
    LIMIT_KEY = 32,
    LIMIT_DIGEST = 32,
    LIMIT_SIGNATURE = 64,
    LIMIT_TAG = 16,
    LIMIT_SALT = 16,

    /* identities and names */
    LIMIT_NODE_ID = 16,
    LIMIT_MESSAGE_ID = 16,
    LIMIT_NAME = 64,        /* node, organisation, peer names, UTF-8 bytes */
    LIMIT_EXERCISE_ID = 32, /* [a-z0-9-] */
    LIMIT_LINE = 1024,      /* one line of people's words */
    LIMIT_ORIGIN = 192,     /* longest channel origin */
    LIMIT_ADDRESS = 260,    /* HOST:PORT; a name of over 253 never resolves */
    LIMIT_ADDRESSES = 4,    /* in one card */

    /* entries */
    LIMIT_LEAF = 256,        /* longest leaf of any suite */
    LIMIT_BODY = 65536,      /* padded, before its tag */
    LIMIT_SEALED = 65552,    /* LIMIT_BODY + LIMIT_TAG */
    LIMIT_BATCH = 4096,      /* entries under one ephemeral and head */
    LIMIT_HEAD_AHEAD = 8192, /* a head's size above the cosigned one */
    LIMIT_BODY_TRIES = 8,    /* wrong bodies of one entry, then refused */
    LIMIT_EPOCHS = 8,        /* opened at once because a peer says so */
    LIMIT_EPOCHS_READ = 64,  /* of a peer's own, begun at once */
    LIMIT_EPOCH_MS = 3600000, /* beyond these, one in this time */
    LIMIT_RANGES = 64,       /* ranges in one ANSWER entry or Fetch */

    /* notes (C2SP signed-note) */
    LIMIT_NOTE = 4096,
    LIMIT_NOTE_SIGNATURES = 16,
    LIMIT_CARD = 8192,
    LIMIT_CERTIFICATE = 1024,
    LIMIT_REVOCATION = 65000,  /* so that a REVOKE entry holds it */
    LIMIT_SIGNED = 65536,    /* longest message under a label */
    LIMIT_PROOF = 16384,     /* a tlog-proof, its note included */
    LIMIT_PROOF_EXTRA = 4096,

    /* attachments */
    LIMIT_ATTACHMENTS = 16,      /* of one message */
    LIMIT_ATTACHMENT_NAME = 255, /* UTF-8 bytes */
    LIMIT_CHUNK = 65536,
    LIMIT_CHUNK_SEALED = 65552,  /* LIMIT_CHUNK + LIMIT_TAG */
    LIMIT_CHUNKS = 1048576,      /* of one attachment */
    LIMIT_CHUNK_PROOF = 640,     /* LIMIT_DIGEST for each level */
    LIMIT_CHUNK_TRIES = 8,       /* wrong chunks of one, then given up */
    LIMIT_CHUNKS_AHEAD = 64,     /* read ahead, beyond one a peer */
    LIMIT_OWED = 4096,           /* attachments under way, per peer and way */

    /* files for auditors */
    LIMIT_EVIDENCE = 8388608,
    LIMIT_EVIDENCE_ANSWERS = 64,
    LIMIT_EVIDENCE_CERTIFICATES = 8,
    LIMIT_EXPORT = 1073741824, /* ten million leaves */
    LIMIT_EXPORT_LOGS = 4096,

    /* the link */
    LIMIT_FRAME = 65535,       /* on the wire, Noise tag included */
    LIMIT_FRAME_PLAIN = 65519, /* LIMIT_FRAME - LIMIT_TAG */
    LIMIT_FRAME_MIN = 2048,    /* never cut frames smaller than this */
    LIMIT_STRANGERS = 64,      /* connections that have proven nothing */
    LIMIT_STRANGER_FRAME = 2048,
    LIMIT_HANDSHAKES_PER_S = 200,
    LIMIT_HANDSHAKES_PER_SOURCE_S = 20,
    LIMIT_HANDSHAKE_MS = 10000, /* from connect to the first message after */
    LIMIT_LINK_AGE_MS = 120000, /* then a new handshake */
    LIMIT_LINK_MESSAGES = 1 << 20,
    LIMIT_KEEPALIVE_MS = 15000,
    LIMIT_SILENCE_MS = 45000,
    LIMIT_BACKOFF_MIN_MS = 500,
    LIMIT_BACKOFF_MAX_MS = 60000,
    LIMIT_ROOM_MIN = 16384, /* what is handed to TCP at a time */
    LIMIT_ROOM_MAX = 1048576,
    LIMIT_CHANNELS_PER_LINK = 256,

    /* bundles */
    LIMIT_BUNDLE_RECORD = 65536,     /* plaintext of one record */
    LIMIT_BUNDLE_RECORDS = 16777216, /* a tebibyte */
    LIMIT_BUNDLES = 8,               /* made at a time, and read at a time */

    /* the dispatch window */
    LIMIT_WINDOW_BYTES = 8388608,
    LIMIT_WINDOW_ENTRIES = 4096,
    LIMIT_WINDOW_SPAN_MS = 2000,

    /* the node */
    LIMIT_PEERS = 10000,
    LIMIT_PENDING_COUNT = 262144, /* per peer */
    LIMIT_AWAITED = 256, /* answers of persons, per peer and direction */
    LIMIT_AWAIT_LOOK_MS = 60000, /* the wall clock may jump meanwhile */
    LIMIT_VAULT_ENTRIES = 1024,   /* under one vault key */
    LIMIT_VAULTS_AHEAD = 64,
    LIMIT_EVENTS_PER_TURN = 8192,
    LIMIT_TURN_BYTES = 33554432, /* of waiting events, then reading pauses */

    /* the keyring and passphrases */
    LIMIT_KEYRING_SLOTS = 131072,
    LIMIT_ARGON_PASSES_MIN = 1,
    LIMIT_ARGON_PASSES_MAX = 10,
    LIMIT_ARGON_KIB_MIN = 8192,
    LIMIT_ARGON_KIB_MAX = 1048576,

    /* the control socket */
    LIMIT_CONTROL_FRAME = 1048576,
    LIMIT_CLIENTS = 64,
    LIMIT_CLIENT_QUEUE = 16777216, /* answers that a client does not read */
    LIMIT_OWN_REQUEST = 69632,     /* answered by the edge: a sealed chunk */

    /* protobuf */
    LIMIT_PARSE_BYTES = 4194304, /* what one unpacked message may take */
    LIMIT_PARSE_CALLS = 65536,
    LIMIT_PARSE_DEPTH = 16,

    /* the store */
    LIMIT_SEGMENT = 67108864,
    LIMIT_GROUP = 50331648,
    LIMIT_RECORD = 8388608
};

/* Larger than an int. */
#define LIMIT_PENDING_BYTES 1073741824ull /* per peer */
#define LIMIT_ATTACHMENT 68719476736ull
#define LIMIT_STORED 68736253952ull /* its sealed chunks: 16 more for each */
#define LIMIT_TREE 0x7fffffffffffffffull /* C2SP: sizes below 2^63 */

#endif
