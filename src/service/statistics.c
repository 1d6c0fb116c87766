/* Statistics of this carrier's accidents: which ones and over what time; the tables are the report room's. */
#include "service/act.h"

#define YEARS_SHOWN 5

static void default_years(const TkApp *app, TkDate *from, TkDate *to)
{
    int year, month, day;
    TkDate first, last;
    tk_date_split(tk_date_of_time(tk_app_now(app)), &year, &month, &day);
    year = month < 4 ? year - 1 : year;
    tk_report_period(year - YEARS_SHOWN + 1, 0, &first, &last);
    *from = *from == TK_DATE_NONE ? first : *from;
    tk_report_period(year, 0, &first, &last);
    *to = *to == TK_DATE_NONE ? last : *to;
}

GBytes *tk_service_statistics(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *by,
                              GError **error)
{
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    default_years(app, &from, &to);
    g_autoptr(json_t) accidents = tk_accidents_between(app, from, to);
    g_autoptr(json_t) tables = tk_report_tables(accidents, from, to, by, error);
    if (tables == NULL)
        return NULL;
    json_object_set_new(tables, "from", json_string(tk_date_text(from, first)));
    json_object_set_new(tables, "to", json_string(tk_date_text(to, last)));
    json_object_set_new(tables, "synthetic", json_boolean(app->synthetic));
    return tk_json_bytes(tables);
}
