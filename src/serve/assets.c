#include "serve/assets.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "serve/problem.h"

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
    {".json", "application/json"},         {".map", "application/json"},
    {".png", "image/png"},                 {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},              {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
};

static bool ends_with(const char *s, const char *ending)
{
    size_t n = strlen(s), m = strlen(ending);
    return n >= m && strcmp(s + n - m, ending) == 0;
}

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (ends_with(path, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

/* "app-4F7QK2XA.js": the bundler's hash of the content stands in the name, so the file never changes. */
static bool name_is_hashed(const char *path)
{
    const char *dash = strrchr(path, '-'), *dot = strrchr(path, '.');
    if (!dash || !dot || dot - dash != 9)
        return false;
    for (const char *p = dash + 1; p < dot; p++)
        if (!(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9'))
            return false;
    return true;
}

/* No way up, no hidden files. `path` has no leading slash. */
static bool path_is_plain(const char *path)
{
    if (strlen(path) > 200 || path[0] == '.' || strstr(path, "/.") || strstr(path, "//"))
        return false;
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < ' ' || *p == '\\')
            return false;
    return true;
}

/* ---- built in ---------------------------------------------------------------------------------------------------- */

static bool accepts_gzip(const struct http_req *q)
{
    const char *a = http_header(q, "Accept-Encoding");
    return a && strstr(a, "gzip");
}

MUST_CHECK static bool inflate_into(const struct embed_file *f, struct buf *out)
{
    unsigned char chunk[16384];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)f->data, .avail_in = (uInt)f->len};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    int rc = Z_OK;
    while (rc == Z_OK) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        rc = inflate(&z, Z_NO_FLUSH);
        buf_add(out, chunk, sizeof chunk - z.avail_out);
    }
    inflateEnd(&z);
    return rc == Z_STREAM_END;
}

/* True if there is such a file; the answer is then complete. */
static bool serve_embedded(struct http_req *q, struct http_resp *r, const char *path)
{
    const struct server *s = q->user;
    const struct embed_file *f = embed_find(s->c.ui, arena_printf(q->a, "%s.gz", path));
    bool zipped = f != NULL;
    if (!f)
        f = embed_find(s->c.ui, path);
    if (!f)
        return false;
    const char *etag = arena_printf(q->a, "\"%.32s\"", f->sha256), *known = http_header(q, "If-None-Match");
    http_add_header(r, "ETag", etag);
    http_add_header(r, "Vary", "Accept-Encoding");
    http_add_header(r, "Cache-Control", name_is_hashed(path) ? "public, max-age=31536000, immutable" : "no-cache");
    r->type = type_of(path);
    if (known && strcmp(known, etag) == 0) {
        r->status = 304;
    } else if (!zipped || accepts_gzip(q)) {
        r->fixed = f->data;
        r->fixed_len = f->len;
        if (zipped)
            http_add_header(r, "Content-Encoding", "gzip");
    } else if (!inflate_into(f, &r->body)) {
        problem_set(r, ERR_INTERNAL, "", "this page cannot be read");
    }
    return true;
}

/* ---- from a directory -------------------------------------------------------------------------------------------- */

static bool serve_file(struct http_req *q, struct http_resp *r, const char *path)
{
    const struct server *s = q->user;
    struct stat st;
    int fd = open(arena_printf(q->a, "%s/%s", s->c.ui_dir, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ASSET_MAX;
    char chunk[16384];
    ssize_t n = 0;
    while (ok && (n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(&r->body, chunk, (size_t)n);
    close(fd);
    if (!ok || n < 0) {
        buf_clear(&r->body);
        return false;
    }
    r->type = type_of(path);
    http_add_header(r, "Cache-Control", "no-cache");
    return true;
}

static bool serve_path(struct http_req *q, struct http_resp *r, const char *path)
{
    const struct server *s = q->user;
    if (!path_is_plain(path))
        return false;
    return s->c.ui_dir ? serve_file(q, r, path) : s->c.ui && serve_embedded(q, r, path);
}

void assets_serve(struct http_req *q, struct http_resp *r)
{
    const char *path = q->path + 1;
    if (path[0] && serve_path(q, r, path))
        return;
    const char *last = strrchr(path, '/');
    if (path_is_plain(path) && !strchr(last ? last : path, '.') && serve_path(q, r, "index.html"))
        return; /* an address within the pages */
    problem_set(r, ERR_NOT_FOUND, "", path[0] ? "there is nothing at this address"
                                              : "this server was built without its pages; use --ui-dir");
}
