/* fuzz_config.c - HOME/config, as a person may have left it. */
#include "node/store/config.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const bool fuzz_is_whole = false; /* it may end after any line */

bool
fuzz_one(struct span in)
{
    static uint8_t      bytes[CONFIG_MAX];
    struct writer       out = writer_of(bytes, sizeof(bytes));
    struct config       config, again;
    struct config_fault fault = {0};

    if (config_parse(in, &config, &fault) != STATUS_OK) {
        assert(memchr(fault.words, 0, sizeof(fault.words)) != NULL);
        return false;
    }
    assert(config_format(&config, &out) == STATUS_OK);
    assert(config_parse(writer_span(&out), &again, &fault) == STATUS_OK);
    assert(strcmp(config.listen, again.listen) == 0);
    assert(config.address_count == again.address_count);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed(arg, "whole",
         span_text("# a node\n[node]\nlisten = [::1]:7300\n"
                   "advertise = node.example.org:7300\n"
                   "advertise = 192.0.2.1:7300\n"));
    seed(arg, "none", span_text("[node]\nlisten = none\n"));
}
