/* Body size. Weight in kg, height in cm throughout. */
#include <string.h>

#include "base/dec_math.h"
#include "clinic/calc_rooms.h"

enum { WEIGHT, HEIGHT };             /* inputs of the body surface formulas */
enum { SEX, SEX_WEIGHT, SEX_HEIGHT }; /* inputs where sex comes first */

static bool male(const struct calc_value *in)
{
    return strcmp(in[SEX].word, "male") == 0;
}

static bool bsa_mosteller(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec x = dec_quot(dec_mul(in[HEIGHT].v, in[WEIGHT].v), dec_int(3600));
    calc_note_step(r, "height × weight ÷ 3600", x, "1");
    r->value.v = dec_sqrt(x);
    return true;
}

/* factor × weight^a × height^b */
static bool bsa_powers(const struct calc_value *in, struct calc_result *r, const char *const k[3])
{
    struct dec w = dec_pow(in[WEIGHT].v, dec_lit(k[1])), h = dec_pow(in[HEIGHT].v, dec_lit(k[2]));
    calc_note_step(r, "weight raised", w, "1");
    calc_note_step(r, "height raised", h, "1");
    r->value.v = dec_prod(dec_lit(k[0]), dec_prod(w, h));
    return true;
}

static bool bsa_dubois(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    return bsa_powers(in, r, (const char *const[]){"0.007184", "0.425", "0.725"});
}

static bool bsa_haycock(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    return bsa_powers(in, r, (const char *const[]){"0.024265", "0.5378", "0.3964"});
}

static bool bsa_gehan_george(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    return bsa_powers(in, r, (const char *const[]){"0.0235", "0.51456", "0.42246"});
}

/* The exponent itself depends on the weight; grams, as published. */
static bool bsa_boyd(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec grams = dec_mul(in[WEIGHT].v, dec_int(1000));
    struct dec power = dec_sub(dec_lit("0.7285"), dec_prod(dec_lit("0.0188"), dec_log10(grams)));
    calc_note_step(r, "power of the weight", power, "1");
    struct dec w = dec_pow(grams, power), h = dec_pow(in[HEIGHT].v, dec_lit("0.3"));
    calc_note_step(r, "weight raised", w, "1");
    calc_note_step(r, "height raised", h, "1");
    r->value.v = dec_prod(dec_lit("0.0003207"), dec_prod(w, h));
    return true;
}

struct dec calc_bmi(struct dec weight, struct dec height, struct calc_result *r)
{
    struct dec m = dec_quot(height, dec_int(100)), square = dec_mul(m, m), bmi = dec_quot(weight, square);
    calc_note_step(r, "height squared", square, "m2");
    return bmi;
}

static bool bmi(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    r->value.v = calc_bmi(in[WEIGHT].v, in[HEIGHT].v, r);
    return true;
}

/* 60 inches: below it Devine's line is not defined. */
static const struct dec devine_shortest = {1524, 1};

bool calc_devine_defined(struct dec height_cm)
{
    return !dec_lt(height_cm, devine_shortest);
}

struct dec calc_devine(bool is_male, struct dec height, struct calc_result *r)
{
    struct dec inches = dec_quot(height, dec_lit("2.54")), over = dec_sub(inches, dec_int(60));
    calc_note_step(r, "inches over 60", over, "[in_i]");
    struct dec ibw = dec_sum(is_male ? dec_int(50) : dec_lit("45.5"), dec_prod(dec_lit("2.3"), over));
    calc_note_step(r, "ideal weight", ibw, "kg");
    return ibw;
}

static bool too_short(const struct calc_value *in, struct err *e)
{
    if (!dec_lt(in[SEX_HEIGHT].v, devine_shortest))
        return false;
    err_set(e, ERR_INPUT, "height", "Devine's ideal weight is not defined below 152.4 cm: use the actual weight");
    return true;
}

static bool ibw_devine(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    if (dec_lt(in[1].v, devine_shortest)) /* sex, height: no weight here */
        return err_set(e, ERR_INPUT, "height", "Devine's ideal weight is not defined below 152.4 cm");
    r->value.v = calc_devine(male(in), in[1].v, r);
    return true;
}

struct dec calc_adjusted(struct dec ibw, struct dec weight, struct calc_result *r)
{
    struct dec over = dec_sum(weight, dec_neg(ibw));
    calc_note_step(r, "weight over ideal", over, "kg");
    return dec_sum(ibw, dec_prod(dec_lit("0.4"), over));
}

static bool adjbw(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    if (too_short(in, e))
        return false;
    struct dec ibw = calc_devine(male(in), in[SEX_HEIGHT].v, r);
    r->value.v = calc_adjusted(ibw, in[SEX_WEIGHT].v, r);
    return true;
}

/* Short or light people are not adjusted: the weight itself is used. */
static bool ivig_dosing_weight(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec weight = in[SEX_WEIGHT].v;
    r->value.v = weight;
    if (dec_lt(in[SEX_HEIGHT].v, devine_shortest)) {
        calc_note(r, "height is below 152.4 cm: actual weight used");
        return true;
    }
    struct dec ibw = calc_devine(male(in), in[SEX_HEIGHT].v, r);
    if (dec_le(weight, ibw))
        calc_note(r, "not above ideal weight: actual weight used");
    else
        r->value.v = calc_adjusted(ibw, weight, r);
    return true;
}

static bool lbw_james(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct dec ratio = dec_quot(in[SEX_WEIGHT].v, in[SEX_HEIGHT].v), square = dec_prod(ratio, ratio);
    calc_note_step(r, "(weight ÷ height) squared", square, "1");
    struct dec linear = dec_mul(dec_lit(male(in) ? "1.10" : "1.07"), in[SEX_WEIGHT].v);
    r->value.v = dec_sum(linear, dec_neg(dec_prod(dec_int(male(in) ? 128 : 148), square)));
    if (dec_sign(r->value.v) <= 0)
        return err_set(e, ERR_INPUT, "weight", "James's lean weight has no meaning for this weight and height");
    calc_note(r, "falls again in extreme obesity: do not use there");
    return true;
}

static bool lbw_boer(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    bool m = male(in);
    struct dec w = dec_mul(dec_lit(m ? "0.407" : "0.252"), in[SEX_WEIGHT].v);
    struct dec h = dec_mul(dec_lit(m ? "0.267" : "0.473"), in[SEX_HEIGHT].v);
    calc_note_step(r, "weight part", w, "kg");
    calc_note_step(r, "height part", h, "kg");
    r->value.v = dec_sub(dec_add(w, h), dec_lit(m ? "19.2" : "48.3"));
    if (dec_sign(r->value.v) <= 0)
        return err_set(e, ERR_INPUT, "height", "Boer's lean weight has no meaning for this weight and height");
    return true;
}

static bool ffm_janmahasatian(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    bool m = male(in);
    struct dec b = calc_bmi(in[SEX_WEIGHT].v, in[SEX_HEIGHT].v, r);
    calc_note_step(r, "body mass index", b, "kg/m2");
    struct dec below = dec_sum(dec_int(m ? 6680 : 8780), dec_prod(dec_int(m ? 216 : 244), b));
    r->value.v = dec_quot(dec_mul(dec_int(9270), in[SEX_WEIGHT].v), below);
    return true;
}

#define BSA(name, id_, title_, formula_, source_) \
    static const struct calc name##_row = {.id = id_, .title = title_, .unit = "m2", .formula = formula_, \
        .source = source_, .run = name, .input = {IN_WEIGHT, IN_HEIGHT}}
#define LEAN(name, id_, title_, formula_, source_) \
    static const struct calc name##_row = {.id = id_, .title = title_, .unit = "kg", .formula = formula_, \
        .source = source_, .run = name, .input = {IN_SEX, IN_WEIGHT, IN_HEIGHT}}

BSA(bsa_mosteller, "bsa.mosteller", "Body surface (Mosteller)", "√(height cm × weight kg ÷ 3600)",
    "Mosteller, N Engl J Med 1987;317:1098");
BSA(bsa_dubois, "bsa.dubois", "Body surface (DuBois)", "0.007184 × weight^0.425 × height^0.725",
    "DuBois, Arch Intern Med 1916;17:863");
BSA(bsa_haycock, "bsa.haycock", "Body surface (Haycock)", "0.024265 × weight^0.5378 × height^0.3964",
    "Haycock, J Pediatr 1978;93:62");
BSA(bsa_gehan_george, "bsa.gehan_george", "Body surface (Gehan and George)", "0.0235 × height^0.42246 × weight^0.51456",
    "Gehan and George, Cancer Chemother Rep 1970;54:225");
BSA(bsa_boyd, "bsa.boyd", "Body surface (Boyd)",
    "0.0003207 × height^0.3 × g^(0.7285 − 0.0188 log10 g), g = weight in grams",
    "Boyd, The growth of the surface area of the human body, 1935");
LEAN(adjbw, "adjbw", "Adjusted body weight", "ideal + 0.4 × (weight − ideal)",
    "Devine's ideal weight; factor 0.4 in common use");
LEAN(ivig_dosing_weight, "ivig.dosing_weight", "Dosing weight for immune globulin",
    "ideal + 0.4 × (weight − ideal); actual weight if shorter than 152.4 cm or not above ideal",
    "National Blood Authority Australia, Ig dosing calculator");
LEAN(lbw_james, "lbw.james", "Lean body weight (James)",
    "men 1.10 w − 128 (w ÷ h)²; women 1.07 w − 148 (w ÷ h)²", "James, Research on obesity, HMSO 1976");
LEAN(lbw_boer, "lbw.boer", "Lean body weight (Boer)",
    "men 0.407 w + 0.267 h − 19.2; women 0.252 w + 0.473 h − 48.3", "Boer, Am J Physiol 1984;247:F632");
LEAN(ffm_janmahasatian, "ffm.janmahasatian", "Fat-free mass (Janmahasatian)",
    "men 9270 w ÷ (6680 + 216 BMI); women 9270 w ÷ (8780 + 244 BMI)", "Janmahasatian, Clin Pharmacokinet 2005;44:1051");

static const struct calc bmi_row = {.id = "bmi",
    .title = "Body mass index",
    .unit = "kg/m2",
    .formula = "weight kg ÷ (height m)²",
    .source = "WHO Technical Report 894",
    .run = bmi,
    .input = {IN_WEIGHT, IN_HEIGHT}};
static const struct calc ibw_devine_row = {.id = "ibw.devine",
    .title = "Ideal body weight (Devine)",
    .unit = "kg",
    .formula = "50 (men) or 45.5 (women) + 2.3 × (height in − 60)",
    .source = "Devine, Drug Intell Clin Pharm 1974;8:650",
    .run = ibw_devine,
    .input = {IN_SEX, IN_HEIGHT}};

const struct calc *const calc_body[] = {&bsa_mosteller_row, &bsa_dubois_row, &bsa_haycock_row, &bsa_gehan_george_row,
    &bsa_boyd_row, &bmi_row, &ibw_devine_row, &adjbw_row, &ivig_dosing_weight_row, &lbw_james_row, &lbw_boer_row,
    &ffm_janmahasatian_row, NULL};
