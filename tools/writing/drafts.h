/*
 * drafts.h - what is being written: HOME/drafts, kept until it is sent or
 * removed.
 *
 * Draft 3 is three files, each of mode 0600 and replaced whole: `3.form` as
 * its author sees it, `3.json` with what is not his to write (kind, peers,
 * id, the message it is about), `3.before`, the form before the editor last
 * had it.  `3.lock` is held while it is open.
 */
#ifndef TOOLS_DRAFTS_H
#define TOOLS_DRAFTS_H

#include "tools/cli/cli.h"

#define DRAFTS_FOLDER "drafts"

enum { DRAFTS_MAX = 1000, DRAFTS_NAME = 24 };

struct drafts_one {
    unsigned         number;
    json_t          *facts;  /* {"kind", "to", "id", "about"} */
    char            *form;
    size_t           len;
    struct home_path path;   /* of the form, for the editor */
    struct home_path folder;
    int              lock;
};

/*
 * A new draft; `facts` is taken over.  The file stands, durable, on OK.  With
 * words: FULL, NO_SPACE, IO; NOT_FOUND, MODE as home_check().
 */
NODISCARD enum status drafts_new(struct cli *cli, json_t *facts,
                                 struct span form, struct drafts_one **out);

/* Opens one.  With words: NOT_FOUND; LOCKED: it is open elsewhere. */
NODISCARD enum status drafts_open(struct cli *cli, unsigned number,
                                  struct drafts_one **out);

/* The same, to look at only: also one that is open elsewhere. */
NODISCARD enum status drafts_peek(struct cli *cli, unsigned number,
                                  struct drafts_one **out);

/* Closes it; its files stay.  NULL is let pass. */
void drafts_free(struct drafts_one *draft);

/* Replaces the form (copied), or the facts.  With words. */
NODISCARD enum status drafts_save(struct cli *cli, struct drafts_one *draft,
                                  struct span form);
NODISCARD enum status drafts_save_facts(struct cli              *cli,
                                        const struct drafts_one *draft);

/* Keeps a copy of the form before the editor gets it. */
NODISCARD enum status drafts_guard(struct cli              *cli,
                                   const struct drafts_one *draft);

/*
 * Reads what the editor left, and makes it durable.  An editor that left
 * nothing has failed: the copy comes back and *lost is set.
 */
NODISCARD enum status drafts_reread(struct cli *cli, struct drafts_one *draft,
                                    bool *lost);

/* Takes its files away; then drafts_free(). */
NODISCARD enum status drafts_remove(struct cli              *cli,
                                    const struct drafts_one *draft);

/* The numbers there are, rising.  No folder: none. */
NODISCARD enum status drafts_list(struct cli *cli,
                                  unsigned    numbers[static DRAFTS_MAX],
                                  size_t     *count);

/* When the form was last changed, milliseconds since 1970; 0: not known. */
uint64_t drafts_changed_ms(const struct drafts_one *draft);

#endif
