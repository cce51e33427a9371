#include "wire/pcd.h"

#include "wire/pcd_read.h"

#include <stdio.h>
#include <string.h>

enum { PARTS = 5, NODES_MAX = 256 };

/* A place in the containment tree of one OBR: MDS.VMD.CHANNEL, zeros at the end for the higher levels. */
struct node {
    int part[3];
    enum pcd_term term;
    enum pcd_source source;
    utc_t at; /* OBX-14; UTC_NONE */
    bool offset_known;
    const char *serial;
};

/* What a pump's delivery channel says, by MDS and VMD. */
struct delivery {
    int part[2];
    enum pcd_infusing infusing;
    struct dec flow;
    enum pcd_source active;
};

struct walk {
    struct pcd_reader r;
    struct pcd_message *out;
    const char *patient_id, *order_id;
    utc_t obr_at; /* OBR-7 */
    bool obr_offset_known;
    const struct hl7_segment *obr;
    struct node *node;
    int nodes;
    struct delivery *delivery;
    int deliveries;
    int first_channel; /* of this OBR */
    uint64_t seen[PCD_CHANNELS_MAX]; /* bit per term */
    int place[PCD_CHANNELS_MAX][3];  /* each channel's path as numbers */
    int nodes_max;
    bool has_event, has_alarm;
};

static const char *first_of(struct pcd_reader *r, const struct hl7_segment *s, int field, int comp)
{
    return hl7_text(r->a, r->m, hl7_at(r->m, s, field, comp));
}

/* --- envelope --- */

static bool supported_version(struct hl7_span v)
{
    static const char *const ok[] = {"2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2", "2.9"};
    for (size_t i = 0; i < sizeof ok / sizeof ok[0]; i++)
        if (hl7_is(v, ok[i]))
            return true;
    return false;
}

static bool message_type(struct walk *w, const struct hl7_segment *msh)
{
    struct pcd_reader *r = &w->r;
    struct hl7_span type = hl7_at(r->m, msh, 9, 1), event = hl7_at(r->m, msh, 9, 2);
    if (hl7_empty(type) || hl7_empty(event))
        return pcd_refuse(r, msh, 9, 0, HL7_FIELD_MISSING, "MSH-9 message type is missing");
    if (!hl7_is(type, "ORU"))
        return pcd_refuse(r, msh, 9, 1, HL7_BAD_MESSAGE_TYPE, "Message type %.*s is not received here; ORU is",
                          (int)(type.n > 20 ? 20 : type.n), type.p);
    if (hl7_is(event, "R01"))
        w->out->kind = PCD_01_OBSERVATION;
    else if (hl7_is(event, "R42"))
        w->out->kind = PCD_10_EVENT;
    else if (hl7_is(event, "R40"))
        w->out->kind = PCD_04_ALARM;
    else
        return pcd_refuse(r, msh, 9, 2, HL7_BAD_EVENT, "ORU event %.*s is not received here; R01, R40 and R42 are",
                          (int)(event.n > 20 ? 20 : event.n), event.p);
    return true;
}

static bool envelope(struct walk *w, const struct hl7_segment *msh)
{
    struct pcd_reader *r = &w->r;
    struct pcd_message *out = w->out;
    out->control_id = first_of(r, msh, 10, 1);
    out->sender = hl7_text(r->a, r->m, hl7_field(msh, 3));
    out->facility = hl7_text(r->a, r->m, hl7_field(msh, 4));
    struct hl7_span processing = hl7_at(r->m, msh, 11, 1), version = hl7_at(r->m, msh, 12, 1);
    if (!message_type(w, msh))
        return false;
    if (!out->control_id)
        return pcd_refuse(r, msh, 10, 0, HL7_FIELD_MISSING, "MSH-10 message control id is missing");
    if (!out->sender)
        return pcd_refuse(r, msh, 3, 0, HL7_FIELD_MISSING, "MSH-3 sending application is missing");
    if (hl7_empty(processing) || hl7_empty(version))
        return pcd_refuse(r, msh, hl7_empty(processing) ? 11 : 12, 0, HL7_FIELD_MISSING, "MSH-11 and MSH-12 are needed");
    if (!hl7_is(processing, "P") && !(r->o->accept_test && (hl7_is(processing, "T") || hl7_is(processing, "D"))))
        return pcd_refuse(r, msh, 11, 1, HL7_BAD_PROCESSING_ID, "Processing id %.*s is not received here; P is",
                          (int)(processing.n > 10 ? 10 : processing.n), processing.p);
    if (!supported_version(version))
        return pcd_refuse(r, msh, 12, 1, HL7_BAD_VERSION, "Version %.*s is not received here; 2.6 is",
                          (int)(version.n > 10 ? 10 : version.n), version.p);
    return pcd_time(r, msh, 7, &out->sent, NULL);
}

/* PID-3: the medical record number if one repetition says so, else the first. Pumps that know no patient send an
 * empty id, the null value or a name like "Unknown Patient". */
static void patient(struct walk *w, const struct hl7_segment *pid)
{
    struct pcd_reader *r = &w->r;
    struct hl7_span list = hl7_field(pid, 3), pick = hl7_rep(r->m, list, 1);
    for (int i = 1; i <= hl7_reps(r->m, list); i++)
        if (hl7_is(hl7_comp(r->m, hl7_rep(r->m, list, i), 5), "MR")) {
            pick = hl7_rep(r->m, list, i);
            break;
        }
    const char *id = hl7_text(r->a, r->m, hl7_comp(r->m, pick, 1));
    const char *family = hl7_text(r->a, r->m, hl7_sub(r->m, hl7_at(r->m, pid, 5, 1), 1));
    bool unknown = (id && strncasecmp(id, "unknown", 7) == 0) || (!id && family && strncasecmp(family, "unknown", 7) == 0);
    w->patient_id = unknown ? NULL : id;
    if (w->out->patient_id || unknown)
        return;
    w->out->patient_id = id;
    w->out->patient_family = family;
    w->out->patient_given = first_of(r, pid, 5, 2);
    w->out->patient_birth = first_of(r, pid, 7, 1);
}

/* --- containment --- */

static void path_text(const int part[3], char out[PCD_PATH_MAX])
{
    snprintf(out, PCD_PATH_MAX, "%d.%d.%d", part[0], part[1], part[2]);
}

/* OBX-4 "1.1.2.5" into numbers; *count of them. */
static bool obx_path(struct walk *w, const struct hl7_segment *obx, int part[PARTS], int *count)
{
    struct hl7_span s = hl7_at(w->r.m, obx, 4, 1);
    if (hl7_empty(s))
        return pcd_refuse(&w->r, obx, 4, 0, HL7_FIELD_MISSING, "OBX-4 (place in the device) is missing");
    *count = 0;
    for (size_t i = 0; i <= s.n;) {
        size_t from = i;
        int n = 0;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i - from < 8)
            n = n * 10 + (s.p[i++] - '0');
        if (i == from || (i < s.n && s.p[i] != '.') || *count == PARTS)
            return pcd_refuse(&w->r, obx, 4, 1, HL7_DATA_TYPE, "OBX-4 \"%.*s\" is not numbers with points, such as 1.1.2.5",
                              (int)(s.n > 40 ? 40 : s.n), s.p);
        part[(*count)++] = n;
        i++;
    }
    if (*count < 4)
        return pcd_refuse(&w->r, obx, 4, 1, HL7_DATA_TYPE, "OBX-4 has %d parts; device, part, channel and metric make four", *count);
    return true;
}

static struct node *node_find(struct walk *w, int mds, int vmd, int chan)
{
    for (int i = 0; i < w->nodes; i++)
        if (w->node[i].part[0] == mds && w->node[i].part[1] == vmd && w->node[i].part[2] == chan)
            return &w->node[i];
    return NULL;
}

static struct delivery *delivery_at(struct walk *w, const int part[])
{
    for (int i = 0; i < w->deliveries; i++)
        if (w->delivery[i].part[0] == part[0] && w->delivery[i].part[1] == part[1])
            return &w->delivery[i];
    if (w->deliveries == PCD_CHANNELS_MAX)
        return NULL;
    struct delivery *d = &w->delivery[w->deliveries++];
    *d = (struct delivery){.part = {part[0], part[1]}, .flow = DEC_NONE};
    return d;
}

static bool device_row(struct walk *w, const struct hl7_segment *obx, const int part[PARTS], const struct pcd_term_row *t)
{
    struct pcd_reader *r = &w->r;
    if (w->nodes == w->nodes_max)
        return pcd_refuse(r, obx, 0, 0, HL7_SEGMENT_SEQUENCE, "Over %d device rows in one OBR", NODES_MAX);
    struct node *n = &w->node[w->nodes++];
    *n = (struct node){.part = {part[0], part[1], part[2]}, .at = UTC_NONE, .offset_known = true};
    n->term = t ? t->term : TERM_OTHER;
    n->source = t ? t->source : PCD_SOURCE_UNKNOWN;
    struct hl7_span ids = hl7_field(obx, 18);
    struct hl7_span top = hl7_rep(r->m, ids, hl7_reps(r->m, ids)); /* lowest level first: the last is the pump */
    n->serial = hl7_text(r->a, r->m, hl7_comp(r->m, top, 1));
    if (!n->serial)
        n->serial = hl7_text(r->a, r->m, hl7_comp(r->m, top, 3));
    if (n->serial && !w->out->serial) {
        w->out->serial = n->serial;
        w->out->model = hl7_text(r->a, r->m, hl7_comp(r->m, top, 2));
    }
    return pcd_time(r, obx, 14, &n->at, &n->offset_known);
}

static struct pcd_channel *channel_at(struct walk *w, const struct hl7_segment *obx, const int part[PARTS])
{
    struct pcd_message *out = w->out;
    for (int i = w->first_channel; i < out->channel_count; i++)
        if (memcmp(w->place[i], part, sizeof w->place[i]) == 0)
            return &out->channel[i];
    if (out->channel_count == PCD_CHANNELS_MAX) {
        pcd_refuse(&w->r, obx, 4, 1, HL7_SEGMENT_SEQUENCE, "Over %d channels in one message", PCD_CHANNELS_MAX);
        return NULL;
    }
    memcpy(w->place[out->channel_count], part, sizeof w->place[0]);
    struct pcd_channel *c = &out->channel[out->channel_count++];
    path_text(part, c->path);
    c->patient_id = w->patient_id;
    c->order_id = w->order_id;
    c->observed = c->volume_at = UTC_NONE;
    c->flow_ml_h = c->programmed_ml_h = c->vtbi_ml = c->vtbi_remain_ml = c->total_ml = c->segment_ml = DEC_NONE;
    c->weight_kg = DEC_NONE;
    c->dose_rate = c->concentration = QTY_NONE;
    c->remaining_s = INT64_MIN;
    return c;
}

/* --- metrics --- */

static bool remaining(struct walk *w, const struct hl7_segment *obx, int64_t *out)
{
    struct dec s;
    if (!pcd_number(&w->r, obx, "s", &s))
        return false;
    if (!dec_is(s) || !dec_to_int(s, DEC_HALF_AWAY, out))
        return pcd_refuse(&w->r, obx, 5, 1, HL7_DATA_TYPE, "OBX-5 is too long a time");
    return true;
}

static bool old_status(struct walk *w, const struct hl7_segment *obx, struct pcd_channel *c)
{
    c->delivery = pcd_delivery_word(&w->r, obx);
    if (c->delivery != PCD_DELIVERY_UNKNOWN)
        c->infusing = c->delivery == PCD_NOT_DELIVERING ? PCD_NOT_INFUSING : PCD_INFUSING;
    return true;
}

static bool channel_metric(struct walk *w, const struct hl7_segment *obx, enum pcd_term term, struct pcd_channel *c)
{
    struct pcd_reader *r = &w->r;
    switch (term) {
    case TERM_INFUSING: c->infusing = pcd_infusing_word(r, obx); return true;
    case TERM_FLOW: return pcd_number(r, obx, "mL/h", &c->flow_ml_h);
    case TERM_ACTIVE_SOURCE: c->active_source = pcd_source_word(r, obx); return true;
    case TERM_DELIVERY_STATUS: c->delivery = pcd_delivery_word(r, obx); return true;
    case TERM_REASON: c->reason = pcd_reason_word(r, obx); return true;
    case TERM_MODE: c->mode = pcd_mode_word(r, obx); return true;
    case TERM_LABEL: c->label = pcd_string(r, obx); return true;
    case TERM_PROGRAMMED: return pcd_number(r, obx, "mL/h", &c->programmed_ml_h);
    case TERM_DOSE_RATE: return pcd_quantity(r, obx, &c->dose_rate);
    case TERM_VTBI: return pcd_number(r, obx, "mL", &c->vtbi_ml);
    case TERM_VTBI_REMAIN: return pcd_number(r, obx, "mL", &c->vtbi_remain_ml);
    case TERM_TOTAL: return pcd_time(r, obx, 14, &c->volume_at, NULL) && pcd_number(r, obx, "mL", &c->total_ml);
    case TERM_SEGMENT: return pcd_number(r, obx, "mL", &c->segment_ml);
    case TERM_REMAINING: return remaining(w, obx, &c->remaining_s);
    case TERM_DRUG: c->drug = pcd_string(r, obx); return true;
    case TERM_CONCENTRATION: return pcd_quantity(r, obx, &c->concentration);
    case TERM_WEIGHT: return pcd_number(r, obx, "kg", &c->weight_kg);
    case TERM_LIBRARY: c->library = pcd_string(r, obx); return true;
    case TERM_LIBRARY_VERSION: c->library_version = pcd_string(r, obx); return true;
    case TERM_CARE_AREA: c->care_area = pcd_string(r, obx); return true;
    case TERM_PUMP_STAT: return old_status(w, obx, c);
    default: return true;
    }
}

static bool delivery_metric(struct walk *w, const struct hl7_segment *obx, enum pcd_term term, struct delivery *d)
{
    switch (term) {
    case TERM_INFUSING: d->infusing = pcd_infusing_word(&w->r, obx); return true;
    case TERM_ACTIVE_SOURCE: d->active = pcd_source_word(&w->r, obx); return true;
    case TERM_FLOW: return pcd_number(&w->r, obx, "mL/h", &d->flow);
    default: return true;
    }
}

/* --- PCD-10 and PCD-04 --- */

static bool event_row(struct walk *w, const struct hl7_segment *obx, const int part[PARTS], enum pcd_term term)
{
    struct pcd_event *ev = &w->out->event;
    struct pcd_reader *r = &w->r;
    if (term == TERM_EVENT_SOURCE) {
        struct hl7_span v = hl7_at(r->m, obx, 5, 1); /* "1.1.2.0": the channel's device row */
        int p[3] = {0}, n = 0;
        for (size_t i = 0; i < v.n && n < 3; i++)
            if (v.p[i] == '.')
                n++;
            else if (v.p[i] >= '0' && v.p[i] <= '9' && p[n] < 1000000)
                p[n] = p[n] * 10 + (v.p[i] - '0');
        path_text(p, ev->path);
        return true;
    }
    struct pcd_code c = pcd_code_of(r, hl7_field(obx, 5));
    ev->code = c.code;
    ev->name = hl7_text(r->a, r->m, c.name);
    if (!ev->code && !ev->name)
        return pcd_refuse(r, obx, 5, 1, HL7_FIELD_MISSING, "OBX-5 names no event");
    ev->what = pcd_happening_of(ev->code, ev->name);
    w->has_event = true;
    struct node *n = node_find(w, part[0], part[1], part[2]);
    ev->at = n && n->at != UTC_NONE ? n->at : w->obr_at;
    return pcd_time(r, obx, 14, &ev->at, NULL);
}

/* OBX-8 of the event row, "PM~SP": deprecated, kept where the facets of their own are missing. */
static void old_priority(struct walk *w, const struct hl7_segment *obx)
{
    static const char *const words[] = {"PN", "PL", "PM", "PH", "SP", "ST", "SA"};
    struct pcd_alarm *al = &w->out->alarm;
    struct hl7_span flags = hl7_field(obx, 8);
    for (int i = 1; i <= hl7_reps(w->r.m, flags); i++)
        for (int k = 0; k < 7; k++)
            if (hl7_is(hl7_comp(w->r.m, hl7_rep(w->r.m, flags, i), 1), words[k])) {
                const char **to = k < 4 ? &al->priority : &al->type;
                if (!*to)
                    *to = words[k];
            }
}

static bool alarm_event_row(struct walk *w, const struct hl7_segment *obx)
{
    struct pcd_reader *r = &w->r;
    struct pcd_alarm *al = &w->out->alarm;
    struct pcd_code c = pcd_code_of(r, hl7_field(obx, 5));
    al->code = c.code;
    al->name = hl7_text(r->a, r->m, c.name);
    const char *text = hl7_text(r->a, r->m, c.text);
    if (text && !al->text)
        al->text = text;
    if (!al->code && !al->name)
        return pcd_refuse(r, obx, 5, 1, HL7_FIELD_MISSING, "OBX-5 names no alarm");
    w->has_alarm = true;
    old_priority(w, obx);
    al->at = w->obr_at;
    return pcd_time(r, obx, 14, &al->at, NULL);
}

static bool alarm_row(struct walk *w, const struct hl7_segment *obx, enum pcd_term term)
{
    struct pcd_reader *r = &w->r;
    struct pcd_alarm *al = &w->out->alarm;
    const char *s = pcd_string(r, obx);
    switch (term) {
    case TERM_ALARM: return alarm_event_row(w, obx);
    case TERM_ALERT_SOURCE: al->source = s; break;
    case TERM_PHASE: al->phase = s; break;
    case TERM_STATE: al->state = s; break;
    case TERM_INACTIVATION: al->inactivation = s; break;
    case TERM_PRIORITY: al->priority = s ? s : al->priority; break; /* wins over OBX-8 */
    case TERM_ALERT_TYPE: al->type = s ? s : al->type; break;
    case TERM_ALERT_TEXT: al->text = s ? s : al->text; break; /* the sender's words win over the code's name */
    default: break;
    }
    return true;
}

static enum pcd_term facet(int n)
{
    static const enum pcd_term facets[] = {TERM_OTHER, TERM_ALARM, TERM_ALERT_SOURCE, TERM_PHASE, TERM_STATE,
                                           TERM_INACTIVATION, TERM_PRIORITY, TERM_ALERT_TYPE, TERM_ALERT_TEXT};
    return n >= 1 && n <= 8 ? facets[n] : TERM_OTHER;
}

/* --- the walk --- */

static bool metric_row(struct walk *w, const struct hl7_segment *obx, const int part[PARTS], enum pcd_term term)
{
    struct pcd_message *out = w->out;
    if (term == TERM_BATTERY)
        return pcd_number(&w->r, obx, "%", &out->battery_percent);
    bool of_pump = term == TERM_INFUSING || term == TERM_FLOW || term == TERM_ACTIVE_SOURCE;
    struct node *n = node_find(w, part[0], part[1], part[2]);
    if (of_pump && (!n || n->term != TERM_SOURCE)) {
        struct delivery *d = delivery_at(w, part);
        return d ? delivery_metric(w, obx, term, d) : true;
    }
    struct pcd_channel *c = channel_at(w, obx, part);
    if (!c)
        return false;
    uint64_t bit = UINT64_C(1) << term;
    ptrdiff_t i = c - out->channel;
    if (w->seen[i] & bit) {
        out->repeated++;
        return true;
    }
    w->seen[i] |= bit;
    return channel_metric(w, obx, term, c);
}

static bool obx_row(struct walk *w, const struct hl7_segment *obx)
{
    struct pcd_reader *r = &w->r;
    if (!w->obr)
        return pcd_refuse(r, obx, 0, 0, HL7_SEGMENT_SEQUENCE, "OBX before any OBR");
    struct pcd_code c = pcd_code_of(r, hl7_field(obx, 3));
    if (!c.code && hl7_empty(c.name))
        return pcd_refuse(r, obx, 3, 0, HL7_FIELD_MISSING, "OBX-3 (what was observed) is missing");
    const struct pcd_term_row *t = pcd_term_find(c.code, c.name.p, c.name.n);
    bool device = hl7_empty(hl7_field(obx, 2)) && hl7_empty(hl7_field(obx, 5));
    if (!t && !device)
        return true; /* a metric this program does not read */
    int part[PARTS] = {0}, count = 0;
    if (!obx_path(w, obx, part, &count))
        return false;
    if (device)
        return device_row(w, obx, part, t);
    enum pcd_term term = t->term;
    bool alarm = w->out->kind == PCD_04_ALARM;
    if (alarm && count == 5)
        term = facet(part[4]) != TERM_OTHER ? facet(part[4]) : term;
    if (!pcd_has_value(r, obx))
        return true;
    if (alarm && (term == TERM_ALARM || (term >= TERM_ALERT_SOURCE && term <= TERM_ALERT_TEXT)))
        return alarm_row(w, obx, term);
    if (term == TERM_EVENT_CODE || term == TERM_EVENT_SOURCE)
        return event_row(w, obx, part, term);
    if (term <= TERM_SOURCE || term >= TERM_EVENT_CODE)
        return true;
    return metric_row(w, obx, part, term);
}

/* The effective OBX-14 of a channel: its own row's, else the VMD's, else the MDS's, else OBR-7. */
static bool close_channel(struct walk *w, int i)
{
    struct pcd_channel *c = &w->out->channel[i];
    const int *p = w->place[i];
    struct node *own = node_find(w, p[0], p[1], p[2]), *vmd = node_find(w, p[0], p[1], 0), *mds = node_find(w, p[0], 0, 0);
    struct node *up[] = {own, vmd, mds};
    c->observed = w->obr_at;
    c->offset_known = w->obr_offset_known;
    for (int k = 2; k >= 0; k--)
        if (up[k] && up[k]->at != UTC_NONE) {
            c->observed = up[k]->at;
            c->offset_known = up[k]->offset_known;
        }
    if (c->volume_at == UTC_NONE)
        c->volume_at = c->observed;
    c->serial = mds && mds->serial ? mds->serial : vmd && vmd->serial ? vmd->serial : own ? own->serial : NULL;
    if (!c->serial)
        c->serial = w->out->serial; /* named once for the whole message */
    c->source = own ? own->source : PCD_SOURCE_UNKNOWN;
    if (c->observed == UTC_NONE)
        return pcd_refuse(&w->r, w->obr, 7, 0, HL7_FIELD_MISSING, "OBR-7 is empty and no OBX-14 says when channel %s was observed", c->path);
    return true;
}

static bool same_vmd(const int *a, const int *b)
{
    return a[0] == b[0] && a[1] == b[1];
}

/* Delivery values go down to the sources of the same VMD; flow only to the one that is active. */
static void share_delivery(struct walk *w)
{
    struct pcd_message *out = w->out;
    for (int i = w->first_channel; i < out->channel_count; i++) {
        struct pcd_channel *c = &out->channel[i];
        int siblings = 0;
        for (int k = w->first_channel; k < out->channel_count; k++)
            siblings += same_vmd(w->place[i], w->place[k]);
        struct delivery *d = NULL;
        for (int k = 0; k < w->deliveries; k++)
            if (same_vmd(w->delivery[k].part, w->place[i]))
                d = &w->delivery[k];
        if (d && c->active_source == PCD_SOURCE_UNKNOWN)
            c->active_source = d->active;
        c->active = siblings == 1 || c->active_source == PCD_SOURCE_UNKNOWN || c->source == PCD_SOURCE_UNKNOWN ||
                    c->active_source == c->source;
        if (d && c->infusing == PCD_INFUSING_UNKNOWN)
            c->infusing = d->infusing;
        if (d && c->active && !dec_is(c->flow_ml_h))
            c->flow_ml_h = d->flow;
    }
}

/* A pump that sends only its delivery values (nothing programmed yet) is still one channel. */
static bool lone_deliveries(struct walk *w)
{
    for (int k = 0; k < w->deliveries; k++) {
        bool has = false;
        int p[PARTS] = {w->delivery[k].part[0], w->delivery[k].part[1]};
        for (int i = w->first_channel; i < w->out->channel_count; i++)
            has |= same_vmd(w->place[i], p);
        if (!has && !channel_at(w, w->obr, p))
            return false;
    }
    return true;
}

static bool close_obr(struct walk *w)
{
    if (!w->obr)
        return true;
    if (!lone_deliveries(w))
        return false;
    for (int i = w->first_channel; i < w->out->channel_count; i++)
        if (!close_channel(w, i))
            return false;
    share_delivery(w);
    w->first_channel = w->out->channel_count;
    w->nodes = w->deliveries = 0;
    return true;
}

static bool obr_row(struct walk *w, const struct hl7_segment *obr)
{
    struct pcd_reader *r = &w->r;
    struct pcd_message *out = w->out;
    if (!close_obr(w))
        return false;
    bool first = !w->obr;
    w->obr = obr;
    w->obr_at = UTC_NONE;
    w->obr_offset_known = true;
    w->order_id = first_of(r, obr, 2, 1);
    if (!pcd_time(r, obr, 7, &w->obr_at, &w->obr_offset_known))
        return false;
    if (!first)
        return true;
    struct hl7_span code = hl7_at(r->m, obr, 4, 1);
    if (out->kind == PCD_01_OBSERVATION && hl7_is(code, "69135"))
        out->kind = PCD_15_EQUIPMENT;
    out->order_id = w->order_id;
    if (out->kind == PCD_04_ALARM) {
        struct hl7_span parent = hl7_at(r->m, obr, 29, 2);
        out->alarm.id = first_of(r, obr, 3, 1);
        out->alarm.parent = hl7_text(r->a, r->m, hl7_sub(r->m, parent, 1));
    } else if (!hl7_is(hl7_at(r->m, obr, 4, 3), "MDC")) { /* an MDC code there is the kind of pump, not a drug */
        out->order_drug_code = first_of(r, obr, 4, 1);
        out->order_drug = first_of(r, obr, 4, 2);
    }
    return true;
}

static bool walk_segments(struct walk *w)
{
    const struct hl7_message *m = w->r.m;
    for (int i = 1; i < m->count; i++) {
        const struct hl7_segment *s = &m->segment[i];
        bool ok = true;
        if (strcmp(s->name, "PID") == 0)
            patient(w, s);
        else if (strcmp(s->name, "PV1") == 0 && !w->out->location)
            w->out->location = hl7_text(w->r.a, m, hl7_field(s, 3));
        else if (strcmp(s->name, "OBR") == 0)
            ok = obr_row(w, s);
        else if (strcmp(s->name, "OBX") == 0 && w->out->kind != PCD_15_EQUIPMENT)
            ok = obx_row(w, s);
        if (!ok)
            return false;
    }
    return close_obr(w);
}

static bool complete(struct walk *w)
{
    struct pcd_message *out = w->out;
    if (!w->obr)
        return pcd_refuse(&w->r, NULL, 0, 0, HL7_SEGMENT_SEQUENCE, "The message has no OBR");
    if (out->kind == PCD_10_EVENT && !w->has_event)
        return pcd_refuse(&w->r, w->obr, 0, 0, HL7_FIELD_MISSING, "No OBX 68487 MDC_ATTR_EVT_COND says what happened");
    if (out->kind == PCD_04_ALARM && !w->has_alarm)
        return pcd_refuse(&w->r, w->obr, 0, 0, HL7_FIELD_MISSING, "No OBX 196616 MDC_EVT_ALARM says which alarm");
    utc_t *at = out->kind == PCD_10_EVENT ? &out->event.at : out->kind == PCD_04_ALARM ? &out->alarm.at : NULL;
    if (at && *at == UTC_NONE)
        return pcd_refuse(&w->r, w->obr, 7, 0, HL7_FIELD_MISSING, "OBR-7 is empty and no OBX-14 says when it happened");
    return true;
}

bool pcd_decode(struct arena *a, const struct hl7_message *m, const struct pcd_options *o, struct pcd_message *out,
                struct hl7_fault *f)
{
    *out = (struct pcd_message){.sent = UTC_NONE, .battery_percent = DEC_NONE};
    *f = (struct hl7_fault){0};
    out->event.at = out->alarm.at = UTC_NONE;
    struct walk *w = ARENA_NEW(a, struct walk);
    static const struct pcd_options plain = {false};
    w->r = (struct pcd_reader){a, m, o ? o : &plain, f};
    w->out = out;
    w->obr_at = UTC_NONE;
    if (m->count == 0)
        return pcd_refuse(&w->r, NULL, 0, 0, HL7_SEGMENT_SEQUENCE, "The message is empty");
    if (!envelope(w, &m->segment[0]))
        return false;
    /* Each is made by a segment of its own. */
    int most = m->count < PCD_CHANNELS_MAX ? m->count : PCD_CHANNELS_MAX;
    w->nodes_max = m->count < NODES_MAX ? m->count : NODES_MAX;
    out->channel = ARENA_ARRAY(a, (size_t)most, struct pcd_channel);
    w->node = ARENA_ARRAY(a, (size_t)w->nodes_max, struct node);
    w->delivery = ARENA_ARRAY(a, (size_t)most, struct delivery);
    return walk_segments(w) && complete(w);
}

bool pcd_fault_unknown_pump(const struct pcd_message *msg, struct hl7_fault *f)
{
    *f = (struct hl7_fault){.segment = "OBX", .nth = 1, .field = 18, .component = 1};
    if (!msg->serial) {
        return hl7_fault_set(f, HL7_FIELD_MISSING, "OBX-18 names no pump: no row carries a serial number");
    }
    return hl7_fault_set(f, HL7_UNKNOWN_KEY, "Pump %.60s is not registered here", msg->serial);
}

/* --- words --- */

const char *pcd_kind_text(enum pcd_kind k)
{
    static const char *const words[] = {"", "PCD-01", "PCD-10", "PCD-04", "PCD-15"};
    return words[k];
}

const char *pcd_delivery_text(enum pcd_delivery d)
{
    static const char *const words[] = {"", "delivering", "not delivering", "transitioning", "kvo"};
    return words[d];
}

const char *pcd_reason_text(enum pcd_reason r)
{
    static const char *const words[] = {"", "stopped by clinician", "switching source", "between doses", "alarming", "not specified"};
    return words[r];
}

const char *pcd_source_text(enum pcd_source s)
{
    static const char *const words[] = {"", "primary", "secondary", "pca", "loading", "clinician", "intermittent"};
    return words[s];
}

const char *pcd_happening_text(enum pcd_happening h)
{
    static const char *const words[] = {"other", "start", "stop", "complete"};
    return words[h];
}
