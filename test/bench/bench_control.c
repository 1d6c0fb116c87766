/* Measures controls: the built-in frameworks with a synthetic one of 1,200 controls and a crosswalk from all
 * of them, 1,200 answers, the coverage of everything, and one answer's effect. */
#include <time.h>

#include "control/control.h"
#include "service/service.h"

enum { CONTROLS = 1200 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static char *framework_text(void)
{
    GString *out = g_string_new("{\"format\":\"tokatsu-framework/"
                                "1\",\"id\":\"synthetic\",\"title\":{\"ja\":\"合成\",\"en\":\"Synthetic\"},"
                                "\"publisher\":\"-\",\"edition\":\"1\",\"published\":\"2026\",\"source\":\"-"
                                "\",\"unit\":\"control\",\"items\":[");
    for (int i = 0; i < CONTROLS; i++)
        g_string_append_printf(
            out,
            "%s{\"id\":\"S.%d\",\"kind\":\"control\",\"title\":{\"ja\":\"管理策 %d\",\"en\":\"Control %d\"}}",
            i == 0 ? "" : ",", i, i, i);
    g_string_append(out, "]}");
    return g_string_free(out, FALSE);
}

/* Each control of ours overlaps one of ISO/IEC 27001:2022, which lies to others. */
static char *crosswalk_text(const TkFramework *f)
{
    static const char *const relations[] = {"equal", "subset", "superset", "intersect"};
    GString *out =
        g_string_new("{\"format\":\"tokatsu-crosswalk/1\",\"id\":\"s\",\"from\":\"synthetic\",\"to\":"
                     "\"iso-27001-2022\",\"source\":\"-\",\"verified\":false,\"maps\":[");
    size_t at = 0;
    for (int i = 0; i < CONTROLS; i++) {
        do
            at = (at + 1) % f->n_items;
        while (!tk_framework_is_unit(&f->items[at]));
        g_string_append_printf(out, "%s{\"from\":\"S.%d\",\"relation\":\"%s\",\"to\":\"%s\"}",
                               i == 0 ? "" : ",", i, relations[i % 4], f->items[at].id);
    }
    g_string_append(out, "]}");
    return g_string_free(out, FALSE);
}

static json_t *answers_list(void)
{
    static const char *const states[] = {"implemented", "partial", "planned", "implemented"};
    json_t *list = json_array();
    for (int i = 0; i < CONTROLS; i++) {
        char id[16];
        g_snprintf(id, sizeof id, "S.%d", i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:[{s:s, s:s}]}", "framework", "synthetic",
                                              "item", id, "state", states[i % 4], "evidence", "title", "e",
                                              "effective", "2026-04-01"));
    }
    return list;
}

int main(void)
{
    GError *error = NULL;
    g_autoptr(TkFrameworks) built_in = tk_controls_frameworks(NULL, 0, &error);
    if (built_in == NULL)
        g_error("%s", error->message);
    g_autofree char *text = framework_text();
    g_autofree char *walk = crosswalk_text(tk_framework_find(built_in, "iso-27001-2022"));
    TkFrameworkFile more[] = {{"synthetic", text, strlen(text)}, {"walk", walk, strlen(walk)}};
    double start = now_ms();
    g_autoptr(TkFrameworks) set = tk_controls_frameworks(more, G_N_ELEMENTS(more), &error);
    if (set == NULL)
        g_error("%s", error->message);
    size_t maps = tk_frameworks_map_count(set, NULL);
    printf("frameworks read: %zu with %zu mappings\t%.1f ms\n", tk_frameworks_count(set), maps,
           now_ms() - start);
    g_autoptr(json_t) list = answers_list();
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    start = now_ms();
    g_autoptr(TkControlAnswers) answers = tk_control_answers_of(set, "answers", list, refused, &error);
    printf("%zu answers read\t%.1f ms\n", tk_control_answers_count(answers), now_ms() - start);
    start = now_ms();
    g_autoptr(GArray) supports = tk_control_coverage(set, answers, NULL, tk_date_make(2026, 11, 23));
    printf("coverage of %u controls from %zu answers\t%.1f ms\n", supports->len,
           tk_control_answers_count(answers), now_ms() - start);
    const TkFrameworkItem *one = tk_framework_item(tk_framework_find(set, "iso-27001-2022"), "A.8.13");
    start = now_ms();
    g_autoptr(GArray) reached = tk_control_reach(set, one);
    printf("what one control reaches: %u\t%.2f ms\n", reached->len, now_ms() - start);
    return 0;
}
