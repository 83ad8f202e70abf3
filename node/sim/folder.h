/*
 * folder.h - the names of a simulated disk twice: as the page cache has them
 * and as they are durable, with the changes between the two in order.
 *
 * A value; owns no memory.  Files are numbers of the caller's.
 */
#ifndef SIM_FOLDER_H
#define SIM_FOLDER_H

#include "node/sim/dice.h"

enum { FOLDER_NAME_LEN = 127, FOLDER_FILES = 1024, FOLDER_CHANGES = 1024 };

struct folder_name {
    char text[FOLDER_NAME_LEN + 1];
    int  file;
};

struct folder_names {
    struct folder_name list[FOLDER_FILES]; /* in byte order */
    size_t             count;
};

enum folder_change_kind { FOLDER_CREATE, FOLDER_RENAME, FOLDER_REMOVE };

struct folder_change {
    enum folder_change_kind kind;
    char                    from[FOLDER_NAME_LEN + 1];
    char                    to[FOLDER_NAME_LEN + 1];
    int                     file;
};

struct folder {
    struct folder_names  cached;
    struct folder_names  durable;
    struct folder_change changes[FOLDER_CHANGES];
    size_t               change_count;
};

/* -1: no such name in the cache. */
int folder_find(const struct folder *folder, const char *name);
/* -1: no such name is durable. */
int folder_find_durable(const struct folder *folder, const char *name);

/* In the cache; durable by folder_sync.  `to` is for a rename, else NULL. */
void folder_change(struct folder *folder, enum folder_change_kind kind,
                   const char *from, const char *to, int file);
void folder_sync(struct folder *folder);

/* Of the unsynced changes the first `kept` survive; the rest is as if it
 * never was. */
void folder_power_cut(struct folder *folder, size_t kept);

/* Whether a name or a change still leads to this file. */
bool folder_leads_to(const struct folder *folder, int file);

#endif
