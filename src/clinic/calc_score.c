/* Scores of early warning (clinic/news2, qSOFA, SIRS) and of risk in febrile neutropenia (MASCC, CISNE). */
#include "clinic/calc_rooms.h"
#include "clinic/news2.h"

static bool yes(const struct calc_value *v)
{
    return calc_is(v, "yes");
}

static bool news2_calc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { RR, SPO2, SCALE, OXYGEN, SBP, HR, ACVPU, TEMP };
    struct news2_obs o = {.rr = in[RR].v,
        .spo2 = in[SPO2].v,
        .scale = in[SCALE].word[0] - '0',
        .oxygen = yes(&in[OXYGEN]),
        .sbp = in[SBP].v,
        .hr = in[HR].v,
        .acvpu = in[ACVPU].word[0],
        .temp = in[TEMP].v};
    struct news2 n;
    if (!news2_score(&o, &n, e))
        return false;
    const struct { const char *name; int points; } parts[] = {{"rr", n.rr}, {"spo2", n.spo2}, {"oxygen", n.oxygen},
        {"sbp", n.sbp}, {"hr", n.hr}, {"acvpu", n.acvpu}, {"temp", n.temp}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        calc_note_step(r, parts[i].name, dec_int(parts[i].points), "{score}");
    if (n.red)
        calc_note(r, "one observation alone scores 3");
    r->value.v = dec_int(n.total);
    return true;
}

static int count_if(bool met, const char *name, struct calc_result *r)
{
    calc_note_step(r, name, dec_int(met), "{score}");
    return met;
}

static bool qsofa(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    int n = count_if(dec_le(dec_int(22), in[0].v), "rr ≥ 22", r);
    n += count_if(dec_le(in[1].v, dec_int(100)), "sbp ≤ 100", r);
    n += count_if(yes(&in[2]), "altered mentation", r);
    r->value.v = dec_int(n);
    return true;
}

static bool below(const struct calc_value *v, int limit)
{
    return v->given && dec_lt(v->v, dec_int(limit));
}

static bool above(const struct calc_value *v, int limit)
{
    return v->given && dec_lt(dec_int(limit), v->v);
}

static bool sirs(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { TEMP, HR, RR, WBC, PACO2, BANDS };
    int n = count_if(above(&in[TEMP], 38) || below(&in[TEMP], 36), "temp > 38 or < 36", r);
    n += count_if(above(&in[HR], 90), "hr > 90", r);
    n += count_if(above(&in[RR], 20) || below(&in[PACO2], 32), "rr > 20 or PaCO2 < 32", r);
    n += count_if(
        above(&in[WBC], 12) || below(&in[WBC], 4) || above(&in[BANDS], 10), "wbc > 12 or < 4 or bands > 10 %", r);
    r->value.v = dec_int(n);
    return true;
}

/* Points for low risk: a high sum is the better one, and never a reason to send anyone home by itself. */
static bool mascc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { BURDEN, SBP, COPD, SOLID, DEHYDRATION, OUTPATIENT, AGE };
    const struct { const char *name; int points; } parts[] = {
        {"burden of illness", calc_is(&in[BURDEN], "mild") ? 5 : calc_is(&in[BURDEN], "moderate") ? 3 : 0},
        {"sbp > 90", above(&in[SBP], 90) ? 5 : 0},
        {"no chronic lung disease", yes(&in[COPD]) ? 0 : 4},
        {"solid tumour or no fungal infection", yes(&in[SOLID]) ? 4 : 0},
        {"no dehydration", yes(&in[DEHYDRATION]) ? 0 : 3},
        {"outpatient at the onset", yes(&in[OUTPATIENT]) ? 3 : 0},
        {"younger than 60", below(&in[AGE], 60) ? 2 : 0},
    };
    int n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        calc_note_step(r, parts[i].name, dec_int(parts[i].points), "{score}");
        n += parts[i].points;
    }
    calc_note(r, n >= 21 ? "21 or more: lower risk; complications still happen: never a discharge by itself"
                         : "below 21: high risk");
    r->value.v = dec_int(n);
    return true;
}

static bool cisne(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { ECOG, GLUCOSE, COPD, HEART, MUCOSITIS, MONOCYTES };
    int n = 2 * count_if(!below(&in[ECOG], 2), "ECOG 2 or more, 2 points", r);
    n += 2 * count_if(yes(&in[GLUCOSE]), "stress hyperglycaemia, 2 points", r);
    n += count_if(yes(&in[COPD]), "chronic lung disease", r);
    n += count_if(yes(&in[HEART]), "cardiovascular disease", r);
    n += count_if(!below(&in[MUCOSITIS], 2), "mucositis of grade 2 or more", r);
    n += count_if(dec_lt(in[MONOCYTES].v, dec_lit("0.2")), "monocytes < 0.2", r);
    calc_note(r,
        n >= 3  ? "3 or more: high risk"
            : n ? "1-2: intermediate risk"
                : "0: lower risk, for stable patients only");
    r->value.v = dec_int(n);
    return true;
}

#define IN_RR IN_NEED("rr", "/min", "0", "100")
#define IN_HR IN_NEED("hr", "/min", "10", "350")
#define IN_SBP IN_NEED("sbp", "mm[Hg]", "20", "350")
#define IN_TEMP IN_NEED("temp", "Cel", "25", "45")

static const struct calc rows[] = {
    {"news2", "National Early Warning Score 2", "{score}", "sum of seven parts (chart)",
        "Royal College of Physicians, NEWS2, 2017", news2_calc,
        {IN_RR, IN_NEED("spo2", "%", "30", "100"), IN_WORD("scale", "1|2"), IN_WORD("oxygen", "yes|no"), IN_SBP, IN_HR,
            IN_WORD("acvpu", "A|C|V|P|U"), IN_TEMP}},
    {"qsofa", "quick SOFA", "{score}", "1 each: rr ≥ 22, sbp ≤ 100, altered mentation", "Singer, JAMA 2016;315:801",
        qsofa, {IN_RR, IN_SBP, IN_WORD("altered", "yes|no")}},
    {"sirs", "Systemic inflammatory response", "{score}",
        "1 each: temp > 38 or < 36; hr > 90; rr > 20 or PaCO2 < 32; wbc > 12 or < 4 or bands > 10 %",
        "Bone, Chest 1992;101:1644", sirs,
        {IN_TEMP, IN_HR, IN_RR, IN_NEED("wbc", "10*9/L", "0", "500"), IN_MAY("paco2", "mm[Hg]", "5", "150"),
            IN_MAY("bands", "%", "0", "100")}},
    {"mascc", "MASCC risk index in febrile neutropenia", "{score}",
        "burden mild 5 moderate 3; sbp > 90 5; no COPD 4; solid tumour or no fungal infection 4; no dehydration 3; "
        "outpatient 3; < 60 years 2",
        "Klastersky, J Clin Oncol 2000;18:3038; of 21 and more, 42 % still had complications in PMC4500479", mascc,
        {IN_WORD("burden", "mild|moderate|severe"), IN_SBP, IN_WORD("copd", "yes|no"),
            IN_WORD("solid_or_no_fungal", "yes|no"), IN_WORD("dehydration", "yes|no"), IN_WORD("outpatient", "yes|no"),
            IN_AGE}},
    {"cisne", "CISNE in stable febrile neutropenia", "{score}",
        "ECOG ≥ 2 2; stress hyperglycaemia 2; COPD 1; cardiovascular disease 1; mucositis ≥ 2 1; monocytes < 0.2 1",
        "Carmona-Bayonas, J Clin Oncol 2015;33:465; from memory, not re-read", cisne,
        {IN_NEED("ecog", "{score}", "0", "4"), IN_WORD("stress_hyperglycaemia", "yes|no"), IN_WORD("copd", "yes|no"),
            IN_WORD("cardiovascular", "yes|no"), IN_NEED("mucositis", "{score}", "0", "4"),
            IN_NEED("monocytes", "10*9/L", "0", "20")}},
};

const struct calc *const calc_score[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], NULL};
