/*
 * objects.h - objects.schema.json, which describes what --json prints.
 */
#ifndef TOOLS_OBJECTS_H
#define TOOLS_OBJECTS_H

/* Its lines, without their ends; the last is NULL. */
extern const char *const objects_lines[];

#endif
