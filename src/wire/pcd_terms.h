/* pcd_terms: the MDC terms and dimensions this program reads. Constant tables; any thread.
 * Rule: numbers are context-free codes, partition << 16 | term (ISO/IEEE 11073-10101). */
#ifndef WIRE_PCD_TERMS_H
#define WIRE_PCD_TERMS_H

#include "wire/pcd.h"

enum pcd_term {
    TERM_OTHER,
    TERM_MDS,          /* device rows */
    TERM_VMD,
    TERM_DELIVERY,     /* channel: what leaves the pump */
    TERM_SOURCE,       /* channel: a fluid source */
    TERM_INFUSING, TERM_FLOW, TERM_ACTIVE_SOURCE, TERM_DELIVERY_STATUS, TERM_REASON, TERM_MODE, TERM_LABEL,
    TERM_PROGRAMMED, TERM_DOSE_RATE, TERM_VTBI, TERM_VTBI_REMAIN, TERM_TOTAL, TERM_SEGMENT, TERM_REMAINING,
    TERM_DRUG, TERM_CONCENTRATION, TERM_WEIGHT, TERM_LIBRARY, TERM_LIBRARY_VERSION, TERM_CARE_AREA,
    TERM_BATTERY,
    TERM_PUMP_STAT,    /* older model: status and mode in one */
    TERM_EVENT_CODE, TERM_EVENT_SOURCE,
    TERM_ALERT_SOURCE, TERM_PHASE, TERM_STATE, TERM_INACTIVATION, TERM_PRIORITY, TERM_ALERT_TYPE, TERM_ALERT_TEXT,
    TERM_ALARM         /* 196616 as an observation: facet 1 */
};

struct pcd_term_row {
    int64_t code;
    const char *name; /* REFID, with the spelling seen first */
    enum pcd_term term;
    enum pcd_source source; /* of TERM_SOURCE rows */
};

/* By code; with code 0 by REFID (case as written, other spellings known). NULL if this program does not read it. */
const struct pcd_term_row *pcd_term_find(int64_t code, const char *name, size_t name_len);

/* UCUM code of an MDC dimension code, NULL if unknown. */
const char *pcd_dimension_ucum(int64_t code);
/* The same by REFID ("MDC_DIM_MILLI_L_PER_HR"). */
const char *pcd_dimension_ucum_by_name(const char *name, size_t len);

enum pcd_happening pcd_happening_of(int64_t code, const char *name);

#endif
