/*
 * api_mail.h - inbox, outbox, show, ack and decline of `entente api`.
 */
#ifndef TOOLS_API_MAIL_H
#define TOOLS_API_MAIL_H

#include "proto/record.h"
#include "tools/api/api.h"
#include "tools/reading/shown.h"
#include "tools/reading/sift.h"
#include "tools/writing/posts.h"

struct api_mail_list {
    Entente__ListRequest  list; /* its texts are the call's */
    struct sift           sift;
    Entente__ListResponse *page;  /* whose messages are looked through */
    size_t                 at;    /* the row whose message is asked for */
    uint8_t               *memory;
};

NODISCARD enum status api_mail_inbox(struct api_call *call);
NODISCARD enum status api_mail_outbox(struct api_call *call);
NODISCARD enum status api_mail_rows(struct api_call *call,
                                    Entente__Response *response);
void        api_mail_list_clear(struct api_call *call);

struct api_mail_show {
    struct shown shown;
};

NODISCARD enum status api_mail_show(struct api_call *call);
NODISCARD enum status api_mail_shown(struct api_call *call,
                                     Entente__Response *response);
void        api_mail_show_clear(struct api_call *call);

struct api_mail_answer {
    enum message_state verdict;
    char               ref[128];
    char               by[POSTS_POST];
};

NODISCARD enum status api_mail_ack(struct api_call *call);
NODISCARD enum status api_mail_decline(struct api_call *call);
NODISCARD enum status api_mail_answered(struct api_call   *call,
                                        Entente__Response *response);

#endif
