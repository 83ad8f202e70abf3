/*
 * drafts.c - the files of drafts.
 *
 * I1. A form is replaced whole (home.h), so that a crash leaves the old or the
 *     new one.
 * I2. The form is written after the facts and removed before them: a draft is
 *     there when its form is.
 */
#include "tools/writing/drafts.h"

#include "tools/cli/self.h"
#include "tools/language/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FACTS_MAX = 16384, NUMBER_MAX = 999999, TRIES = 100 };

static void
name_of(unsigned number, const char *end, char out[static DRAFTS_NAME])
{
    snprintf(out, DRAFTS_NAME, "%u.%s", number, end);
}

NODISCARD static enum status
fail(struct cli *cli, enum status st, const struct drafts_one *draft)
{
    char what[HOME_PATH_MAX + DRAFTS_NAME];

    if (st == STATUS_OK)
        return st;
    snprintf(what, sizeof(what), "%s/%u", draft->folder.text, draft->number);
    return cli_status(cli, st, what);
}

/* --- opening ------------------------------------------------------------ */

NODISCARD static enum status
folder_of(struct cli *cli, struct home_path *out)
{
    struct cert cert;
    enum status st = self_cert(cli, &cert); /* says how to make a home */

    if (st == STATUS_OK)
        st = cli_status(cli, home_path(cli->home, DRAFTS_FOLDER, out),
                        cli->home);
    if (st == STATUS_OK && mkdir(out->text, 0700) != 0 && errno != EEXIST)
        st = cli_fail(cli, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO, NULL,
                      "%s: %s", out->text, strerror(errno));
    return st;
}

NODISCARD static enum status
new_one(struct cli *cli, struct drafts_one **out)
{
    struct drafts_one *draft = calloc(1, sizeof(*draft));
    enum status        st;

    if (draft == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    draft->lock = -1;
    st = folder_of(cli, &draft->folder);
    if (st == STATUS_OK)
        *out = draft;
    else
        free(draft);
    return st;
}

NODISCARD static enum status
set_number(struct cli *cli, struct drafts_one *draft, unsigned number)
{
    char name[DRAFTS_NAME];

    draft->number = number;
    name_of(number, "form", name);
    return fail(cli, home_path(draft->folder.text, name, &draft->path), draft);
}

/* LOCKED without words: another has it. */
NODISCARD static enum status
lock(struct cli *cli, struct drafts_one *draft)
{
    char             name[DRAFTS_NAME];
    struct home_path path;
    enum status      st;

    name_of(draft->number, "lock", name);
    st = home_path(draft->folder.text, name, &path);
    if (st != STATUS_OK)
        return fail(cli, st, draft);
    draft->lock = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (draft->lock < 0)
        return fail(cli, errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO, draft);
    if (flock(draft->lock, LOCK_EX | LOCK_NB) == 0)
        return STATUS_OK;
    close(draft->lock);
    draft->lock = -1;
    return STATUS_LOCKED;
}

/* One above the highest that is there; the next, where another takes it. */
NODISCARD static enum status
take_number(struct cli *cli, struct drafts_one *draft)
{
    unsigned    numbers[DRAFTS_MAX];
    unsigned    number;
    size_t      count = 0;
    enum status st = drafts_list(cli, numbers, &count);

    if (st == STATUS_OK && count == DRAFTS_MAX)
        st = cli_fail(cli, STATUS_FULL, cli_line(cli, "drafts").text,
                      "there are %d drafts; send or remove some", DRAFTS_MAX);
    number = count == 0 ? 1 : numbers[count - 1] + 1;
    for (int i = 0; i < TRIES && st == STATUS_OK; i++) {
        st = set_number(cli, draft, number++);
        if (st == STATUS_OK)
            st = lock(cli, draft);
        if (st == STATUS_OK && access(draft->path.text, F_OK) != 0)
            return STATUS_OK;
        if (st == STATUS_OK)
            close(draft->lock);
        if (st == STATUS_OK)
            draft->lock = -1;
        if (st == STATUS_LOCKED)
            st = STATUS_OK;
    }
    return cli_status(cli, st == STATUS_OK ? STATUS_LOCKED : st, "drafts");
}

enum status
drafts_new(struct cli *cli, json_t *facts, struct span form,
           struct drafts_one **out)
{
    struct drafts_one *draft = NULL;
    enum status        st = new_one(cli, &draft);

    if (st == STATUS_OK)
        st = take_number(cli, draft);
    if (st != STATUS_OK) {
        json_decref(facts);
        drafts_free(draft);
        return st;
    }
    draft->facts = facts;
    st = drafts_save_facts(cli, draft);
    if (st == STATUS_OK)
        st = drafts_save(cli, draft, form); /* (I2) */
    if (st == STATUS_OK) {
        *out = draft;
        return st;
    }
    (void)!drafts_remove(cli, draft);
    drafts_free(draft);
    return st;
}

NODISCARD static enum status
read_form(struct drafts_one *draft, const char *end)
{
    char        name[DRAFTS_NAME];
    char       *text = malloc(JSON_TEXT_MAX + 1);
    size_t      len = 0;
    enum status st = STATUS_IO;

    name_of(draft->number, end, name);
    if (text != NULL)
        st = home_read(draft->folder.text, name, (uint8_t *)text, JSON_TEXT_MAX,
                       &len);
    if (st != STATUS_OK) {
        free(text);
        return st;
    }
    free(draft->form);
    draft->form = text;
    draft->len = len;
    draft->form[len] = '\0';
    return STATUS_OK;
}

NODISCARD static enum status
read_facts(struct drafts_one *draft)
{
    char        name[DRAFTS_NAME];
    uint8_t     text[FACTS_MAX];
    size_t      len = 0;
    enum status st;

    name_of(draft->number, "json", name);
    st = home_read(draft->folder.text, name, text, sizeof(text), &len);
    if (st != STATUS_OK)
        return st;
    draft->facts = json_loadb((const char *)text, len, 0, NULL);
    return json_is_object(draft->facts) ? STATUS_OK : STATUS_CORRUPT;
}

NODISCARD static enum status
open_one(struct cli *cli, unsigned number, bool locked, struct drafts_one **out)
{
    struct drafts_one *draft = NULL;
    enum status        st = new_one(cli, &draft);

    if (st != STATUS_OK)
        return st;
    st = set_number(cli, draft, number);
    if (st == STATUS_OK && access(draft->path.text, F_OK) != 0)
        st = cli_fail(cli, STATUS_NOT_FOUND, cli_line(cli, "drafts").text,
                      "there is no draft %u", number);
    if (st == STATUS_OK && locked)
        st = lock(cli, draft);
    if (st == STATUS_LOCKED)
        st = cli_fail(cli, st, NULL, "draft %u is open in another window",
                      number);
    if (st == STATUS_OK)
        st = fail(cli, read_form(draft, "form"), draft);
    if (st == STATUS_OK)
        st = fail(cli, read_facts(draft), draft);
    if (st == STATUS_OK)
        *out = draft;
    else
        drafts_free(draft);
    return st;
}

enum status
drafts_open(struct cli *cli, unsigned number, struct drafts_one **out)
{
    return open_one(cli, number, true, out);
}

enum status
drafts_peek(struct cli *cli, unsigned number, struct drafts_one **out)
{
    return open_one(cli, number, false, out);
}

void
drafts_free(struct drafts_one *draft)
{
    if (draft == NULL)
        return;
    if (draft->lock >= 0)
        close(draft->lock);
    json_decref(draft->facts);
    free(draft->form);
    free(draft);
}

/* --- keeping ------------------------------------------------------------ */

NODISCARD static enum status
write_as(const struct drafts_one *draft, const char *end, struct span bytes)
{
    char name[DRAFTS_NAME];

    name_of(draft->number, end, name);
    return home_write(draft->folder.text, name, bytes); /* (I1) */
}

enum status
drafts_save(struct cli *cli, struct drafts_one *draft, struct span form)
{
    char       *copy = malloc(form.len + 1);
    enum status st;

    if (copy == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    if (form.len > 0)
        memcpy(copy, form.ptr, form.len);
    copy[form.len] = '\0';
    free(draft->form);
    draft->form = copy;
    draft->len = form.len;
    st = write_as(draft, "form", (struct span){(const uint8_t *)copy,
                                               form.len});
    return fail(cli, st, draft);
}

enum status
drafts_save_facts(struct cli *cli, const struct drafts_one *draft)
{
    char       *text = json_text(draft->facts, 0);
    enum status st = STATUS_IO;

    if (text != NULL)
        st = write_as(draft, "json", span_text(text));
    free(text);
    return fail(cli, st, draft);
}

enum status
drafts_guard(struct cli *cli, const struct drafts_one *draft)
{
    const struct span form = {(const uint8_t *)draft->form, draft->len};

    return fail(cli, write_as(draft, "before", form), draft);
}

enum status
drafts_reread(struct cli *cli, struct drafts_one *draft, bool *lost)
{
    enum status st;

    *lost = false;
    (void)!chmod(draft->path.text, 0600); /* an editor may have made it anew */
    st = read_form(draft, "form");
    if (st == STATUS_NOT_FOUND || (st == STATUS_OK && draft->len == 0)) {
        *lost = true;
        st = read_form(draft, "before");
    }
    if (st != STATUS_OK)
        return fail(cli, st, draft);
    st = write_as(draft, "form", (struct span){(const uint8_t *)draft->form,
                                               draft->len});
    return fail(cli, st, draft);
}

enum status
drafts_remove(struct cli *cli, const struct drafts_one *draft)
{
    static const char *const formats[] = {
        "%u.form", "%u.before", "%u.json", "%u.lock", /* (I2) */
        ".%u.form.swp", "%u.form~", ".%u.form.un~" /* what editors leave */};
    struct home_path path;
    char             name[DRAFTS_NAME];
    enum status      st = STATUS_OK;

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        snprintf(name, sizeof(name), formats[i], draft->number);
        if (home_path(draft->folder.text, name, &path) != STATUS_OK ||
            (unlink(path.text) != 0 && errno != ENOENT))
            st = STATUS_IO;
    }
    return fail(cli, st, draft);
}

/* --- listing ------------------------------------------------------------ */

static int
compare(const void *one, const void *other)
{
    const unsigned *a = one;
    const unsigned *b = other;

    return (*a > *b) - (*a < *b);
}

/* 3 for "3.form", 0 for any other name. */
static unsigned
number_of(const char *name)
{
    char          again[DRAFTS_NAME];
    unsigned long number = strtoul(name, NULL, 10);

    if (number == 0 || number > NUMBER_MAX)
        return 0;
    name_of((unsigned)number, "form", again);
    return strcmp(again, name) == 0 ? (unsigned)number : 0;
}

enum status
drafts_list(struct cli *cli, unsigned numbers[static DRAFTS_MAX], size_t *count)
{
    struct home_path     folder;
    const struct dirent *entry;
    DIR                 *all;
    enum status          st = folder_of(cli, &folder);

    *count = 0;
    if (st != STATUS_OK)
        return st;
    all = opendir(folder.text);
    if (all == NULL)
        return cli_fail(cli, STATUS_IO, NULL, "%s: %s", folder.text,
                        strerror(errno));
    while ((entry = readdir(all)) != NULL && *count < DRAFTS_MAX) {
        unsigned number = number_of(entry->d_name);

        if (number > 0)
            numbers[(*count)++] = number;
    }
    closedir(all);
    qsort(numbers, *count, sizeof(numbers[0]), compare);
    return STATUS_OK;
}

uint64_t
drafts_changed_ms(const struct drafts_one *draft)
{
    struct stat info;

    if (stat(draft->path.text, &info) != 0)
        return 0;
    return (uint64_t)info.st_mtim.tv_sec * 1000 +
           (uint64_t)info.st_mtim.tv_nsec / 1000000;
}
