#include "serve/describe.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "serve/commands.h"
#include "serve/describe_records.h"
#include "serve/views.h"

/* ---- schemas ----------------------------------------------------------------------------------------------------- */

static void codes(struct json *j, const char *words)
{
    json_list(j, "enum");
    for (const char *p = words; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        json_strn(j, NULL, p, strcspn(p, "|"));
    json_end(j, ']');
}

static void schema_kind(struct json *j, const struct field *f)
{
    static const char *const types[] = {
        [FIELD_ID] = "string", [FIELD_REF] = "string", [FIELD_TEXT] = "string", [FIELD_LONG] = "string",
        [FIELD_BLOB] = "string",
        [FIELD_CODE] = "string", [FIELD_DATE] = "string", [FIELD_INT] = "integer", [FIELD_BOOL] = "boolean",
        [FIELD_TIME] = "string", [FIELD_DEC] = "number",
    };
    if (f->type == FIELD_QTY)
        json_str(j, "$ref", "#/components/schemas/Quantity");
    else if (f->type != FIELD_JSON)
        json_str(j, "type", types[f->type]);
    switch (f->type) {
    case FIELD_TEXT: json_int(j, "maxLength", FIELD_TEXT_MAX); break;
    case FIELD_LONG:
    case FIELD_BLOB: json_int(j, "maxLength", (int64_t)field_text_max(f->type)); break;
    case FIELD_CODE: codes(j, f->detail); break;
    case FIELD_DATE: json_str(j, "format", "date"); break;
    case FIELD_TIME: json_str(j, "format", "date-time"); break;
    case FIELD_REF: json_str(j, "x-record", f->detail); break;
    case FIELD_INT:
    case FIELD_DEC:
    case FIELD_QTY:
        if (f->detail[0])
            json_str(j, "x-unit", f->detail);
        break;
    default: break;
    }
}

static void schema_field(struct json *j, const struct field *f)
{
    json_object(j, f->name);
    schema_kind(j, f);
    json_str(j, "description", f->meaning);
    json_end(j, '}');
}

static void schema_record(struct json *j, const struct record *r)
{
    char name[80];
    json_object(j, describe_name(r, name));
    json_str(j, "type", "object");
    json_str(j, "description", r->meaning);
    json_object(j, "properties");
    for (int i = 0; i < r->count; i++)
        schema_field(j, &r->fields[i]);
    json_end(j, '}');
    json_list(j, "required");
    for (int i = 0; i < r->count; i++)
        if (r->fields[i].need == MUST)
            json_str(j, NULL, r->fields[i].name);
    json_end(j, ']');
    json_bool(j, "additionalProperties", false);
    json_end(j, '}');
}

/* What the service speaks besides its records; our own words, kept with the code that makes them. */
static const char shared_schemas[] =
    "\"Quantity\":{\"type\":\"object\",\"description\":\"a number with its UCUM unit\",\"properties\":{\"value\":{\"type\":\"number\"},"
    "\"unit\":{\"type\":\"string\"}},\"required\":[\"value\",\"unit\"],\"additionalProperties\":false},"
    "\"Override\":{\"type\":\"object\",\"description\":\"going past a refusal, on the very facts it was shown with\","
    "\"properties\":{\"rule\":{\"type\":\"string\"},\"facts\":{\"type\":\"string\",\"description\":\"facts_hash of the refusal\"},"
    "\"reason\":{\"type\":\"string\"}},\"required\":[\"rule\",\"facts\",\"reason\"],\"additionalProperties\":false},"
    "\"Note\":{\"type\":\"object\",\"properties\":{\"rule\":{\"type\":\"string\"},\"severity\":{\"type\":\"string\"},"
    "\"says\":{\"type\":\"string\"},\"facts\":{}}},"
    "\"Accepted\":{\"type\":\"object\",\"properties\":{\"seq\":{\"type\":\"integer\",\"description\":\"number of the last event\"},"
    "\"id\":{\"type\":\"string\",\"description\":\"of what was made\"},\"events\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"properties\":{\"seq\":{\"type\":\"integer\"},\"type\":{\"type\":\"string\"},\"subject\":{\"type\":\"string\"}}}},"
    "\"notes\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Note\"}},\"result\":{}},"
    "\"required\":[\"seq\",\"events\",\"notes\"]},"
    "\"Refused\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"},\"rule\":{\"type\":\"string\"},"
    "\"severity\":{\"type\":\"string\",\"enum\":[\"hard stop\",\"needs a reason\",\"note\"]},\"says\":{\"type\":\"string\"},"
    "\"facts\":{},\"facts_hash\":{\"type\":\"string\"},\"who\":{\"type\":\"string\",\"description\":\"roles that may override\"}},"
    "\"required\":[\"rule\",\"severity\",\"says\",\"facts\",\"facts_hash\"]},"
    "\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"field\":{\"type\":\"string\",\"description\":\"what to mend\"},"
    "\"refusals\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Refused\"}}},\"required\":[\"type\",\"title\",\"status\"]}";

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static void roles(struct json *j, const char *key, unsigned bits)
{
    json_list(j, key);
    for (int i = 0; role_words[i]; i++)
        if (bits & (1u << i))
            json_str(j, NULL, role_words[i]);
    json_end(j, ']');
}

static void answer(struct json *j, const char *status, const char *says, const char *type, const char *schema)
{
    json_object(j, status);
    json_str(j, "description", says);
    json_object(j, "content");
    json_object(j, type);
    json_object(j, "schema");
    json_str(j, "$ref", schema);
    json_end(j, '}');
    json_end(j, '}');
    json_end(j, '}');
    json_end(j, '}');
}

static void problems(struct json *j, bool refused)
{
    if (refused)
        answer(j, "422", "refused by a clinical rule", "application/problem+json", "#/components/schemas/Problem");
    answer(j, "default", "an error that names the field", "application/problem+json", "#/components/schemas/Problem");
}

static void header_param(struct json *j, const char *name, const char *says)
{
    json_object(j, NULL);
    json_str(j, "name", name);
    json_str(j, "in", "header");
    json_bool(j, "required", true);
    json_str(j, "description", says);
    json_raw(j, "schema", "{\"type\":\"string\"}");
    json_end(j, '}');
}

static void command_body(struct json *j, const struct command *c)
{
    char ref[120];
    json_object(j, "requestBody");
    json_bool(j, "required", true);
    json_object(j, "content");
    json_object(j, "application/json");
    json_object(j, "schema");
    json_str(j, "type", "object");
    json_object(j, "properties");
    json_object(j, "input");
    json_str(j, "$ref", describe_ref(c->in, ref));
    json_end(j, '}');
    json_raw(j, "happened",
             "{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"when it happened, if not now\"}");
    json_raw(j, "reason", "{\"type\":\"string\",\"maxLength\":400}");
    json_raw(j, "override", "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Override\"}}");
    if (command_takes_password(c))
        json_raw(j, "password", "{\"type\":\"string\",\"description\":\"takes the place of the input's hash\"}");
    json_end(j, '}');
    json_bool(j, "additionalProperties", false);
    json_end(j, '}');
    json_end(j, '}');
    json_end(j, '}');
    json_end(j, '}');
}

static void command_path(struct json *j, const struct command *c)
{
    char path[120];
    snprintf(path, sizeof path, "/api/command/%s", c->name);
    json_object(j, path);
    json_object(j, "post");
    json_str(j, "operationId", c->name);
    json_str(j, "summary", c->meaning);
    roles(j, "x-roles", c->roles & ~(unsigned)ROLE_SYSTEM);
    json_list(j, "parameters");
    header_param(j, "Idempotency-Key", "the caller's name for this very command: sent twice, done once");
    header_param(j, "X-CSRF-Token", "as /api/me gives it");
    json_end(j, ']');
    command_body(j, c);
    json_object(j, "responses");
    answer(j, "200", "accepted: its events are on the disk", "application/json", "#/components/schemas/Accepted");
    problems(j, true);
    json_end(j, '}');
    json_end(j, '}');
    json_end(j, '}');
}

static void view_params(struct json *j, const struct view_type *v)
{
    json_list(j, "parameters");
    for (int i = 0; i < v->params->count; i++) {
        const struct field *f = &v->params->fields[i];
        json_object(j, NULL);
        json_str(j, "name", f->name);
        json_str(j, "in", "query");
        json_bool(j, "required", f->need == MUST);
        json_str(j, "description", f->meaning);
        json_object(j, "schema");
        schema_kind(j, f);
        json_end(j, '}');
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void view_answer(struct json *j, const struct view_type *v)
{
    char ref[120];
    json_str(j, "type", "object");
    json_object(j, "properties");
    for (int i = 0; i < v->member_count; i++) {
        const struct view_member *m = &v->members[i];
        json_object(j, m->name);
        if (m->many) {
            json_str(j, "type", "array");
            json_object(j, "items");
        } else {
            json_list(j, "anyOf");
            json_object(j, NULL);
        }
        json_str(j, "$ref", describe_ref(m->row, ref));
        json_end(j, '}');
        if (!m->many) {
            json_raw(j, NULL, "{\"type\":\"null\"}");
            json_end(j, ']');
        }
        json_end(j, '}');
    }
    json_end(j, '}');
}

static void view_path(struct json *j, const struct view_type *v)
{
    char path[120];
    snprintf(path, sizeof path, "/api/view/%s", v->name);
    json_object(j, path);
    json_object(j, "get");
    json_str(j, "operationId", v->name);
    json_str(j, "summary", v->meaning);
    roles(j, "x-roles", v->roles & ~(unsigned)ROLE_SYSTEM);
    view_params(j, v);
    json_object(j, "responses");
    json_object(j, "200");
    json_str(j, "description", "as of the ledger number in X-Ledger-Seq");
    json_object(j, "content");
    json_object(j, "application/json");
    json_object(j, "schema");
    view_answer(j, v);
    for (int i = 0; i < 4; i++)
        json_end(j, '}');
    problems(j, false);
    for (int i = 0; i < 3; i++)
        json_end(j, '}');
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* Compact JSON with line ends and two blanks a level, so that a change is seen line by line. */
static void indent(struct buf *out, const char *s)
{
    int depth = 0;
    bool text = false;
    for (; *s; s++) {
        bool opens = *s == '{' || *s == '[', closes = *s == '}' || *s == ']';
        if (text) {
            buf_addc(out, *s);
            if (*s == '\\' && s[1])
                buf_addc(out, *++s);
            else if (*s == '"')
                text = false;
            continue;
        }
        if (closes)
            depth--;
        if (closes && s[-1] != '{' && s[-1] != '[')
            buf_printf(out, "\n%*s", depth * 2, "");
        buf_addc(out, *s);
        text = *s == '"';
        if (opens)
            depth++;
        if ((opens && s[1] != '}' && s[1] != ']') || *s == ',')
            buf_printf(out, "\n%*s", depth * 2, "");
        if (*s == ':')
            buf_addc(out, ' ');
    }
    buf_addc(out, '\n');
}

void describe_openapi(struct buf *out)
{
    struct buf b;
    struct json j;
    const struct command *c;
    const struct view_type *v;
    const struct record *list[DESCRIBE_RECORDS_MAX];
    int count = describe_records(list);
    buf_init(&b, DESCRIBE_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "openapi", "3.1.0");
    json_raw(&j, "info", "{\"title\":\"venule\",\"version\":\"0.1.0\",\"summary\":\"open infusion service\","
                         "\"description\":\"Commands change, views show, /api/events tells what changed. Shipped content is DEMO; not a medical device.\","
                         "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}");
    json_object(&j, "paths");
    for (int i = 0; (c = command_at(i)); i++)
        if (c->roles != ROLE_SYSTEM)
            command_path(&j, c);
    for (int i = 0; (v = view_at(i)); i++)
        view_path(&j, v);
    describe_fixed_paths(&j);
    json_end(&j, '}');
    json_object(&j, "components");
    json_object(&j, "schemas");
    for (int i = 0; i < count; i++)
        schema_record(&j, list[i]);
    buf_printf(&b, ",%s", shared_schemas);
    json_end(&j, '}');
    json_raw(&j, "securitySchemes", "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"venule\"}}");
    json_end(&j, '}');
    json_raw(&j, "security", "[{\"session\":[]}]");
    json_end(&j, '}');
    indent(out, buf_str(&b));
    buf_fini(&b);
}
