/* tokatsu law: checks a folder of law files, and shows the law in force on a day or what changed between two.
 */
#include "cli/law_show.h"
#include "service/service.h"

static int flush(Show *s)
{
    if (s->out.overflow)
        fputs("tokatsu law: the output is longer than 64 MB and was cut\n", stderr);
    bool ok = fwrite(s->out.data, 1, s->out.len, stdout) == s->out.len && fflush(stdout) == 0;
    return ok && !s->out.overflow ? 0 : 2;
}

static int check(const char *dir)
{
    GError *error = NULL;
    g_autoptr(TkLaw) law = tk_asset_law(dir, &error);
    if (law == NULL) {
        if (error->domain == TK_ERROR && error->code != TK_ERROR_IO)
            error->code = TK_ERROR_REFUSED; /* the answer to "is it sound?" is no */
        return tk_cli_fail("law", error);
    }
    size_t unverified = 0;
    for (size_t i = 0; i < tk_law_entry_count(law); i++)
        unverified += !tk_law_entry(law, i)->verified;
    printf("%zu entries, %zu of them unverified, no fault found\n", tk_law_entry_count(law), unverified);
    return 0;
}

static int list(Show *s, const TkLaw *law, const char *article)
{
    g_autoptr(GPtrArray) found = tk_law_entries(law, article, s->date);
    for (size_t i = 0; i < found->len; i++)
        if (article == NULL)
            law_show_line(s, found->pdata[i]);
        else
            law_show_whole(s, found->pdata[i]);
    int status = flush(s);
    if (found->len > 0 || status != 0)
        return status;
    char day[TK_TIME_TEXT_MAX];
    fprintf(stderr, "tokatsu law: nothing is held for %s on %s\n", article != NULL ? article : "any article",
            tk_date_text(s->date, day));
    return 1;
}

static bool read_day(const char *text, TkDate *date, GError **error)
{
    return tk_date_parse(text, strlen(text), date, error);
}

static int diff(Show *s, const TkLaw *law, const char *from, const char *to)
{
    GError *error = NULL;
    TkDate a, b;
    if (!read_day(from, &a, &error) || !read_day(to, &b, &error))
        return tk_cli_fail("law", error);
    g_autoptr(GPtrArray) changes = tk_law_diff(law, a, b);
    for (size_t i = 0; i < changes->len; i++) {
        const TkLawChange *change = changes->pdata[i];
        const TkLawEntry *entry = change->before != NULL ? change->before : change->after;
        if (strcmp(entry->type, "holidays") != 0) /* they differ every year and are no law of ours */
            law_show_change(s, change);
    }
    return flush(s);
}

static const char help[] =
    "  check [DIR]              whether the law files are sound: 0 yes, 1 no, naming file, entry and field\n"
    "  list [--date DAY]        what is in force on a day\n"
    "  show ARTICLE [--date DAY]  one article, such as 58条 or 報告規則7条の3, as of a day\n"
    "  diff DAY DAY             what changed between two days\n\n"
    "The day is today unless given. Texts are our own words, not the law's; each entry cites its source.";

typedef struct {
    char *date, *format, *lang, *law;
} Options;

static void options_clear(Options *o)
{
    g_free(o->date);
    g_free(o->format);
    g_free(o->lang);
    g_free(o->law);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool read_options(const Options *o, Show *s, GError **error)
{
    s->date = tk_date_of_time(g_get_real_time());
    s->jsonl = o->format != NULL && strcmp(o->format, "jsonl") == 0;
    s->lang = o->lang != NULL && strcmp(o->lang, "en") == 0 ? TK_LANG_EN : TK_LANG_JA;
    if (o->format != NULL && !s->jsonl && strcmp(o->format, "text") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "--format is text or jsonl, not “%s”", o->format);
    if (o->lang != NULL && s->lang == TK_LANG_JA && strcmp(o->lang, "ja") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "--lang is ja or en, not “%s”", o->lang);
    return o->date == NULL || read_day(o->date, &s->date, error);
}

int tk_cli_law(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        {"date", 0, 0, G_OPTION_ARG_STRING, &o.date, "The day whose law is shown (default: today in Japan)",
         "YYYY-MM-DD"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o.format, "text (default) or jsonl", "FORMAT"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o.lang, "ja (default) or en", "LANG"},
        {"law", 0, 0, G_OPTION_ARG_FILENAME, &o.law, "Read the law from a folder instead of the built-in one",
         "DIR"},
        {0},
    };
    int status;
    if (!tk_cli_options(&argc, &argv, "check|list|show|diff …", help, entries, &status))
        return status;
    GError *error = NULL;
    Show s = {0};
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "check") == 0 && argc <= 3)
        return check(argc == 3 ? argv[2] : o.law);
    g_autoptr(TkLaw) law = NULL;
    if (!read_options(&o, &s, &error) || (law = tk_asset_law(o.law, &error)) == NULL)
        return tk_cli_fail("law", error);
    tk_buf_init(&s.out, 64 * 1024 * 1024);
    if (strcmp(verb, "list") == 0 && argc == 2)
        status = list(&s, law, NULL);
    else if (strcmp(verb, "show") == 0 && argc == 3)
        status = list(&s, law, argv[2]);
    else if (strcmp(verb, "diff") == 0 && argc == 4)
        status = diff(&s, law, argv[2], argv[3]);
    else {
        tk_fail(&error, TK_ERROR_INPUT, "check, list, show ARTICLE or diff DAY DAY is needed; see --help");
        status = tk_cli_fail("law", error);
    }
    tk_buf_clear(&s.out);
    return status;
}
