/*
 * test_regain.c - a node is set back to each record of a run in turn, or loses
 * all of them: afterwards both sides can read every message, field by field,
 * that either has, know what was read, and have said nothing twice.
 */
#include "tests/unit/duo.h"

#include "crypto/unseal.h"
#include "node/core/log/lane.h"
#include "node/core/recovery/regain.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 4 };

static struct peer *
peer_of(const struct duo_party *party)
{
    return party->node->peers[0];
}

static void
acknowledge(struct duo_party *party, const char *ref)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest answer = ENTENTE__ANSWER_REQUEST__INIT;

    answer.ref = (char *)(uintptr_t)ref;
    answer.verdict = (char *)(uintptr_t)"acknowledged";
    answer.by = (char *)(uintptr_t)"DUTY OFFICER";
    answer.text = (char *)(uintptr_t)"understood";
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    duo_request(party, &request);
}

/* Where a's groups end, since a journal is cut between groups only. */
struct groups {
    const struct duo_party *party;
    size_t                  end[1024];
    size_t                  count;
};

static void
note_group(void *arg, const struct turn_input *input,
           const struct event *events, size_t count,
           const struct effects *effects)
{
    struct groups *groups = arg;
    size_t         end = groups->party->record_count;

    (void)input;
    (void)events;
    (void)count;
    (void)effects;
    if (groups->count == 0 || groups->end[groups->count - 1] != end)
        groups->end[groups->count++] = end;
}

/* Four messages each way, read and acknowledged on both sides. */
static struct duo *
a_day(struct groups *groups, bool of_b)
{
    static const char *const words[] = {"one", "two", "three", "four"};
    struct duo              *duo = duo_new();

    duo_pair(duo);
    groups->party = of_b ? &duo->b : &duo->a;
    groups->count = 0;
    (of_b ? &duo->b : &duo->a)->seen = note_group;
    (of_b ? &duo->b : &duo->a)->seen_arg = groups;
    for (unsigned i = 0; i < MESSAGES; i++) {
        duo_submit(&duo->a, "node2", i + 1, i == 2 ? "FLASH" : "ROUTINE",
                   words[i], NULL);
        duo_run(duo);
        duo_submit(&duo->b, "node1", i + 1, "ROUTINE", words[i], NULL);
        duo_run(duo);
        if (i == 1) {
            duo_show(&duo->a, "node2/1");
            duo_show(&duo->b, "node1/2");
            duo_run(duo);
            duo_cut(duo);
            duo_wait(duo, 60000);
        }
        if (i == 2) {
            acknowledge(&duo->a, "node2/2");
            acknowledge(&duo->b, "node1/1");
            duo_run(duo);
        }
    }
    duo_show(&duo->a, "node2/4");
    duo_run(duo);
    duo->a.seen = duo->b.seen = NULL;
    return duo;
}

/* --- what a party can read -- */

/* The message of that id, opened from the newest record of it; its length, 0:
 * it is not here. */
static size_t
read_message(const struct duo_party *party, bool outgoing,
             const struct message_id *id, uint8_t *out)
{
    enum record_kind kind = outgoing ? RECORD_OUT_ENTRY : RECORD_IN_ENTRY;

    for (size_t i = duo_count_records(party, kind); i-- > 0;) {
        struct record        record = duo_record(party, kind, i);
        struct record_secret secret;
        size_t               len = 0;

        if (memcmp(record.id.bytes, id->bytes, LIMIT_MESSAGE_ID) != 0)
            continue;
        assert_int_equal(record_secret_decode(record.secret, &secret),
                         STATUS_OK);
        assert_int_equal(unseal_entry(&record, &secret, out, &len), STATUS_OK);
        assert_true(secret.subject.len > 0);
        return len;
    }
    return 0;
}

/* Steps of that state in the trail of one message that came. */
static size_t
steps(const struct duo_party *party, const struct message_id *id,
      enum message_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(party, RECORD_TRAIL); i++) {
        struct record trail = duo_record(party, RECORD_TRAIL, i);

        count += !trail.outgoing && trail.state == (uint8_t)state &&
                 memcmp(trail.id.bytes, id->bytes, LIMIT_MESSAGE_ID) == 0;
    }
    return count;
}

static void
same_at(const struct duo_party *party, const struct duo_party *was,
        const struct duo_party *author, bool outgoing)
{
    for (unsigned i = 1; i <= MESSAGES; i++) {
        struct message_id id = duo_message_id(author, i);
        uint8_t           now[2048], then[2048];
        size_t            len = read_message(was, outgoing, &id, then);

        assert_true(len > 0);
        assert_int_equal(read_message(party, outgoing, &id, now), len);
        assert_memory_equal(now, then, len);
        if (outgoing)
            continue;
        assert_int_equal(steps(party, &id, STATE_READ),
                         steps(was, &id, STATE_READ));
        assert_int_equal(steps(party, &id, STATE_ACKNOWLEDGED),
                         steps(was, &id, STATE_ACKNOWLEDGED));
    }
}

/* No message has two numbers, no number two messages. */
static void
numbers_are_single(const struct duo_party *party)
{
    size_t count = duo_count_records(party, RECORD_IN_ENTRY);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            struct record one = duo_record(party, RECORD_IN_ENTRY, i);
            struct record other = duo_record(party, RECORD_IN_ENTRY, k);

            if (one.number > 0 && other.number > 0)
                assert_int_equal(one.number == other.number,
                                 memcmp(one.id.bytes, other.id.bytes,
                                        LIMIT_MESSAGE_ID) == 0);
        }
}

/* --- loss -- */

static void
set_back(struct duo_party *party, size_t count)
{
    while (party->record_count > count) {
        struct duo_record *last = &party->records[--party->record_count];

        free(last->bytes);
        free(last->secret);
    }
    duo_restart(party);
}

static void
all_is_there_again(struct duo *duo, const struct duo *was)
{
    same_at(&duo->a, &was->a, &was->a, true);
    same_at(&duo->a, &was->a, &was->b, false);
    same_at(&duo->b, &was->b, &was->b, true);
    same_at(&duo->b, &was->b, &was->a, false);
    numbers_are_single(&duo->a);
    numbers_are_single(&duo->b);
    assert_int_equal(peer_of(&duo->a)->recovery, 0);
    assert_int_equal(peer_of(&duo->b)->recovery, 0);
    assert_null(peer_of(&duo->a)->regain);
    assert_int_equal(duo_count_records(&duo->a, RECORD_STOPPED), 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_STOPPED), 0);
}

static void
settle(struct duo *duo)
{
    for (size_t i = 0; i < 4; i++)
        duo_wait(duo, 70000);
}

/* Recovers, and then goes on. */
static void
comes_back(struct duo *duo, const struct duo *was)
{
    struct node *again;

    settle(duo);
    all_is_there_again(duo, was);
    duo_submit(&duo->a, "node2", 99, "ROUTINE", "goes on", NULL);
    duo_submit(&duo->b, "node1", 99, "ROUTINE", "too", NULL);
    settle(duo);
    numbers_are_single(&duo->a);
    numbers_are_single(&duo->b);
    again = duo_node(&duo->a, DUO_ALL);
    duo_same_state(duo->a.node, again);
    node_free(again);
}

static void
from_any_copy(bool of_b)
{
    struct groups groups, others;
    struct duo   *was = a_day(&groups, of_b);

    assert_true(groups.count > 20);
    for (size_t i = 0; i < groups.count; i++) {
        struct duo *duo = a_day(&others, of_b);

        duo_cut(duo);
        set_back(of_b ? &duo->b : &duo->a, groups.end[i]);
        comes_back(duo, was);
        duo_free(duo);
    }
    duo_free(was);
}

static void
from_any_copy_of_a_everything_comes_back(void **state)
{
    (void)state;
    from_any_copy(false);
}

static void
from_any_copy_of_b_everything_comes_back(void **state)
{
    (void)state;
    from_any_copy(true);
}

/* The keyring told of the loss, as when newer segments are gone. */
static void
a_loss_that_the_keyring_tells_is_made_good_too(void **state)
{
    struct groups groups, others;
    struct duo   *was = a_day(&groups, false);

    (void)state;
    for (size_t i = 0; i < groups.count; i++) {
        struct duo *duo = a_day(&others, false);

        duo_cut(duo);
        set_back(&duo->a, groups.end[i]);
        duo_post(&duo->a, &(struct event){.kind = EVENT_STATE_LOST});
        comes_back(duo, was);
        duo_free(duo);
    }
    duo_free(was);
}

/* A crash in the midst of it, at every turn. */
static void
a_restart_in_the_midst_of_it_loses_nothing(void **state)
{
    struct groups groups, others;
    struct duo   *was = a_day(&groups, false);
    bool          done = false;

    (void)state;
    for (size_t turns = 1; !done && turns < 200; turns++) {
        struct duo *duo = a_day(&others, false);

        duo_cut(duo);
        set_back(&duo->a, groups.end[2]);
        duo_wait(duo, 0);
        duo->a.now_ms += 70000;
        duo->a.wall_ms += 70000;
        duo_post(&duo->a, &(struct event){.kind = EVENT_TIMER});
        for (size_t i = 0; i < turns && !done; i++) {
            bool a = duo_turn(&duo->a), b = duo_turn(&duo->b);

            done = !a && !b;
        }
        duo_cut(duo);
        duo_restart(&duo->a);
        comes_back(duo, was);
        duo_free(duo);
    }
    assert_true(done);
    duo_free(was);
}

/* --- all -- */

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_any_copy_of_a_everything_comes_back),
        cmocka_unit_test(from_any_copy_of_b_everything_comes_back),
        cmocka_unit_test(a_loss_that_the_keyring_tells_is_made_good_too),
        cmocka_unit_test(a_restart_in_the_midst_of_it_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
