/* The calendar as RFC 5545 text, by libical: whole-day events, done ones as cancelled from the to-do's view
 * is left to the reader, so they say it in their title. The UID is the item's key, which is the same at each
 * fetch. */
#include <libical/ical.h>

#include "service/calendar_private.h"

#define ICS_MAX (8u << 20)

static const char *text_of(const json_t *item, const char *field)
{
    return json_string_value(json_object_get(item, field));
}

static icalcomponent *event_of(const json_t *item, int64_t now_us)
{
    TkDate date = TK_DATE_NONE;
    int y, m, d;
    const char *day = text_of(item, "date"), *article = text_of(item, "article"),
               *state = text_of(item, "state");
    const json_t *title = json_object_get(item, "title");
    if (day == NULL || !tk_date_parse(day, strlen(day), &date, NULL))
        return NULL;
    tk_date_split(date, &y, &m, &d);
    icaltimetype start = icaltime_null_date();
    start.year = y;
    start.month = m;
    start.day = d;
    bool done = g_strcmp0(state, "done") == 0;
    g_autofree char *uid = g_strdup_printf("%s@tokatsu", text_of(item, "key"));
    g_autofree char *summary = g_strdup_printf("%s%s", done ? "[済] " : "", text_of(title, "ja"));
    g_autofree char *description = g_strdup_printf(
        "%s%s%s", text_of(title, "en"), article == NULL ? "" : "\n", article == NULL ? "" : article);
    icalcomponent *event = icalcomponent_new_vevent();
    icalcomponent_set_uid(event, uid);
    icalcomponent_set_dtstamp(event, icaltime_from_timet_with_zone((time_t)(now_us / TK_US_PER_S), 0,
                                                                   icaltimezone_get_utc_timezone()));
    icalcomponent_set_dtstart(event, start);
    icalcomponent_set_summary(event, summary);
    icalcomponent_set_description(event, description);
    icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    const char *category = text_of(json_object_get(item, "source"), "type");
    if (category != NULL)
        icalcomponent_add_property(event, icalproperty_new_categories(category));
    return event;
}

GBytes *tk_calendar_ics(const json_t *items, const char *name, int64_t now_us, GError **error)
{
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Tokatsu//Tokatsu " TK_VERSION "//JA"));
    icalproperty *title = icalproperty_new_x(name == NULL ? "Tokatsu" : name);
    icalproperty_set_x_name(title, "X-WR-CALNAME");
    icalcomponent_add_property(calendar, title);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        icalcomponent *event = event_of(item, now_us);
        if (event != NULL)
            icalcomponent_add_component(calendar, event);
    }
    char *text = icalcomponent_as_ical_string_r(calendar);
    icalcomponent_free(calendar);
    if (text == NULL || strlen(text) > ICS_MAX) {
        free(text);
        tk_fail(error, TK_ERROR_INTERNAL, "the calendar could not be written");
        return NULL;
    }
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}
