#include "wire/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <zint.h>

#include "base/arena.h"

struct paper {
    struct buf *out;
    cairo_surface_t *surface;
    cairo_t *cr;
};

static cairo_status_t take(void *to, const unsigned char *data, unsigned n)
{
    struct paper *p = to;
    buf_add(p->out, data, n);
    return p->out->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

struct paper *paper_new(struct buf *out, int width_mm, int height_mm)
{
    struct paper *p = mem_alloc(sizeof *p);
    p->out = out;
    p->surface = cairo_pdf_surface_create_for_stream(take, p, width_mm * 72 / 25.4, height_mm * 72 / 25.4);
    p->cr = cairo_create(p->surface);
    cairo_scale(p->cr, 72 / 254.0, 72 / 254.0); /* from here on the unit is a tenth of a millimetre, all whole numbers */
    return p;
}

int paper_text(struct paper *p, int x, int y, int width, int size, bool bold, const char *utf8)
{
    PangoLayout *l = pango_cairo_create_layout(p->cr);
    PangoFontDescription *f = pango_font_description_from_string("DejaVu Sans");
    int w, h;
    pango_font_description_set_absolute_size(f, size * 254 / 720 * PANGO_SCALE); /* points to our unit */
    pango_font_description_set_weight(f, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, f);
    pango_layout_set_width(l, width * PANGO_SCALE);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(l, utf8 ? utf8 : "", -1);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, l);
    pango_layout_get_size(l, &w, &h);
    pango_font_description_free(f);
    g_object_unref(l);
    return y + h / PANGO_SCALE + 2;
}

void paper_line(struct paper *p, int x1, int y1, int x2, int y2)
{
    cairo_set_line_width(p->cr, 2);
    cairo_move_to(p->cr, x1, y1);
    cairo_line_to(p->cr, x2, y2);
    cairo_stroke(p->cr);
}

static void draw_modules(struct paper *p, const struct zint_symbol *s, int x, int y, int side)
{
    int modules = s->rows > s->width ? s->rows : s->width;
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_scale(p->cr, 1.0 * side / modules, 1.0 * side / modules);
    for (int r = 0; r < s->rows; r++)
        for (int c = 0; c < s->width; c++)
            if (s->encoded_data[r][c >> 3] >> (c & 7) & 1)
                cairo_rectangle(p->cr, c, r, 1, 1);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
}

bool paper_datamatrix(struct paper *p, int x, int y, int side, const char *gs1, struct err *e)
{
    /* zint wants brackets for application identifiers */
    struct buf b;
    buf_init(&b, 400);
    for (const char *c = gs1; *c; c++)
        buf_addc(&b, *c == '(' ? '[' : *c == ')' ? ']' : *c);
    struct zint_symbol *s = ZBarcode_Create();
    s->symbology = BARCODE_DATAMATRIX;
    s->input_mode = GS1_MODE;
    s->option_3 = DM_SQUARE;
    bool ok = buf_ok(&b, "barcode", e);
    if (ok && ZBarcode_Encode(s, (unsigned char *)b.data, (int)b.len) >= ZINT_ERROR)
        ok = err_set(e, ERR_INPUT, "barcode", "cannot be printed: %s", s->errtxt);
    if (ok)
        draw_modules(p, s, x, y, side);
    ZBarcode_Delete(s);
    buf_fini(&b);
    return ok;
}

void paper_page(struct paper *p)
{
    cairo_show_page(p->cr);
}

bool paper_finish(struct paper *p, struct err *e)
{
    cairo_show_page(p->cr);
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    cairo_status_t status = cairo_surface_status(p->surface);
    cairo_surface_destroy(p->surface);
    bool ok = buf_ok(p->out, "pdf", e);
    if (ok && status != CAIRO_STATUS_SUCCESS)
        ok = err_set(e, ERR_INTERNAL, "pdf", "%s", cairo_status_to_string(status));
    mem_free(p);
    return ok;
}
