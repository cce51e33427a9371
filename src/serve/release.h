/* release: the clinical content in force: which release the site's ledger names last, and its text kept there.
 *
 * Any thread with its own tx. Rule: what is in force is what the ledger says, not what the program was built with; a
 * command is decided with the release in force at its place in the ledger, or not at all.
 */
#ifndef SERVE_RELEASE_H
#define SERVE_RELEASE_H

#include "formulary/content.h"
#include "record/ledger.h"

/* The canonical text, deflated and in base64, as an event carries it. */
MUST_CHECK bool release_pack(struct arena *a, const struct content *c, const char **out, struct err *e);
MUST_CHECK bool release_unpack(struct arena *a, const char *packed, const struct content **out, struct err *e);

/* Hash of the release in force; NULL if there is none. */
MUST_CHECK bool release_in_force(struct tx *t, const char **hash, struct err *e);
/* Outside a demo site: the release carries two right signatures. Checked before its first use. */
MUST_CHECK bool release_signed(struct tx *t, const char *hash, struct err *e);
/* The content in force into `keep` (which must outlive it), NULL if there is none; `known` if it is that already. */
MUST_CHECK bool release_read(struct tx *t, struct arena *keep, const struct content *known, const struct content **out,
                             struct err *e);

#endif
