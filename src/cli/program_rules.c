/* A document (docx, Markdown, text, JSON) is taken apart as the page does it, and its coverage printed. Items
 * that the document does not name itself are guessed from headings, and said to be guesses. */
#include "cli/program_rules.h"

#include <signal.h>

#include "rules/rules.h"
#include "service/service.h"

#define OUT_MAX (16u << 20)

static GBytes *read_file(const char *path, GError **error)
{
    GString *all = g_string_new(NULL);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char piece[64 * 1024];
    size_t got = 0;
    if (file == NULL) {
        g_string_free(all, TRUE);
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be opened", path);
        return NULL;
    }
    while (all->len <= TK_RULES_IMPORT_MAX && (got = fread(piece, 1, sizeof piece, file)) > 0)
        g_string_append_len(all, piece, (gssize)got);
    if (file != stdin)
        fclose(file);
    return g_string_free_to_bytes(all);
}

static const char *pair(const TkRulesAsk *ask, const json_t *object, const char *field)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(object, field), ask->lang == TK_LANG_JA ? "ja" : "en"));
    return text == NULL ? "" : text;
}

static const char *mark(const char *state)
{
    if (strcmp(state, "covered") == 0)
        return " + ";
    return strcmp(state, "missing") == 0 ? " ! " : strcmp(state, "not-asked") == 0 ? " - " : " ? ";
}

static void table(const TkRulesAsk *ask, const json_t *check, TkBuf *out)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(check, "items"), i, one)
    {
        const char *state = json_string_value(json_object_get(one, "state"));
        tk_buf_addf(out, "%s %s %s%s\n", mark(state), json_string_value(json_object_get(one, "place")),
                    pair(ask, one, "name"),
                    json_is_true(json_object_get(one, "suggested"))
                        ? (ask->lang == TK_LANG_JA ? " (推定)" : " (guessed)")
                        : "");
    }
    json_array_foreach(json_object_get(check, "findings"), i, one) tk_buf_addf(
        out, "%-8s %s\n", json_string_value(json_object_get(one, "level")), pair(ask, one, "text"));
}

/* Items, findings, and last the counts: an object a line. */
static void lines(const json_t *check, TkBuf *out)
{
    static const char *const lists[] = {"items", "findings"};
    TkJson w = tk_json_to(out);
    size_t i;
    json_t *one;
    for (size_t k = 0; k < G_N_ELEMENTS(lists); k++)
        json_array_foreach(json_object_get(check, lists[k]), i, one)
        {
            w = tk_json_to(out);
            tk_json_value(&w, one);
            tk_buf_add_char(out, '\n');
        }
    g_autoptr(json_t) last =
        json_pack("{s:O, s:O, s:O}", "date", json_object_get(check, "date"), "effective",
                  json_object_get(check, "effective"), "counts", json_object_get(check, "counts"));
    w = tk_json_to(out);
    tk_json_value(&w, last);
    tk_buf_add_char(out, '\n');
}

static json_t *check_of(const TkRulesAsk *ask, TkRules *rules, size_t *errors, GError **error)
{
    g_autoptr(TkRulesItems) items = tk_law_rules_items(ask->law, ask->profile, ask->date, error);
    if (items == NULL)
        return NULL;
    tk_rules_suggest(rules, items);
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, OUT_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    *errors = tk_rules_check(rules, items, ask->effective, &w);
    tk_json_end_object(&w);
    return tk_json_read("the check", buf.data, buf.len, buf.len, error);
}

int tk_cli_rules_check(const TkRulesAsk *ask)
{
    GError *error = NULL;
    size_t errors = 0;
    signal(SIGPIPE, SIG_IGN); /* a converter that ends early is an answer, not the end of us */
    g_autoptr(GBytes) bytes = read_file(ask->path, &error);
    g_autoptr(json_t) notes = json_array();
    g_autoptr(json_t) document = bytes == NULL ? NULL : tk_rules_read_file(ask->path, bytes, notes, &error);
    g_autoptr(TkRules) rules = document == NULL ? NULL : tk_rules_of(ask->path, document, &error);
    g_autoptr(json_t) check = rules == NULL ? NULL : check_of(ask, rules, &errors, &error);
    if (check == NULL)
        return tk_cli_fail("program", error);
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, OUT_MAX);
    if (ask->jsonl)
        lines(check, &out);
    else
        table(ask, check, &out);
    if (out.overflow || fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0) {
        fputs("tokatsu program: the output could not be written whole\n", stderr);
        return 2;
    }
    return errors > 0 ? 1 : 0;
}
