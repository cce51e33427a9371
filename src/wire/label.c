#include "wire/label.h"

#include "wire/paper.h"

enum { LEFT = 40, WIDE = 620, FULL = 920 };

static int pair(struct paper *p, int y, const char *name, const char *value)
{
    if (!value || !value[0])
        return y;
    paper_text(p, LEFT, y, 160, 75, false, name);
    return paper_text(p, LEFT + 160, y, WIDE - 160, 80, false, value);
}

bool label_pdf(const struct label *l, struct buf *out, struct err *e)
{
    if (!l->barcode || !l->barcode[0])
        return err_set(e, ERR_CONFLICT, "barcode", "the bag has no barcode yet: label it first");
    struct paper *p = paper_new(out, 100, 70);
    int y = paper_text(p, LEFT, 30, FULL, 65, false, l->site);
    y = paper_text(p, LEFT, y, FULL, 120, true, l->patient);
    y = paper_text(p, LEFT, y, FULL, 75, false, l->born);
    paper_line(p, LEFT, y + 4, LEFT + FULL, y + 4);
    y = paper_text(p, LEFT, y + 14, WIDE, 130, true, l->drug);
    y = paper_text(p, LEFT, y, WIDE, 130, true, l->dose);
    y = pair(p, y, "in", l->volume);
    y = pair(p, y, "rate", l->rates);
    y = pair(p, y, "start by", l->beyond_use);
    y = pair(p, y, "lot", l->lot);
    y = pair(p, y, "made, checked", l->made_by);
    y = pair(p, y, "", l->checked_by);
    if (l->notes)
        y = paper_text(p, LEFT, y, WIDE, 65, false, l->notes);
    bool ok = paper_datamatrix(p, 700, 220, 250, l->barcode, e);
    paper_text(p, 690, 480, 280, 55, false, l->bag);
    if (l->demo)
        paper_text(p, 690, 560, 280, 100, true, "DEMO");
    return paper_finish(p, e) && ok;
}
