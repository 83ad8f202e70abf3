/*
 * grow.h - lists that grow: the core's only way to the allocator.
 *
 * Without memory the process ends (a turn must not be half done); it restarts
 * from its journal with nothing lost.
 */
#ifndef CORE_GROW_H
#define CORE_GROW_H

#include "proto/bytes.h"

/* Zeroed memory for `count` objects of `size` bytes; free() it. */
void *grow_new(size_t count, size_t size);

/* Room for at least `need` objects in `list`, whose capacity is *cap; new
 * room is zeroed.  Returns the list, which may have moved. */
void *grow_list(void *list, size_t *cap, size_t need, size_t size);

/* A copy that a zero byte ends; and its end, which leaves nothing of it in
 * memory.  NULL: there is none. */
char *grow_text(struct span text);
void  grow_text_free(char *text);

#endif
