/* house: the site, its people, chairs, shifts, pumps and the content in force. */
#include <string.h>

#include "care/care.h"
#include "formulary/content.h"
#include "formulary/sign.h"

enum { LOGIN_MIN = 2, LOGIN_MAX = 60, SHIFT_HOURS_MAX = 16, PATIENTS_MAX = 20, CHANNELS_MAX = 26 };

/* ---- the site ---------------------------------------------------------------------------------------------------- */

static bool site_set(struct cmd *c, const void *in, struct err *e)
{
    const struct site_info *s = in;
    if (strcmp(s->id, "site") != 0)
        return err_set(e, ERR_INPUT, "id", "the site's record is called \"site\", not \"%.40s\"", s->id);
    if (s->opens < 0 || s->closes > 24 * 60 || s->opens >= s->closes)
        return err_set(e, ERR_INPUT, "closes", "opens and closes are minutes after midnight, 0 to 1440, opens first");
    return cmd_emit(c, &ev_site_set, s, NULL, NULL, e);
}

/* ---- people ------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool roles_ok(const char *words, struct err *e)
{
    char one[40];
    int count = 0;
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (n >= sizeof one)
            return err_set(e, ERR_INPUT, "roles", "\"%.40s\" is not a role", p);
        memcpy(one, p, n);
        one[n] = 0;
        unsigned bit = roles_read(one);
        if (!bit || bit == ROLE_SYSTEM)
            return err_set(e, ERR_INPUT, "roles", "\"%s\" is not a role", one);
        count++;
        p += n + strspn(p + n, " ");
    }
    return count > 0 || err_set(e, ERR_INPUT, "roles", "at least one role is needed");
}

MUST_CHECK static bool login_ok(struct cmd *c, const char *login, struct err *e)
{
    size_t n = strlen(login);
    if (n < LOGIN_MIN || n > LOGIN_MAX ||
        strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") != n)
        return err_set(e, ERR_INPUT, "login", "a login is %d to %d of a-z 0-9 . _ -", LOGIN_MIN, LOGIN_MAX);
    struct staff *found;
    int count;
    if (!table_list(c->tx, &record_staff, "login=?2", VALS(V_TEXT(login)), &found, &count, e))
        return false;
    return count == 0 || err_set(e, ERR_CONFLICT, "login", "the login \"%s\" is taken", login);
}

static bool hash_ok(const char *hash, struct err *e)
{
    return strncmp(hash, "$argon2id$", 10) == 0 ||
           err_set(e, ERR_INPUT, "hash", "the password must come as an Argon2id hash");
}

static bool staff_add(struct cmd *c, const void *in, struct err *e)
{
    const struct staff_add_in *s = in;
    unsigned roles = roles_read(s->roles);
    if (!roles_ok(s->roles, e) || !login_ok(c, s->login, e) || !hash_ok(s->hash, e))
        return false;
    if ((roles & ROLE_PATIENT) && (roles != ROLE_PATIENT || !s->patient))
        return err_set(e, ERR_INPUT, "patient", "the role patient stands alone and says which patient");
    if (!(roles & ROLE_PATIENT) && s->patient)
        return err_set(e, ERR_INPUT, "patient", "only the role patient is a patient");
    BLANK(patient, p);
    if (s->patient && !table_need(c->tx, &record_patient, s->patient, "patient", &p, e))
        return false;
    BLANK(staff, n);
    n.id = cmd_new_id(c, "staff");
    n.login = s->login;
    n.name = s->name;
    n.roles = s->roles;
    n.password = s->hash;
    n.badge = s->badge;
    n.patient = s->patient;
    n.active = 1;
    return cmd_emit(c, &ev_staff_added, &n, NULL, NULL, e);
}

static bool staff_password(struct cmd *c, const void *in, struct err *e)
{
    const struct staff_password_in *s = in;
    BLANK(staff, n);
    if (!hash_ok(s->hash, e) || !table_need(c->tx, &record_staff, s->staff, "staff", &n, e))
        return false;
    if (strcmp(s->staff, c->by.id) != 0 && !(c->by.roles & (ROLE_ADMIN | ROLE_SYSTEM)))
        return err_set(e, ERR_FORBIDDEN, "staff", "only an administrator changes another person's password");
    n.password = s->hash;
    return cmd_emit(c, &ev_staff_changed, &n, "password", NULL, e);
}

/* One key, one person: two signatures by one key would be one person's. */
MUST_CHECK static bool sign_key_ok(struct cmd *c, const char *staff, const char *key, struct err *e)
{
    struct staff *found;
    int count;
    if (!content_key_ok(key))
        return err_set(e, ERR_INPUT, "sign_key", "is not an Ed25519 public key of %d hex digits", SIGN_PUBLIC_HEX);
    if (!table_list(c->tx, &record_staff, "sign_key=?2 AND id<>?3", VALS(V_TEXT(key), V_TEXT(staff)), &found, &count, e))
        return false;
    return count == 0 || err_set(e, ERR_CONFLICT, "sign_key", "this key is %s's", found[0].name);
}

static bool staff_change(struct cmd *c, const void *in, struct err *e)
{
    const struct staff_change_in *s = in;
    BLANK(staff, n);
    if ((s->roles && !roles_ok(s->roles, e)) || !table_need(c->tx, &record_staff, s->staff, "staff", &n, e))
        return false;
    if (strcmp(s->staff, c->by.id) == 0)
        return err_set(e, ERR_CONFLICT, "staff", "nobody changes their own roles; ask another administrator");
    if ((roles_read(n.roles) & ROLE_PATIENT) != (roles_read(s->roles ? s->roles : n.roles) & ROLE_PATIENT))
        return err_set(e, ERR_CONFLICT, "roles", "the role patient is given once, when the person is added");
    n.roles = s->roles ? s->roles : n.roles;
    n.active = s->active != BOOL_NONE ? s->active : n.active;
    n.badge = s->badge ? s->badge : n.badge;
    if (s->sign_key && !sign_key_ok(c, n.id, s->sign_key, e))
        return false;
    n.sign_key = s->sign_key ? s->sign_key : n.sign_key;
    return cmd_emit(c, &ev_staff_changed, &n, "roles active badge sign_key", NULL, e);
}

/* ---- chairs, shifts, pumps --------------------------------------------------------------------------------------- */

/* A code people type: short, no spaces. */
MUST_CHECK static bool code_ok(const char *code, const char *where, struct err *e)
{
    size_t n = strlen(code);
    return (n >= 1 && n <= 40 && strcspn(code, " /\\\"'<>&") == n) ||
           err_set(e, ERR_INPUT, where, "\"%.60s\" must be 1 to 40 characters without spaces, quotes or slashes", code);
}

static bool chair_add(struct cmd *c, const void *in, struct err *e)
{
    const struct chair *n = in;
    if (!code_ok(n->id, "id", e))
        return false;
    c->id = n->id;
    return cmd_emit(c, &ev_chair_added, n, NULL, NULL, e);
}

static bool shift_add(struct cmd *c, const void *in, struct err *e)
{
    const struct shift_add_in *s = in;
    BLANK(staff, nurse);
    if (!table_need(c->tx, &record_staff, s->nurse, "nurse", &nurse, e))
        return false;
    if (!(roles_read(nurse.roles) & ROLE_NURSE) || nurse.active != 1)
        return err_set(e, ERR_INPUT, "nurse", "%s does not work as a nurse here", nurse.name);
    if (s->end <= s->start || s->end - s->start > SHIFT_HOURS_MAX * UTC_HOUR)
        return err_set(e, ERR_INPUT, "end", "a shift ends after it starts and lasts at most %d hours", SHIFT_HOURS_MAX);
    if (s->patients < 1 || s->patients > PATIENTS_MAX)
        return err_set(e, ERR_INPUT, "patients", "1 to %d patients at once", PATIENTS_MAX);
    struct shift *same;
    int count;
    if (!table_list(c->tx, &record_shift, "nurse=?2 AND start<?3 AND \"end\">?4",
                    VALS(V_TEXT(s->nurse), V_INT(s->end), V_INT(s->start)), &same, &count, e))
        return false;
    if (count)
        return err_set(e, ERR_CONFLICT, "start", "%s has a shift then already", nurse.name);
    BLANK(shift, n);
    n.id = cmd_new_id(c, "shift");
    n.nurse = s->nurse;
    n.start = s->start;
    n.end = s->end;
    n.patients = s->patients;
    n.pod = s->pod;
    return cmd_emit(c, &ev_shift_added, &n, NULL, NULL, e);
}

static bool pump_add(struct cmd *c, const void *in, struct err *e)
{
    const struct pump *n = in;
    if (!code_ok(n->id, "id", e))
        return false;
    if (n->channels < 1 || n->channels > CHANNELS_MAX)
        return err_set(e, ERR_INPUT, "channels", "1 to %d channels", CHANNELS_MAX);
    c->id = n->id;
    return cmd_emit(c, &ev_pump_added, n, NULL, NULL, e);
}

/* ---- content ----------------------------------------------------------------------------------------------------- */

/* The release in force is the latest by its time, so that time only goes on (a demonstration's clock may not). */
MUST_CHECK static bool after_the_last(struct cmd *c, utc_t *out, struct err *e)
{
    struct content_release *last;
    int count;
    if (!table_list(c->tx, &record_content_release, "1=1 ORDER BY at DESC, id LIMIT 1", NO_VALS, &last, &count, e))
        return false;
    *out = count && last[0].at >= c->now ? last[0].at + 1 : c->now;
    return true;
}

/* The signature of one of the two, with the key the ledger has of them, into the list that is stored. */
MUST_CHECK static bool add_signature(struct cmd *c, const struct node *given, const struct staff *who, struct json *out, struct err *e)
{
    node_each(s, given) {
        const char *id = node_str(node_get(s, "staff")), *sig = node_str(node_get(s, "signature"));
        if (!id || !sig || strcmp(id, who->id) != 0)
            continue;
        if (!who->sign_key)
            return err_set(e, ERR_REFUSED, "signatures", "%s has no key on record: an administrator enters it", who->name);
        json_object(out, NULL);
        json_str(out, "staff", who->id);
        json_str(out, "key", who->sign_key);
        json_str(out, "signature", sig);
        json_end(out, '}');
        return true;
    }
    (void)c;
    return true;
}

/* Outside a demo site both signatures must be there; where they are given they must be right. */
MUST_CHECK static bool sign_release(struct cmd *c, const struct content_release_in *s, const struct staff *second, const char **out, struct err *e)
{
    struct buf b;
    struct json j;
    BLANK(staff, first);
    *out = NULL;
    if (!s->signatures && c->site.demo == 1)
        return true;
    const struct node *given = s->signatures ? json_read(c->a, s->signatures, strlen(s->signatures), FIELD_LONG_MAX, e) : NULL;
    if (s->signatures && !given)
        return false;
    if (!(c->by.roles & ROLE_SYSTEM) && !table_need(c->tx, &record_staff, c->by.id, "", &first, e))
        return false;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_list(&j, NULL);
    bool ok = (!first.id || add_signature(c, given, &first, &j, e)) && (!second->id || add_signature(c, given, second, &j, e));
    json_end(&j, ']');
    if (ok)
        *out = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    return ok && content_signed_by_two(c->a, s->hash, s->version, *out, e);
}

static bool content_release(struct cmd *c, const void *in, struct err *e)
{
    const struct content_release_in *s = in;
    if (!c->content || strcmp(s->hash, c->content_hash) != 0)
        return err_set(e, ERR_CONFLICT, "hash", "the content read by this server is %.16s…, not %.16s…",
                       c->content ? c->content_hash : "none", s->hash);
    if (!content_usable(c->content, c->site.demo == 1, e))
        return false;
    if (!(c->by.roles & ROLE_SYSTEM) && strcmp(s->second, c->by.id) == 0)
        return err_set(e, ERR_INPUT, "second", "the second signature must be another person's");
    BLANK(staff, second);
    if (!(c->by.roles & ROLE_SYSTEM)) {
        if (!table_need(c->tx, &record_staff, s->second, "second", &second, e))
            return false;
        if (!(roles_read(second.roles) & (ROLE_FORMULARY | ROLE_PHARMACIST)) || second.active != 1)
            return err_set(e, ERR_INPUT, "second", "%s may not sign content", second.name);
    }
    BLANK(content_release, n);
    n.id = s->hash;
    n.version = s->version;
    n.demo = c->content->demo;
    if (!after_the_last(c, &n.at, e))
        return false;
    n.signed_by = arena_printf(c->a, "%s %s", c->by.id, s->second);
    n.blob = s->blob;
    if (!sign_release(c, s, &second, &n.signatures, e))
        return false;
    c->id = n.id;
    return cmd_emit(c, &ev_content_released, &n, NULL, NULL, e);
}

const struct command house_commands[] = {
    {"site.set", ROLE_ADMIN | ROLE_SYSTEM, &record_site_info, site_set, "describe the site"},
    {"staff.add", ROLE_ADMIN | ROLE_SYSTEM, &record_staff_add_in, staff_add, "let a person sign in"},
    {"staff.password", ROLE_STAFF | ROLE_PATIENT | ROLE_SYSTEM, &record_staff_password_in, staff_password,
     "change a password: one's own, or as administrator anyone's"},
    {"staff.change", ROLE_ADMIN | ROLE_SYSTEM, &record_staff_change_in, staff_change, "change roles, badge or state"},
    {"chair.add", ROLE_ADMIN | ROLE_SYSTEM, &record_chair, chair_add, "set up a chair or bed, or change one"},
    {"shift.add", ROLE_ADMIN | ROLE_SCHEDULER | ROLE_SYSTEM, &record_shift_add_in, shift_add, "plan a nurse's shift"},
    {"pump.add", ROLE_ADMIN | ROLE_SYSTEM, &record_pump, pump_add, "register a pump, or change one"},
    {"content.release", ROLE_FORMULARY | ROLE_SYSTEM, &record_content_release_in, content_release,
     "bring the content this server has read into force"},
};
const int house_command_count = TABLE_COUNT(house_commands);
