#include "serve/problem.h"

#include <stdio.h>

static const struct {
    int status;
    const char *word, *title;
} kinds[] = {
    [ERR_NONE] = {500, "internal", "Something went wrong here"},
    [ERR_INPUT] = {400, "input", "The request cannot be read"},
    [ERR_SIGNED_OUT] = {401, "signed-out", "Please sign in"},
    [ERR_FORBIDDEN] = {403, "forbidden", "Not allowed"},
    [ERR_NOT_FOUND] = {404, "not-found", "Not found"},
    [ERR_CONFLICT] = {409, "conflict", "Not possible now"},
    [ERR_TOO_LARGE] = {413, "too-large", "Too large"},
    [ERR_REFUSED] = {422, "refused", "Refused"},
    [ERR_BUSY] = {503, "busy", "Busy, please try again"},
    [ERR_STORE] = {500, "store", "The store failed"},
    [ERR_INTERNAL] = {500, "internal", "Something went wrong here"},
};

int problem_status(enum err_kind k)
{
    return kinds[k].status;
}

const char *problem_title(enum err_kind k)
{
    return kinds[k].title;
}

static void refusal_json(struct json *j, const struct refusal *f)
{
    json_object(j, NULL);
    if (f->id)
        json_str(j, "id", f->id);
    json_str(j, "rule", f->rule);
    json_str(j, "severity", f->severity);
    json_str(j, "says", f->says);
    json_raw(j, "facts", f->facts ? f->facts : "{}");
    json_str(j, "facts_hash", f->facts_hash);
    if (f->who)
        json_str(j, "who", f->who);
    json_end(j, '}');
}

static void head_json(struct json *j, int status, const char *word, const char *title, const struct err *e)
{
    char type[64];
    snprintf(type, sizeof type, "urn:venule:problem:%s", word);
    json_object(j, NULL);
    json_str(j, "type", type);
    json_str(j, "title", title);
    json_int(j, "status", status);
    if (e->text[0])
        json_str(j, "detail", e->text);
    if (e->where[0])
        json_str(j, "field", e->where);
}

void problem_json(struct json *j, const struct err *e, const struct refusal *refusals, int count)
{
    head_json(j, kinds[e->kind].status, kinds[e->kind].word, kinds[e->kind].title, e);
    if (count) {
        json_list(j, "refusals");
        for (int i = 0; i < count; i++)
            refusal_json(j, &refusals[i]);
        json_end(j, ']');
    }
    json_end(j, '}');
}

void problem_answer(struct http_resp *r, const struct err *e)
{
    struct json j;
    buf_clear(&r->body);
    json_init(&j, &r->body);
    problem_json(&j, e, NULL, 0);
    r->status = problem_status(e->kind);
    r->type = "application/problem+json";
}

void problem_set(struct http_resp *r, enum err_kind k, const char *where, const char *text)
{
    struct err e = {.kind = ERR_NONE};
    err_set(&e, k, where, "%s", text);
    problem_answer(r, &e);
}

void problem_other(struct http_resp *r, int status, const char *word, const char *title, const struct err *e)
{
    struct json j;
    buf_clear(&r->body);
    json_init(&j, &r->body);
    head_json(&j, status, word, title, e);
    json_end(&j, '}');
    r->status = status;
    r->type = "application/problem+json";
}
