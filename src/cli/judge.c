/* tokatsu judge: judges rows of a CSV by the law of their day, one line out per row, in constant memory.
 *
 * Records come one at a time from the CSV reader, a verdict is a struct on the stack, its sentences are made
 * while they are written, and the output buffer is handed on whenever it passes a limit: nothing grows with
 * the input. */
#include <errno.h>

#include "cli/judge_rows.h"
#include "service/service.h"

#define RECORD_MAX (1024 * 1024) /* bytes of one CSV record */
#define OUT_MAX                                                                                              \
    (16 * 1024 * 1024) /* bytes of one line out: an id of a megabyte may grow sixfold by escapes */
#define OUT_FLUSH (64 * 1024)

typedef struct {
    Rows rows;
    TkLang lang;
    bool table;
    TkBuf out;
    uint64_t good, bad;
    bool broken; /* standard output takes no more */
} Judge;

static void hand_on(Judge *j)
{
    if (j->out.len > 0 && (fwrite(j->out.data, 1, j->out.len, stdout) != j->out.len || fflush(stdout) != 0))
        j->broken = true;
    tk_buf_reset(&j->out);
}

/* ---- lines ---- */

static void add_id(TkJson *w, TkCsvField id)
{
    tk_json_key(w, "id");
    if (id.text == NULL || id.len == 0)
        tk_json_null(w);
    else
        tk_json_text_len(w, id.text, id.len);
}

static void line_good(Judge *j, TkCsvField id, const TkVerdict *verdict)
{
    TkJson w = tk_json_to(&j->out);
    tk_json_begin_object(&w);
    add_id(&w, id);
    tk_law_verdict_json(verdict, j->lang, &w);
    tk_json_end_object(&w);
    tk_buf_add_char(&j->out, '\n');
}

static void line_bad(Judge *j, TkCsvField id, uint64_t line, const char *why)
{
    TkJson w = tk_json_to(&j->out);
    tk_json_begin_object(&w);
    add_id(&w, id);
    tk_json_key(&w, "line");
    tk_json_int(&w, (int64_t)line);
    tk_json_member(&w, "error", why);
    tk_json_end_object(&w);
    tk_buf_add_char(&j->out, '\n');
}

/* ---- the table ---- */

static size_t columns_of(const char *text)
{
    size_t width = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        width += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
    return width;
}

/* Control characters of the input would move the reader's cursor. */
static void add_shown(TkBuf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        tk_buf_add_char(out, (unsigned char)*p < 0x20 || *p == 0x7F ? ' ' : *p);
}

static void cell(Judge *j, const char *text, size_t width)
{
    add_shown(&j->out, text);
    for (size_t have = columns_of(text); have < width; have++)
        tk_buf_add_char(&j->out, ' ');
    tk_buf_add_str(&j->out, "  ");
}

static const char *outcome_name(TkOutcome outcome, TkLang lang)
{
    static const TkText names[] = {{"重大な事故", "serious"},
                                   {"定期報告(詳細)", "periodic, detailed"},
                                   {"定期報告(簡易)", "periodic, simplified"},
                                   {"報告不要", "not reportable"},
                                   {"判定できない", "undetermined"},
                                   {"おそれ事態", "near miss"},
                                   {"漏えい", "leak"}};
    return lang == TK_LANG_JA ? names[outcome].ja : names[outcome].en;
}

static void table_head(Judge *j)
{
    bool ja = j->lang == TK_LANG_JA;
    cell(j, "id", 16);
    cell(j, ja ? "判定" : "outcome", 20);
    cell(j, ja ? "継続時間" : "duration", 14);
    cell(j, ja ? "期限" : "due", 10);
    cell(j, ja ? "法令" : "law", 10);
    tk_buf_add_str(&j->out, ja ? "条文\n" : "article\n");
}

static void table_good(Judge *j, TkCsvField id, const TkVerdict *verdict)
{
    char day[TK_TIME_TEXT_MAX] = "-", law[TK_TIME_TEXT_MAX];
    g_auto(TkBuf) duration;
    tk_buf_init(&duration, 64);
    if (verdict->duration_s >= 0)
        tk_duration_add(&duration, verdict->duration_s);
    for (size_t i = 0; i < verdict->report_count; i++)
        if (verdict->reports[i].due != TK_DATE_NONE) {
            tk_date_text(verdict->reports[i].due, day);
            break;
        }
    cell(j, id.text, 16);
    cell(j, outcome_name(verdict->outcome, j->lang), 20);
    cell(j, tk_buf_str(&duration), 14);
    cell(j, day, 10);
    cell(j, tk_date_text(verdict->law_date, law), 10);
    tk_buf_add_str(&j->out, verdict->article);
    tk_buf_add_char(&j->out, '\n');
    for (size_t i = 0; i < verdict->report_count; i++) {
        const TkReportDue *report = &verdict->reports[i];
        tk_buf_addf(&j->out, "    → %s", j->lang == TK_LANG_JA ? report->name.ja : report->name.en);
        if (report->form != NULL)
            tk_buf_addf(&j->out, ", %s", report->form);
        if (report->due != TK_DATE_NONE)
            tk_buf_addf(&j->out, ", %s", tk_date_text(report->due, day));
        tk_buf_add_char(&j->out, '\n');
    }
    for (size_t i = 0; i < verdict->why_count; i++) {
        tk_buf_add_str(&j->out, "    ");
        tk_law_why_add(&verdict->why[i], j->lang, &j->out);
        tk_buf_add_char(&j->out, '\n');
    }
}

static void table_bad(Judge *j, TkCsvField id, uint64_t line, const char *why)
{
    cell(j, id.text != NULL ? id.text : "-", 16);
    tk_buf_addf(&j->out,
                j->lang == TK_LANG_JA ? "%" G_GUINT64_FORMAT "行目を読めない: "
                                      : "line %" G_GUINT64_FORMAT " cannot be read: ",
                line);
    add_shown(&j->out, why);
    tk_buf_add_char(&j->out, '\n');
}

/* ---- the run ---- */

static void good(Judge *j, TkCsvField id, const TkVerdict *verdict)
{
    j->good++;
    if (j->table)
        table_good(j, id, verdict);
    else
        line_good(j, id, verdict);
}

static void bad(Judge *j, TkCsvField id, uint64_t line, const char *why)
{
    j->bad++;
    if (j->table)
        table_bad(j, id, line, why);
    else
        line_bad(j, id, line, why);
}

static void one(Judge *j, const TkCsvRecord *record)
{
    TkVerdict verdict;
    GError *error = NULL;
    TkCsvField id = judge_rows_id(&j->rows, record);
    if (judge_rows_judge(&j->rows, record, &verdict, &error)) {
        good(j, id, &verdict);
    } else {
        bad(j, id, record->line, error->message);
        g_error_free(error);
    }
}

static bool header(Judge *j, TkCsv *csv, GError **error)
{
    TkCsvRecord record;
    switch (tk_csv_next(csv, &record)) {
    case TK_CSV_OK:
        return judge_rows_header(&j->rows, &record, error);
    case TK_CSV_BAD:
        return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ": the header cannot be read: %s",
                       record.line, record.why);
    case TK_CSV_END:
        return tk_fail(error, TK_ERROR_INPUT, "the input is empty; a header line is needed");
    case TK_CSV_IO:
        return tk_fail(error, TK_ERROR_IO, "the input cannot be read: %s", g_strerror(errno));
    }
    return false;
}

static bool run(Judge *j, FILE *file, GError **error)
{
    g_autoptr(TkCsv) csv = tk_csv_new(file, RECORD_MAX);
    TkCsvRecord record;
    TkCsvStatus status;
    if (!header(j, csv, error))
        return false;
    if (j->table)
        table_head(j);
    while (!j->broken && (status = tk_csv_next(csv, &record)) != TK_CSV_END) {
        if (status == TK_CSV_IO) {
            hand_on(j);
            return tk_fail(error, TK_ERROR_IO, "the input cannot be read further: %s", g_strerror(errno));
        }
        if (status == TK_CSV_OK)
            one(j, &record);
        else
            bad(j, (TkCsvField){NULL, 0}, record.line, record.why);
        if (j->out.len > OUT_FLUSH || tk_csv_drained(csv))
            hand_on(j);
    }
    hand_on(j);
    return !j->broken ||
           tk_fail(error, TK_ERROR_IO, "standard output cannot be written: %s", g_strerror(errno));
}

typedef struct {
    char *law_date, *now, *format, *kind, *lang, *law;
} Options;

static void options_clear(Options *o)
{
    g_free(o->law_date);
    g_free(o->now);
    g_free(o->format);
    g_free(o->kind);
    g_free(o->lang);
    g_free(o->law);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool one_of(const char *option, const char *value, const char *a, const char *b, bool *is_b,
                   GError **error)
{
    *is_b = value != NULL && strcmp(value, b) == 0;
    if (value == NULL || *is_b || strcmp(value, a) == 0)
        return true;
    return tk_fail(error, TK_ERROR_INPUT, "%s is %s or %s, not “%s”", option, a, b, value);
}

static bool read_options(const Options *o, Judge *j, GError **error)
{
    bool english;
    j->rows.law_date = TK_DATE_NONE;
    j->rows.now_us = g_get_real_time();
    if (!judge_rows_of_kind(o->kind != NULL ? o->kind : "accident", &j->rows))
        return tk_fail(error, TK_ERROR_INPUT, "--kind is accident, near-miss or leak, not “%s”", o->kind);
    if (!one_of("--format", o->format, "jsonl", "table", &j->table, error) ||
        !one_of("--lang", o->lang, "ja", "en", &english, error))
        return false;
    j->lang = english ? TK_LANG_EN : TK_LANG_JA;
    if (o->law_date != NULL && !tk_date_parse(o->law_date, strlen(o->law_date), &j->rows.law_date, error)) {
        g_prefix_error(error, "--law-date: ");
        return false;
    }
    if (o->now != NULL && !tk_time_parse(o->now, strlen(o->now), &j->rows.now_us, error)) {
        g_prefix_error(error, "--now: ");
        return false;
    }
    return true;
}

static bool check_law_date(const Judge *j, GError **error)
{
    if (j->rows.law_date == TK_DATE_NONE || tk_law_version(j->rows.law, j->rows.law_date) != TK_DATE_NONE)
        return true;
    char day[TK_TIME_TEXT_MAX];
    return tk_fail(error, TK_ERROR_LAW,
                   "--law-date: no law is held for %s; the first version is of 2008-04-01",
                   tk_date_text(j->rows.law_date, day));
}

static const char help[] =
    "FILE is CSV (RFC 4180, UTF-8) with a header line; “-” is standard input. Columns may stand in any "
    "order; unknown\n"
    "ones are kept aside. Times are RFC 3339 with an offset.\n\n"
    "  accident   id, service, started_at; carrier, monthly_users, ended_at, affected_users, link_kbps, "
    "fault,\n"
    "             all_traffic_lost, equipment, additional_function_only\n"
    "  near-miss  id, started_at; carrier, known_at, carrier_users, several_prefectures, terminal_side, "
    "function, event,\n"
    "             noticed_promptly, planned, within_design, natural_disaster, important_facility_damage, "
    "serious\n"
    "  leak       id, type, started_at; carrier, known_at, users, foreign_government, designated\n\n"
    "The columns before the semicolon are needed. docs/judge.md says what each holds and what an empty field "
    "means.\n"
    "Exit status: 0 all rows judged, 2 some could not be read; they have their own lines with “error”.";

int tk_cli_judge(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        {"law-date", 0, 0, G_OPTION_ARG_STRING, &o.law_date, "What if: judge by the law of this day",
         "YYYY-MM-DD"},
        {"now", 0, 0, G_OPTION_ARG_STRING, &o.now, "Present time for what still goes on (default: the clock)",
         "TIME"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o.format, "jsonl (default) or table", "FORMAT"},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &o.kind, "accident (default), near-miss or leak", "KIND"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &o.lang, "Language of the reasons: ja (default) or en", "LANG"},
        {"law", 0, 0, G_OPTION_ARG_FILENAME, &o.law, "Read the law from a folder instead of the built-in one",
         "DIR"},
        {0},
    };
    int status;
    if (!tk_cli_options(&argc, &argv, "FILE.csv", help, entries, &status))
        return status;
    g_autoptr(GError) error = NULL;
    Judge j = {0};
    if (argc != 2) {
        tk_fail(&error, TK_ERROR_INPUT, "one FILE is needed, “-” for standard input; see --help");
        return tk_cli_fail("judge", g_steal_pointer(&error));
    }
    g_autoptr(TkLaw) law = NULL;
    if (!read_options(&o, &j, &error) || (law = tk_asset_law(o.law, &error)) == NULL)
        return tk_cli_fail("judge", g_steal_pointer(&error));
    j.rows.law = law;
    FILE *file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "rb");
    if (file == NULL)
        tk_fail(&error, TK_ERROR_IO, "%s cannot be opened: %s", argv[1], g_strerror(errno));
    tk_buf_init(&j.out, OUT_MAX);
    bool ok = file != NULL && check_law_date(&j, &error) && run(&j, file, &error);
    tk_buf_clear(&j.out);
    if (file != NULL && file != stdin)
        fclose(file);
    if (!ok)
        return tk_cli_fail("judge", g_steal_pointer(&error));
    if (j.bad > 0)
        fprintf(stderr,
                "tokatsu judge: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " rows could not be read\n",
                j.bad, j.bad + j.good);
    return j.bad > 0 ? 2 : 0;
}
