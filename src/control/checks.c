/* The file of checks is read whole or refused: a check that silently feeds nothing would look like one that
 * always passes. */
#include "control/checks.h"

#include "control/frameworks.h"

enum { ID_MAX = 64, TEXT_MAX = 500, DAYS_MAX = 3650 };

struct TkChecks {
    json_t *file; /* all texts are borrowed from it */
    GArray *list; /* TkCheck */
};

const char *tk_check_result_text(TkCheckResult result)
{
    static const char *const names[] = {"fail", "cannot-tell", "pass"};
    return names[result];
}

TkCheckResult tk_check_judge(const TkCheck *check, bool known, double value)
{
    if (!known)
        return TK_CHECK_CANNOT_TELL;
    bool holds = check->at_least ? value >= check->threshold : value <= check->threshold;
    return holds ? TK_CHECK_PASS : TK_CHECK_FAIL;
}

static bool texts(const json_t *from, const char *id, const char *key, const char **ja, const char **en,
                  GError **error)
{
    const json_t *both = json_object_get(from, key);
    *ja = field_text(both, "ja", TEXT_MAX);
    *en = field_text(both, "en", TEXT_MAX);
    return (*ja != NULL && *en != NULL) ||
           tk_fail(error, TK_ERROR_INPUT, "check “%s”: “%s” must have ja and en", id, key);
}

static bool read_feeds(const TkFrameworks *frameworks, const json_t *from, TkCheck *check, GError **error)
{
    const json_t *list = json_object_get(from, "feeds");
    size_t n = json_array_size(list);
    if (n == 0 || n > TK_CHECK_FEEDS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "check “%s”: “feeds” must be a list of 1 to %d controls",
                       check->id, TK_CHECK_FEEDS_MAX);
    check->feeds = g_new0(const TkFrameworkItem *, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *feed = json_array_get(list, i);
        const char *framework = field_text(feed, "framework", ID_MAX),
                   *item = field_text(feed, "item", ID_MAX);
        const TkFramework *f = framework == NULL ? NULL : tk_framework_find(frameworks, framework);
        const TkFrameworkItem *found = f == NULL || item == NULL ? NULL : tk_framework_item(f, item);
        if (found == NULL || !tk_framework_is_unit(found))
            return tk_fail(error, TK_ERROR_INPUT, "check “%s”: there is no control “%s” in “%s”", check->id,
                           item != NULL ? item : "", framework != NULL ? framework : "");
        check->feeds[check->n_feeds++] = found;
    }
    return true;
}

static bool read_count(const json_t *from, TkCheck *check, GError **error)
{
    const json_t *count = json_object_get(from, "count"), *where = json_object_get(count, "where"),
                 *days = json_object_get(count, "days");
    check->measure = field_text(from, "measure", ID_MAX);
    if ((count == NULL) == (check->measure == NULL))
        return tk_fail(error, TK_ERROR_INPUT, "check “%s”: has either a “measure” or a “count”", check->id);
    if (count == NULL)
        return true;
    check->count = (TkCheckCount){.reg = field_text(count, "register", ID_MAX),
                                  .where = where,
                                  .past = field_text(count, "past", ID_MAX),
                                  .days = (int)json_integer_value(days)};
    if (check->count.reg == NULL || (where != NULL && !json_is_object(where)) ||
        json_object_size(where) > TK_CHECK_WHERE_MAX || check->count.days < 0 || check->count.days > DAYS_MAX)
        return tk_fail(
            error, TK_ERROR_INPUT,
            "check “%s”: “count” needs a register; “where” has at most %d fields, “days” is 0 to %d",
            check->id, TK_CHECK_WHERE_MAX, DAYS_MAX);
    return true;
}

static bool read_threshold(const json_t *from, TkCheck *check, GError **error)
{
    const json_t *least = json_object_get(from, "at_least"), *most = json_object_get(from, "at_most");
    check->at_least = least != NULL;
    check->threshold = json_number_value(least != NULL ? least : most);
    return ((least == NULL) != (most == NULL) && json_is_number(least != NULL ? least : most)) ||
           tk_fail(error, TK_ERROR_INPUT, "check “%s”: has a number either “at_least” or “at_most”",
                   check->id);
}

static bool read_check(const TkFrameworks *frameworks, const json_t *from, GHashTable *ids, TkCheck *check,
                       GError **error)
{
    check->id = field_text(from, "id", ID_MAX);
    if (check->id == NULL || !g_hash_table_add(ids, (char *)check->id))
        return tk_fail(error, TK_ERROR_INPUT, "a check has no id, or “%s” is given twice",
                       check->id != NULL ? check->id : "");
    return texts(from, check->id, "title", &check->title_ja, &check->title_en, error) &&
           texts(from, check->id, "proves", &check->proves_ja, &check->proves_en, error) &&
           texts(from, check->id, "unit", &check->unit_ja, &check->unit_en, error) &&
           read_threshold(from, check, error) && read_count(from, check, error) &&
           read_feeds(frameworks, from, check, error);
}

static bool read_list(const TkFrameworks *frameworks, TkChecks *checks, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    const json_t *list = json_object_get(checks->file, "checks");
    for (size_t i = 0; i < json_array_size(list); i++) {
        TkCheck check = {0};
        bool read = read_check(frameworks, json_array_get(list, i), ids, &check, error);
        g_array_append_val(checks->list, check);
        if (!read)
            return false;
    }
    return true;
}

TkChecks *tk_checks_load(const TkFrameworks *frameworks, const char *name, const char *text, size_t len,
                         GError **error)
{
    g_autoptr(TkChecks) checks = g_new0(TkChecks, 1);
    checks->list = g_array_new(FALSE, FALSE, sizeof(TkCheck));
    checks->file = tk_json_read(name, text, len, TK_FRAMEWORK_FILE_MAX, error);
    if (checks->file == NULL)
        return NULL;
    size_t n = json_array_size(json_object_get(checks->file, "checks"));
    if (g_strcmp0(field_text(checks->file, "format", ID_MAX), "tokatsu-checks/1") != 0 ||
        field_text(checks->file, "dated", 10) == NULL || n == 0 || n > TK_CHECKS_MAX) {
        tk_fail(error, TK_ERROR_INPUT,
                "%s: “format” must be tokatsu-checks/1, “dated” a day, “checks” a list of 1 to %d", name,
                TK_CHECKS_MAX);
        return NULL;
    }
    if (!read_list(frameworks, checks, error)) {
        g_prefix_error(error, "%s: ", name);
        return NULL;
    }
    return g_steal_pointer(&checks);
}

void tk_checks_free(TkChecks *checks)
{
    if (checks == NULL)
        return;
    for (guint i = 0; i < checks->list->len; i++)
        g_free(g_array_index(checks->list, TkCheck, i).feeds);
    g_array_unref(checks->list);
    json_decref(checks->file);
    g_free(checks);
}

size_t tk_checks_count(const TkChecks *checks)
{
    return checks->list->len;
}

const TkCheck *tk_checks_at(const TkChecks *checks, size_t index)
{
    return &g_array_index(checks->list, TkCheck, index);
}

const char *tk_checks_dated(const TkChecks *checks)
{
    return field_text(checks->file, "dated", 10);
}

bool tk_checks_verified(const TkChecks *checks)
{
    return json_is_true(json_object_get(checks->file, "verified"));
}
