/* Scores of early warning, from clinic/news2 and the definitions of qSOFA and SIRS. */
#include <string.h>

#include "clinic/calc_rooms.h"
#include "clinic/news2.h"

static bool yes(const struct calc_value *v)
{
    return v->given && strcmp(v->word, "yes") == 0;
}

static bool news2_calc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { RR, SPO2, SCALE, OXYGEN, SBP, HR, ACVPU, TEMP };
    struct news2_obs o = {.rr = in[RR].v, .spo2 = in[SPO2].v, .scale = in[SCALE].word[0] - '0', .oxygen = yes(&in[OXYGEN]),
        .sbp = in[SBP].v, .hr = in[HR].v, .acvpu = in[ACVPU].word[0], .temp = in[TEMP].v};
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
    n += count_if(above(&in[WBC], 12) || below(&in[WBC], 4) || above(&in[BANDS], 10), "wbc > 12 or < 4 or bands > 10 %", r);
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
    {"qsofa", "quick SOFA", "{score}", "1 each: rr ≥ 22, sbp ≤ 100, altered mentation", "Singer, JAMA 2016;315:801", qsofa,
        {IN_RR, IN_SBP, IN_WORD("altered", "yes|no")}},
    {"sirs", "Systemic inflammatory response", "{score}",
        "1 each: temp > 38 or < 36; hr > 90; rr > 20 or PaCO2 < 32; wbc > 12 or < 4 or bands > 10 %",
        "Bone, Chest 1992;101:1644", sirs,
        {IN_TEMP, IN_HR, IN_RR, IN_NEED("wbc", "10*9/L", "0", "500"), IN_MAY("paco2", "mm[Hg]", "5", "150"),
            IN_MAY("bands", "%", "0", "100")}},
};

const struct calc *const calc_score[] = {&rows[0], &rows[1], &rows[2], NULL};
