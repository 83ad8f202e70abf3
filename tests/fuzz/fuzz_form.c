/* fuzz_form.c - a form as a person left it in an editor. */
#include "tests/fuzz/fuzz.h"
#include "tools/language/form.h"
#include "tools/language/json.h"

const bool fuzz_is_whole = false; /* it may end after any line */

bool
fuzz_one(struct span in)
{
    struct message_faults faults;
    Entente__Message     *message = NULL;
    json_t               *object = NULL;

    if (form_read(in, &message, &faults) != STATUS_OK) {
        assert(faults.count > 0);
        return false;
    }
    assert(json_from_message(message, &object) == STATUS_OK);
    json_decref(object);
    entente__message__free_unpacked(message, NULL);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed(arg, "incident",
         span_text("# a comment\n"
                   "kind: maritime_incident\n"
                   "subject:   Tanker approached  \r\n\n"
                   "label.releasable_to: IN, JP\n"
                   "precedence: flash\n"
                   "occurred: 2014-04-23\n"
                   "position: 06-17N 003-21E\n"
                   "position.radius: 2.5nm\n"
                   "narrative: first line\n    second line\n"
                   "weapons: knife, rpg\nweapons: club\n"
                   "external_refs[0].system: imb\n"
                   "external_refs[0].id: 037-14\n"
                   "casualties.dead: 0\n"
                   "method:\n"));
    seed(arg, "note", span_text("kind: note\nsubject: tea\ntext: at four\n"));
    seed(arg, "json",
         span_text("{\"kind\":\"note\",\"note\":{\"text\":\"tea\"}}"));
}
