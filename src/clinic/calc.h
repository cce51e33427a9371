/* calc: every clinical calculation, in one table: inputs with their limits, formula, source and the numbers in between.
 *
 * Owns nothing; any thread; no clock, no state. Rule: a calculation is never done with an input that is missing, of the
 * wrong unit or outside its limits: it says which input and why. Results are decimals, 15 digits, same on every
 * machine; the steps are what the proof of a dose shows.
 */
#ifndef CLINIC_CALC_H
#define CLINIC_CALC_H

#include "base/unit.h"

struct json;

enum { CALC_INPUTS_MAX = 12, CALC_STEPS_MAX = 40, CALC_NOTES_MAX = 5 };

/* One input of a calculation. A word (sex, consciousness) has `words`, a quantity has `unit` and limits in it. */
struct calc_input {
    const char *name;
    bool needed;
    const char *unit;      /* the formula's unit; what is given is converted to it. NULL for a word */
    const char *low, *high; /* limits, inclusive, in `unit`: outside them it is a slip, not a patient */
    const char *words;     /* "male|female" */
    const char *also;      /* another dimension taken too: creatinine in umol/L … */
    const char *also_per;  /* … which is divided by this to be in `unit` */
};

/* What the caller gives: a quantity or a word. */
struct calc_arg {
    const char *name;
    struct qty q;
    const char *word;
};

/* An input as the formula sees it: in the table's order, converted and checked. */
struct calc_value {
    bool given;
    struct dec v; /* in the input's unit */
    const char *word;
};

struct calc_step {
    const char *name;
    struct qty q;
};

struct calc_result {
    struct qty value;
    int steps, notes;
    struct calc_step step[CALC_STEPS_MAX];
    const char *note[CALC_NOTES_MAX]; /* "GFR capped": what a reader must not miss */
};

struct calc {
    const char *id, *title;
    const char *unit;    /* of the result */
    const char *formula, *source;
    bool (*run)(const struct calc_value *in, struct calc_result *r, struct err *e);
    struct calc_input input[CALC_INPUTS_MAX]; /* ends at name NULL */
};

int calc_count(void);
const struct calc *calc_at(int i);
const struct calc *calc_find(const char *id); /* NULL if there is none */

/* ERR_INPUT with where = the input's name: unknown, missing, wrong unit or word, outside its limits, given twice. */
MUST_CHECK bool calc_run(
    const struct calc *c, const struct calc_arg *args, int n, struct calc_result *r, struct err *e);

/* "80 kg" or "male", as the input wants it; the word points into `text`. */
MUST_CHECK bool calc_arg_parse(const struct calc *c, const char *name, const char *text, struct calc_arg *out,
    struct err *e);

/* {"calculation","value","unit","formula","inputs":{…},"steps":[…],"notes":[…],"source"} */
void calc_to_json(const struct calc *c, const struct calc_arg *args, int n, const struct calc_result *r,
    struct json *j, const char *key);

/* For the formulas of this room. */
void calc_note_step(struct calc_result *r, const char *name, struct dec v, const char *unit);
void calc_note(struct calc_result *r, const char *text);

#endif
