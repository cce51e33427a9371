/* check: helpers shared by the checks of content. Private to formulary. Pure.
 *
 * A check names the place by a path inside the file's tree ("drug.infusion.steps[2].rate"); line and column follow.
 */
#ifndef FORMULARY_CHECK_H
#define FORMULARY_CHECK_H

#include "formulary/content_read.h"

struct check {
    const struct content *c;
    const struct content_file *file; /* the one being checked */
    struct findings *out;
};

void check_fail(const struct check *k, const char *rule, const char *path, const char *fmt, ...) PRINTF(4, 5);
void check_warn(const struct check *k, const char *rule, const char *path, const char *fmt, ...) PRINTF(4, 5);
/* A path with numbers in it; a few live at once. */
const char *check_path(const char *fmt, ...) PRINTF(1, 2);

/* Same dimension as a unit of our own ("mg/mL"). */
bool check_dim(struct qty q, const char *unit);
/* -1, 0, 1; -2 if they cannot be compared. */
int check_cmp(struct qty a, struct qty b);
bool check_positive(struct qty q);
/* Number of q in `unit`; DEC_NONE if it is of another dimension. */
struct dec check_in(struct qty q, const char *unit);

/* "HH:MM" to minutes after midnight; -1 if it is not that. */
int check_clock(const char *text);
/* "mon tue" to bits 0 (Sunday) … 6; 0 if a word is not a day. */
unsigned check_days(const char *text);

/* The unit doses of a drug are reckoned in: mg for a mass, else its show_unit. */
const char *check_dose_unit(const struct drug *d);
/* "mg" and "kg" to "mg/kg"; a few live at once. */
const char *check_per(const char *unit, const char *per);
/* Codes of others: their form and check digit, not their meaning. */
bool check_loinc(const char *code);  /* digits, hyphen, check digit (mod 10, Luhn) */
bool check_snomed(const char *code); /* 6-18 digits, Verhoeff check digit */
bool check_icd10(const char *code);  /* letter, digit, letter or digit, then a point and 1-4 more */
bool check_hcpcs(const char *code);  /* letter A-V and four digits: Level II, never CPT */

void check_parts(const struct check *k, const struct drug *d);
void check_tables(const struct check *k, const struct regimen *g);
void check_drug(const struct check *k, const struct drug *d);
void check_regimen(const struct check *k, const struct regimen *g);
void check_site(const struct check *k, const struct site *s);

#endif
