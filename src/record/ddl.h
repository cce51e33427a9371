/* ddl: the tables of a store as SQL text, made from the field tables.
 *
 * Constant data in, text in the caller's arena out; any thread. Rule: the site is the first column of every table, key
 * and index; names are quoted everywhere (a field may be called "end"). A DEC is two columns, NAME (coefficient) and
 * NAME_s (scale); a QTY three, with NAME_u (the UCUM code); texts sort bytewise on both stores.
 */
#ifndef RECORD_DDL_H
#define RECORD_DDL_H

#include "base/field.h"
#include "record/store.h"

enum { SCHEMA_LOG_VERSION = 2, TABLES_SQL_MAX = 512 * 1024 };

/* Columns of one field: 1, 2 (DEC) or 3 (QTY). */
int ddl_columns(const struct field *f);
/* The quoted column names of all fields, "site" not included, each after `before` and separated by commas. */
void ddl_column_list(struct buf *b, const struct record *r, const char *before);
void ddl_field_columns(struct buf *b, const struct field *f, const char *before, const char *after);

void ddl_table(struct buf *b, const struct record *r, enum store_kind kind);   /* CREATE TABLE … and its indexes */
void ddl_log_tables(struct buf *b, enum store_kind kind); /* ledger, payload, inbox, answers, audit */
/* SHA-256 of the text of the tables of `records`: what a store's tables were made from. */
MUST_CHECK bool ddl_digest(const struct record *const *records, int count, char out[65], struct err *e);

#endif
