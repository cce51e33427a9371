#include "clinic/pk_models.h"

#include <math.h>
#include <string.h>

/* Lean body mass (James), as Schnider and Minto used it. It falls again in extreme obesity. */
static double lean_mass(const struct pk_patient *p)
{
    double ratio = p->weight / p->height, square = ratio * ratio;
    return p->male ? 1.1 * p->weight - 128 * square : 1.07 * p->weight - 148 * square;
}

static void marsh_with(const struct pk_patient *p, double ke0, struct pk_rates *out)
{
    *out = (struct pk_rates){3, 0.228 * p->weight, 0.119, 0.112, 0.055, 0.0419, 0.0033, ke0};
}

static void marsh(const struct pk_patient *p, struct pk_rates *out)
{
    marsh_with(p, 0.26, out);
}

static void marsh_fast(const struct pk_patient *p, struct pk_rates *out)
{
    marsh_with(p, 1.2, out);
}

static void schnider(const struct pk_patient *p, struct pk_rates *out)
{
    double lean = lean_mass(p);
    double v2 = 18.9 - 0.391 * (p->age - 53);
    double cl = 1.89 + 0.0456 * (p->weight - 77) - 0.0681 * (lean - 59) + 0.0264 * (p->height - 177);
    double q2 = 1.29 - 0.024 * (p->age - 53);
    *out = pk_rates_from(3, 4.27, v2, 238, cl, q2, 0.836, 0.456);
}

static void minto(const struct pk_patient *p, struct pk_rates *out)
{
    double lean = lean_mass(p) - 55, age = p->age - 40;
    double v1 = 5.1 - 0.0201 * age + 0.072 * lean, v2 = 9.82 - 0.0811 * age + 0.108 * lean;
    double cl = 2.6 - 0.0162 * age + 0.0191 * lean, q2 = 2.05 - 0.0301 * age, q3 = 0.076 - 0.00113 * age;
    *out = pk_rates_from(3, v1, v2, 5.42, cl, q2, q3, 0.595 - 0.007 * age);
}

/* Fat-free mass (Al-Sallami): grows into Janmahasatian's. */
static double fat_free(double age, double weight, double height, bool male)
{
    double m = height / 100, bmi = weight / (m * m);
    if (male)
        return (0.88 + (1 - 0.88) / (1 + pow(age / 13.4, -12.7))) * 42.92 * weight / (30.93 + bmi);
    return (1.11 + (1 - 1.11) / (1 + pow(age / 7.1, -1.1))) * 37.99 * weight / (35.98 + bmi);
}

/* Saturation of x with half at e^half, hill by hill. */
static double matures(double x, double half, double hill)
{
    return 1 / (1 + pow(half / x, hill));
}

/* Fixed effects as their logarithms stand in the control file of the paper's supplement. The reference Q2 is e^0.559672
 * = 1.75 L/min: a program that writes 1.83 there and multiplies by the maturation below counts it twice. */
static void eleveld_with(const struct pk_patient *p, bool opioids, struct pk_rates *out)
{
    const double ln_v1 = 1.83786, ln_v2 = 3.23873, ln_v3 = 5.6088, ln_cl = p->male ? 0.581983 : 0.742043;
    const double ln_q2 = 0.559672, ln_q3 = 0.103046;
    double weeks = p->age * 52 + 40, grown = 35 * 52 + 40, half_v1 = exp(3.51313);
    double v1 = exp(ln_v1) * (p->weight / (p->weight + half_v1)) / (70 / (70 + half_v1));
    double v2 = exp(ln_v2) * p->weight / 70 * exp(-0.015633 * (p->age - 35));
    double v3 = exp(ln_v3) * fat_free(p->age, p->weight, p->height, p->male) / fat_free(35, 70, 170, true);
    double cl = exp(ln_cl) * pow(p->weight / 70, 0.75);
    cl *= matures(weeks, exp(3.74422), exp(2.2033)) / matures(grown, exp(3.74422), exp(2.2033));
    if (opioids) {
        v3 *= exp(-0.0138166 * p->age);
        cl *= exp(-0.00285709 * p->age);
    }
    double q3_ripe = matures(weeks, exp(4.22357), 1), child = 1 + exp(0.265642) * (1 - q3_ripe);
    double q2 = exp(ln_q2) * pow(v2 / exp(ln_v2), 0.75) * child;
    double q3 = exp(ln_q3) * pow(v3 / exp(ln_v3), 0.75) * q3_ripe / matures(grown, exp(4.22357), 1);
    *out = pk_rates_from(3, v1, v2, v3, cl, q2, q3, 0.146);
}

static void eleveld(const struct pk_patient *p, struct pk_rates *out)
{
    eleveld_with(p, false, out);
}

static void eleveld_opioids(const struct pk_patient *p, struct pk_rates *out)
{
    eleveld_with(p, true, out);
}

static void fentanyl(const struct pk_patient *p, struct pk_rates *out)
{
    (void)p;
    *out = pk_rates_from(3, 12.1, 35.7, 224, 0.632, 2.8, 1.55, 0);
}

static const struct pk_model models[] = {
    {"marsh", "propofol", "Marsh, ke0 0.26", "Marsh, Br J Anaesth 1991;67:41; ke0 as in the Diprifusor", 16, 100,
        marsh},
    {"marsh_fast", "propofol", "Marsh, ke0 1.2",
        "Marsh, Br J Anaesth 1991;67:41; ke0 1.2 of Struys, Anesthesiology 2000;92:399", 16, 100, marsh_fast},
    {"schnider", "propofol", "Schnider", "Schnider, Anesthesiology 1998;88:1170 and 1999;90:1502", 18, 100, schnider},
    {"eleveld", "propofol", "Eleveld, no opioid",
        "Eleveld, Br J Anaesth 2018;120:942, arterial; ke0 0.146 of its reference person, "
        "not scaled by weight",
        18, 88, eleveld},
    {"eleveld_opioid", "propofol", "Eleveld, with an opioid",
        "Eleveld, Br J Anaesth 2018;120:942, arterial; ke0 as above", 18, 88, eleveld_opioids},
    {"minto", "remifentanil", "Minto", "Minto, Anesthesiology 1997;86:10", 18, 85, minto},
    {"fentanyl", "fentanyl", "70 kg adult",
        "parameters of one open model (nlmixr2lib, read once); not scaled; no effect site", 18, 100, fentanyl},
};

int pk_model_count(void)
{
    return (int)(sizeof models / sizeof *models);
}

const struct pk_model *pk_model_at(int i)
{
    return i >= 0 && i < pk_model_count() ? &models[i] : NULL;
}

const struct pk_model *pk_model_find(const char *id)
{
    for (int i = 0; id && i < pk_model_count(); i++)
        if (strcmp(models[i].id, id) == 0)
            return &models[i];
    return NULL;
}

bool pk_model_make(const struct pk_model *m, const struct pk_patient *p, struct pk_rates *out, struct err *e)
{
    if (!(p->age >= m->age_low && p->age <= m->age_high))
        return err_set(e, ERR_INPUT, "age", "the model %s was made for ages %d to %d", m->title, (int)m->age_low,
            (int)m->age_high);
    if (!(p->weight >= 30 && p->weight <= 200))
        return err_set(e, ERR_INPUT, "weight", "the model %s is not to be used below 30 or above 200 kg", m->title);
    if (!(p->height >= 130 && p->height <= 220))
        return err_set(e, ERR_INPUT, "height", "the model %s is not to be used below 130 or above 220 cm", m->title);
    struct pk_curve probe;
    m->make(p, out);
    return pk_curve_of(out, &probe) ||
        err_set(e, ERR_INPUT, "weight",
            "the model %s has no meaning for this person: a volume or clearance is not above zero", m->title);
}
