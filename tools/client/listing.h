/*
 * listing.h - which messages a list is to have, from the command's options.
 */
#ifndef TOOLS_LISTING_H
#define TOOLS_LISTING_H

#include "control.pb-c.h"
#include "tools/cli/cli.h"

/* Rows of one answer; fewer are the last. */
enum { LISTING_PAGE = 200 };

/*
 * The first page, from the oldest on; texts are lent from *cli.  Whose `after`
 * becomes the cursor of the last row asks for the next page.
 * USAGE, NOT_FOUND with words.
 */
NODISCARD enum status listing_fill(struct cli *cli, bool outgoing,
                                   Entente__ListRequest *list);

#endif
