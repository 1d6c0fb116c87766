/* A carrier's profile: facts, each with the days it changed, and the services with facts of their own.
 *
 * A boolean or a choice holds from its day until the next one; before the first nothing is known. A count is
 * one of a day: for another day the last one before it counts, up to a year; then it is not known any more. A
 * value that is written without a day holds always. */
#include "law/program_internal.h"

typedef struct {
    const TkLaw *law;
    const char *name;
    TkProfile *profile;
    GError **error;
} Reading;

static bool bad(const Reading *r, const char *at, const char *why)
{
    return tk_fail(r->error, TK_ERROR_INPUT, "%s: %s: %s", r->name, at, why);
}

/* ---- one value ---- */

static bool read_choice(const Reading *r, const char *at, const Fact *fact, const char *text, int64_t *out)
{
    for (size_t i = 0; i < fact->option_count; i++)
        if (strcmp(fact->options[i], text) == 0) {
            *out = (int64_t)i;
            return true;
        }
    return bad(r, at, "it is none of the fact's options; see the facts of the law data");
}

static bool read_value(const Reading *r, const char *at, const Fact *fact, const json_t *value, Change *out)
{
    out->known = !json_is_null(value);
    out->value = 0;
    if (!out->known)
        return true;
    TkDate day;
    g_autoptr(GError) why = NULL;
    switch (fact->kind) {
    case FACT_BOOLEAN:
        out->value = json_is_true(value);
        return json_is_boolean(value) || bad(r, at, "true, false or null (not known) is needed");
    case FACT_COUNT:
        out->value = json_integer_value(value);
        return (json_is_integer(value) && out->value >= 0 && out->value <= TK_LAW_COUNT_MAX) ||
               bad(r, at, "a whole number from 0 to 10,000,000,000 or null (not known) is needed");
    case FACT_CHOICE:
        return json_is_string(value) ? read_choice(r, at, fact, json_string_value(value), &out->value)
                                     : bad(r, at, "one of the fact's options or null (not known) is needed");
    case FACT_DATE:
        if (!json_is_string(value) ||
            !tk_date_parse(json_string_value(value), json_string_length(value), &day, &why))
            return bad(r, at, "a day like 2026-04-01 or null (not known) is needed");
        out->value = day;
        return true;
    }
    return false;
}

static bool read_change(const Reading *r, const char *at, const Fact *fact, const json_t *object, Change *out)
{
    const json_t *from = json_object_get(object, "from"), *value = json_object_get(object, "value");
    g_autoptr(GError) why = NULL;
    if (!json_is_string(from) || value == NULL || json_object_size(object) != 2)
        return bad(r, at, "each is {\"from\": day, \"value\": …}");
    if (!tk_date_parse(json_string_value(from), json_string_length(from), &out->from, &why))
        return bad(r, at, why->message);
    return read_value(r, at, fact, value, out);
}

static bool read_timeline(const Reading *r, const char *at, const Fact *fact, const json_t *value,
                          Timeline *out)
{
    bool dated = json_is_array(value);
    size_t count = dated ? json_array_size(value) : 1;
    r->profile->change_count += count;
    if (r->profile->change_count > TK_PROFILE_CHANGES_MAX)
        return tk_fail(r->error, TK_ERROR_LIMIT, "%s: more than %d values; drop old ones", r->name,
                       TK_PROFILE_CHANGES_MAX);
    out->at = g_new0(Change, count + 1);
    out->count = count;
    if (!dated) {
        out->at[0].from = TK_DATE_NONE;
        return read_value(r, at, fact, value, &out->at[0]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_change(r, at, fact, json_array_get(value, i), &out->at[i]))
            return false;
        if (i > 0 && out->at[i].from <= out->at[i - 1].from)
            return bad(r, at, "the days stand in order, each once");
    }
    return true;
}

static size_t index_of(const Programme *programme, const Fact *fact)
{
    guint index = 0;
    g_ptr_array_find(programme->facts, fact, &index);
    return index;
}

static bool read_facts(const Reading *r, const json_t *object, const char *service, Timeline *out)
{
    const char *key;
    json_t *value;
    if (object != NULL && !json_is_object(object))
        return bad(r, "facts", "an object is needed: fact → value");
    json_object_foreach((json_t *)object, key, value)
    {
        g_autofree char *at = service == NULL
                                  ? g_strdup_printf("fact “%.40s”", key)
                                  : g_strdup_printf("service “%.40s”: fact “%.40s”", service, key);
        const Fact *fact = tk_programme_fact(r->law->programme, key, service != NULL);
        if (fact == NULL)
            return bad(r, at, "there is no such fact; GET /api/v1/program/facts lists them");
        if (!read_timeline(r, at, fact, value, &out[index_of(r->law->programme, fact)]))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static const char *keep(const Reading *r, const char *text)
{
    return g_string_chunk_insert_const(r->profile->strings, text);
}

static bool read_service(const Reading *r, const json_t *object)
{
    static const char *const known[] = {"id", "name", "facts", NULL};
    TkProfile *profile = r->profile;
    const char *id = json_string_value(json_object_get(object, "id")), *key;
    json_t *value;
    if (id == NULL || id[0] == '\0' || strlen(id) > 64)
        return bad(r, "services", "each has an “id” of 1 to 64 bytes");
    json_object_foreach((json_t *)object, key, value) if (!g_strv_contains(known, key)) return bad(
        r, id, "a service has id, name and facts");
    for (size_t i = 0; i < profile->service_count; i++)
        if (strcmp(profile->services[i].id, id) == 0)
            return bad(r, id, "two services have this id");
    ProfileService *service = &profile->services[profile->service_count++];
    service->id = keep(r, id);
    return read_facts(r, json_object_get(object, "facts"), service->id, service->facts);
}

static bool read_services(const Reading *r, const json_t *list)
{
    if (list == NULL || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > TK_PROFILE_SERVICES_MAX)
        return bad(r, "services", "a list of at most 32 is needed, or null (not known)");
    r->profile->services_known = true;
    r->profile->services = g_new0(ProfileService, json_array_size(list) + 1);
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (!read_service(r, one)) return false;
    return true;
}

static bool read_voluntary(const Reading *r, const json_t *list)
{
    size_t i;
    json_t *id;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > 256))
        return bad(r, "voluntary", "a list of ids of obligations is needed");
    json_array_foreach(list, i, id)
    {
        if (!json_is_string(id))
            return bad(r, "voluntary", "a list of ids of obligations is needed");
        g_hash_table_add(r->profile->voluntary, (gpointer)keep(r, json_string_value(id)));
    }
    return true;
}

TkProfile *tk_profile_of(const TkLaw *law, const char *name, const json_t *document, GError **error)
{
    static const char *const known[] = {"format", "carrier", "facts", "services", "voluntary", "note", NULL};
    g_autoptr(TkProfile) profile = g_new0(TkProfile, 1);
    profile->strings = g_string_chunk_new(1024);
    profile->voluntary = g_hash_table_new(g_str_hash, g_str_equal);
    Reading r = {law, name, profile, error};
    const char *key;
    json_t *value;
    if (g_strcmp0(json_string_value(json_object_get(document, "format")), "tokatsu-profile/1") != 0) {
        bad(&r, "format", "it is “tokatsu-profile/1”");
        return NULL;
    }
    json_object_foreach((json_t *)document, key, value) if (!g_strv_contains(known, key))
    {
        bad(&r, key, "a profile has format, carrier, facts, services, voluntary and note");
        return NULL;
    }
    const char *carrier = json_string_value(json_object_get(document, "carrier"));
    profile->carrier = keep(&r, carrier == NULL ? "" : carrier);
    if (!read_facts(&r, json_object_get(document, "facts"), NULL, profile->facts) ||
        !read_services(&r, json_object_get(document, "services")) ||
        !read_voluntary(&r, json_object_get(document, "voluntary")))
        return NULL;
    return g_steal_pointer(&profile);
}

TkProfile *tk_profile_read(const TkLaw *law, const char *name, const char *text, size_t len, GError **error)
{
    g_autoptr(json_t) document = tk_json_read(name, text, len, TK_PROFILE_MAX, error);
    return document == NULL ? NULL : tk_profile_of(law, name, document, error);
}

static void free_facts(Timeline *facts)
{
    for (size_t i = 0; i < FACTS_MAX; i++)
        g_free(facts[i].at);
}

void tk_profile_free(TkProfile *profile)
{
    if (profile == NULL)
        return;
    free_facts(profile->facts);
    for (size_t i = 0; i < profile->service_count; i++)
        free_facts(profile->services[i].facts);
    g_free(profile->services);
    g_hash_table_unref(profile->voluntary);
    g_string_chunk_free(profile->strings);
    g_free(profile);
}

const char *tk_profile_carrier(const TkProfile *profile)
{
    return profile->carrier;
}

/* ---- a value of a day ---- */

static const Change *change_at(const Timeline *line, TkDate date)
{
    for (size_t i = line->count; i-- > 0;)
        if (line->at[i].from <= date)
            return &line->at[i];
    return NULL;
}

bool tk_profile_value(const Programme *programme, const TkProfile *profile, const Fact *fact, int service,
                      TkDate date, int64_t *value)
{
    const Timeline *facts = service < 0 ? profile->facts : profile->services[service].facts;
    const Change *change = change_at(&facts[index_of(programme, fact)], date);
    if (change == NULL || !change->known)
        return false;
    if (fact->kind == FACT_COUNT && change->from != TK_DATE_NONE && date - change->from > COUNT_FRESH_D)
        return false;
    *value = change->value;
    return true;
}

TkDate tk_profile_true_since(const Programme *programme, const TkProfile *profile, const Fact *fact,
                             TkDate date)
{
    const Timeline *line = &profile->facts[index_of(programme, fact)];
    TkDate since = TK_DATE_NONE;
    for (size_t i = 0; i < line->count && line->at[i].from <= date; i++) {
        bool yes = line->at[i].known && line->at[i].value != 0;
        if (!yes)
            since = TK_DATE_NONE;
        else if (since == TK_DATE_NONE)
            since = line->at[i].from;
    }
    return since;
}

/* ---- days on which answers may change ---- */

static void add_days(const Programme *programme, const Timeline *facts, GArray *days)
{
    for (guint f = 0; f < programme->facts->len; f++) {
        bool count = ((const Fact *)programme->facts->pdata[f])->kind == FACT_COUNT;
        for (size_t i = 0; i < facts[f].count; i++) {
            TkDate day = facts[f].at[i].from;
            if (day == TK_DATE_NONE)
                continue;
            g_array_append_val(days, day);
            if (!count)
                continue;
            TkDate stale = day + COUNT_FRESH_D + 1;
            g_array_append_val(days, stale);
            for (int year = tk_fiscal_year(day); year <= tk_fiscal_year(day) + 2; year++) {
                TkDate first = tk_date_make(year, 4, 1), second = tk_date_make(year, 10, 1);
                g_array_append_val(days, first);
                g_array_append_val(days, second);
            }
        }
    }
}

void tk_profile_days(const Programme *programme, const TkProfile *profile, GArray *days)
{
    add_days(programme, profile->facts, days);
    for (size_t s = 0; s < profile->service_count; s++)
        add_days(programme, profile->services[s].facts, days);
}
