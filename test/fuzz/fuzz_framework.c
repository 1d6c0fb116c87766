/* Any bytes, twice: as a framework or crosswalk beside two small frameworks, every item of which is then
 * walked; and as answers about these, whose coverage must be there for every item that is counted. */
#include "control/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SMALL(id)                                                                                            \
    "{\"format\":\"tokatsu-framework/1\",\"id\":\"" id "\",\"title\":{\"ja\":\"a\",\"en\":\"a\"},"           \
    "\"publisher\":\"p\",\"edition\":\"1\",\"published\":\"2024\",\"source\":\"s\",\"unit\":\"control\","    \
    "\"items\":[{\"id\":\"1\",\"kind\":\"control\",\"title\":{\"ja\":\"a\",\"en\":\"a\"}},"                  \
    "{\"id\":\"2\",\"kind\":\"control\",\"parent\":\"1\"}]}"

static const char x[] = SMALL("x"), y[] = SMALL("y");
static const char walk[] = "{\"format\":\"tokatsu-crosswalk/"
                           "1\",\"id\":\"w\",\"from\":\"x\",\"to\":\"y\",\"source\":\"s\",\"verified\":true,"
                           "\"maps\":[{\"from\":\"1\",\"relation\":\"superset\",\"to\":\"1\"},{\"from\":"
                           "\"2\",\"relation\":\"equal\",\"to\":"
                           "\"1\"}]}";

static void reach_all(const TkFrameworks *set)
{
    for (size_t i = 0; i < tk_frameworks_count(set); i++) {
        const TkFramework *f = tk_frameworks_at(set, i);
        for (size_t k = 0; k < f->n_items && k < 50; k++)
            g_array_unref(tk_control_reach(set, &f->items[k]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TkFrameworkFile files[] = {{"x", x, sizeof x - 1},
                               {"y", y, sizeof y - 1},
                               {"w", walk, sizeof walk - 1},
                               {"input", (const char *)data, size}};
    g_autoptr(TkFrameworks) all = tk_frameworks_load(files, 4, NULL, NULL);
    if (all != NULL)
        reach_all(all);
    g_autoptr(TkFrameworks) known = tk_frameworks_load(files, 3, NULL, NULL);
    if (known == NULL)
        g_error("the small frameworks do not load");
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TkControlAnswers) answers =
        tk_control_answers_read(known, "input", (const char *)data, size, refused, NULL);
    if (answers == NULL)
        return 0;
    g_autoptr(GArray) supports = tk_control_coverage(known, answers, NULL, 20000);
    if (supports->len != 4)
        g_error("%u of 4 items are counted", supports->len);
    TkControlExport with = {"s", 20000, 0};
    g_autoptr(json_t) poam = tk_control_poam(known, answers, tk_framework_find(known, "x"), &with, NULL);
    g_autoptr(json_t) made = tk_control_component(known, answers, tk_framework_find(known, "y"), &with, NULL);
    if (poam == NULL && made == NULL && tk_control_answers_count(answers) == 0)
        g_error("without an answer everything is open, and yet there is no plan");
    return 0;
}
