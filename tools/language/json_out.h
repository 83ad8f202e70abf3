/* json_out.h - a message's fields as a JSON object; used by json.h. */
#ifndef TOOLS_JSON_OUT_H
#define TOOLS_JSON_OUT_H

#include "node/core/message/message.h"

#include <jansson.h>

/* A new reference; NULL without memory. */
json_t *json_out_message(const Entente__Message *message);

#endif
