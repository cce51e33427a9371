/* Instances of the scheduling benchmark and the same day in the languages of other solvers.
 *   bench-schedule ids P C N SEED      a day as ../shared/reference section 7 draws it (mix of real demand)
 *   bench-schedule scp P N SEED        courses of 28 relative days in a horizon of 40
 *   bench-schedule mayo22 DAY          demand of one of 22 real days (Huang, Sikder, Xu 2022), 14 chairs, 3 starts a slot
 *   bench-schedule lp|pooled|asp|mzn FILE   time-indexed LP; the same with equal nurses pooled (a relaxation); ASP; MiniZinc
 * Everything to standard output. */
#include "schedule/day_grid.h"
#include "schedule/seeded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPES = 7, DAYS = 22, TEXT_MAX = 8 << 20 };

static const int mix[TYPES] = {399, 215, 193, 146, 126, 42, 25};
static const int type_slots[TYPES] = {2, 4, 8, 12, 16, 20, 24};
static const int demand[DAYS][TYPES] = {
    {15, 9, 8, 5, 8, 2, 0}, {21, 8, 5, 10, 7, 2, 0}, {17, 10, 7, 7, 9, 2, 0}, {15, 10, 9, 5, 5, 0, 2}, {14, 8, 10, 8, 5, 3, 0},
    {15, 13, 8, 8, 6, 4, 1}, {20, 11, 8, 7, 3, 4, 0}, {14, 7, 8, 6, 2, 3, 1}, {17, 13, 6, 5, 3, 1, 1}, {18, 11, 7, 6, 3, 3, 2},
    {23, 12, 9, 4, 5, 0, 2}, {12, 8, 7, 7, 6, 1, 2}, {24, 10, 10, 7, 7, 1, 3}, {24, 10, 12, 10, 4, 1, 2}, {20, 9, 12, 6, 6, 2, 1},
    {21, 16, 11, 4, 6, 1, 2}, {17, 5, 7, 8, 7, 1, 2}, {14, 9, 8, 7, 5, 2, 1}, {14, 9, 13, 3, 7, 5, 1}, {20, 11, 6, 8, 9, 1, 0},
    {24, 8, 11, 10, 5, 3, 1}, {20, 8, 11, 5, 8, 0, 1}};

/* An index by weight. */
static int drawn(struct seeded *r, const int *weight, int n)
{
    int all = 0, k = 0;
    for (int i = 0; i < n; i++)
        all += weight[i];
    for (int at = seeded_below(r, all); k < n - 1 && at >= weight[k]; k++)
        at -= weight[k];
    return k;
}

static void make_ids(int p, int c, int n, int seed)
{
    static const int weights[] = {60, 30, 10}, acuities[] = {50, 35, 15};
    struct seeded r;
    seeded_init(&r, (uint64_t)seed);
    int beds = c * 4 / 30 > 2 ? c * 4 / 30 : 2, releases = (p * 6 + 50) / 100;
    printf("%d %d %d 44 40 %d 4 8 %d\n", p, c, beds, n, releases > 2 ? releases : 2);
    for (int i = 0; i < p; i++) {
        int d = type_slots[drawn(&r, mix, TYPES)], last = 40 - d < 24 ? 40 - d : 24, ready = seeded_below(&r, last + 1);
        printf("%d %d %d %d", d, ready, 1 << drawn(&r, weights, 3), 1 + drawn(&r, acuities, 3));
        printf(" %d %d\n", seeded_below(&r, 10) < 3, seeded_below(&r, 25) < 2);
    }
    for (int k = 0; k < n; k++) {
        int start = 10 * k < 4 * n ? 0 : 10 * k < 7 * n ? 4 : 12;
        printf("%d %d %d\n", start, start + 32, k % 10 != 2 && k % 10 != 6 && k % 10 != 9);
    }
}

static void make_scp(int p, int n, int seed)
{
    static const int nurse[] = {60, 40}, late[] = {70, 30}, rest[] = {30, 50, 20}, drip[] = {5, 15, 25, 25, 15, 10, 5};
    struct seeded r;
    seeded_init(&r, (uint64_t)seed);
    printf("%d 28 40 %d\n", p, n);
    for (int d = 0; d < 40; d++)
        printf("%d%c", 5 * n + seeded_below(&r, 5 * n + 1), d == 39 ? '\n' : ' ');
    for (int i = 0; i < p; i++) {
        for (int d = 0; d < 28; d++)
            putchar(seeded_below(&r, 10) < 3 ? '1' : '0');
        int first = 1 + drawn(&r, nurse, 2), flow = 10 + drawn(&r, drip, 7), second = 1 + drawn(&r, late, 2);
        int pause = 1 + drawn(&r, rest, 3);
        printf(" %d %d %d %d %d\n", first, flow, second, pause, 1 + drawn(&r, late, 2));
    }
}

/* Nurses who bind nothing but the starts: the published problem has chairs and starts only. */
static void make_mayo(int day)
{
    int p = 0;
    for (int t = 0; t < TYPES; t++)
        p += demand[day - 1][t];
    printf("%d 14 14 40 40 3 14 1000 3\n", p);
    for (int t = 0; t < TYPES; t++)
        for (int i = 0; i < demand[day - 1][t]; i++)
            printf("%d 0 1 0 0 0\n", type_slots[t]);
    for (int k = 0; k < 3; k++)
        printf("0 40 1\n");
}

/* Who may take a visit: nurses one by one, or classes of equal nurses. */
struct model { struct day_problem p; struct day_kinds k; bool pooled; int takers; };

static const struct day_class *taker(const struct model *m, int n)
{
    return &m->k.class[m->pooled ? n : m->k.class_of[n]];
}

static int last_start(const struct model *m, int i, int n)
{
    return taker(m, n)->end - m->p.visit[i].slots;
}

static int first_start(const struct model *m, int i, int n)
{
    return taker(m, n)->start > m->p.visit[i].ready ? taker(m, n)->start : m->p.visit[i].ready;
}

static bool may(const struct model *m, int i, int n)
{
    return taker(m, n)->certified || !m->p.visit[i].certified;
}

/* Sum of the variables of visits that stand in slot t (or start there), with a factor; one row. */
enum what { STANDS, STARTS, ACUITY, BEDS };

static void lp_row(const struct model *m, int t, int only, enum what what, int cap)
{
    bool any = false;
    for (int i = 0; i < m->p.visits; i++) {
        const struct day_visit *v = &m->p.visit[i];
        int factor = what == ACUITY ? v->acuity : what == BEDS ? v->bed : 1;
        for (int n = 0; factor && n < m->takers; n++) {
            int from = what == STARTS ? t : t - v->slots + 1;
            if ((only >= 0 && n != only) || !may(m, i, n))
                continue;
            for (int s = from > first_start(m, i, n) ? from : first_start(m, i, n); s <= t && s <= last_start(m, i, n); s++) {
                printf("%s%d x%d_%d_%d\n", any ? "+ " : " ", factor, i, n, s);
                any = true;
            }
        }
    }
    if (any)
        printf(" <= %d\n", cap);
}

static void write_lp(const struct model *m)
{
    const struct day_problem *p = &m->p;
    printf("Minimize\n o:");
    for (int pass = 0; pass < 3; pass++) {
        if (pass)
            printf(pass == 1 ? "\nSubject To\n" : "Binaries\n");
        for (int i = 0; i < p->visits; i++) {
            printf(pass == 0 ? " + 2000 u%d\n" : pass == 1 ? " u%d" : " u%d\n", i);
            for (int n = 0; n < m->takers; n++)
                for (int s = first_start(m, i, n); may(m, i, n) && s <= last_start(m, i, n); s++) {
                    if (pass == 0)
                        printf(" + %d x%d_%d_%d\n", day_visit_cost(p, &p->visit[i], s), i, n, s);
                    else
                        printf(pass == 1 ? "\n + x%d_%d_%d" : " x%d_%d_%d\n", i, n, s);
                }
            if (pass == 1)
                printf(" = 1\n");
        }
        for (int t = 0; pass == 1 && t < p->end; t++) {
            lp_row(m, t, -1, STANDS, p->chairs);
            lp_row(m, t, -1, BEDS, p->beds);
            lp_row(m, t, -1, STARTS, p->releases);
            for (int n = 0; n < m->takers; n++) {
                int many = m->pooled ? m->k.class[n].count : 1;
                lp_row(m, t, n, STARTS, many);
                lp_row(m, t, n, STANDS, many * p->patients_cap);
                lp_row(m, t, n, ACUITY, many * p->acuity_cap);
            }
        }
    }
    printf("End\n");
}

static void write_asp(const struct model *m)
{
    const struct day_problem *p = &m->p;
    for (int i = 0; i < p->visits; i++) {
        const struct day_visit *v = &p->visit[i];
        printf("visit(%d). acuity(%d,%d).\n", i, i, v->acuity);
        if (v->bed)
            printf("bed(%d).\n", i);
        for (int n = 0; n < p->nurses; n++)
            for (int s = first_start(m, i, n); may(m, i, n) && s <= last_start(m, i, n); s++)
                printf("may(%d,%d,%d).\n", i, n, s);
        for (int s = v->ready; s + v->slots <= p->end; s++) {
            printf("cost(%d,%d,%d).\n", i, s, day_visit_cost(p, v, s));
            printf("covers(%d,%d,%d..%d).\n", i, s, s, s + v->slots - 1);
        }
    }
    printf("slot(0..%d). nurse(0..%d).\n"
           "{ at(I,N,S) : may(I,N,S) } 1 :- visit(I).\n"
           "start(I,S) :- at(I,_,S). out(I) :- visit(I), not start(I,_).\n"
           "on(I,T) :- start(I,S), covers(I,S,T). on(I,N,T) :- at(I,N,S), covers(I,S,T).\n"
           ":- slot(T), #count { I : on(I,T) } > %d.\n"
           ":- slot(T), #count { I : on(I,T), bed(I) } > %d.\n"
           ":- slot(T), #count { I : start(I,T) } > %d.\n"
           ":- slot(T), nurse(N), #count { I : at(I,N,T) } > 1.\n"
           ":- slot(T), nurse(N), #count { I : on(I,N,T) } > %d.\n"
           ":- slot(T), nurse(N), #sum { A,I : on(I,N,T), acuity(I,A) } > %d.\n"
           "#minimize { C,I : start(I,S), cost(I,S,C); 2000,I : out(I) }.\n",
        p->end - 1, p->nurses - 1, p->chairs, p->beds, p->releases, p->patients_cap, p->acuity_cap);
}

static void mzn_array(const struct model *m, const char *name, int which)
{
    printf("array[1..%d] of int: %s = [", m->p.visits, name);
    for (int i = 0; i < m->p.visits; i++) {
        const struct day_visit *v = &m->p.visit[i];
        const int all[] = {v->slots, v->ready, v->weight, v->acuity, v->certified, v->bed};
        printf("%s%d", i ? "," : "", all[which]);
    }
    printf("];\n");
}

/* Optional visits as cumulatives: an unplaced visit has height 0. */
static void write_mzn(const struct model *m)
{
    static const char *const names[] = {"d", "ready", "w", "a", "cert", "bed"};
    const struct day_problem *p = &m->p;
    printf("include \"cumulative.mzn\";\nint: P=%d; int: N=%d; int: H=%d; int: CL=%d;\n", p->visits, p->nurses, p->end, p->close);
    for (int k = 0; k < 6; k++)
        mzn_array(m, names[k], k);
    for (int k = 0; k < 3; k++) {
        printf("array[1..N] of int: %s = [", k == 0 ? "from" : k == 1 ? "till" : "ncert");
        for (int n = 0; n < p->nurses; n++)
            printf("%s%d", n ? "," : "", k == 0 ? p->nurse[n].start : k == 1 ? p->nurse[n].end : p->nurse[n].certified);
        printf("];\n");
    }
    printf("array[1..P] of var 0..H: s; array[1..P] of var 1..N: n; array[1..P] of var 0..1: in;\n"
           "constraint forall(i in 1..P)(s[i] >= ready[i]);\n"
           "constraint forall(i in 1..P)(in[i] = 1 -> (s[i] >= from[n[i]] /\\ s[i]+d[i] <= till[n[i]] /\\ s[i]+d[i] <= H /\\ ncert[n[i]] >= cert[i]));\n"
           "constraint cumulative(s, d, in, %d);\n"
           "constraint cumulative(s, d, [in[i]*bed[i] | i in 1..P], %d);\n"
           "constraint cumulative(s, [1 | i in 1..P], in, %d);\n"
           "array[1..P,1..N] of var 0..1: y;\n"
           "constraint forall(i in 1..P, k in 1..N)(y[i,k] = bool2int(in[i] = 1 /\\ n[i] = k));\n"
           "constraint forall(k in 1..N)(cumulative(s, d, [y[i,k] | i in 1..P], %d) /\\ cumulative(s, [1 | i in 1..P], [y[i,k] | i in 1..P], 1)\n"
           "  /\\ cumulative(s, d, [a[i]*y[i,k] | i in 1..P], %d));\n"
           "var int: cost = sum(i in 1..P)(2000*(1-in[i]) + in[i]*(w[i]*(s[i]-ready[i]) + 5*max(0,s[i]+d[i]-CL)));\n"
           "solve :: int_search(s, dom_w_deg, indomain_min) minimize cost;\noutput [\"cost \\(cost)\\n\"];\n",
        p->chairs, p->beds, p->releases, p->patients_cap, p->acuity_cap);
}

static bool read_model(struct arena *a, const char *path, struct model *m)
{
    struct err e = {0};
    char *text = arena_alloc(a, TEXT_MAX);
    FILE *f = fopen(path, "rb");
    size_t len = f ? fread(text, 1, TEXT_MAX, f) : 0;
    if (f)
        fclose(f);
    if (!day_read(a, text, len, &m->p, &e)) {
        fprintf(stderr, "%s: %s: %s\n", path, e.where, e.text);
        return false;
    }
    day_kinds_init(a, &m->p, &m->k);
    m->takers = m->pooled ? m->k.classes : m->p.nurses;
    return true;
}

static int number(int argc, char **argv, int i, int most)
{
    int n = i < argc ? atoi(argv[i]) : 0;
    if (n < 1 || n > most) {
        fprintf(stderr, "bench-schedule: word %d must be a number from 1 to %d\n", i, most);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    struct arena *a = arena_new();
    struct model m = {.pooled = strcmp(what, "pooled") == 0};
    if (strcmp(what, "ids") == 0)
        make_ids(number(argc, argv, 2, DAY_VISITS_MAX), number(argc, argv, 3, DAY_PLACES_MAX), number(argc, argv, 4, DAY_NURSES_MAX),
            number(argc, argv, 5, 1 << 30));
    else if (strcmp(what, "scp") == 0)
        make_scp(number(argc, argv, 2, 500), number(argc, argv, 3, 8), number(argc, argv, 4, 1 << 30));
    else if (strcmp(what, "mayo22") == 0)
        make_mayo(number(argc, argv, 2, DAYS));
    else if (argc != 3 || !read_model(a, argv[2], &m))
        return 2;
    else if (strcmp(what, "lp") == 0 || m.pooled)
        write_lp(&m);
    else if (strcmp(what, "asp") == 0)
        write_asp(&m);
    else if (strcmp(what, "mzn") == 0)
        write_mzn(&m);
    arena_free(a);
    return 0;
}
