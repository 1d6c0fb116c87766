/* Any JSON as a document of others: as a catalogue that is to be a framework, as a component definition or
 * plan with answers, and as a file of checks. A framework that comes of it must load or be refused with a
 * reason; answers given back without a change must leave the document as it was. */
#include "control/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char small[] =
    "{\"format\":\"tokatsu-framework/"
    "1\",\"id\":\"x\",\"title\":{\"ja\":\"a\",\"en\":\"a\"},\"publisher\":\"p\","
    "\"edition\":\"1\",\"published\":\"2024\",\"source\":\"s\",\"unit\":\"control\",\"items\":["
    "{\"id\":\"a-1\",\"kind\":\"control\",\"title\":{\"ja\":\"a\",\"en\":\"a\"}},"
    "{\"id\":\"3.1\",\"kind\":\"control\",\"title\":{\"ja\":\"b\",\"en\":\"b\"}}]}";

static void as_framework(const json_t *document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) framework = tk_framework_of_catalog(document, "f", &error);
    if (framework == NULL) {
        if (error == NULL)
            g_error("a catalogue was refused without a reason");
        return;
    }
    char *text = json_dumps(framework, JSON_COMPACT);
    TkFrameworkFile file = {"f", text, strlen(text)};
    g_autoptr(TkFrameworks) set = tk_frameworks_load(&file, 1, NULL, &error);
    if (set == NULL && error == NULL)
        g_error("a framework was refused without a reason");
    free(text);
}

static void as_answers(const json_t *document, const TkFramework *f)
{
    g_autoptr(json_t) unknown = json_array();
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) answers = tk_oscal_answers(document, f, unknown, notes, NULL);
    if (answers == NULL)
        return;
    g_autoptr(json_t) back = tk_oscal_with_answers(document, answers);
    if (json_array_size(answers) <= 1 && !json_equal(document, back))
        g_error("answers given back without a change have changed the document");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static TkFrameworks *known;
    TkFrameworkFile file = {"x", small, sizeof small - 1};
    if (known == NULL)
        known = tk_frameworks_load(&file, 1, NULL, NULL);
    g_autoptr(TkChecks) checks = tk_checks_load(known, "input", (const char *)data, size, NULL);
    for (size_t i = 0; checks != NULL && i < tk_checks_count(checks); i++)
        tk_check_judge(tk_checks_at(checks, i), true, 0);
    g_autoptr(json_t) document = tk_json_read("document", (const char *)data, size, 1 << 16, NULL);
    if (document == NULL)
        return 0;
    as_framework(document);
    as_answers(document, tk_framework_find(known, "x"));
    return 0;
}
