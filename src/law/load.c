/* Loading the law. Three steps, each over all files: read every document and the fields that all entries
 * share; check each family's dates, so that for any day at most one version applies and none is missing in
 * between; then compile (compile.c) the types that are judged by into plain structs. Types that this program
 * does not judge by are kept as entries to be shown, so a new kind of law file needs no C.
 *
 * A law file that cannot be trusted is refused as a whole: a rule with a hole in it is worse than no program.
 */
#include "law/internal.h"

bool tk_law_bad(const Where *where, const char *field, const char *why)
{
    return tk_fail(where->error, TK_ERROR_INPUT, "%s: entry “%s”: field “%s”: %s", where->file, where->id,
                   field, why);
}

const char *tk_law_read_text(const Where *where, const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    if (text != NULL && text[0] != '\0')
        return text;
    tk_law_bad(where, field, "a text that is not empty is needed");
    return NULL;
}

bool tk_law_read_int(const Where *where, const json_t *object, const char *field, int64_t min, int64_t max,
                     int64_t *out)
{
    const json_t *value = json_object_get(object, field);
    if (!json_is_integer(value))
        return tk_law_bad(where, field, "a whole number is needed");
    *out = json_integer_value(value);
    if (*out < min || *out > max)
        return tk_law_bad(where, field, "the number is out of range");
    return true;
}

bool tk_law_read_bool(const Where *where, const json_t *object, const char *field, bool fallback, bool *out)
{
    const json_t *value = json_object_get(object, field);
    *out = value == NULL ? fallback : json_is_true(value);
    return value == NULL || json_is_boolean(value) || tk_law_bad(where, field, "true or false is needed");
}

bool tk_law_read_date(const Where *where, const json_t *object, const char *field, TkDate *out)
{
    const json_t *value = json_object_get(object, field);
    if (!json_is_string(value))
        return tk_law_bad(where, field, "a day like 2026-04-01 is needed");
    g_autoptr(GError) why = NULL;
    if (!tk_date_parse(json_string_value(value), json_string_length(value), out, &why))
        return tk_law_bad(where, field, why->message);
    return true;
}

bool tk_law_read_pair(const Where *where, const json_t *object, const char *field, TkText *out)
{
    const json_t *pair = json_object_get(object, field);
    out->ja = json_string_value(json_object_get(pair, "ja"));
    out->en = json_string_value(json_object_get(pair, "en"));
    if (out->ja == NULL || out->en == NULL || out->ja[0] == '\0' || out->en[0] == '\0')
        return tk_law_bad(where, field, "texts “ja” and “en” are needed, neither empty");
    return true;
}

const json_t *tk_law_read_array(const Where *where, const json_t *object, const char *field, size_t max)
{
    const json_t *array = json_object_get(object, field);
    if (json_is_array(array) && json_array_size(array) > 0 && json_array_size(array) <= max)
        return array;
    tk_law_bad(where, field,
               json_array_size(array) > max ? "the list is too long" : "a list is needed that is not empty");
    return NULL;
}

/* "effective": {"from": day, "to": day | null} */
static bool read_effective(const Where *where, const json_t *object, TkLawEntry *entry)
{
    const json_t *effective = json_object_get(object, "effective");
    if (!json_is_object(effective))
        return tk_law_bad(where, "effective", "an object with “from” and “to” is needed");
    if (!tk_law_read_date(where, effective, "from", &entry->from))
        return false;
    const json_t *to = json_object_get(effective, "to");
    if (to == NULL)
        return tk_law_bad(where, "to", "it is missing; write null while the rule is in force");
    if (json_is_null(to)) {
        entry->to = TK_DATE_NONE;
        return true;
    }
    if (!tk_law_read_date(where, effective, "to", &entry->to))
        return false;
    return entry->to >= entry->from || tk_law_bad(where, "effective", "it ends before it begins");
}

/* "source": {"law", "version"?, "amendment"?, "url"}: the citation, as one line. */
static bool read_source(TkLaw *law, const Where *where, const json_t *object, TkLawEntry *entry)
{
    const json_t *source = json_object_get(object, "source");
    const char *url = json_string_value(json_object_get(source, "url"));
    if (url == NULL || (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")))
        return tk_law_bad(where, "source", "it cites nothing; give the address of the text as “url”");
    static const char *const parts[] = {"law", "version", "amendment"};
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const json_t *part = json_object_get(source, parts[i]);
        if (part != NULL && !json_is_string(part))
            return tk_law_bad(where, "source", "“law”, “version” and “amendment” are texts");
        if (part != NULL)
            g_string_append_printf(line, "%s ", json_string_value(part));
    }
    g_string_append(line, url);
    entry->source = g_string_chunk_insert(law->strings, line->str);
    return true;
}

static bool read_entry(TkLaw *law, const char *file, const char *type, size_t index, const json_t *object,
                       GError **error)
{
    char place[32];
    g_snprintf(place, sizeof place, "number %zu", index + 1);
    Where where = {file, place, error};
    if (!json_is_object(object))
        return tk_law_bad(&where, "entries", "each entry is an object");
    TkLawEntry entry = {.file = file, .type = type, .data = object};
    if ((entry.id = tk_law_read_text(&where, object, "id")) == NULL)
        return false;
    where.id = entry.id;
    if ((entry.family = tk_law_read_text(&where, object, "family")) == NULL ||
        (entry.article = tk_law_read_text(&where, object, "article")) == NULL ||
        !read_effective(&where, object, &entry) || !read_source(law, &where, object, &entry) ||
        !tk_law_read_pair(&where, object, "text", &entry.text))
        return false;
    if (!json_is_boolean(json_object_get(object, "verified")))
        return tk_law_bad(&where, "verified", "true or false is needed");
    entry.verified = json_is_true(json_object_get(object, "verified"));
    TkText note = {0};
    if (json_object_get(object, "note") != NULL && !tk_law_read_pair(&where, object, "note", &note))
        return false;
    if (!entry.verified && note.ja == NULL)
        return tk_law_bad(&where, "note", "an entry that is not verified says here what could not be");
    entry.note = note;
    g_array_append_val(law->entries, entry);
    return true;
}

/* Official layouts of forms lie in a folder of their own and are no rules. */
static bool is_form(const char *name)
{
    return strstr(name, "/forms/") != NULL || g_str_has_prefix(name, "forms/");
}

static bool read_file(TkLaw *law, const TkLawFile *file, GError **error)
{
    json_t *doc = tk_json_read(file->name, file->text, file->len, TK_LAW_FILE_MAX, error);
    if (doc == NULL)
        return false;
    g_ptr_array_add(law->docs, doc);
    const char *name = g_string_chunk_insert(law->strings, file->name);
    const char *type = json_string_value(json_object_get(doc, "type"));
    const json_t *entries = json_object_get(doc, "entries");
    if (type == NULL || !json_is_array(entries))
        return tk_fail(error, TK_ERROR_INPUT,
                       "%s: a law file is an object with a text “type” and a list “entries”", name);
    size_t index;
    json_t *object;
    json_array_foreach(entries, index,
                       object) if (!read_entry(law, name, type, index, object, error)) return false;
    return true;
}

static int by_family_and_date(gconstpointer a, gconstpointer b)
{
    const TkLawEntry *x = a, *y = b;
    int order = strcmp(x->type, y->type);
    if (order == 0)
        order = strcmp(x->family, y->family);
    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    return order != 0 ? order : strcmp(x->id, y->id);
}

/* Within a family each version begins the day after the one before it ends. */
static bool check_dates(const TkLaw *law, GError **error)
{
    for (size_t i = 1; i < law->entries->len; i++) {
        const TkLawEntry *a = &g_array_index(law->entries, TkLawEntry, i - 1);
        const TkLawEntry *b = &g_array_index(law->entries, TkLawEntry, i);
        if (strcmp(a->type, b->type) != 0 || strcmp(a->family, b->family) != 0)
            continue;
        char ends[TK_TIME_TEXT_MAX], begins[TK_TIME_TEXT_MAX];
        tk_date_text(b->from, begins);
        if (a->to == TK_DATE_NONE || b->from <= a->to)
            return tk_fail(
                error, TK_ERROR_LAW,
                "%s: entry “%s”: field “effective”: it begins on %s, while “%s” of the same family “%s” "
                "still applies (%s); the versions overlap",
                b->file, b->id, begins, a->id, a->family,
                a->to == TK_DATE_NONE ? "no end" : tk_date_text(a->to, ends));
        if (b->from != a->to + 1)
            return tk_fail(
                error, TK_ERROR_LAW,
                "%s: entry “%s”: field “effective”: it begins on %s, but “%s” of the same family “%s” "
                "ends on %s; the days between are a gap",
                b->file, b->id, begins, a->id, a->family, tk_date_text(a->to, ends));
    }
    return true;
}

static bool check_ids(const TkLaw *law, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < law->entries->len; i++) {
        const TkLawEntry *entry = &g_array_index(law->entries, TkLawEntry, i);
        const TkLawEntry *other = g_hash_table_lookup(seen, entry->id);
        if (other != NULL)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: entry “%s”: field “id”: %s has an entry of this id already", entry->file,
                           entry->id, other->file);
        g_hash_table_insert(seen, (gpointer)entry->id, (gpointer)entry);
    }
    return true;
}

TkLaw *tk_law_load(const TkLawFile *files, size_t count, GError **error)
{
    g_autoptr(TkLaw) law = g_new0(TkLaw, 1);
    law->docs = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    law->strings = g_string_chunk_new(4096);
    law->entries = g_array_new(FALSE, TRUE, sizeof(TkLawEntry));
    if (count > TK_LAW_FILES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "the law has %zu files; %d are allowed", count, TK_LAW_FILES_MAX);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (!is_form(files[i].name) && !read_file(law, &files[i], error))
            return NULL;
    if (!tk_law_compile_services(law, error)) /* before sorting: services keep the order of their file */
        return NULL;
    g_array_sort(law->entries, by_family_and_date);
    if (!check_ids(law, error) || !check_dates(law, error) || !tk_law_compile(law, error) ||
        !tk_programme_compile(law, error))
        return NULL;
    return g_steal_pointer(&law);
}

void tk_law_free(TkLaw *law)
{
    if (law == NULL)
        return;
    g_ptr_array_unref(law->docs);
    g_string_chunk_free(law->strings);
    g_array_unref(law->entries);
    g_free(law->criteria.at);
    g_free(law->facilities.at);
    g_free(law->notices.at);
    g_free(law->periodic_telecom.at);
    g_free(law->periodic_other.at);
    g_free(law->simplified.at);
    g_free(law->reports.at);
    g_free(law->near_misses.at);
    g_free(law->near_miss_facilities.at);
    g_free(law->leak_secrecy.at);
    g_free(law->leak_specified.at);
    g_free(law->holiday_years.at);
    g_free(law->holidays.at);
    tk_programme_free(law->programme);
    g_free(law);
}
