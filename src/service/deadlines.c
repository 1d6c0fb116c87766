/* Deadlines of what is reported. Of an accident: what its services' verdicts ask for, each report once, with
 * the level of warning the calendar of the law gives. A report that was frozen is done. */
#include "service/app.h"

static const TkReportDue *earlier(const TkReportDue *a, const TkReportDue *b)
{
    if (a == NULL)
        return b;
    if (a->due == TK_DATE_NONE || b->due == TK_DATE_NONE)
        return a->due == TK_DATE_NONE ? a : b;
    return b->due < a->due ? b : a;
}

static json_t *date_json(TkDate date)
{
    char text[TK_TIME_TEXT_MAX];
    return date == TK_DATE_NONE ? json_null() : json_string(tk_date_text(date, text));
}

static const char *level_of(const TkApp *app, const TkReportDue *due, bool done, int64_t now_us)
{
    if (done)
        return tk_law_deadline_level_id(TK_DEADLINE_OK);
    if (due->due == TK_DATE_NONE) /* 速やかに: there is no day to wait for */
        return tk_law_deadline_level_id(TK_DEADLINE_SOON);
    TkDeadline deadline = tk_law_deadline(app->law, due);
    return tk_law_deadline_level_id(tk_law_deadline_level(&deadline, now_us));
}

json_t *tk_deadline_view(const TkApp *app, const char *accident, const char *of_case, const TkReportDue *due,
                         const json_t *met, int64_t now_us)
{
    json_t *out =
        json_pack("{s:s?, s:s, s:o, s:s*, s:s*, s:o, s:o, s:s, s:s, s:b, s:b}", "accident", accident, "kind",
                  due->kind, "name", tk_text2(due->name.ja, due->name.en), "form", due->form, "article",
                  due->article, "due", date_json(due->due), "due_safe", date_json(due->due_safe), "level",
                  level_of(app, due, met != NULL, now_us), "clock", tk_law_clock_id(due->clock), "done",
                  met != NULL, "verified", due->verified);
    if (met != NULL)
        json_object_set(out, "done_at", (json_t *)met);
    if (of_case != NULL)
        json_object_set_new(out, "case", json_string(of_case));
    return out;
}

json_t *tk_deadlines(const TkApp *app, const TkIncident *incident, const TkIncidentVerdict *verdict,
                     int64_t now_us)
{
    const TkReportDue *found[TK_LAW_REPORTS_MAX * 4] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < verdict->count; i++) {
        const TkVerdict *one = &verdict->services[i].verdict;
        if (!verdict->services[i].known)
            continue;
        for (size_t r = 0; r < one->report_count; r++) {
            size_t at = 0;
            while (at < count && strcmp(found[at]->kind, one->reports[r].kind) != 0)
                at++;
            if (at == G_N_ELEMENTS(found))
                continue;
            found[at] = earlier(at < count ? found[at] : NULL, &one->reports[r]);
            count = MAX(count, at + 1);
        }
    }
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *one = tk_deadline_view(app, incident->id, NULL, found[i],
                                       json_object_get(incident->done, found[i]->kind), now_us);
        json_object_set_new(one, "drill", json_boolean(incident->drill));
        json_array_append_new(out, one);
    }
    return out;
}
