/* fuzz_address.c - HOST:PORT from a card, an option or a configuration. */
#include "node/net/address.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const bool fuzz_is_whole = false; /* a port may lose its last digit */

bool
fuzz_one(struct span in)
{
    struct address          address;
    struct sockaddr_storage socket;

    if (address_parse(in, &address) != STATUS_OK)
        return false;
    assert(memchr(address.host, 0, sizeof(address.host)) != NULL);
    if (address_numeric(&address, &socket) == STATUS_OK)
        assert(address_port(&socket) == address.port);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed(arg, "name", span_text("node.example.org:7300"));
    seed(arg, "v4", span_text("192.0.2.1:1"));
    seed(arg, "v6", span_text("[2001:db8::1]:65535"));
}
