/*
 * post.c - each letter throws dice of its own, and its files others, so that a
 * letter that is not in a run changes none of the others.
 */
#include "tests/sim/post.h"

#include "tests/sim/meeting.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of letters' files, for their dice. */
#define FILES_OF (1ull << 32)

static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

void
post_clear(struct post *post)
{
    for (size_t i = 0; i < post->count; i++) {
        letter_clear(&post->list[i].letter);
        enclosure_clear(&post->list[i].own);
    }
    free(post->list);
    *post = (struct post){0};
}

/* --- submitted ----------------------------------------------------------- */

static void
again_later(struct post *post, uint64_t which)
{
    uint64_t at_ms = world_now_ms(post->world);

    at_ms += dice_between(&post->dice, 100, 5000);
    world_call(post->world, at_ms, post->due, which);
}

/* False: not all of its files are at its node now. */
static bool
bring_files(struct post *post, struct post_letter *letter)
{
    struct station *station = &post->stations->list[letter->from];
    struct machine *machine = world_machine(post->world, letter->from);

    for (size_t i = 0; !letter->brought && i < letter->file_count; i++) {
        if (!machine_running(machine) ||
            cabinet_bring(&station->cabinet, letter->files[i]) != STATUS_OK)
            return false;
        custody_brought(post->custody, letter->from, letter->files[i]);
    }
    letter->brought = true;
    return true;
}

static bool
ask(struct post *post, uint64_t which)
{
    static const char *const  untils[] = {"", "received", "accepted", "read"};
    const struct post_letter *letter = &post->list[which];
    Entente__Request          request = ENTENTE__REQUEST__INIT;
    Entente__SubmitRequest    submit = ENTENTE__SUBMIT_REQUEST__INIT;
    char                      name[LIMIT_NAME];
    char                     *to[] = {name};

    meeting_name(letter->to, name);
    submit.n_to = 1;
    submit.to = to;
    submit.message = (ProtobufCBinaryData){letter->letter.len,
                                           letter->letter.bytes};
    submit.may_exist = letter->asked_before;
    submit.until = words(untils[dice_below(&post->dice, 4)]);
    submit.follow = submit.until[0] != '\0';
    request.id = which;
    request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
    request.submit = &submit;
    return desk_ask(post->desk, letter->from, post->tag | which, &request);
}

void
post_due(struct post *post, uint64_t which)
{
    struct post_letter *letter = &post->list[which];

    if (!bring_files(post, letter) || !ask(post, which)) {
        again_later(post, which);
        return;
    }
    letter->state = POST_ASKED;
    letter->asked_before = true;
}

/* --- answered ------------------------------------------------------------ */

static bool
is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* What was forged when it left is another message than the one sent again, and
 * one that cannot be given back from an epoch that ended. */
static bool
is_other_by_forgery(const struct post *post, const struct post_letter *letter,
                    const Entente__Failure *failure)
{
    return (strcmp(failure->code, "DUPLICATE") == 0 ||
            strcmp(failure->code, "CORRUPT") == 0) &&
           oracle_spoilt(post->oracle, &letter->letter.id);
}

/* A file that was here is not any more: its letter was taken, and nobody needs
 * the file now; or an older copy of the disk was put back. */
static bool
lacks_file(const struct post_letter *letter, const Entente__Failure *failure)
{
    return letter->file_count > 0 && strcmp(failure->code, "NOT_FOUND") == 0 &&
           strncmp(failure->path, "attachments", 11) == 0;
}

/* "For now" is an answer that lets the officer try again. */
static void
refused(struct post *post, uint64_t which, const Entente__Failure *failure)
{
    static const char *const for_now[] = {"HELD", "FULL", "NO_SPACE", "AGAIN"};
    struct post_letter      *letter = &post->list[which];

    if (is_other_by_forgery(post, letter, failure)) {
        letter->state = POST_ACKNOWLEDGED;
        return;
    }
    if (lacks_file(letter, failure))
        letter->brought = false;
    else if (!is_one_of(failure->code, for_now, 4))
        verdict_break(&post->oracle->verdict,
                      "node %zu refuses a good letter: %s (%s, %s)",
                      letter->from, failure->code, failure->path,
                      failure->message);
    letter->state = POST_UNKNOWN;
    again_later(post, which);
}

void
post_answered(struct post *post, uint64_t which,
              const Entente__Response *response)
{
    struct post_letter *letter = &post->list[which];

    if (response == NULL) {
        if (letter->state == POST_ACKNOWLEDGED)
            return;
        letter->state = POST_UNKNOWN;
        again_later(post, which);
        return;
    }
    if (response->kind_case == ENTENTE__RESPONSE__KIND_SUBMIT) {
        letter->state = POST_ACKNOWLEDGED;
        oracle_acknowledged(post->oracle, &letter->letter.id);
    } else if (response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE) {
        refused(post, which, response->failure);
    }
}

/* --- planned ------------------------------------------------------------- */

/* One letter in four encloses something: a file of its own, sometimes with one
 * that a letter before it from the same node has, too. */
static void
plan_files(struct post *post, uint64_t which)
{
    struct dice dice = fate_dice(post->fate, FATE_LETTER, FILES_OF + which);
    struct post_letter       *letter = &post->list[which];
    const struct post_letter *other;
    bool                      shares;

    other = &post->list[dice_below(&dice, which + 1)];
    shares = dice_chance(&dice, 1, 4);
    if (!dice_chance(&dice, 1, 4))
        return;
    enclosure_make(&letter->own, &dice);
    letter->files[letter->file_count++] = &letter->own;
    if (shares && other != letter && other->from == letter->from &&
        other->file_count > 0)
        letter->files[letter->file_count++] = other->files[0];
}

/* It may not be in this run. */
static void
plan_letter(struct post *post, uint64_t which, uint64_t for_ms)
{
    size_t              nodes = post->stations->count;
    struct dice         dice = fate_dice(post->fate, FATE_LETTER, which);
    uint64_t            at_ms = world_now_ms(post->world);
    struct post_letter *letter = &post->list[which];
    struct letter      *text = &letter->letter;

    letter->from = (size_t)dice_below(&dice, nodes);
    letter->to = letter->from + 1 + (size_t)dice_below(&dice, nodes - 1);
    letter->to %= nodes;
    at_ms += dice_below(&dice, for_ms);
    plan_files(post, which);
    letter_write(text, &dice, letter->files, letter->file_count);
    if (!world_present(post->world, letter->from) ||
        !world_present(post->world, letter->to) ||
        !fate_wills(post->fate, FATE_LETTER, which, "a letter is written"))
        return;
    letter->state = POST_PLANNED;
    oracle_submits(post->oracle, letter->from, letter->to, &text->id,
                   (struct span){text->bytes, text->len});
    oracle_asks(post->oracle, &text->id, text->ack_by_ms);
    for (size_t i = 0; i < letter->file_count; i++)
        custody_add(post->custody, &text->id, letter->from, letter->to,
                    letter->files[i]);
    world_call(post->world, at_ms, post->due, which);
}

void
post_plan(struct post *post, size_t count, uint64_t for_ms)
{
    assert(post->count == 0);
    post->list = calloc(count, sizeof(*post->list));
    if (post->list == NULL)
        abort();
    post->count = count;
    for (uint64_t i = 0; i < count; i++)
        plan_letter(post, i, for_ms);
}

bool
post_done(const struct post *post)
{
    for (size_t i = 0; i < post->count; i++)
        if (post->list[i].state != POST_ACKNOWLEDGED &&
            post->list[i].state != POST_NEVER)
            return false;
    return true;
}
