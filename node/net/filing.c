/*
 * filing.c - each request and LOAD to the one whose it is.
 */
#include "node/net/filing.h"

#include <stdlib.h>

struct filing {
    struct attaching_ops attaching_ops;
    struct handing_ops   handing_ops;
    struct attaching    *attaching;
    struct handing      *handing;
    struct loading      *loading;
};

struct filing *
filing_new(uv_loop_t *loop, const struct filing_store *store,
           const struct filing_ops *ops, void *arg)
{
    struct filing *filing = calloc(1, sizeof(*filing));

    if (filing == NULL)
        abort();
    filing->attaching_ops = (struct attaching_ops){.answer = ops->answer,
                                                   .refuse = ops->refuse,
                                                   .named = ops->named};
    filing->handing_ops = (struct handing_ops){.answer = ops->answer,
                                               .refuse = ops->refuse};
    filing->attaching = attaching_new(loop, &store->attaching,
                                      &filing->attaching_ops, arg,
                                      ATTACHING_GRACE_MS);
    filing->handing = handing_new(loop, &store->handing, &filing->handing_ops,
                                  arg);
    filing->loading = loading_new(loop, &store->loading, ops->loaded, arg);
    return filing;
}

bool
filing_request(struct filing *filing, uint64_t client,
               const Entente__Request *request)
{
    if (request->kind_case == ENTENTE__REQUEST__KIND_ATTACH)
        attaching_request(filing->attaching, client, request);
    else if (request->kind_case == ENTENTE__REQUEST__KIND_CHUNK)
        handing_request(filing->handing, client, request);
    else
        return false;
    return true;
}

void
filing_gone(struct filing *filing, uint64_t client)
{
    attaching_gone(filing->attaching, client);
}

bool
filing_load(struct filing *filing, uint64_t token, const struct query *query,
            struct span text)
{
    if (!loading_is(query))
        return false;
    loading_ask(filing->loading, token, query, text);
    return true;
}

void
filing_drop(struct filing *filing, const struct effect_file *file)
{
    loading_drop(filing->loading, file);
}

/* The ops are not called any more: they may go before the parts do. */
void
filing_free(struct filing *filing)
{
    attaching_free(filing->attaching);
    handing_free(filing->handing);
    loading_free(filing->loading);
    free(filing);
}
