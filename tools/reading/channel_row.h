/*
 * channel_row.h - a signed log as a JSON object.
 */
#ifndef TOOLS_CHANNEL_ROW_H
#define TOOLS_CHANNEL_ROW_H

#include "control.pb-c.h"

#include <jansson.h>

/* New references; NULL without memory. */
json_t *channel_row_json(const Entente__LogChannel *channel);
/* {"channels": [...]} */
json_t *channel_row_all(Entente__LogChannel *const *list, size_t count);

#endif
