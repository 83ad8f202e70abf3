/*
 * pcapng.h - capture files as Wireshark reads them
 * (draft-ietf-opsawg-pcapng), the part of them that we write.
 *
 * One section, big-endian, nanosecond timestamps; any number of interfaces,
 * then packets.  Bytes in and out: who has the file is another's business.
 */
#ifndef HOST_PCAPNG_H
#define HOST_PCAPNG_H

#include "proto/bytes.h"

enum {
    PCAPNG_USER0 = 147, /* LINKTYPE_USER0 */
    PCAPNG_PACKET_MAX = 65536, /* Wireshark refuses more than 262144 */
    PCAPNG_TEXT_MAX = 256,
    PCAPNG_INTERFACES = 8
};

enum pcapng_direction { PCAPNG_UNKNOWN, PCAPNG_IN, PCAPNG_OUT };

struct pcapng_section {
    const char *program; /* at most PCAPNG_TEXT_MAX */
    const char *comment; /* at most PCAPNG_TEXT_MAX */
};

struct pcapng_interface {
    uint16_t    link_type;
    const char *name;        /* at most PCAPNG_TEXT_MAX */
    const char *description; /* at most PCAPNG_TEXT_MAX */
};

struct pcapng_packet {
    uint32_t              interface; /* from 0, in the order of the head */
    uint64_t              time_ns;   /* since 1970 */
    enum pcapng_direction direction;
    uint32_t              queue;   /* epb_queue; we put link numbers there */
    struct span           comment; /* at most PCAPNG_TEXT_MAX; empty: none */
    struct span           bytes;   /* at most PCAPNG_PACKET_MAX */
};

/* The section header and the interfaces. */
size_t pcapng_head_len(const struct pcapng_section   *section,
                       const struct pcapng_interface *interfaces,
                       size_t                         count);
void   pcapng_put_head(struct writer                 *out,
                       const struct pcapng_section   *section,
                       const struct pcapng_interface *interfaces,
                       size_t                         count);

size_t pcapng_packet_len(const struct pcapng_packet *packet);
void   pcapng_put_packet(struct writer *out,
                         const struct pcapng_packet *packet);

struct pcapng_reader {
    struct reader in;
    struct span   comment; /* of the section; empty: none */
    size_t        interface_count;
    uint16_t      link_type[PCAPNG_INTERFACES];
    uint64_t      packet_number; /* of the newest packet, from 1 */
};

/*
 * BAD_ENCODING: not a capture.  BAD_VERSION: one of another byte order or
 * version, as another program writes it.
 */
NODISCARD enum status pcapng_open(struct span file, struct pcapng_reader *out);

/*
 * The next packet, lent from the file; blocks of other kinds are passed over.
 * AGAIN: the file ends here.  BAD_ENCODING: it ends within a block, or a block
 * is malformed; all before it stands.
 */
NODISCARD enum status pcapng_next(struct pcapng_reader *in,
                                  struct pcapng_packet *out);

#endif
