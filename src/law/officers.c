/* Requirements for officers (法27条の10, 44条の3, 45条, 71条): what is asked, by the data; how it is counted,
 * here. */
#include "law/program_internal.h"

typedef enum {
    CHECK_POSITION,
    CHECK_EXPERIENCE,
    CHECK_NOT_BARRED,
    CHECK_BEFORE_OPERATIONS,
    CHECK_WITHIN_DESIGNATION,
    CHECK_NOTIFIED,
    CHECK_CERTIFICATE,
    CHECK_TRAINING
} CheckKind;

static const char *const check_ids[] = {
    "position",           "experience", "not-barred",  "before-operations",
    "within-designation", "notified",   "certificate", "training"};

typedef struct {
    CheckKind kind;
    const char *article;
    TkText text;
    int32_t months, recent, from_certificate, every;
} Check;

struct OfficerRule {
    Span span;
    TkOffice office;
    Check checks[TK_OFFICER_CHECKS_MAX];
    size_t count;
};

/* ---- reading ---- */

static bool read_months(const Where *where, const json_t *object, const char *field, int32_t *out)
{
    int64_t value = 0;
    if (!tk_law_read_int(where, object, field, 1, 600, &value))
        return false;
    *out = (int32_t)value;
    return true;
}

static bool read_check(const Where *where, const json_t *object, Check *check)
{
    const char *id = tk_law_read_text(where, object, "check");
    check->article = id == NULL ? NULL : tk_law_read_text(where, object, "article");
    if (check->article == NULL || !tk_law_read_pair(where, object, "text", &check->text))
        return false;
    size_t kind = 0;
    while (kind < G_N_ELEMENTS(check_ids) && strcmp(check_ids[kind], id) != 0)
        kind++;
    if (kind == G_N_ELEMENTS(check_ids))
        return tk_law_bad(where, "checks", "there is no such check; docs/law-format.md lists them");
    check->kind = (CheckKind)kind;
    bool counted = kind == CHECK_EXPERIENCE || kind == CHECK_NOT_BARRED || kind == CHECK_WITHIN_DESIGNATION ||
                   kind == CHECK_TRAINING;
    if (counted && !read_months(where, object, "months", &check->months))
        return false;
    return kind != CHECK_TRAINING ||
           (read_months(where, object, "recent_months", &check->recent) &&
            read_months(where, object, "certificate_months", &check->from_certificate) &&
            read_months(where, object, "every_months", &check->every));
}

bool tk_officer_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules)
{
    OfficerRule *rule = g_new0(OfficerRule, 1);
    g_ptr_array_add(rules, rule);
    rule->span = tk_law_span(entry);
    rule->office.article = entry->article;
    rule->office.office = tk_law_read_text(where, entry->data, "office");
    rule->office.obligation =
        rule->office.office == NULL ? NULL : tk_law_read_text(where, entry->data, "obligation");
    if (rule->office.obligation == NULL || !tk_law_read_pair(where, entry->data, "name", &rule->office.name))
        return false;
    const json_t *checks = tk_law_read_array(where, entry->data, "checks", TK_OFFICER_CHECKS_MAX);
    size_t i;
    json_t *one;
    json_array_foreach(checks, i,
                       one) if (!read_check(where, one, &rule->checks[rule->count++])) return false;
    json_array_foreach(json_object_get(entry->data, "coverage"), i, one)
    {
        rule->office.by_site |= g_strcmp0(json_string_value(one), "site") == 0;
        rule->office.by_prefecture |= g_strcmp0(json_string_value(one), "prefecture") == 0;
    }
    return checks != NULL;
}

/* ---- asking ---- */

static bool in_force(const OfficerRule *rule, TkDate date)
{
    return rule->span.from <= date && date <= rule->span.to;
}

void tk_law_offices(const TkLaw *law, TkDate date, TkOffice *out, size_t max, size_t *count)
{
    *count = 0;
    for (guint i = 0; i < law->programme->officers->len; i++) {
        const OfficerRule *rule = law->programme->officers->pdata[i];
        if (in_force(rule, date) && *count < max)
            out[(*count)++] = rule->office;
    }
}

static TkTri tri(bool yes)
{
    return yes ? TK_YES : TK_NO;
}

/* 主任技術者規則43条の3: from the last training, where it was not too long before the appointment; else from
 * a recent certificate; else from the appointment. */
static TkDate training_due(const Check *check, const TkAppointment *a)
{
    if (a->trained != TK_DATE_NONE && tk_date_add_months(a->trained, check->recent) >= a->appointed)
        return tk_date_month_end(a->trained,
                                 check->every); /* three years from the first of the month after */
    if (a->certificate_issued != TK_DATE_NONE &&
        tk_date_add_months(a->certificate_issued, check->recent) >= a->appointed)
        return tk_date_add_months(a->certificate_issued, check->from_certificate);
    return tk_date_add_months(a->appointed, check->months);
}

static void ask_time(const Check *check, const TkAppointment *a, TkOfficerCheck *out)
{
    if (a->successor) { /* no day is set for who follows */
        out->met = TK_YES;
        return;
    }
    TkDate limit = check->kind == CHECK_WITHIN_DESIGNATION ? a->designated : a->operations_begin;
    if (check->kind == CHECK_BEFORE_OPERATIONS && a->designated != TK_DATE_NONE)
        out->due = tk_date_add_months(a->designated, 3);
    else if (check->kind == CHECK_WITHIN_DESIGNATION && limit != TK_DATE_NONE)
        out->due = tk_date_add_months(limit, check->months);
    else if (limit != TK_DATE_NONE)
        out->due = limit - 1;
    if (out->due != TK_DATE_NONE && a->appointed != TK_DATE_NONE)
        out->met = tri(a->appointed <= out->due);
}

static void ask(const Check *check, const TkAppointment *a, TkDate date, TkOfficerCheck *out)
{
    *out = (TkOfficerCheck){check_ids[check->kind], check->article, check->text, TK_UNKNOWN, TK_DATE_NONE};
    switch (check->kind) {
    case CHECK_POSITION:
        out->met = a->position;
        break;
    case CHECK_EXPERIENCE:
        if (a->equal_ability == TK_YES || a->experience_months >= check->months)
            out->met = TK_YES;
        else if (a->experience_months >= 0 && a->equal_ability == TK_NO)
            out->met = TK_NO;
        break;
    case CHECK_NOT_BARRED:
        out->met = tri(a->dismissal_order == TK_DATE_NONE ||
                       a->appointed >= tk_date_add_months(a->dismissal_order, check->months));
        break;
    case CHECK_BEFORE_OPERATIONS:
    case CHECK_WITHIN_DESIGNATION:
        ask_time(check, a, out);
        break;
    case CHECK_NOTIFIED:
        out->met = tri(a->notified != TK_DATE_NONE);
        break;
    case CHECK_CERTIFICATE:
        out->met = a->certificate_issued == TK_DATE_NONE ? TK_UNKNOWN : tri(a->certificate_issued <= date);
        break;
    case CHECK_TRAINING:
        out->due = a->appointed == TK_DATE_NONE ? TK_DATE_NONE : training_due(check, a);
        out->met = out->due == TK_DATE_NONE ? TK_UNKNOWN : tri(date <= out->due);
        break;
    }
}

size_t tk_law_officer_checks(const TkLaw *law, const char *office, const TkAppointment *appointment,
                             TkDate date, TkOfficerCheck out[TK_OFFICER_CHECKS_MAX])
{
    for (guint i = 0; i < law->programme->officers->len; i++) {
        const OfficerRule *rule = law->programme->officers->pdata[i];
        if (!in_force(rule, date) || strcmp(rule->office.office, office) != 0)
            continue;
        for (size_t c = 0; c < rule->count; c++)
            ask(&rule->checks[c], appointment, date, &out[c]);
        return rule->count;
    }
    return 0;
}
