/* tokatsu framework: the control frameworks that the program knows, what an item of one reaches in the
 * others, and what a file of answers covers. */
#include "cli/framework.h"
#include "service/service.h"

enum { OUT_MAX = 64 << 20 };

TkFrameworks *tk_cli_frameworks(GError **error)
{
    return tk_controls_frameworks(NULL, 0, error);
}

const TkFramework *tk_cli_framework_find(const TkFrameworks *frameworks, const char *id, GError **error)
{
    const TkFramework *f = tk_framework_find(frameworks, id);
    if (f == NULL)
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no framework “%s”; `tokatsu framework list` shows them",
                id);
    return f;
}

TkControlAnswers *tk_cli_answers(const TkFrameworks *frameworks, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    size_t len = 0;
    g_autoptr(GError) why = NULL;
    if (!g_file_get_contents(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &text, &len, &why)) {
        tk_fail(error, TK_ERROR_INPUT, "%s cannot be read: %s", path, why->message);
        return NULL;
    }
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    TkControlAnswers *answers = tk_control_answers_read(frameworks, path, text, len, refused, error);
    for (size_t i = 0; i < refused->len; i++)
        fprintf(stderr, "refused: %s\n", (char *)refused->pdata[i]);
    return answers;
}

bool tk_cli_day(const char *text, TkDate *date, GError **error)
{
    *date = tk_date_of_time(g_get_real_time());
    return text == NULL || tk_date_parse(text, strlen(text), date, error);
}

typedef struct {
    TkBuf out;
    TkJson json;
    bool table;
    const char *lang;
} Show;

static void text(Show *s, const char *key, const char *value)
{
    tk_json_key(&s->json, key);
    tk_json_text(&s->json, value);
}

static void number(Show *s, const char *key, int64_t value)
{
    tk_json_key(&s->json, key);
    tk_json_int(&s->json, value);
}

static void flag(Show *s, const char *key, bool value)
{
    tk_json_key(&s->json, key);
    tk_json_bool(&s->json, value);
}

static void begin(Show *s)
{
    s->json = tk_json_to(&s->out);
    tk_json_begin_object(&s->json);
}

static void end(Show *s)
{
    tk_json_end_object(&s->json);
    tk_buf_add_char(&s->out, '\n');
}

static int flush(Show *s)
{
    bool ok =
        !s->out.overflow && fwrite(s->out.data, 1, s->out.len, stdout) == s->out.len && fflush(stdout) == 0;
    if (!ok)
        fputs("tokatsu framework: the answer could not be written out\n", stderr);
    return ok ? 0 : 2;
}

/* ---- list, show ---- */

static void list_one(Show *s, const TkFramework *f)
{
    if (s->table) {
        tk_buf_addf(&s->out, "%-18s %5zu %-12s %-10s %s%s\n", f->id, f->n_units, f->unit, f->published,
                    g_strcmp0(s->lang, "en") == 0 ? f->title_en : f->title_ja,
                    f->n_unverified > 0 ? " *" : "");
        return;
    }
    begin(s);
    text(s, "id", f->id);
    text(s, "title_ja", f->title_ja);
    text(s, "title_en", f->title_en);
    text(s, "publisher", f->publisher);
    text(s, "edition", f->edition);
    text(s, "published", f->published);
    text(s, "source", f->source);
    text(s, "note", f->note);
    text(s, "unit", f->unit);
    number(s, "units", (int64_t)f->n_units);
    number(s, "items", (int64_t)f->n_items);
    number(s, "unverified", (int64_t)f->n_unverified);
    end(s);
}

static int list(const TkFrameworks *frameworks, Show *s)
{
    for (size_t i = 0; i < tk_frameworks_count(frameworks); i++)
        list_one(s, tk_frameworks_at(frameworks, i));
    size_t unverified = 0, maps = tk_frameworks_map_count(frameworks, &unverified);
    fprintf(stderr, "%zu frameworks, %zu mappings between them (%zu not verified)\n",
            tk_frameworks_count(frameworks), maps, unverified);
    return flush(s);
}

static int depth_of(const TkFrameworkItem *item)
{
    int depth = 0;
    for (; item->parent != SIZE_MAX; depth++)
        item = &item->framework->items[item->parent];
    return depth;
}

static void show_item(Show *s, const TkFrameworkItem *item)
{
    const char *parent = item->parent == SIZE_MAX ? NULL : item->framework->items[item->parent].id;
    if (s->table) {
        tk_buf_addf(&s->out, "%*s%-12s %s", depth_of(item) * 2, "", item->id,
                    tk_framework_title(item, s->lang));
        if (item->count >= 0)
            tk_buf_addf(&s->out, " (%" G_GINT64_FORMAT ")", item->count);
        tk_buf_add_str(&s->out, item->verified ? "\n" : " *\n");
        return;
    }
    begin(s);
    text(s, "id", item->id);
    text(s, "kind", item->kind);
    text(s, "parent", parent);
    text(s, "title_ja", tk_framework_title(item, "ja"));
    text(s, "title_en", tk_framework_title(item, "en"));
    if (item->count >= 0)
        number(s, "count", item->count);
    flag(s, "verified", item->verified);
    end(s);
}

static int show(const TkFramework *f, Show *s)
{
    for (size_t i = 0; i < f->n_items; i++)
        show_item(s, &f->items[i]);
    return flush(s);
}

/* ---- reach, coverage ---- */

static void add_path(Show *s, const TkReach *reach)
{
    tk_json_key(&s->json, "path");
    tk_json_begin_array(&s->json);
    for (size_t i = 0; i < reach->n_path; i++) {
        const TkHop *hop = &reach->path[i];
        tk_json_begin_object(&s->json);
        text(s, "from_framework", hop->from->framework->id);
        text(s, "from", hop->from->id);
        text(s, "relation", tk_relation_text(hop->relation));
        text(s, "to_framework", hop->to->framework->id);
        text(s, "to", hop->to->id);
        text(s, "crosswalk", hop->crosswalk);
        flag(s, "verified", hop->verified);
        tk_json_end_object(&s->json);
    }
    tk_json_end_array(&s->json);
    if (reach->n_path > 0)
        number(s, "weakest_link", (int64_t)reach->weakest);
}

static void reach_row(Show *s, const TkReach *reach)
{
    const TkHop *weakest = &reach->path[reach->weakest];
    if (s->table) {
        tk_buf_addf(&s->out, "%-18s %-10s %-9s %zu %s  [%s %s %s%s]\n", reach->item->framework->id,
                    reach->item->id, tk_relation_text(reach->relation), reach->n_path,
                    tk_framework_title(reach->item, s->lang), weakest->from->id,
                    tk_relation_text(weakest->relation), weakest->to->id, weakest->verified ? "" : " *");
        return;
    }
    begin(s);
    text(s, "framework", reach->item->framework->id);
    text(s, "item", reach->item->id);
    text(s, "relation", tk_relation_text(reach->relation));
    flag(s, "verified", reach->verified);
    add_path(s, reach);
    end(s);
}

static int reach(const TkFrameworks *frameworks, const TkFramework *f, const char *id, Show *s)
{
    const TkFrameworkItem *item = tk_framework_item(f, id);
    if (item == NULL) {
        GError *error = NULL;
        tk_fail(&error, TK_ERROR_NOT_FOUND, "%s has no item “%s”", f->id, id);
        return tk_cli_fail("framework", error);
    }
    g_autoptr(GArray) reached = tk_control_reach(frameworks, item);
    for (size_t i = 0; i < reached->len; i++)
        reach_row(s, &g_array_index(reached, TkReach, i));
    return flush(s);
}

static void coverage_row(Show *s, const TkSupport *support)
{
    const TkControlAnswer *answer = support->answer;
    if (s->table) {
        tk_buf_addf(&s->out, "%-12s %-14s %-9s %s", support->item->id, tk_control_state_text(support->state),
                    tk_evidence_text(support->evidence), tk_framework_title(support->item, s->lang));
        if (support->reach.n_path > 0)
            tk_buf_addf(&s->out, "  [%s %s, %s%s]", answer->item->framework->id, answer->item->id,
                        tk_relation_text(support->reach.relation), support->reach.verified ? "" : " *");
        tk_buf_add_char(&s->out, '\n');
        return;
    }
    begin(s);
    text(s, "framework", support->item->framework->id);
    text(s, "item", support->item->id);
    text(s, "state", tk_control_state_text(support->state));
    text(s, "own", support->own == NULL ? NULL : tk_control_state_text(support->own->state));
    text(s, "evidence", tk_evidence_text(support->evidence));
    if (answer != NULL) {
        text(s, "answer_framework", answer->item->framework->id);
        text(s, "answer_item", answer->item->id);
        text(s, "relation", tk_relation_text(support->reach.relation));
        flag(s, "verified", support->reach.verified);
        add_path(s, &support->reach);
    }
    end(s);
}

static int coverage(const TkFrameworks *frameworks, const TkFramework *f, const char *path, TkDate date,
                    Show *s)
{
    GError *error = NULL;
    g_autoptr(TkControlAnswers) answers = tk_cli_answers(frameworks, path, &error);
    if (answers == NULL)
        return tk_cli_fail("framework", error);
    g_autoptr(GArray) supports = tk_control_coverage(frameworks, answers, f, date);
    size_t counts[TK_CONTROL_IMPLEMENTED + 1] = {0}, shown = 0;
    for (size_t i = 0; i < supports->len; i++) {
        const TkSupport *support = &g_array_index(supports, TkSupport, i);
        coverage_row(s, support);
        counts[support->state]++;
        shown += support->state == TK_CONTROL_IMPLEMENTED && support->evidence == TK_EVIDENCE_VALID;
    }
    fprintf(stderr,
            "%zu of %u implemented (%zu with valid evidence), %zu partial, %zu planned, %zu not applicable, "
            "%zu open\n",
            counts[TK_CONTROL_IMPLEMENTED], supports->len, shown, counts[TK_CONTROL_PARTIAL],
            counts[TK_CONTROL_PLANNED], counts[TK_CONTROL_NOT_APPLICABLE], counts[TK_CONTROL_OPEN]);
    return flush(s);
}

static const char help[] =
    "  list                            the frameworks\n"
    "  show ID                         the items of one\n"
    "  reach ID ITEM                   what follows about items of other frameworks, with path and weakest "
    "link\n"
    "  coverage --answers FILE         the best supported state of every item, of all frameworks or of one\n"
    "           [--framework ID]\n\n"
    "In tables * marks what has not been verified. Format of answers: docs/framework-format.md.";

typedef struct {
    char *answers, *framework, *date, *format, *lang;
} Options;

static void options_clear(Options *o)
{
    g_free(o->answers);
    g_free(o->framework);
    g_free(o->date);
    g_free(o->format);
    g_free(o->lang);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int run(int argc, char **argv, const Options *o, const TkFrameworks *frameworks, Show *s,
               GError **error)
{
    const char *verb = argc > 1 ? argv[1] : "";
    TkDate date;
    if (strcmp(verb, "list") == 0 && argc == 2)
        return list(frameworks, s);
    bool covers = strcmp(verb, "coverage") == 0 && argc == 2 && o->answers != NULL;
    const char *id = covers ? o->framework : argc > 2 ? argv[2] : NULL;
    const TkFramework *f = id != NULL ? tk_cli_framework_find(frameworks, id, error) : NULL;
    if (id != NULL && f == NULL)
        return -1;
    if (strcmp(verb, "show") == 0 && argc == 3)
        return show(f, s);
    if (strcmp(verb, "reach") == 0 && argc == 4)
        return reach(frameworks, f, argv[3], s);
    if (covers)
        return tk_cli_day(o->date, &date, error) ? coverage(frameworks, f, o->answers, date, s) : -1;
    tk_fail(error, TK_ERROR_INPUT,
            "say list, show ID, reach ID ITEM, or coverage --answers FILE; see --help");
    return -1;
}

int tk_cli_framework(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        {"answers", 0, 0, G_OPTION_ARG_FILENAME, &o.answers, "The answers (JSON)", "FILE"},
        {"framework", 0, 0, G_OPTION_ARG_STRING, &o.framework, "Only this framework", "ID"},
        {"date", 0, 0, G_OPTION_ARG_STRING, &o.date,
         "The day on which evidence must hold (default: today in Japan)", "YYYY-MM-DD"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o.format, "jsonl (default) or table", "FORMAT"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o.lang, "ja (default) or en, for the table", "LANG"},
        {0},
    };
    int status;
    if (!tk_cli_options(&argc, &argv, "list|show|reach|coverage …", help, entries, &status))
        return status;
    GError *error = NULL;
    Show s = {.table = g_strcmp0(o.format, "table") == 0, .lang = o.lang};
    if (o.format != NULL && !s.table && strcmp(o.format, "jsonl") != 0) {
        tk_fail(&error, TK_ERROR_INPUT, "--format is jsonl or table, not “%s”", o.format);
        return tk_cli_fail("framework", error);
    }
    g_autoptr(TkFrameworks) frameworks = tk_cli_frameworks(&error);
    if (frameworks == NULL)
        return tk_cli_fail("framework", error);
    tk_buf_init(&s.out, OUT_MAX);
    status = run(argc, argv, &o, frameworks, &s, &error);
    tk_buf_clear(&s.out);
    return error != NULL ? tk_cli_fail("framework", error) : status;
}
