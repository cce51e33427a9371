/* schema: the tables of a store, made and checked against what this program describes.
 *
 * Threads as record/ledger.h. Rule: derived tables are never altered; a store whose derived tables were made from
 * another description is rebuilt from its ledger (ledger_rebuild) or refused.
 */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "record/store.h"

MUST_CHECK bool schema_derived(struct store *s, struct err *e);      /* create the derived tables */
MUST_CHECK bool schema_derived_drop(struct store *s, struct err *e);
MUST_CHECK bool schema_note_derived(struct store *s, struct err *e); /* note what they were made from */
MUST_CHECK bool schema_log(struct store *s, struct err *e);          /* create the log tables */

#endif
