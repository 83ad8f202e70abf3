/*
 * folder.c - file systems journal their metadata: what a power cut leaves of
 * the changes is a beginning of them, never a selection.
 *
 * Invariant (F1): the durable names with all changes applied in order are the
 * cached names.
 */
#include "node/sim/folder.h"

#include <assert.h>
#include <string.h>

/* Where `text` is, or where it would stand. */
static size_t
place(const struct folder_names *names, const char *text, bool *found)
{
    size_t at = 0;

    while (at < names->count && strcmp(names->list[at].text, text) < 0)
        at++;
    *found = at < names->count && strcmp(names->list[at].text, text) == 0;
    return at;
}

static void
name_copy(char out[static FOLDER_NAME_LEN + 1], const char *name)
{
    size_t len = strlen(name);

    assert(len <= FOLDER_NAME_LEN);
    memcpy(out, name, len + 1);
}

static void
name_set(struct folder_names *names, const char *text, int file)
{
    bool                found;
    size_t              at = place(names, text, &found);
    struct folder_name *name = &names->list[at];

    if (!found) {
        assert(names->count < FOLDER_FILES);
        memmove(name + 1, name, (names->count - at) * sizeof(*name));
        names->count++;
        *name = (struct folder_name){0};
        name_copy(name->text, text);
    }
    name->file = file;
}

static void
name_drop(struct folder_names *names, const char *text)
{
    bool                found;
    size_t              at = place(names, text, &found);
    struct folder_name *name = &names->list[at];

    if (!found)
        return;
    names->count--;
    memmove(name, name + 1, (names->count - at) * sizeof(*name));
}

static void
apply(struct folder_names *names, const struct folder_change *change)
{
    switch (change->kind) {
    case FOLDER_CREATE:
        name_set(names, change->from, change->file);
        return;
    case FOLDER_RENAME:
        name_drop(names, change->from);
        name_set(names, change->to, change->file);
        return;
    case FOLDER_REMOVE:
        name_drop(names, change->from);
        return;
    }
}

static int
find(const struct folder_names *names, const char *name)
{
    bool   found;
    size_t at = place(names, name, &found);

    return found ? names->list[at].file : -1;
}

int
folder_find(const struct folder *folder, const char *name)
{
    return find(&folder->cached, name);
}

int
folder_find_durable(const struct folder *folder, const char *name)
{
    return find(&folder->durable, name);
}

void
folder_change(struct folder *folder, enum folder_change_kind kind,
              const char *from, const char *to, int file)
{
    struct folder_change *change = &folder->changes[folder->change_count];

    assert(folder->change_count < FOLDER_CHANGES);
    *change = (struct folder_change){.kind = kind, .file = file};
    name_copy(change->from, from);
    if (to != NULL)
        name_copy(change->to, to);
    folder->change_count++;
    apply(&folder->cached, change); /* (F1) */
}

void
folder_sync(struct folder *folder)
{
    folder->durable = folder->cached;
    folder->change_count = 0;
}

void
folder_power_cut(struct folder *folder, size_t kept)
{
    assert(kept <= folder->change_count);
    for (size_t i = 0; i < kept; i++)
        apply(&folder->durable, &folder->changes[i]);
    folder->change_count = 0;
    folder->cached = folder->durable;
}

static bool
names_lead_to(const struct folder_names *names, int file)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->list[i].file == file)
            return true;
    return false;
}

bool
folder_leads_to(const struct folder *folder, int file)
{
    for (size_t i = 0; i < folder->change_count; i++)
        if (folder->changes[i].file == file)
            return true;
    return names_lead_to(&folder->cached, file) ||
           names_lead_to(&folder->durable, file);
}
