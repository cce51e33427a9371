/* paper: one PDF in memory: text lines, rules and a GS1 DataMatrix, measured in millimetres.
 *
 * Wraps cairo, pango and zint, which appear nowhere else. One paper per call chain; any thread. Rule: the same
 * formatter that serves the screen made the numbers; nothing is formatted here.
 */
#ifndef WIRE_PAPER_H
#define WIRE_PAPER_H

#include "base/buf.h"

struct paper;
enum { PAPER_PDF_MAX = 4 * 1024 * 1024 };

/* width and height in mm; `out` receives the PDF and must outlive the paper. */
struct paper *paper_new(struct buf *out, int width_mm, int height_mm);
/* Text at x, y (top left, tenths of a mm), at most `width` wide, wrapped; size in tenths of a point. Returns the y
 * below it. */
int paper_text(struct paper *p, int x, int y, int width, int size, bool bold, const char *utf8);
void paper_line(struct paper *p, int x1, int y1, int x2, int y2);
/* GS1 element string in human form, "(01)…(21)…", as a DataMatrix of `side` tenths of a mm. */
MUST_CHECK bool paper_datamatrix(struct paper *p, int x, int y, int side, const char *gs1, struct err *e);
void paper_page(struct paper *p);                  /* a new page */
MUST_CHECK bool paper_finish(struct paper *p, struct err *e); /* and free; the paper is gone either way */

#endif
