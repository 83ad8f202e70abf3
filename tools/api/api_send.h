/*
 * api_send.h - send of `entente api`.
 */
#ifndef TOOLS_API_SEND_H
#define TOOLS_API_SEND_H

#include "tools/api/api.h"
#include "tools/writing/sending.h"

struct api_send {
    struct sending *sending;
    bool            late;  /* the time is over */
    bool            asked; /* the node has been handed it */
};

NODISCARD enum status api_send_begin(struct api_call *call);
NODISCARD enum status api_send_answer(struct api_call *call,
                                      Entente__Response *response);
NODISCARD enum status api_send_wake(struct api_call *call);
void        api_send_leave(struct api_call *call, enum status st);
void        api_send_clear(struct api_call *call);

#endif
