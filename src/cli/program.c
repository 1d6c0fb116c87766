/* tokatsu program: what the Act asks of a carrier, by its profile and a day; and what a change of fact or day
 * makes. */
#include <unistd.h>

#include "cli/keeping.h"
#include "cli/program_rules.h"
#include "cli/program_standards.h"
#include "service/service.h"

#define OUT_MAX (64u << 20)

typedef struct {
    KeepingOptions keeping;
    char *profile, *date, *compare, *format, *lang, *law, *effective, *category;
} Options;

static void options_clear(Options *o)
{
    keeping_options_clear(&o->keeping);
    g_free(o->profile);
    g_free(o->date);
    g_free(o->compare);
    g_free(o->format);
    g_free(o->lang);
    g_free(o->law);
    g_free(o->effective);
    g_free(o->category);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef struct {
    TkBuf out;
    bool jsonl;
    TkLang lang;
} Show;

static const char *words(const Show *s, TkText text)
{
    return s->lang == TK_LANG_JA ? text.ja : text.en;
}

static int flush(Show *s)
{
    bool ok =
        !s->out.overflow && fwrite(s->out.data, 1, s->out.len, stdout) == s->out.len && fflush(stdout) == 0;
    if (!ok)
        fputs("tokatsu program: the output could not be written whole\n", stderr);
    tk_buf_clear(&s->out);
    return ok ? 0 : 2;
}

/* ---- one result ---- */

static const char *mark(const TkDuty *duty)
{
    if (duty->voluntary)
        return "(+)";
    return duty->applies == TK_YES ? " + " : duty->applies == TK_NO ? " - " : " ? ";
}

static void show_row(Show *s, const TkDuty *duty)
{
    char day[TK_TIME_TEXT_MAX];
    tk_buf_addf(&s->out, "%s %-28s %s  [%s%s]", mark(duty), duty->id, words(s, duty->name),
                duty->entry->article,
                duty->entry->verified   ? ""
                : s->lang == TK_LANG_JA ? "、未確認"
                                        : ", unverified");
    if (duty->since != TK_DATE_NONE)
        tk_buf_addf(&s->out, s->lang == TK_LANG_JA ? " %s%sから" : " since %s%s",
                    tk_date_text(duty->since, day),
                    !duty->since_open       ? ""
                    : s->lang == TK_LANG_JA ? "以前"
                                            : " or before");
    tk_buf_add_char(&s->out, '\n');
    for (size_t i = 0; i < duty->deadline_count && duty->applies != TK_NO; i++)
        if (duty->deadlines[i].due != TK_DATE_NONE)
            tk_buf_addf(&s->out, "        %s: %s\n", words(s, duty->deadlines[i].what),
                        tk_date_text(duty->deadlines[i].due, day));
    for (size_t i = 0; i < duty->why_count; i++) {
        tk_buf_add_str(&s->out, duty->why[i].speaks_for == TK_YES  ? "      ○ "
                                : duty->why[i].speaks_for == TK_NO ? "      × "
                                                                   : "      ? ");
        tk_law_duty_fact_add(&duty->why[i], s->lang, &s->out);
        tk_buf_add_char(&s->out, '\n');
    }
    if (!duty->in_force)
        tk_buf_addf(&s->out, "      %s\n",
                    s->lang == TK_LANG_JA ? "この日に効力のある規定がない" : "no rule in force on that day");
}

static int show(Show *s, const TkProgram *program)
{
    for (size_t i = 0; i < tk_program_count(program); i++) {
        const TkDuty *duty = tk_program_duty(program, i);
        if (!s->jsonl) {
            show_row(s, duty);
            continue;
        }
        TkJson w = tk_json_to(&s->out);
        tk_json_begin_object(&w);
        tk_law_duty_json(duty, &w);
        tk_json_end_object(&w);
        tk_buf_add_char(&s->out, '\n');
    }
    return flush(s);
}

/* ---- two ---- */

static void show_change(Show *s, const json_t *change)
{
    const char *lang = s->lang == TK_LANG_JA ? "ja" : "en";
    const json_t *because = json_object_get(change, "because");
    tk_buf_addf(&s->out, "%-10s %-28s %s  [%s]\n", json_string_value(json_object_get(change, "change")),
                json_string_value(json_object_get(change, "id")),
                json_string_value(json_object_get(json_object_get(change, "name"), lang)),
                json_string_value(json_object_get(change, "article")));
    size_t i;
    json_t *fact;
    json_array_foreach(because, i, fact) tk_buf_addf(
        &s->out, "           %s\n", json_string_value(json_object_get(json_object_get(fact, "text"), lang)));
}

static int show_diff(Show *s, const TkProgram *before, const TkProgram *after)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, OUT_MAX);
    TkJson w = tk_json_to(&buf);
    tk_law_program_diff_json(before, after, &w);
    GError *error = NULL;
    g_autoptr(json_t) list = tk_json_read("the comparison", buf.data, buf.len, OUT_MAX, &error);
    if (list == NULL)
        return tk_cli_fail("program", error);
    size_t i;
    json_t *change;
    json_array_foreach(list, i, change)
    {
        if (!s->jsonl) {
            show_change(s, change);
            continue;
        }
        TkJson line = tk_json_to(&s->out);
        tk_json_value(&line, change);
        tk_buf_add_char(&s->out, '\n');
    }
    return flush(s);
}

/* ---- the command ---- */

static TkProfile *read_profile(const TkLaw *law, const char *path, GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, NULL);
    if (map == NULL) {
        tk_fail(error, TK_ERROR_IO, "the profile %s cannot be read", path);
        return NULL;
    }
    const char *text = g_mapped_file_get_contents(map);
    return tk_profile_read(law, path, text == NULL ? "" : text, g_mapped_file_get_length(map), error);
}

static bool read_options(const Options *o, bool without_profile, Show *s, TkDate *date, GError **error)
{
    s->jsonl = o->format == NULL || strcmp(o->format, "jsonl") == 0;
    s->lang = o->lang != NULL && strcmp(o->lang, "en") == 0 ? TK_LANG_EN : TK_LANG_JA;
    *date = tk_date_of_time(g_get_real_time());
    if (!s->jsonl && strcmp(o->format, "table") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "--format is jsonl or table, not “%s”", o->format);
    if (o->lang != NULL && s->lang == TK_LANG_JA && strcmp(o->lang, "ja") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "--lang is ja or en, not “%s”", o->lang);
    if (o->profile == NULL && !without_profile)
        return tk_fail(error, TK_ERROR_INPUT, "--profile FILE is needed; docs/law-format.md describes it");
    return o->date == NULL || tk_date_parse(o->date, strlen(o->date), date, error);
}

static int obligations(const Options *o, const TkLaw *law, Show *s, TkDate date)
{
    GError *error = NULL;
    g_autoptr(TkProfile) profile = read_profile(law, o->profile, &error);
    g_autoptr(TkProgram) program = profile == NULL ? NULL : tk_law_obligations(law, profile, date, &error);
    if (program == NULL)
        return tk_cli_fail("program", error);
    if (o->compare == NULL)
        return show(s, program);
    TkDate other_date = date;
    g_autoptr(TkProfile) other = NULL;
    if (!tk_date_parse(o->compare, strlen(o->compare), &other_date, NULL)) {
        other_date = date;
        if ((other = read_profile(law, o->compare, &error)) == NULL)
            return tk_cli_fail("program", error);
    }
    g_autoptr(TkProgram) after = tk_law_obligations(law, other != NULL ? other : profile, other_date, &error);
    return after == NULL ? tk_cli_fail("program", error) : show_diff(s, program, after);
}

/* ---- officers ---- */

static const char *pair(const Show *s, const json_t *object, const char *field)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(object, field), s->lang == TK_LANG_JA ? "ja" : "en"));
    return text == NULL ? "" : text;
}

static void show_office(Show *s, const json_t *office)
{
    const char *applies = json_string_value(json_object_get(office, "applies"));
    tk_buf_addf(&s->out, "%s %-24s %s  [%s]\n",
                strcmp(applies, "yes") == 0  ? " + "
                : strcmp(applies, "no") == 0 ? " - "
                                             : " ? ",
                json_string_value(json_object_get(office, "office")), pair(s, office, "name"),
                json_string_value(json_object_get(office, "article")));
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(office, "appointments"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        tk_buf_addf(&s->out, "      %s %s %s\n", json_string_value(json_object_get(one, "record")),
                    name == NULL ? "" : name, json_string_value(json_object_get(one, "appointed")));
    }
    json_array_foreach(json_object_get(office, "gaps"), i, one)
        tk_buf_addf(&s->out, "      ! %s [%s]\n", pair(s, one, "text"),
                    json_string_value(json_object_get(one, "article")));
}

static int show_officers(Show *s, GBytes *answer)
{
    GError *error = NULL;
    gsize len;
    const char *text = g_bytes_get_data(answer, &len);
    g_autoptr(json_t) whole = tk_json_read("the officers", text, len, len, &error);
    if (whole == NULL)
        return tk_cli_fail("program", error);
    size_t i;
    json_t *office;
    json_array_foreach(json_object_get(whole, "offices"), i, office)
    {
        if (!s->jsonl) {
            show_office(s, office);
            continue;
        }
        TkJson w = tk_json_to(&s->out);
        tk_json_value(&w, office);
        tk_buf_add_char(&s->out, '\n');
    }
    return flush(s);
}

/* From the registers of a folder that no server is using. */
static int officers(const Options *o, Show *s, TkDate date)
{
    GError *error = NULL;
    g_autofree char *own = o->keeping.data == NULL ? tk_cli_default_data() : NULL;
    const char *data = o->keeping.data != NULL ? o->keeping.data : own;
    const TkActor actor = {"local", TK_ROLE_ADMINISTRATOR};
    TkServiceOptions options = {
        .data_dir = data, .database_url = o->keeping.database, .law_dir = o->law, .stepped = true};
    int lock = keeping_lock(data, &error);
    g_autoptr(TkApp) app = lock < 0 ? NULL : tk_service_new(&options, &error);
    g_autoptr(GBytes) answer = app == NULL ? NULL : tk_service_program_officers(app, &actor, date, &error);
    int status = answer == NULL ? tk_cli_fail("program", error) : show_officers(s, answer);
    g_clear_pointer(&app, tk_service_free);
    if (lock >= 0)
        close(lock);
    return status;
}

/* ---- management rules ---- */

static int rules_check(const Options *o, const TkLaw *law, const Show *s, TkDate date, const char *path)
{
    GError *error = NULL;
    TkDate effective = TK_DATE_NONE;
    g_autoptr(TkProfile) profile = o->profile == NULL ? NULL : read_profile(law, o->profile, &error);
    if (error != NULL ||
        (o->effective != NULL && !tk_date_parse(o->effective, strlen(o->effective), &effective, &error)))
        return tk_cli_fail("program", error);
    return tk_cli_rules_check(&(TkRulesAsk){path, law, profile, date, effective, s->jsonl, s->lang});
}

static int standards(const Options *o, const TkLaw *law, Show *s, TkDate date)
{
    GError *error = NULL;
    if (!program_standards(law, date, o->category, s->jsonl, s->lang, &s->out, &error))
        return tk_cli_fail("program", error);
    return flush(s);
}

static const char help[] =
    "  obligations --profile FILE   what applies to the carrier on a day, since when, by when, and why\n"
    "  officers                     who holds each office of the Act by the registers, and what is "
    "missing\n"
    "  standards                    technical standards: measures and documents of each category of "
    "equipment\n"
    "  rules check FILE             whether a text of management rules (docx, Markdown, text, JSON) covers "
    "what\n"
    "                               施行規則 art. 29 asks on the day; exit 1 where something is missing\n\n"
    "With --compare, what differs from there to another day, or to another profile on the same day.\n"
    "Table: + applies, - does not, ? cannot tell, (+) run voluntarily. The day is today unless given.";

int tk_cli_program(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        KEEPING_ENTRIES(o.keeping),
        {"profile", 0, 0, G_OPTION_ARG_FILENAME, &o.profile, "The carrier's facts (JSON)", "FILE"},
        {"date", 0, 0, G_OPTION_ARG_STRING, &o.date, "The day that is asked about (default: today in Japan)",
         "YYYY-MM-DD"},
        {"compare", 0, 0, G_OPTION_ARG_STRING, &o.compare, "Another day, or another profile", "DAY|FILE"},
        {"effective", 0, 0, G_OPTION_ARG_STRING, &o.effective, "rules: the day the text takes effect",
         "YYYY-MM-DD"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o.format, "jsonl (default) or table", "FORMAT"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o.lang, "ja (default) or en, for the table", "LANG"},
        {"category", 0, 0, G_OPTION_ARG_STRING, &o.category, "standards: one category, such as mobile", "ID"},
        {"law", 0, 0, G_OPTION_ARG_FILENAME, &o.law, "Read the law from a folder instead of the built-in one",
         "DIR"},
        {0},
    };
    int status;
    if (!tk_cli_options(&argc, &argv, "obligations|officers|standards|rules check FILE …", help, entries,
                        &status))
        return status;
    GError *error = NULL;
    Show s = {0};
    TkDate date;
    bool of_officers = argc == 2 && strcmp(argv[1], "officers") == 0;
    bool of_rules = argc == 4 && strcmp(argv[1], "rules") == 0 && strcmp(argv[2], "check") == 0;
    bool of_standards = argc == 2 && strcmp(argv[1], "standards") == 0;
    if (!of_officers && !of_rules && !of_standards && (argc != 2 || strcmp(argv[1], "obligations") != 0)) {
        tk_fail(&error, TK_ERROR_INPUT,
                "obligations, officers, standards or rules check FILE is needed; see --help");
        return tk_cli_fail("program", error);
    }
    g_autoptr(TkLaw) law = NULL;
    if (!read_options(&o, of_officers || of_rules || of_standards, &s, &date, &error) ||
        (law = tk_asset_law(o.law, &error)) == NULL)
        return tk_cli_fail("program", error);
    tk_buf_init(&s.out, OUT_MAX);
    status = of_rules       ? rules_check(&o, law, &s, date, argv[3])
             : of_officers  ? officers(&o, &s, date)
             : of_standards ? standards(&o, law, &s, date)
                            : obligations(&o, law, &s, date);
    tk_buf_clear(&s.out);
    return status;
}
