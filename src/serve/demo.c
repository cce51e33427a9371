#include "serve/demo.h"

#include <string.h>

#include "serve/problem.h"
#include "serve/release.h"
#include "serve/run.h"
#include "serve/session.h"

enum { DEMO_CHAIRS_A = 8, DEMO_CHAIRS_B = 6, DEMO_PUMPS = 16, DEMO_SHIFT_DAYS = 42, DEMO_PATIENT_LOGINS = 24 };

static const struct {
    const char *login, *name, *roles, *badge;
} people[] = {
    {"prescriber", "Dr Amara Lindqvist", "prescriber", "BADGE-1001"},
    {"prescriber2", "Dr Tomas Vidal", "prescriber", "BADGE-1002"},
    {"pharmacist", "Ines Castellan", "pharmacist", "BADGE-1003"},
    {"pharmacist2", "Jonah Okoro", "pharmacist", "BADGE-1004"},
    {"technician", "Mila Brandt", "technician", "BADGE-1005"},
    {"technician2", "Ravi Sundar", "technician", "BADGE-1006"},
    {"nurse1", "Noor Haddad", "nurse", "BADGE-1007"},
    {"nurse2", "Peter Vance", "nurse", "BADGE-1008"},
    {"nurse3", "Lucia Ferro", "nurse", "BADGE-1009"},
    {"nurse4", "Grace Adeyemi", "nurse", "BADGE-1010"},
    {"scheduler", "Owen Tarrant", "scheduler", "BADGE-1011"},
    {"biller", "Hanna Wirth", "biller", "BADGE-1012"},
    {"formulary", "Elif Demir", "formulary", "BADGE-1013"},
    {"formulary2", "Samuel Price", "formulary pharmacist", "BADGE-1014"},
    {"admin", "Kirsten Boyle", "administrator", "BADGE-1015"},
};

/* ---- what is there ----------------------------------------------------------------------------------------------- */

struct present {
    struct staff *staff;
    int staff_count;
    struct chair *chairs;
    int chair_count;
    struct pump *pumps;
    int pump_count;
    struct shift *shifts; /* that end after now */
    int shift_count;
    struct patient *patients;
    int patient_count;
    struct site_info site;
    const struct zone *zone;
    bool site_found;
};

MUST_CHECK static bool look(struct server *s, struct arena *a, struct present *p, struct err *e)
{
    struct tx t;
    memset(p, 0, sizeof *p);
    if (!reader_begin(s->readers, a, s->c.site, &t, e))
        return false;
    bool ok = server_site(s, &t, &p->site, &p->zone, &p->site_found, e) &&
              table_list(&t, &record_staff, "1=1 ORDER BY length(id), id", NO_VALS, &p->staff, &p->staff_count, e) &&
              table_list(&t, &record_chair, "1=1 ORDER BY id", NO_VALS, &p->chairs, &p->chair_count, e) &&
              table_list(&t, &record_pump, "1=1 ORDER BY id", NO_VALS, &p->pumps, &p->pump_count, e) &&
              table_list(&t, &record_shift, "start>?2", VALS(V_INT(server_care_now(s) - UTC_DAY)), &p->shifts,
                         &p->shift_count, e) &&
              table_list(&t, &record_patient, "1=1 ORDER BY length(id), id LIMIT 50", NO_VALS, &p->patients,
                         &p->patient_count, e);
    reader_end(s->readers, &t, !ok);
    return ok;
}

static const struct staff *staff_by_login(const struct present *p, const char *login)
{
    for (int i = 0; i < p->staff_count; i++)
        if (strcmp(p->staff[i].login, login) == 0)
            return &p->staff[i];
    return NULL;
}

/* ---- the place --------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool seed_site(struct server *s, struct err *e)
{
    const struct site *c = s->candidate ? s->candidate->site : NULL;
    BLANK(site_info, n);
    n.id = "site";
    n.name = c ? c->name : "Riverside Infusion Centre";
    n.zone = c ? c->zone : "America/New_York";
    n.setting = c ? c->setting : "centre";
    n.billing = c ? c->billing : "office";
    n.demo = 1;
    n.phone = c ? c->phone : "555-0100";
    n.opens = c ? c->opens_min : 7 * 60;
    n.closes = c ? c->closes_min : 19 * 60;
    return run_command(s, "site.set", &n, NULL, e);
}

MUST_CHECK static bool seed_chair(struct server *s, const struct present *p, const struct chair *n, struct err *e)
{
    for (int i = 0; i < p->chair_count; i++)
        if (strcmp(p->chairs[i].id, n->id) == 0)
            return true;
    return run_command(s, "chair.add", n, NULL, e);
}

MUST_CHECK static bool seed_chairs(struct server *s, struct arena *a, const struct present *p, struct err *e)
{
    static const struct site_pod usual[] = {{.id = "A", .chairs = DEMO_CHAIRS_A, .beds = 0},
                                            {.id = "B", .chairs = DEMO_CHAIRS_B, .beds = 2}};
    const struct site *c = s->candidate ? s->candidate->site : NULL;
    const struct site_pod *pods = c && c->pods_count ? c->pods : usual;
    int count = c && c->pods_count ? c->pods_count : 2, place = 0;
    for (int i = 0; i < count; i++)
        for (int k = 1; k <= pods[i].chairs; k++) {
            const struct chair n = {.id = arena_printf(a, "%s%d", pods[i].id, k), .pod = pods[i].id,
                                    .bed = k > pods[i].chairs - pods[i].beds, .place = ++place, .active = 1};
            if (!seed_chair(s, p, &n, e))
                return false;
        }
    return true;
}

MUST_CHECK static bool seed_pumps(struct server *s, struct arena *a, const struct present *p, struct err *e)
{
    for (int i = p->pump_count; i < DEMO_PUMPS; i++) {
        BLANK(pump, n);
        n.id = arena_printf(a, "VP%05d", i + 1);
        n.model = "Venule Sim LVP";
        n.channels = 1;
        n.active = 1;
        if (!run_command(s, "pump.add", &n, NULL, e))
            return false;
    }
    return true;
}

/* ---- the people -------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool seed_person(struct server *s, const struct staff_add_in *n, const struct present *p,
                                   struct err *e)
{
    return staff_by_login(p, n->login) || run_command(s, "staff.add", n, NULL, e);
}

/* Patients who came in and cannot sign in yet: the first few, however they came and whenever. */
static const struct patient *next_patient(const struct present *p, int *from)
{
    for (; *from < p->patient_count && *from < DEMO_PATIENT_LOGINS; (*from)++) {
        const struct patient *who = &p->patients[*from];
        bool has = false;
        for (int i = 0; i < p->staff_count && !has; i++)
            has = p->staff[i].patient && strcmp(p->staff[i].patient, who->id) == 0;
        if (!has)
            return &p->patients[(*from)++];
    }
    return NULL;
}

/* "patient", "patient2" …: the first that is free, from *number on. */
static const char *free_login(struct arena *a, const struct present *p, int *number)
{
    const char *login;
    do {
        ++*number;
        login = *number > 1 ? arena_printf(a, "patient%d", *number) : "patient";
    } while (staff_by_login(p, login));
    return login;
}

MUST_CHECK static bool seed_patients(struct server *s, struct arena *a, const struct present *p, const char *hash,
                                     struct err *e)
{
    int from = 0, number = 0;
    for (const struct patient *who; (who = next_patient(p, &from));) {
        BLANK(staff_add_in, n);
        n.login = free_login(a, p, &number);
        n.name = arena_printf(a, "%s %s", who->given, who->family);
        n.roles = "patient";
        n.hash = hash;
        n.patient = who->id;
        if (!run_command(s, "staff.add", &n, NULL, e))
            return false;
    }
    return true;
}

MUST_CHECK static bool seed_people(struct server *s, struct arena *a, const struct present *p, struct err *e)
{
    char hash[160] = "";
    int from = 0;
    bool complete = !next_patient(p, &from);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        complete = complete && staff_by_login(p, people[i].login);
    if (complete)
        return true;
    if (!password_hash(DEMO_PASSWORD, hash, e)) /* one for all: everybody may know it */
        return false;
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        BLANK(staff_add_in, n);
        n.login = people[i].login;
        n.name = people[i].name;
        n.roles = people[i].roles;
        n.hash = hash;
        n.badge = people[i].badge;
        if (!seed_person(s, &n, p, e))
            return false;
    }
    return seed_patients(s, a, p, hash, e);
}

/* ---- shifts ------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool seed_shift(struct server *s, const struct present *p, const struct shift_add_in *n,
                                  struct err *e)
{
    for (int i = 0; i < p->shift_count; i++)
        if (strcmp(p->shifts[i].nurse, n->nurse) == 0 && p->shifts[i].start < n->end && p->shifts[i].end > n->start)
            return true;
    return run_command(s, "shift.add", n, NULL, e);
}

static bool is_nurse(const struct staff *n)
{
    return n->active == 1 && (roles_read(n->roles) & ROLE_NURSE);
}

static bool works_on(const char *days, int weekday)
{
    static const char *const words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    return content_word_listed(days, words[weekday]);
}

/* From the content's week if it names people who are here, else every nurse every day the house is open. */
MUST_CHECK static bool seed_day(struct server *s, const struct present *p, utc_t noon, struct err *e)
{
    const struct site *c = s->candidate ? s->candidate->site : NULL;
    struct civil d = utc_civil(noon, p->zone);
    BLANK(shift_add_in, n);
    bool named = false;
    for (int i = 0; c && i < c->shifts_count; i++) {
        const struct site_shift *w = &c->shifts[i];
        const struct staff *nurse = staff_by_login(p, w->nurse);
        named = named || nurse;
        if (!nurse || !is_nurse(nurse) || !works_on(w->days, d.weekday))
            continue;
        n = (struct shift_add_in){.nurse = nurse->id, .patients = w->patients, .pod = w->pod};
        n.start = utc_from_local(p->zone, d.year, d.month, d.day, w->start_min / 60, w->start_min % 60);
        n.end = utc_from_local(p->zone, d.year, d.month, d.day, w->end_min / 60, w->end_min % 60);
        if (!seed_shift(s, p, &n, e))
            return false;
    }
    for (int i = 0; !named && i < p->staff_count; i++) {
        if (!is_nurse(&p->staff[i]))
            continue;
        n = (struct shift_add_in){.nurse = p->staff[i].id, .patients = 4, .pod = i % 2 ? "A" : "B"};
        n.start = utc_from_local(p->zone, d.year, d.month, d.day, (int)p->site.opens / 60, (int)p->site.opens % 60);
        n.end = utc_from_local(p->zone, d.year, d.month, d.day, (int)p->site.closes / 60, (int)p->site.closes % 60);
        if (!seed_shift(s, p, &n, e))
            return false;
    }
    return true;
}

MUST_CHECK static bool seed_shifts(struct server *s, const struct present *p, struct err *e)
{
    utc_t noon = utc_day_start(server_care_now(s), p->zone) + 12 * UTC_HOUR;
    for (int i = 0; i < DEMO_SHIFT_DAYS; i++)
        if (!seed_day(s, p, noon + i * UTC_DAY, e))
            return false;
    return true;
}

/* ---- content ----------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool seed_content(struct server *s, struct arena *a, struct err *e)
{
    struct tx t;
    BLANK(content_release_in, n);
    const char *hash = NULL;
    if (!s->candidate)
        return true;
    if (!reader_begin(s->readers, a, s->c.site, &t, e))
        return false;
    bool ok = release_in_force(&t, &hash, e), there = ok && hash && strcmp(hash, s->candidate->hash) == 0;
    reader_end(s->readers, &t, !ok);
    if (!ok || there)
        return ok;
    n.hash = s->candidate->hash;
    n.version = "DEMO";
    n.second = "demo";
    if (!release_pack(a, s->candidate, &n.blob, e) || !run_command(s, "content.release", &n, NULL, e))
        return false;
    server_released(s);
    return true;
}

bool demo_seed(struct server *s, struct err *e)
{
    struct arena *a = arena_new();
    struct present p;
    bool ok = look(s, a, &p, e);
    if (ok && !p.site_found)
        ok = seed_site(s, e);
    ok = ok && seed_content(s, a, e) && seed_people(s, a, &p, e) && seed_chairs(s, a, &p, e) &&
         seed_pumps(s, a, &p, e) && look(s, a, &p, e) && seed_shifts(s, &p, e);
    arena_free(a);
    return ok;
}

/* ---- the sign-in page's list ------------------------------------------------------------------------------------- */

void demo_logins(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct present p;
    struct json j;
    if (!s->c.demo) {
        problem_set(r, ERR_NOT_FOUND, "", "this is not a demonstration");
        return;
    }
    if (!look(s, q->a, &p, &e)) {
        problem_answer(r, &e);
        return;
    }
    json_init(&j, &r->body);
    json_object(&j, NULL);
    json_bool(&j, "demo", true);
    json_str(&j, "site", p.site_found ? p.site.name : NULL);
    json_str(&j, "password", DEMO_PASSWORD);
    json_list(&j, "people");
    for (int i = 0; i < p.staff_count; i++) {
        json_object(&j, NULL);
        json_str(&j, "login", p.staff[i].login);
        json_str(&j, "name", p.staff[i].name);
        json_str(&j, "roles", p.staff[i].roles);
        if (p.staff[i].badge)
            json_str(&j, "badge", p.staff[i].badge);
        if (p.staff[i].patient)
            json_str(&j, "patient", p.staff[i].patient);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    r->type = "application/json";
}
