/* Data that is kept too long, and training that is due. */
#include "service/software_private.h"

#define SOON_DAYS 60

static const char *text_of(const json_t *values, const char *field)
{
    const char *text = json_string_value(json_object_get(values, field));
    return text == NULL ? "" : text;
}

static TkDate date_of(const json_t *values, const char *field)
{
    TkDate date = TK_DATE_NONE;
    const char *text = text_of(values, field);
    if (!tk_date_parse(text, strlen(text), &date, NULL))
        return TK_DATE_NONE;
    return date;
}

json_t *tk_software_retention(TkApp *app, TkDate today, GError **error)
{
    g_autoptr(json_t) assets = tk_software_records(app, "data-assets", error);
    json_t *out = assets == NULL ? NULL : json_array();
    size_t i;
    const json_t *values;
    json_array_foreach(assets, i, values)
    {
        const json_t *months = json_object_get(values, "retention_months");
        TkDate oldest = date_of(values, "oldest_on");
        char day[TK_TIME_TEXT_MAX];
        if (!json_is_integer(months) || oldest == TK_DATE_NONE)
            continue;
        TkDate until = tk_date_add_months(oldest, (int)json_integer_value(months));
        if (until >= today)
            continue;
        json_array_append_new(
            out, json_pack("{s:s, s:s, s:s, s:s, s:O, s:s, s:i}", "record", text_of(values, "id"), "name",
                           text_of(values, "name"), "category", text_of(values, "category"), "oldest_on",
                           text_of(values, "oldest_on"), "retention_months", months, "kept_until",
                           tk_date_text(until, day), "overdue_days", (int)(today - until)));
    }
    return out;
}

/* ---- training ---- */

typedef struct {
    json_t *offices; /* {"PERSON OFFICE": true} of appointments that last */
    json_t *until;   /* {"PERSON COURSE": day until which the last passed training is valid} */
    TkDate today;
    json_t *out;
} Training;

static void note_offices(Training *t, const json_t *appointments)
{
    size_t i;
    const json_t *values;
    json_array_foreach(appointments, i, values)
    {
        TkDate dismissed = date_of(values, "dismissed");
        g_autofree char *key = g_strdup_printf("%s %s", text_of(values, "person"), text_of(values, "role"));
        if (dismissed == TK_DATE_NONE || dismissed > t->today)
            json_object_set_new(t->offices, key, json_true());
    }
}

/* Where a record says no end of its own, the course's period counts from the day it was taken. */
static void note_trainings(Training *t, const json_t *trainings, const json_t *months)
{
    size_t i;
    const json_t *values;
    json_array_foreach(trainings, i, values)
    {
        const char *course = text_of(values, "course");
        TkDate until = date_of(values, "valid_until"), taken = date_of(values, "taken_on");
        if (strcmp(text_of(values, "result"), "passed") != 0 || taken == TK_DATE_NONE)
            continue;
        if (until == TK_DATE_NONE)
            until = tk_date_add_months(taken, (int)json_integer_value(json_object_get(months, course)));
        g_autofree char *key = g_strdup_printf("%s %s", text_of(values, "person"), course);
        const json_t *before = json_object_get(t->until, key);
        if (before == NULL || json_integer_value(before) < until)
            json_object_set_new(t->until, key, json_integer(until));
    }
}

static void check(Training *t, const json_t *person, const json_t *course)
{
    const char *who = text_of(person, "id"), *audience = text_of(course, "audience");
    g_autofree char *office = g_strdup_printf("%s %s", who, audience);
    g_autofree char *key = g_strdup_printf("%s %s", who, text_of(course, "id"));
    if (strcmp(audience, "everyone") != 0 && json_object_get(t->offices, office) == NULL)
        return;
    const json_t *known = json_object_get(t->until, key);
    TkDate until = known == NULL ? TK_DATE_NONE : (TkDate)json_integer_value(known);
    const char *state = until == TK_DATE_NONE           ? "missing"
                        : until < t->today              ? "expired"
                        : until <= t->today + SOON_DAYS ? "soon"
                                                        : NULL;
    char day[TK_TIME_TEXT_MAX];
    if (state != NULL)
        json_array_append_new(t->out, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?}", "person", who,
                                                "person_name", text_of(person, "name"), "course",
                                                text_of(course, "id"), "course_name", text_of(course, "name"),
                                                "audience", audience, "state", state, "valid_until",
                                                until == TK_DATE_NONE ? NULL : tk_date_text(until, day)));
}

json_t *tk_software_training(TkApp *app, TkDate today, GError **error)
{
    g_autoptr(json_t) courses = tk_software_records(app, "courses", error);
    g_autoptr(json_t) persons = courses == NULL ? NULL : tk_software_records(app, "persons", error);
    g_autoptr(json_t) appointments = persons == NULL ? NULL : tk_software_records(app, "appointments", error);
    g_autoptr(json_t) trainings = appointments == NULL ? NULL : tk_software_records(app, "trainings", error);
    if (trainings == NULL)
        return NULL;
    g_autoptr(json_t) offices = json_object();
    g_autoptr(json_t) until = json_object();
    g_autoptr(json_t) months = json_object();
    Training t = {offices, until, today, json_array()};
    size_t i, k;
    const json_t *course, *person;
    json_array_foreach(courses, i, course)
    {
        json_object_set(months, text_of(course, "id"), json_object_get(course, "valid_months"));
    }
    note_offices(&t, appointments);
    note_trainings(&t, trainings, months);
    json_array_foreach(courses, i, course)
    {
        if (!json_is_true(json_object_get(course, "active")))
            continue;
        json_array_foreach(persons, k, person)
        {
            if (json_is_true(json_object_get(person, "active")))
                check(&t, person, course);
        }
    }
    return t.out;
}
