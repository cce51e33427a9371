#include "clinic/pk_vanco.h"

#include <math.h>
#include <string.h>

#include "base/dec_math.h"
#include "clinic/pk_curve.h"
#include "clinic/pk_inner.h"

enum { ETAS = PK_VANCO_ETAS_MAX, TURNS = 4000, RESTARTS = 3 };

/* Who the models are asked about; crcl in mL/min. */
struct who {
    double age, weight, height, creatinine, crcl;
    bool male;
};

/* A model with its η: rate constants per hour. */
struct vanco {
    const char *id, *title, *source;
    double prop, add;
    int etas;
    double omega[ETAS][ETAS]; /* lower triangle */
    const char *(*why_not)(const struct who *w);
    double (*make)(const struct who *w, const double *eta, struct pk_rates *out); /* the clearance, L/h */
};

static double litres_h(double ml_min)
{
    return ml_min * 0.06;
}

static double one(double cl, double v, struct pk_rates *out)
{
    *out = pk_rates_from(1, v, 0, 0, cl, 0, 0, 0);
    return cl;
}

static double goti(const struct who *w, const double *eta, struct pk_rates *out)
{
    double scr = w->age > 65 && w->creatinine < 1 ? 1 : w->creatinine;
    double crcl = fmin((140 - w->age) * w->weight * (w->male ? 1 : 0.85) / (72 * scr), 150);
    double cl = 4.5 * pow(crcl / 120, 0.8) * exp(eta[0]);
    *out = pk_rates_from(2, 58.4 * w->weight / 70 * exp(eta[1]), 38.4 * exp(eta[2]), 0, cl, 6.5, 0, 0);
    return cl;
}

static double thomson(const struct who *w, const double *eta, struct pk_rates *out)
{
    double cl = 2.99 * (1 + 0.0154 * (w->crcl - 66)) * exp(eta[0]);
    *out = pk_rates_from(
        2, 0.675 * w->weight * exp(eta[1]), 0.732 * w->weight * exp(eta[3]), 0, cl, 2.28 * exp(eta[2]), 0, 0);
    return cl;
}

static double buelga(const struct who *w, const double *eta, struct pk_rates *out)
{
    return one(1.08 * litres_h(w->crcl) * exp(eta[0]), 0.98 * w->weight * exp(eta[1]), out);
}

static double adane(const struct who *w, const double *eta, struct pk_rates *out)
{
    double bsa = 0.007184 * pow(w->weight, 0.425) * pow(w->height, 0.725);
    return one(6.54 * (litres_h(w->crcl) / 7.5) * (1.73 / bsa) * exp(eta[1]), 0.51 * w->weight * exp(eta[0]), out);
}

static double carreno(const struct who *w, const double *eta, struct pk_rates *out)
{
    double cl = 0.18 * exp(eta[4]) + 0.036 * exp(eta[1]) * w->crcl, v = 25.76 * exp(eta[0]);
    *out = (struct pk_rates){.n = 2, .v1 = v, .k10 = cl / v, .k12 = 2.29 * exp(eta[2]), .k21 = 1.44 * exp(eta[3])};
    return cl;
}

static double bmi_of(const struct who *w)
{
    return w->weight / (w->height * w->height) * 1e4;
}

static const char *anyone(const struct who *w)
{
    (void)w;
    return NULL;
}

static const char *not_obese(const struct who *w)
{
    return bmi_of(w) >= 40 ? "not made for a body mass index of 40 and over" : NULL;
}

static const char *only_obese(const struct who *w)
{
    return bmi_of(w) < 40 ? "made for a body mass index of 40 and over" : NULL;
}

static const char *only_heavy(const struct who *w)
{
    return w->weight < 110 || w->weight > 250 ? "made for 110 to 250 kg" : NULL;
}

#define PKPDSIM "; parameters as in InsightRX PKPDsim"

static const struct vanco models[PK_VANCO_MODELS] = {
    {"goti", "Goti 2018, hospital",
        "Goti, Ther Drug Monit 2018;40:212 and erratum" PKPDSIM
        "; doubt: its residual error was lowered there from the paper's",
        0.197, 1.42, 3, {{0.1584}, {0, 0.6659}, {0, 0, 0.326}}, anyone, goti},
    {"thomson", "Thomson 2009, adult patients",
        "Thomson, J Antimicrob Chemother 2009;63:1050" PKPDSIM
        "; doubt: the covariance 0.01 of clearance and volume has no stated source",
        0.15, 1.6, 4, {{0.0729}, {0.01, 0.0225}, {0, 0, 0.2401}, {0, 0, 0, 1.69}}, not_obese, thomson},
    {"buelga", "Buelga 2005, haematology",
        "Buelga, Antimicrob Agents Chemother 2005;49:4934" PKPDSIM
        "; doubt: a correlation of 25 % between clearance and volume was assumed",
        0, 3.52, 2, {{0.07929856}, {0.02418685, 0.1380123}}, not_obese, buelga},
    {"adane", "Adane 2015, extreme obesity", "Adane, Pharmacotherapy 2015;35:127" PKPDSIM, 0.189, 0.0001, 2,
        {{0.057121}, {0, 0.071289}}, only_obese, adane},
    {"carreno", "Carreno 2017, obesity", "Carreno, Antimicrob Agents Chemother 2017;61:e02478, model 4" PKPDSIM, 0.1,
        0.1, 5, {{0.20559}, {0, 0.30864}, {0, 0, 1.11676}, {0, 0, 0, 1.4433}, {0, 0, 0, 0, 0.057068}}, only_heavy,
        carreno},
};

/* η' Ω⁻¹ η by the Cholesky factor of Ω. */
static double penalty(const struct vanco *m, const double *eta)
{
    double l[ETAS][ETAS] = {{0}}, y[ETAS], sum = 0;
    for (int i = 0; i < m->etas; i++) {
        for (int j = 0; j <= i; j++) {
            double s = m->omega[i][j];
            for (int k = 0; k < j; k++)
                s -= l[i][k] * l[j][k];
            l[i][j] = i == j ? sqrt(s) : s / l[j][j];
        }
        y[i] = eta[i];
        for (int k = 0; k < i; k++)
            y[i] -= l[i][k] * y[k];
        y[i] /= l[i][i];
        sum += y[i] * y[i];
    }
    return sum;
}

struct fit_case {
    const struct vanco *m;
    struct who w;
    struct pk_input doses[PK_VANCO_DOSES_MAX]; /* hours here, not minutes: rates per hour */
    int dose_n;
    double at[PK_VANCO_LEVELS_MAX], seen[PK_VANCO_LEVELS_MAX];
    int sample_n;
};

static double objective(const struct fit_case *f, const double *eta)
{
    struct pk_rates r;
    struct pk_curve c;
    f->m->make(&f->w, eta, &r);
    if (!pk_curve_of(&r, &c))
        return INFINITY;
    double sum = penalty(f->m, eta);
    for (int i = 0; i < f->sample_n; i++) {
        double p = pk_plasma(&c, f->doses, f->dose_n, f->at[i]), off = f->seen[i] - p;
        double var = f->m->prop * p * f->m->prop * p + f->m->add * f->m->add;
        sum += off * off / var + log(var);
    }
    return sum;
}

/* ---- simplex search (Nelder and Mead)
 * ------------------------------------------------------------------------------------- */

struct simplex {
    int n;
    double x[ETAS + 1][ETAS], f[ETAS + 1];
};

static void order_simplex(struct simplex *s)
{
    for (int i = 1; i <= s->n; i++)
        for (int k = i; k > 0 && s->f[k] < s->f[k - 1]; k--) {
            double t = s->f[k], row[ETAS];
            s->f[k] = s->f[k - 1];
            s->f[k - 1] = t;
            memcpy(row, s->x[k], sizeof row);
            memcpy(s->x[k], s->x[k - 1], sizeof row);
            memcpy(s->x[k - 1], row, sizeof row);
        }
}

/* The worst corner moved through the middle of the others, by `by`. */
static double reflect(const struct simplex *s, const struct fit_case *c, double by, double *out)
{
    for (int d = 0; d < s->n; d++) {
        double mid = 0;
        for (int i = 0; i < s->n; i++)
            mid += s->x[i][d] / s->n;
        out[d] = mid + by * (mid - s->x[s->n][d]);
    }
    return objective(c, out);
}

static void replace(struct simplex *s, const double *x, double f)
{
    memcpy(s->x[s->n], x, (size_t)s->n * sizeof *x);
    s->f[s->n] = f;
}

static void shrink(struct simplex *s, const struct fit_case *c)
{
    for (int i = 1; i <= s->n; i++) {
        for (int d = 0; d < s->n; d++)
            s->x[i][d] = (s->x[0][d] + s->x[i][d]) / 2;
        s->f[i] = objective(c, s->x[i]);
    }
}

static void step(struct simplex *s, const struct fit_case *c)
{
    double a[ETAS], b[ETAS], fa = reflect(s, c, 1, a);
    if (fa < s->f[0]) {
        double fb = reflect(s, c, 2, b);
        fb < fa ? replace(s, b, fb) : replace(s, a, fa);
        return;
    }
    if (fa < s->f[s->n - 1]) {
        replace(s, a, fa);
        return;
    }
    double fb = reflect(s, c, fa < s->f[s->n] ? 0.5 : -0.5, b);
    fb < fmin(fa, s->f[s->n]) ? replace(s, b, fb) : shrink(s, c);
}

static void estimate(const struct fit_case *c, double *eta)
{
    struct simplex s = {.n = c->m->etas};
    memset(eta, 0, ETAS * sizeof *eta);
    if (!c->sample_n)
        return;
    for (int again = 0; again < RESTARTS; again++) {
        for (int i = 0; i <= s.n; i++) {
            memcpy(s.x[i], eta, (size_t)s.n * sizeof *eta);
            if (i)
                s.x[i][i - 1] += 0.1;
            s.f[i] = objective(c, s.x[i]);
        }
        order_simplex(&s);
        for (int t = 0; t < TURNS && !(s.f[s.n] - s.f[0] < 1e-13 * (1 + fabs(s.f[0])) && t > 50); t++) {
            step(&s, c);
            order_simplex(&s);
        }
        memcpy(eta, s.x[0], (size_t)s.n * sizeof *eta);
    }
}

/* ---- in and out
 * ------------------------------------------------------------------------------------------------------------- */

static bool in_range(const char *name, struct dec d, double low, double high, double *out, struct err *e)
{
    *out = pk_number(d);
    if (*out >= low && *out <= high)
        return true;
    char a[DEC_TEXT_MAX + 8];
    return dec_is(d) ? err_set(e, ERR_INPUT, name, "%s is %s and must be between %d and %d", name, dec_show(d, a),
                           (int)low, (int)high)
                     : err_set(e, ERR_INPUT, name, "%s is missing", name);
}

static bool who_of(const struct pk_vanco_case *c, struct who *w, struct err *e)
{
    const char *sex = c->person.sex;
    if (!sex || (strcmp(sex, "male") && strcmp(sex, "female")))
        return err_set(e, ERR_INPUT, "sex", "sex is missing");
    w->male = strcmp(sex, "male") == 0;
    if (!in_range("age", c->person.age, 18, 110, &w->age, e) ||
        !in_range("weight", c->person.weight, 30, 300, &w->weight, e) ||
        !in_range("height", c->person.height, 130, 230, &w->height, e))
        return false;
    w->creatinine = pk_number(c->creatinine);
    if (!(w->creatinine >= 0.2 && w->creatinine <= 15))
        return err_set(e, ERR_INPUT, "creatinine", "creatinine is missing or not between 0.2 and 15 mg/dL");
    w->crcl = (140 - w->age) * w->weight * (w->male ? 1 : 0.85) / (72 * w->creatinine);
    return true;
}

static bool case_of(const struct pk_vanco_case *c, struct fit_case *f, struct err *e)
{
    if (c->dose_n < 0 || c->dose_n > PK_VANCO_DOSES_MAX || c->sample_n < 0 || c->sample_n > PK_VANCO_LEVELS_MAX)
        return err_set(
            e, ERR_TOO_LARGE, "doses", "more than %d doses or %d levels", PK_VANCO_DOSES_MAX, PK_VANCO_LEVELS_MAX);
    if (!who_of(c, &f->w, e))
        return false;
    f->dose_n = c->dose_n;
    f->sample_n = c->sample_n;
    for (int i = 0; i < c->dose_n; i++) {
        struct pk_input *d = &f->doses[i];
        *d = (struct pk_input){pk_number(c->doses[i].start_h), pk_number(c->doses[i].hours), pk_number(c->doses[i].mg)};
        if (!isfinite(d->start) || !(d->minutes > 0 && d->minutes <= 48) || !(d->mg > 0 && d->mg <= 10000))
            return err_set(e, ERR_INPUT, "dose", "dose %d needs its start, up to 48 hours, and up to 10,000 mg", i + 1);
    }
    for (int i = 0; i < c->sample_n; i++) {
        f->at[i] = pk_number(c->samples[i].at_h);
        f->seen[i] = pk_number(c->samples[i].mg_l);
        if (!isfinite(f->at[i]) || !(f->seen[i] > 0 && f->seen[i] <= 200))
            return err_set(
                e, ERR_INPUT, "level", "level %d needs its time and a value above 0, at most 200 mg/L", i + 1);
        if (!c->dose_n || f->at[i] <= f->doses[0].start)
            return err_set(e, ERR_INPUT, "level", "level %d was taken before the first dose", i + 1);
    }
    return true;
}

static void fit_one(struct fit_case *f, double daily, struct pk_vanco_fit *out)
{
    double eta[ETAS] = {0};
    struct pk_rates r;
    struct pk_curve c;
    out->before = pk_estimate(daily / f->m->make(&f->w, eta, &r));
    estimate(f, eta);
    double cl = f->m->make(&f->w, eta, &r);
    out->clearance = pk_estimate(cl);
    out->auc24 = pk_estimate(daily / cl);
    if (pk_curve_of(&r, &c))
        for (int i = 0; i < f->sample_n; i++)
            out->predicted[i] = pk_estimate(pk_plasma(&c, f->doses, f->dose_n, f->at[i]));
}

bool pk_vanco_fit(const struct pk_vanco_case *c, struct pk_vanco_answer *out, struct err *e)
{
    struct fit_case f;
    double daily;
    *out = (struct pk_vanco_answer){.low = DEC_NONE, .high = DEC_NONE, .spread = DEC_NONE};
    if (!case_of(c, &f, e) || !in_range("daily_mg", c->daily_mg, 100, 12000, &daily, e))
        return false;
    for (int i = 0; i < PK_VANCO_MODELS; i++) {
        struct pk_vanco_fit *x = &out->fits[i];
        f.m = &models[i];
        *x = (struct pk_vanco_fit){.model = f.m->id,
            .title = f.m->title,
            .source = f.m->source,
            .why_not = f.m->why_not(&f.w),
            .before = DEC_NONE,
            .auc24 = DEC_NONE,
            .clearance = DEC_NONE};
        double eta[ETAS] = {0};
        struct pk_rates r;
        struct pk_curve curve;
        if (!x->why_not && (!(f.m->make(&f.w, eta, &r) > 0) || !pk_curve_of(&r, &curve)))
            x->why_not = "its formula gives no clearance for this kidney function";
        x->applies = !x->why_not;
        if (!x->applies)
            continue;
        fit_one(&f, daily, x);
        if (!dec_is(x->auc24))
            return err_set(e, ERR_INPUT, "level", "the model %s finds no exposure for these levels", f.m->title);
        out->low = out->applied ? dec_min(out->low, x->auc24) : x->auc24;
        out->high = out->applied ? dec_max(out->high, x->auc24) : x->auc24;
        out->applied++;
    }
    if (out->applied < 2)
        return err_set(
            e, ERR_CONFLICT, "model", "fewer than two models were made for this patient: no exposure is said");
    out->spread = dec_div(dec_mul(dec_sub(out->high, out->low), dec_int(100)), out->low, 1, DEC_HALF_AWAY);
    return true;
}

int pk_vanco_etas(int model)
{
    return models[model].etas;
}

double pk_vanco_objective(int model, const struct pk_vanco_case *c, const double *eta)
{
    struct fit_case f;
    struct err e = {0};
    f.m = &models[model];
    return case_of(c, &f, &e) ? objective(&f, eta) : NAN;
}

bool pk_vanco_etas_of(int model, const struct pk_vanco_case *c, double *eta)
{
    struct fit_case f;
    struct err e = {0};
    f.m = &models[model];
    if (!case_of(c, &f, &e))
        return false;
    estimate(&f, eta);
    return true;
}

/* ---- two levels
 * ------------------------------------------------------------------------------------------------------------- */

static bool above_zero(const char *name, struct dec d, struct err *e)
{
    return (dec_is(d) && dec_sign(d) > 0) || err_set(e, ERR_INPUT, name, "%s is missing or not above zero", name);
}

bool pk_vanco_two_levels(const struct pk_two_levels *q, struct pk_two_result *out, struct err *e)
{
    if (!above_zero("dose", q->mg, e) || !above_zero("duration", q->hours, e) || !above_zero("tau", q->tau, e) ||
        !above_zero("t1", q->t1, e) || !above_zero("c1", q->c1, e) || !above_zero("t2", q->t2, e) ||
        !above_zero("c2", q->c2, e))
        return false;
    if (dec_lt(q->t1, q->hours))
        return err_set(e, ERR_INPUT, "t1", "the first level was taken during the infusion");
    if (dec_le(q->t2, q->t1) || dec_lt(q->tau, q->t2))
        return err_set(e, ERR_INPUT, "t2", "the second level comes after the first and before the next dose");
    if (dec_le(q->c1, q->c2))
        return err_set(e, ERR_INPUT, "c2", "the second level must be lower than the first");
    struct dec ke = dec_quot(dec_ln(dec_quot(q->c1, q->c2)), dec_sub(q->t2, q->t1));
    struct dec peak = dec_prod(q->c1, dec_exp(dec_prod(ke, dec_sub(q->t1, q->hours))));
    struct dec trough = dec_prod(q->c2, dec_exp(dec_neg(dec_prod(ke, dec_sub(q->tau, q->t2)))));
    struct dec left = dec_exp(dec_neg(dec_prod(ke, q->hours)));
    struct dec rise = q->steady ? dec_sum(peak, dec_neg(dec_prod(trough, left))) : peak;
    struct dec rate = dec_quot(q->mg, q->hours);
    struct dec volume = dec_quot(dec_prod(rate, dec_sum(dec_int(1), dec_neg(left))), dec_prod(ke, rise));
    struct dec cl = dec_prod(ke, volume);
    struct dec auc = dec_quot(dec_prod(q->mg, dec_int(24)), dec_prod(q->tau, cl));
    *out = (struct pk_two_result){ke, volume, cl, peak, trough, auc};
    return dec_is(auc) || err_set(e, ERR_INPUT, "dose", "the exposure is out of range");
}
