/* nutrition: one bag of parenteral nutrition: energy, glucose and lipid rates, osmolarity and route, calcium with
 * phosphate.
 *
 * Pure; any thread. Rule: limits are content and come in; where rules for electrolyte osmolarity conflict, the site
 * names one; calcium and phosphate are judged by the site's own curve for this product, the stricter point between two,
 * and never beyond the last: no universal equation exists.
 */
#ifndef CLINIC_NUTRITION_H
#define CLINIC_NUTRITION_H

#include "base/dec.h"

enum nutrition_ion { NUTRITION_SODIUM, NUTRITION_POTASSIUM, NUTRITION_CALCIUM, NUTRITION_MAGNESIUM, NUTRITION_PHOSPHATE,
    NUTRITION_CHLORIDE, NUTRITION_ACETATE, NUTRITION_IONS };

/* How electrolytes count in osmolarity. */
enum nutrition_osm_rule {
    NUTRITION_PER_MEQ,        /* 1 mOsm for each mEq of every ion */
    NUTRITION_TWICE_CATIONS,  /* 2 mOsm for each mEq of cation */
    NUTRITION_FLAT            /* so many mOsm/L for all of them */
};

struct nutrition_bag {
    struct dec weight;        /* kg */
    struct dec volume;        /* mL a day */
    struct dec hours;         /* infused over */
    struct dec amino_acids, dextrose, lipid; /* g a day */
    struct dec lipid_hours;   /* DEC_NONE: with the bag */
    struct dec ions[NUTRITION_IONS]; /* mmol a day; DEC_NONE: none */
    bool central;             /* the line that is there */
    enum nutrition_osm_rule osm_rule;
    struct dec osm_flat;      /* FLAT: mosm/L */
    struct dec lipid_osm;     /* mosm for each g of lipid, 0.7-1 by product */
};

/* Each DEC_NONE: the site sets none. */
struct nutrition_limits {
    struct dec peripheral_osm;  /* mosm/L */
    struct dec gir_max;         /* mg/kg/min */
    struct dec lipid_day_max;   /* g/kg/d */
    struct dec lipid_hour_max;  /* g/kg/h */
    struct dec amino_max;       /* g/kg/d */
    struct dec energy_max;      /* kcal/kg/d: lower while refeeding is feared */
    struct dec potassium_hour_max; /* mmol/h */
};

/* Up to so much phosphate at so much calcium, mmol/L both, calcium rising and phosphate falling. */
struct nutrition_point {
    struct dec calcium, phosphate;
};
enum { NUTRITION_POINTS_MAX = 40 };

enum nutrition_fault {
    NUTRITION_OK,
    NUTRITION_NEEDS_CENTRAL = 1 << 0,
    NUTRITION_GIR_HIGH = 1 << 1,
    NUTRITION_LIPID_DAY_HIGH = 1 << 2,
    NUTRITION_LIPID_FAST = 1 << 3,
    NUTRITION_AMINO_HIGH = 1 << 4,
    NUTRITION_ENERGY_HIGH = 1 << 5,
    NUTRITION_POTASSIUM_FAST = 1 << 6,
    NUTRITION_PRECIPITATES = 1 << 7, /* over the curve */
    NUTRITION_CURVE_SILENT = 1 << 8 /* no curve, or calcium outside it: not known, ask */
};

struct nutrition {
    struct dec kcal_amino, kcal_dextrose, kcal_lipid, kcal, kcal_kg; /* a day */
    struct dec nitrogen;                         /* g a day */
    struct dec osmolarity;                       /* mosm/L */
    struct dec gir;                              /* mg/kg/min while it runs */
    struct dec lipid_day, lipid_hour, amino_day; /* g/kg/d, g/kg/h, g/kg/d */
    struct dec potassium_hour;                   /* mmol/h */
    struct dec calcium, phosphate;               /* mmol/L */
    struct dec phosphate_max;                    /* by the curve; DEC_NONE: it is silent */
    unsigned faults;
};

/* ERR_INPUT names a number that is missing, below zero or absurd, or a curve that does not fall. */
MUST_CHECK bool nutrition_of(const struct nutrition_bag *b, const struct nutrition_limits *l,
    const struct nutrition_point *curve, int points, struct nutrition *out, struct err *e);

const char *nutrition_fault_words(unsigned one); /* of the lowest bit */

#endif
