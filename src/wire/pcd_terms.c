#include "wire/pcd_terms.h"

#include <string.h>

/* Sorted by code. Names are the standard's; senders vary them while the number stays (see refid_equal). */
static const struct pcd_term_row terms[] = {
    {8485, "", TERM_ALERT_TYPE, 0}, /* a misprint of 68485 in TF-2 that was built to */
    {67996, "MDC_ATTR_VAL_BATT_CHARGE", TERM_BATTERY, 0},
    {68063, "MDC_ATTR_PT_WEIGHT", TERM_WEIGHT, 0},
    {68480, "MDC_ATTR_ALERT_SOURCE", TERM_ALERT_SOURCE, 0},
    {68481, "MDC_ATTR_EVENT_PHASE", TERM_PHASE, 0},
    {68482, "MDC_ATTR_ALARM_STATE", TERM_STATE, 0},
    {68483, "MDC_ATTR_ALARM_INACTIVATION_STATE", TERM_INACTIVATION, 0},
    {68484, "MDC_ATTR_ALARM_PRIORITY", TERM_PRIORITY, 0},
    {68485, "MDC_ATTR_ALERT_TYPE", TERM_ALERT_TYPE, 0},
    {68487, "MDC_ATTR_EVT_COND", TERM_EVENT_CODE, 0},
    {68488, "MDC_ATTR_EVT_SOURCE", TERM_EVENT_SOURCE, 0},
    {68546, "MDC_ATTR_ALERT_TEXT", TERM_ALERT_TEXT, 0},
    {69985, "MDC_DEV_PUMP_INFUS_MDS", TERM_MDS, 0},
    {69986, "MDC_DEV_PUMP_INFUS_VMD", TERM_VMD, 0},
    {70049, "MDC_DEV_PUMP_INFUS_LVP_MDS", TERM_MDS, 0},
    {70050, "MDC_DEV_PUMP_INFUS_LVP_VMD", TERM_VMD, 0},
    {70053, "MDC_DEV_PUMP_INFUS_SYRINGE_MDS", TERM_MDS, 0},
    {70054, "MDC_DEV_PUMP_INFUS_SYRINGE_VMD", TERM_VMD, 0},
    {70067, "MDC_DEV_PUMP_DELIVERY_INFO", TERM_DELIVERY, 0},
    {70071, "MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY", TERM_SOURCE, PCD_PRIMARY},
    {126977, "MDC_DEV_PUMP_INFUS_CHAN_SOURCE", TERM_SOURCE, PCD_SOURCE_UNKNOWN},
    {126978, "MDC_DEV_PUMP_INFUS_CHAN_DELIVERY", TERM_DELIVERY, 0},
    {157760, "MDC_CONC_DRUG", TERM_CONCENTRATION, 0},
    {157784, "MDC_FLOW_FLUID_PUMP", TERM_PROGRAMMED, 0},
    {157864, "MDC_VOL_FLUID_DELIV", TERM_TOTAL, 0}, /* older model */
    {157872, "MDC_VOL_FLUID_TBI_REMAIN", TERM_VTBI_REMAIN, 0},
    {157884, "MDC_VOL_FLUID_TBI", TERM_VTBI, 0},
    {157916, "MDC_TIME_PD_REMAIN", TERM_REMAINING, 0},
    {157924, "MDC_RATE_DOSE", TERM_DOSE_RATE, 0},
    {157948, "MDC_VOL_INFUS_ACTUAL_TOTAL", TERM_TOTAL, 0}, /* older model */
    {157992, "MDC_VOL_FLUID_DELIV_SEGMENT", TERM_SEGMENT, 0},
    {157993, "MDC_VOL_FLUID_DELIV_TOTAL", TERM_TOTAL, 0},
    {158005, "MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS", TERM_DELIVERY_STATUS, 0},
    {158006, "MDC_DEV_PUMP_NOT_DELIVERING_REASON", TERM_REASON, 0},
    {158008, "MDC_DEV_PUMP_PROGRAM_DELIVERY_MODE", TERM_MODE, 0},
    {158012, "MDC_DEV_PUMP_SOURCE_CHANNEL_LABEL", TERM_LABEL, 0},
    {158014, "MDC_FLOW_FLUID_PUMP_CURRENT", TERM_FLOW, 0},
    {158016, "MDC_DEV_PUMP_ACTIVE_SOURCES", TERM_ACTIVE_SOURCE, 0},
    {184330, "MDC_DRUG_NAME_TYPE", TERM_DRUG, 0}, /* older model */
    {184508, "MDC_PUMP_STAT", TERM_PUMP_STAT, 0}, /* older model */
    {184514, "MDC_DRUG_NAME_LABEL", TERM_DRUG, 0},
    {184516, "MDC_PUMP_DRUG_LIBRARY_CARE_AREA", TERM_CARE_AREA, 0},
    {184517, "MDC_PUMP_DRUG_LIBRARY_VERSION", TERM_LIBRARY_VERSION, 0},
    {184519, "MDC_PUMP_INFUSING_STATUS", TERM_INFUSING, 0},
    {184520, "MDC_PUMP_DRUG_LIBRARY_NAME", TERM_LIBRARY, 0},
    {196616, "MDC_EVT_ALARM", TERM_ALARM, 0},
};
enum { TERMS = sizeof terms / sizeof terms[0] };

/* Sources whose numbers are not published where we could read them: by name, whatever the number. */
static const struct pcd_term_row sources_by_name[] = {
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_SECONDARY", TERM_SOURCE, PCD_SECONDARY},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_PCA_DOSE", TERM_SOURCE, PCD_PCA},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_PCA", TERM_SOURCE, PCD_PCA},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_LOADING_DOSE", TERM_SOURCE, PCD_LOADING},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_LOADING", TERM_SOURCE, PCD_LOADING},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_CLINICIAN_DOSE", TERM_SOURCE, PCD_CLINICIAN},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_CLINICIAN", TERM_SOURCE, PCD_CLINICIAN},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_INTERMITTENT_DOSE", TERM_SOURCE, PCD_INTERMITTENT},
    {0, "MDC_DEV_PUMP_INFUSATE_SOURCE_INTERMITTENT", TERM_SOURCE, PCD_INTERMITTENT},
};

/* MDC_DEV_PUMP_X, MDC_PUMP_X and MDC_X are one name to us, and so is X_CHAN. */
static void refid_core(const char **s, size_t *n)
{
    static const char *const heads[] = {"MDC_", "DEV_", "PUMP_"};
    for (int i = 0; i < 3; i++) {
        size_t h = strlen(heads[i]);
        if (*n > h && memcmp(*s, heads[i], h) == 0) {
            *s += h;
            *n -= h;
        }
    }
    if (*n > 5 && memcmp(*s + *n - 5, "_CHAN", 5) == 0)
        *n -= 5;
}

static bool refid_equal(const char *ours, const char *theirs, size_t n)
{
    size_t m = strlen(ours);
    refid_core(&ours, &m);
    refid_core(&theirs, &n);
    return m == n && n > 0 && memcmp(ours, theirs, n) == 0;
}

const struct pcd_term_row *pcd_term_find(int64_t code, const char *name, size_t name_len)
{
    int lo = 0, hi = TERMS - 1;
    while (code > 0 && lo <= hi) {
        int mid = (lo + hi) / 2;
        if (terms[mid].code == code)
            return &terms[mid];
        if (terms[mid].code < code)
            lo = mid + 1;
        else
            hi = mid - 1;
    }
    for (int i = 0; code == 0 && i < TERMS; i++)
        if (refid_equal(terms[i].name, name, name_len))
            return &terms[i];
    bool object = code == 0 || code >> 16 == 1; /* partition 1: devices and channels */
    for (size_t i = 0; object && i < sizeof sources_by_name / sizeof sources_by_name[0]; i++)
        if (refid_equal(sources_by_name[i].name, name, name_len))
            return &sources_by_name[i];
    return NULL;
}

/* Dimension codes: partition 4, term = dimension base + decimal prefix (kilo 3, milli 18, micro 19, nano 20). */
static const struct { int64_t code; const char *name, *ucum; } dims[] = {
    {262656, "MDC_DIM_DIMLESS", "1"},
    {262688, "MDC_DIM_PERCENT", "%"},
    {263424, "MDC_DIM_X_M", "m"},
    {263441, "MDC_DIM_CENTI_M", "cm"},
    {263616, "MDC_DIM_SQ_X_M", "m2"},
    {263744, "MDC_DIM_X_L", "L"},
    {263762, "MDC_DIM_MILLI_L", "mL"},
    {263763, "MDC_DIM_MICRO_L", "uL"},
    {263872, "MDC_DIM_X_G", "g"},
    {263875, "MDC_DIM_KILO_G", "kg"},
    {263890, "MDC_DIM_MILLI_G", "mg"},
    {263891, "MDC_DIM_MICRO_G", "ug"},
    {264288, "MDC_DIM_X_G_PER_ML", "g/mL"},
    {264306, "MDC_DIM_MILLI_G_PER_ML", "mg/mL"},
    {264307, "MDC_DIM_MICRO_G_PER_ML", "ug/mL"},
    {264320, "MDC_DIM_SEC", "s"},
    {264338, "MDC_DIM_MILLI_SEC", "ms"},
    {264352, "MDC_DIM_MIN", "min"},
    {264384, "MDC_DIM_HR", "h"},
    {264416, "MDC_DIM_DAY", "d"},
    {265216, "MDC_DIM_X_L_PER_MIN", "L/min"},
    {265234, "MDC_DIM_MILLI_L_PER_MIN", "mL/min"},
    {265248, "MDC_DIM_X_L_PER_HR", "L/h"},
    {265266, "MDC_DIM_MILLI_L_PER_HR", "mL/h"},
    {265267, "MDC_DIM_MICRO_L_PER_HR", "uL/h"},
    {265490, "MDC_DIM_MILLI_G_PER_MIN", "mg/min"},
    {265491, "MDC_DIM_MICRO_G_PER_MIN", "ug/min"},
    {265504, "MDC_DIM_X_G_PER_HR", "g/h"},
    {265522, "MDC_DIM_MILLI_G_PER_HR", "mg/h"},
    {265523, "MDC_DIM_MICRO_G_PER_HR", "ug/h"},
    {265618, "MDC_DIM_MILLI_G_PER_KG_PER_MIN", "mg/kg/min"},
    {265619, "MDC_DIM_MICRO_G_PER_KG_PER_MIN", "ug/kg/min"},
    {265650, "MDC_DIM_MILLI_G_PER_KG_PER_HR", "mg/kg/h"},
    {265651, "MDC_DIM_MICRO_G_PER_KG_PER_HR", "ug/kg/h"},
    {267840, "MDC_DIM_X_INTL_UNIT_PER_HR", "[iU]/h"},
};
enum { DIMS = sizeof dims / sizeof dims[0] };

const char *pcd_dimension_ucum(int64_t code)
{
    for (int i = 0; i < DIMS; i++)
        if (dims[i].code == code)
            return dims[i].ucum;
    return NULL;
}

const char *pcd_dimension_ucum_by_name(const char *name, size_t len)
{
    for (int i = 0; i < DIMS; i++)
        if (strlen(dims[i].name) == len && memcmp(dims[i].name, name, len) == 0)
            return dims[i].ucum;
    return NULL;
}

enum pcd_happening pcd_happening_of(int64_t code, const char *name)
{
    static const struct { int64_t code; const char *name; enum pcd_happening what; } events[] = {
        {197288, "MDC_EVT_PUMP_DELIV_START", PCD_DELIV_START},
        {197290, "MDC_EVT_PUMP_DELIV_STOP", PCD_DELIV_STOP},
        {197292, "MDC_EVT_PUMP_DELIV_COMP", PCD_DELIV_COMP},
    };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (code ? events[i].code == code : name && strcmp(events[i].name, name) == 0)
            return events[i].what;
    return PCD_EVENT_OTHER;
}
