/* Imports: a document is read before anything is kept; what it says of itself goes into its record. A newer
 * one of the same thing marks those before as replaced. */
#include "service/software_private.h"

#include "service/software.h"

static const char *text_of(const json_t *values, const char *field)
{
    const char *text = json_string_value(json_object_get(values, field));
    return text == NULL ? "" : text;
}

/* {"sha256","name"} of the kept bytes; new reference. */
static json_t *keep_file(TkApp *app, const TkActor *actor, const char *name, GBytes *bytes, GError **error)
{
    g_autoptr(GBytes) answer = tk_register_file_add(app->registers, actor, bytes, error);
    if (answer == NULL)
        return NULL;
    gsize len;
    const char *text = g_bytes_get_data(answer, &len);
    g_autoptr(json_t) file = tk_json_read("file", text, len, 1 << 16, error);
    return file == NULL ? NULL
                        : json_pack("{s:O, s:s}", "sha256", json_object_get(file, "sha256"), "name", name);
}

/* Texts of a document may be longer than a field, and counted in characters there. */
static json_t *cut(const char *text, glong characters)
{
    if (g_utf8_strlen(text, -1) <= characters)
        return json_string(text);
    g_autofree char *part = g_utf8_substring(text, 0, characters);
    return json_string(part);
}

/* Adds the record; null values are left out. Takes `values`. */
static GBytes *add_record(TkApp *app, const TkActor *actor, const char *name, json_t *values,
                          GBytes **findings, GError **error)
{
    g_autoptr(json_t) request = json_pack("{s:o}", "values", values);
    return tk_register_add(app->registers, actor, name, request, NULL, findings, error);
}

/* Marks the current records but the newest of those for which `same` holds as replaced. */
static bool replace(TkApp *app, const TkActor *actor, const char *name, const char *field, const char *value,
                    const char *system, GError **error)
{
    g_autoptr(json_t) records = tk_software_records(app, name, error);
    size_t i;
    json_t *values;
    if (records == NULL || value[0] == '\0')
        return records != NULL;
    json_array_foreach(records, i, values)
    {
        g_autofree char *id = g_strdup(text_of(values, "id"));
        if (strcmp(text_of(values, field), value) != 0 || strcmp(text_of(values, "status"), "current") != 0 ||
            (system != NULL && strcmp(text_of(values, "system"), system) != 0))
            continue;
        int64_t version = 0;
        g_autoptr(GBytes) now =
            tk_register_get(app->registers, actor, name, id, TK_TIME_NONE, false, &version, error);
        if (now == NULL)
            return false;
        json_object_del(values, "id");
        json_object_set_new(values, "status", json_string("replaced"));
        g_autoptr(json_t) request = json_pack("{s:O}", "values", values);
        g_autoptr(GBytes) done =
            tk_register_put(app->registers, actor, name, id, version, request, NULL, NULL, error);
        if (done == NULL)
            return false;
    }
    return true;
}

static json_t *listed(const char *commas)
{
    json_t *out = json_array();
    g_auto(GStrv) ids = g_strsplit(commas == NULL ? "" : commas, ",", 1001);
    for (char **id = ids; *id != NULL; id++)
        if (**id != '\0')
            json_array_append_new(out, json_string(*id));
    return out;
}

GBytes *tk_service_software_add_sbom(TkApp *app, const TkActor *actor, const char *system,
                                     const char *facilities, const char *name, GBytes *bytes,
                                     GBytes **findings, GError **error)
{
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    if (tk_registers_open(app->registers, actor, "sboms", TK_REGISTER_WRITES, error) == NULL)
        return NULL;
    if (system == NULL || *system == '\0') {
        tk_fail_both(error, TK_ERROR_INPUT, "「system」に情報システム台帳の番号を入れてください。",
                     "system: the id of a record of systems");
        return NULL;
    }
    g_autoptr(TkSbom) sbom = tk_sbom_read(name, text, len, error);
    if (sbom == NULL)
        return NULL;
    const char *title = sbom->name[0] != '\0' ? sbom->name : name;
    json_t *file = keep_file(app, actor, name, bytes, error);
    if (file == NULL || !replace(app, actor, "sboms", "name", title, system, error)) {
        g_clear_pointer(&file, json_decref);
        return NULL;
    }
    return add_record(app, actor, "sboms",
                      json_pack("{s:o, s:s, s:o, s:s, s:o, s:s, s:o, s:i, s:o}", "name", cut(title, 200),
                                "system", system, "facilities", listed(facilities), "status", "current",
                                "document", file, "format", sbom->format, "serial", cut(sbom->serial, 400),
                                "components", (int)sbom->components->len, "created", cut(sbom->created, 60)),
                      findings, error);
}

static double highest(const TkAdvisory *advisory)
{
    double score = -1;
    for (guint i = 0; i < advisory->vulnerabilities->len; i++)
        score = MAX(score, ((const TkVulnerability *)advisory->vulnerabilities->pdata[i])->score);
    return score;
}

GBytes *tk_service_software_add_advisory(TkApp *app, const TkActor *actor, const char *name, GBytes *bytes,
                                         GBytes **findings, GError **error)
{
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    if (tk_registers_open(app->registers, actor, "advisories", TK_REGISTER_WRITES, error) == NULL)
        return NULL;
    g_autoptr(TkAdvisory) advisory = tk_advisory_read(name, text, len, error);
    if (advisory == NULL)
        return NULL;
    json_t *file = keep_file(app, actor, name, bytes, error);
    if (file == NULL || !replace(app, actor, "advisories", "tracking_id", advisory->id, NULL, error)) {
        g_clear_pointer(&file, json_decref);
        return NULL;
    }
    double score = highest(advisory);
    return add_record(app, actor, "advisories",
                      json_pack("{s:o, s:o, s:o, s:s, s:o, s:o?, s:o, s:s, s:i}", "title",
                                cut(advisory->title[0] != '\0' ? advisory->title : name, 400), "tracking_id",
                                cut(advisory->id, 400), "publisher", cut(advisory->publisher, 200), "status",
                                "current", "released", cut(advisory->released, 60), "score",
                                score < 0 ? NULL : json_real(score), "document", file, "format",
                                advisory->format, "vulnerabilities", (int)advisory->vulnerabilities->len),
                      findings, error);
}
