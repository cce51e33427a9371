#include <stdio.h>
#include <string.h>

#include "serve/commands.h"
#include "serve/describe.h"
#include "serve/describe_records.h"
#include "serve/views.h"

static const char head[] =
    "// Printed by venule-describe from the tables of commands, views and records. Do not edit: `ninja -C build describe`.\n"
    "/* eslint-disable */\n\n"
    "/** RFC 3339, UTC. */\nexport type Time = string\n"
    "/** YYYY-MM-DD. */\nexport type Day = string\n"
    "export interface Quantity { value: number; unit: string }\n"
    "export interface Refused {\n  id?: string\n  rule: string\n  severity: 'hard stop' | 'needs a reason' | 'note'\n  says: string\n"
    "  facts: unknown\n  facts_hash: string\n  /** roles that may override, separated by spaces */\n  who?: string\n}\n"
    "export interface Problem { type: string; title: string; status: number; detail?: string; field?: string; refusals?: Refused[] }\n"
    "export interface Note { rule: string; severity: string; says: string; facts: unknown }\n"
    "export interface Accepted {\n  seq: number\n  id?: string\n  events: { seq: number; type: string; subject: string }[]\n"
    "  notes: Note[]\n  result?: unknown\n}\n"
    "export interface Override { rule: string; facts: string; reason: string }\n"
    "/** What a command's body holds beside its input. */\n"
    "export interface Said { happened?: Time; reason?: string; override?: Override[] }\n"
    "export interface LiveEvent { seq: number; topic: string; id: string }\n";

/* 'a' | 'b' */
static void union_of(struct buf *b, const char *words)
{
    for (const char *p = words; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        buf_printf(b, "%s'%.*s'", p == words ? "" : " | ", (int)strcspn(p, "|"), p);
}

static void type_of(struct buf *b, const struct field *f)
{
    switch (f->type) {
    case FIELD_CODE: union_of(b, f->detail); break;
    case FIELD_DATE: buf_puts(b, "Day"); break;
    case FIELD_TIME: buf_puts(b, "Time"); break;
    case FIELD_INT:
    case FIELD_DEC: buf_puts(b, "number"); break;
    case FIELD_BOOL: buf_puts(b, "boolean"); break;
    case FIELD_QTY: buf_puts(b, "Quantity"); break;
    case FIELD_JSON: buf_puts(b, "unknown"); break;
    default: buf_puts(b, "string"); break;
    }
}

/* The end of a comment must not stand in it. */
static void comment(struct buf *b, const char *text)
{
    for (; *text; text++) {
        buf_addc(b, *text);
        if (text[0] == '*' && text[1] == '/')
            buf_addc(b, ' ');
    }
}

static void print_record(struct buf *b, const struct record *r)
{
    char name[80];
    buf_puts(b, "\n/** ");
    comment(b, r->meaning);
    buf_printf(b, " */\nexport interface %s {\n", describe_name(r, name));
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        bool unit = (f->type == FIELD_INT || f->type == FIELD_DEC) && f->detail[0];
        buf_puts(b, "  /** ");
        comment(b, f->meaning);
        buf_printf(b, "%s%s%s */\n  %s%s: ", unit ? " [" : "", unit ? f->detail : "", unit ? "]" : "", f->name,
                   f->need == MUST ? "" : "?");
        type_of(b, f);
        buf_addc(b, '\n');
    }
    buf_puts(b, "}\n");
}

static void print_roles(struct buf *b, unsigned bits)
{
    bool first = true;
    buf_addc(b, '[');
    for (int i = 0; role_words[i]; i++)
        if ((bits & (1u << i)) && (1u << i) != ROLE_SYSTEM) {
            buf_printf(b, "%s'%s'", first ? "" : ", ", role_words[i]);
            first = false;
        }
    buf_addc(b, ']');
}

static void print_commands(struct buf *b)
{
    const struct command *c;
    char name[80];
    buf_puts(b, "\n/** Command name to its input. */\nexport interface Commands {\n");
    for (int i = 0; (c = command_at(i)); i++) {
        if (c->roles == ROLE_SYSTEM)
            continue;
        buf_puts(b, "  /** ");
        comment(b, c->meaning);
        buf_printf(b, " */\n  '%s': ", c->name);
        if (command_takes_password(c)) /* sent beside the input; the server makes the hash */
            buf_printf(b, "Omit<%s, 'hash'>\n", describe_name(c->in, name));
        else
            buf_printf(b, "%s\n", describe_name(c->in, name));
    }
    buf_puts(b, "}\n\nexport const commandRoles: Record<keyof Commands, Role[]> = {\n");
    for (int i = 0; (c = command_at(i)); i++) {
        if (c->roles == ROLE_SYSTEM)
            continue;
        buf_printf(b, "  '%s': ", c->name);
        print_roles(b, c->roles);
        buf_puts(b, ",\n");
    }
    buf_puts(b, "}\n");
}

static void print_views(struct buf *b)
{
    const struct view_type *v;
    char name[80];
    buf_puts(b, "\n/** View name to its parameters and its answer. */\nexport interface Views {\n");
    for (int i = 0; (v = view_at(i)); i++) {
        buf_puts(b, "  /** ");
        comment(b, v->meaning);
        buf_printf(b, " */\n  '%s': {\n    params: %s\n    answer: {\n", v->name, describe_name(v->params, name));
        for (int k = 0; k < v->member_count; k++)
            buf_printf(b, "      %s: %s%s\n", v->members[k].name, describe_name(v->members[k].row, name),
                       v->members[k].many ? "[]" : " | null");
        buf_puts(b, "    }\n  }\n");
    }
    buf_puts(b, "}\n\nexport const viewRoles: Record<keyof Views, Role[]> = {\n");
    for (int i = 0; (v = view_at(i)); i++) {
        buf_printf(b, "  '%s': ", v->name);
        print_roles(b, v->roles);
        buf_puts(b, ",\n");
    }
    buf_puts(b, "}\n");
}

static void print_me(struct buf *b)
{
    buf_puts(b, "\nexport type Role = ");
    for (int i = 0; role_words[i] && (1u << i) != ROLE_SYSTEM; i++)
        buf_printf(b, "%s'%s'", i ? " | " : "", role_words[i]);
    buf_puts(
        b,
        "\n/** GET /api/me */\nexport interface Me {\n  id: string\n  login: string\n  name: string\n  badge?: string\n  roles: Role[]\n"
        "  /** for the role patient: who they are */\n  patient?: string\n  csrf: string\n  ends: Time\n  site: SiteInfo\n"
        "  site_number: number\n  /** care time; speed_thousandths 1000 is life */\n  now: Time\n  real_now: Time\n  clock: string\n"
        "  speed_thousandths: number\n  demo: boolean\n  /** hash of the clinical content in force */\n  content?: string\n"
                "  /** of the content this server has read and content.release would bring into force */\n  candidate?: string\n}\n"
        "/** GET /api/demo */\nexport interface Demo {\n  demo: true\n  site: string | null\n  password: string\n"
        "  people: { login: string; name: string; roles: string; badge?: string; patient?: string }[]\n}\n");
}

void describe_types(struct buf *b)
{
    const struct record *list[DESCRIBE_RECORDS_MAX];
    int count = describe_records(list);
    buf_puts(b, head);
    print_me(b);
    for (int i = 0; i < count; i++)
        print_record(b, list[i]);
    print_commands(b);
    print_views(b);
}
