/* content: what may be given and how, as one release: drugs, regimens, rules, screens, questions, payers, charges, site.
 *
 * Owns the reading and checking of content files (a directory, the set built into the program, or a released blob) into
 * constant structs with exact numbers. Reading touches files and belongs to start-up; a `const struct content *` is
 * constant and may be used by any thread. Rule: nothing is half read: every value is checked once, here, and an error
 * names file, line, column and what is wrong. No clinical threshold lives in C: it is in content/.
 *
 * The same release has the same hash however it was read: the hash is SHA-256 of the canonical blob (canonical JSON of
 * every YAML file: keys sorted, number lexemes as written; the leaflets as text).
 */
#ifndef FORMULARY_CONTENT_H
#define FORMULARY_CONTENT_H

#include "base/embed.h"
#include "formulary/content_fields.h"

/* A record with child lists: the flat fields of its table, then `children`. */
#define CONTENT_RECORD(R, children)      \
    struct R {                           \
        FIELDS_##R(FIELD_MEMBER, R)      \
        children                         \
    };                                   \
    extern const struct record record_##R
#define MANY(type, name) const struct type *name; int name##_count;
#define ONE(type, name) const struct type *name; /* NULL if the file has none */
#define WORDS(name) const char *const *name; int name##_count;

enum {
    CONTENT_FILES_MAX = 500,
    CONTENT_FILE_MAX = 256 * 1024,
    CONTENT_BLOB_MAX = 16 * 1024 * 1024,
    CONTENT_LIST_MAX = 400, /* entries of one list */
    CONTENT_VISITS_MAX = 400 /* visits of a regimen, unfolded */
};

/* ---- drugs -------------------------------------------------------------------------------------------------------- */

CONTENT_RECORD(drug_vial, );
CONTENT_RECORD(drug_diluent, );
CONTENT_RECORD(drug_preparation, MANY(drug_diluent, diluents));
CONTENT_RECORD(drug_step, );
CONTENT_RECORD(drug_infusion, MANY(drug_step, steps) MANY(drug_step, later_steps));
/* steps: empty, or the last one is to the end; later_steps: faster ones for a later infusion, where the file allows */
CONTENT_RECORD(drug_restart, );
CONTENT_RECORD(drug_check, );
CONTENT_RECORD(drug_change, );
CONTENT_RECORD(drug_limit, );
CONTENT_RECORD(drug_lab, );
CONTENT_RECORD(drug_allergy, );
CONTENT_RECORD(drug_use, );
CONTENT_RECORD(drug_billing, );
CONTENT_RECORD(drug_risk, );
CONTENT_RECORD(drug_pca, );
CONTENT_RECORD(drug_ban, );
CONTENT_RECORD(drug_reconstitution, );
CONTENT_RECORD(drug_stability, );
CONTENT_RECORD(drug_pair, );
CONTENT_RECORD(drug_extravasation, );
CONTENT_RECORD(drug_lifetime, );
CONTENT_RECORD(drug_equivalence, );
CONTENT_RECORD(drug_emetic, );
CONTENT_RECORD(drug_monitor, );
CONTENT_RECORD(drug_case, );
CONTENT_RECORD(drug_patient, WORDS(normal) WORDS(call) WORDS(red));

/* A therapy has preparation, infusion, restarts, checks, changes, limits, labs, billing and patient; a fluid or a
 * supportive drug only what it needs. */
CONTENT_RECORD(drug,
    WORDS(routes)
    MANY(drug_vial, vials)
    ONE(drug_preparation, preparation)
    ONE(drug_infusion, infusion)
    MANY(drug_risk, risks)
    ONE(drug_pca, pca)
    MANY(drug_restart, restarts)
    MANY(drug_check, checks)
    MANY(drug_change, changes)
    MANY(drug_limit, limits)
    MANY(drug_lab, labs)
    MANY(drug_allergy, allergies)
    MANY(drug_use, uses)
    MANY(drug_billing, billing)
    MANY(drug_ban, never)
    MANY(drug_reconstitution, reconstitution)
    MANY(drug_stability, stability)
    MANY(drug_pair, compatibility)
    ONE(drug_extravasation, extravasation)
    MANY(drug_lifetime, lifetime)
    MANY(drug_equivalence, equivalence)
    MANY(drug_emetic, emetic)
    MANY(drug_monitor, monitoring)
    MANY(drug_case, cases)
    ONE(drug_patient, patient));

/* ---- regimens ------------------------------------------------------------------------------------------------------ */

CONTENT_RECORD(regimen_indication, );
CONTENT_RECORD(regimen_band, );
CONTENT_RECORD(regimen_level, );
CONTENT_RECORD(regimen_modification, );
CONTENT_RECORD(regimen_case, );
CONTENT_RECORD(regimen_dose, MANY(regimen_band, bands) MANY(regimen_level, levels)); /* bands: ascending, no gap, no overlap */
/* After reading, one entry a visit, by day: `every_days` and `count` are unfolded; number runs from 1. */
CONTENT_RECORD(regimen_visit, WORDS(doses) int number;);
CONTENT_RECORD(regimen_times, );
CONTENT_RECORD(regimen_gate, );
CONTENT_RECORD(regimen,
    MANY(regimen_indication, indications)
    MANY(regimen_dose, doses)
    MANY(regimen_visit, visits)
    ONE(regimen_times, times)
    MANY(regimen_gate, gates)
    MANY(regimen_modification, modifications)
    MANY(regimen_case, cases));

/* ---- rules, reactions, screens, questions --------------------------------------------------------------------------- */

CONTENT_RECORD(rule, );
CONTENT_RECORD(reaction_step, );
CONTENT_RECORD(reaction_sign, );
CONTENT_RECORD(screen_item, );
CONTENT_RECORD(screen_form, MANY(screen_item, items));
CONTENT_RECORD(topic, WORDS(match)); /* small letters, substrings of a question */
CONTENT_RECORD(red_flag, WORDS(match));

/* ---- payers, charges, site ------------------------------------------------------------------------------------------- */

CONTENT_RECORD(payer_cover, );
CONTENT_RECORD(payer, MANY(payer_cover, covers));
CONTENT_RECORD(price_code, );
CONTENT_RECORD(charge_setting, );
CONTENT_RECORD(site_pod, );
CONTENT_RECORD(site_shift, int start_min; int end_min; int break_min_of_day; unsigned day_mask;); /* minutes after local midnight; bit 0 is Sunday */
CONTENT_RECORD(site, MANY(site_pod, pods) MANY(site_shift, shifts) int opens_min; int closes_min; unsigned open_mask;);

/* ---- the release ------------------------------------------------------------------------------------------------------ */

CONTENT_RECORD(content_source, );
CONTENT_RECORD(content_head, MANY(content_source, sources));

/* One file, for lint, for explain and for the formulary page. */
struct content_file {
    const char *path;               /* "drugs/ferric_carboxymaltose.yaml" */
    struct content_head head;       /* zero for a leaflet */
    const struct node *tree;        /* NULL for a leaflet */
    const char *text;               /* leaflet: its Markdown; else NULL */
};

struct content {
    const char *hash;               /* SHA-256 of the blob, 64 hex digits */
    const char *blob;               /* canonical JSON */
    size_t blob_len;
    bool demo;                      /* contains entries nobody approved */
    MANY(content_file, files)
    MANY(drug, drugs)
    MANY(regimen, regimens)
    MANY(rule, rules)
    MANY(reaction_step, reaction_steps)
    MANY(reaction_sign, reaction_signs)
    MANY(screen_form, screens)
    MANY(topic, topics)
    MANY(red_flag, red_flags)
    MANY(payer, payers)
    MANY(price_code, price_codes)
    MANY(charge_setting, charge_settings)
    ONE(site, site)
};

/* Read a release into `a` (which must outlive it). ERR_INPUT with where = "FILE:LINE:COLUMN". */
MUST_CHECK bool content_read_dir(struct arena *a, const char *dir, const struct content **out, struct err *e);
MUST_CHECK bool content_read_embedded(struct arena *a, const struct embed_set *set, const struct content **out, struct err *e);
MUST_CHECK bool content_read_blob(struct arena *a, const char *json, size_t len, const struct content **out, struct err *e);

/* Law 4: only a demo site may use content that someone has not approved. Names the first file. */
MUST_CHECK bool content_usable(const struct content *c, bool demo_site, struct err *e);

/* Look-ups by id; NULL if there is none (or the id is NULL). */
const struct drug *content_drug(const struct content *c, const char *id);
/* *of may be NULL. */
const struct drug_vial *content_vial(const struct content *c, const char *vial_id, const struct drug **of);
const struct drug_vial *content_vial_by_gtin(const struct content *c, const char *gtin, const struct drug **of);
const struct regimen *content_regimen(const struct content *c, const char *id);
const struct regimen_dose *regimen_find_dose(const struct regimen *r, const char *dose_id);
const struct rule *content_rule(const struct content *c, const char *id);
const struct screen_form *content_screen(const struct content *c, const char *id);
const struct payer *content_payer(const struct content *c, const char *id_or_name);
const struct payer_cover *payer_find_cover(const struct payer *p, const char *drug_id);
const struct price_code *content_price_code(const struct content *c, const char *role);
const char *content_leaflet(const struct content *c, const char *name, const char *language); /* falls back to "en" */

/* The row of a drug's billing valid on a date YYYY-MM-DD; NULL if none. */
const struct drug_billing *drug_billing_on(const struct drug *d, const char *date);
/* The restart row of a grade; NULL means: never. */
const struct drug_restart *drug_restart_for(const struct drug *d, int grade);
/* The limit of a kind that holds everywhere; NULL if none. */
const struct drug_limit *drug_limit_of(const struct drug *d, const char *of);
/* Does this limit hold where the site cares for people (hospital: its wards)? */
bool drug_limit_holds(const struct drug_limit *l, const char *setting);
/* What is known of two drugs or fluids meeting at "y_site", "mixture" or "line", either way round; NULL: not known, ask. */
const struct drug_pair *content_pair(const struct content *c, const char *a, const char *b, const char *at);
/* The regimen is made for "hospital", "centre" or "home". */
bool regimen_for_setting(const struct regimen *r, const char *setting);
/* A code against a list as in payer_cover.diagnoses: "D80.0 D83.* …". */
bool content_code_listed(const char *list, const char *code);
/* A word in a list separated by spaces. */
bool content_word_listed(const char *list, const char *word);
/* The regimens whose indications hold this ICD-10-CM code; returns how many were written. */
int content_regimens_for(const struct content *c, const char *icd10, const struct regimen **out, int max);

/* One entry as JSON, for the formulary page and for proofs: (kind, id) as "drug", "ferric_carboxymaltose". */
MUST_CHECK bool content_entry_json(const struct content *c, const char *kind, const char *id, struct json *j, const char *key, struct err *e);

#endif
