/*
 * files.h - attachments' files (node/store/attachments.h) as the daemon calls
 * for them (node/net/filing.h), which do not know each other.
 */
#ifndef NODE_FILES_H
#define NODE_FILES_H

#include "node/net/filing.h"
#include "node/store/attachments.h"

/* Both borrowed. */
struct files {
    const char         *home;
    struct attachments *attachments;
};

/* What the daemon calls; good as long as *files. */
struct filing_store files_store(struct files *files);

#endif
