/* Values as people read them: dates by the calendar or by era, durations in hours as the law counts them,
 * numbers with separators. */
#include "report/model.h"

typedef struct {
    int year, month, day; /* first day of the era */
    const char *ja;
    char letter;
} Era;

/* 改元の日(一世一元): the day belongs to the new era. */
static const Era eras[] = {
    {2019, 5, 1, "令和", 'R'},  {1989, 1, 8, "平成", 'H'},  {1926, 12, 25, "昭和", 'S'},
    {1912, 7, 30, "大正", 'T'}, {1868, 1, 25, "明治", 'M'},
};

static const Era *era_of(TkDate date)
{
    for (size_t i = 0; i < G_N_ELEMENTS(eras); i++)
        if (date >= tk_date_make(eras[i].year, eras[i].month, eras[i].day))
            return &eras[i];
    return NULL;
}

static void add_full_date(TkBuf *out, TkDate date, bool wareki)
{
    int year, month, day;
    tk_date_split(date, &year, &month, &day);
    const Era *era = wareki ? era_of(date) : NULL;
    if (era == NULL)
        tk_buf_addf(out, "%d年", year);
    else if (year == era->year)
        tk_buf_addf(out, "%s元年", era->ja);
    else
        tk_buf_addf(out, "%s%d年", era->ja, year - era->year + 1);
    tk_buf_addf(out, "%d月%d日", month, day);
}

static void add_compact_date(TkBuf *out, TkDate date, bool wareki)
{
    int year, month, day;
    tk_date_split(date, &year, &month, &day);
    const Era *era = wareki ? era_of(date) : NULL;
    if (era != NULL)
        tk_buf_addf(out, "%c%d.%d.%d", era->letter, year - era->year + 1, month, day);
    else
        tk_buf_addf(out, "%d/%02d/%02d", year, month, day);
}

void tk_report_add_date(TkBuf *out, TkDate date, TkLang lang, bool wareki)
{
    if (lang == TK_LANG_EN)
        tk_date_add_text(out, date);
    else
        add_full_date(out, date, wareki);
}

static void add_time(TkBuf *out, int64_t at_us, TkLang lang, bool wareki, TkStyle style)
{
    TkDate date = tk_date_of_time(at_us);
    int64_t second = (at_us - tk_time_of_date(date)) / TK_US_PER_S;
    int h = (int)(second / 3600), m = (int)(second / 60 % 60), s = (int)(second % 60);
    if (style == TK_STYLE_COMPACT && lang == TK_LANG_JA) {
        add_compact_date(out, date, wareki);
        tk_buf_addf(out, " %02d:%02d:%02d", h, m, s);
        return;
    }
    tk_report_add_date(out, date, lang, wareki);
    if (lang == TK_LANG_EN)
        tk_buf_addf(out, style == TK_STYLE_COMPACT ? " %02d:%02d:%02d" : " %02d:%02d:%02d JST", h, m, s);
    else
        tk_buf_addf(out, s != 0 ? " %d時%02d分%02d秒" : " %d時%02d分", h, m, s);
}

/* Hours are not turned into days: the criteria are written in hours. */
static void add_duration(TkBuf *out, int64_t seconds, TkLang lang, TkStyle style)
{
    if (style == TK_STYLE_DATA) {
        tk_buf_add_int(out, seconds);
        return;
    }
    if (seconds < 0) {
        tk_buf_add_char(out, '-');
        seconds = -seconds;
    }
    int64_t h = seconds / 3600;
    int m = (int)(seconds / 60 % 60), s = (int)(seconds % 60);
    bool en = lang == TK_LANG_EN;
    if (h > 0)
        tk_buf_addf(out, en ? "%" G_GINT64_FORMAT " h " : "%" G_GINT64_FORMAT "時間", h);
    tk_buf_addf(out, en ? "%d min" : "%d分", m);
    if (s > 0)
        tk_buf_addf(out, en ? " %d s" : "%d秒", s);
}

void tk_cell_add(TkBuf *out, const TkCell *cell, TkLang lang, bool wareki, TkStyle style)
{
    switch (cell->type) {
    case TK_CELL_NONE:
        return;
    case TK_CELL_TEXT:
        tk_buf_add_str(out, tk_text_in(cell->text, lang));
        return;
    case TK_CELL_NUMBER:
        if (style == TK_STYLE_DATA)
            tk_buf_add_int(out, cell->number);
        else
            tk_buf_add_grouped(out, cell->number);
        return;
    case TK_CELL_TIME:
        if (style == TK_STYLE_DATA)
            tk_time_add(out, cell->number);
        else
            add_time(out, cell->number, lang, wareki, style);
        return;
    case TK_CELL_DATE:
        if (style == TK_STYLE_DATA || lang == TK_LANG_EN)
            tk_date_add_text(out, (TkDate)cell->number);
        else if (style == TK_STYLE_COMPACT)
            add_compact_date(out, (TkDate)cell->number, wareki);
        else
            add_full_date(out, (TkDate)cell->number, wareki);
        return;
    case TK_CELL_DURATION:
        add_duration(out, cell->number, lang, style);
        return;
    }
}

char *tk_cell_text(const TkCell *cell, TkLang lang, bool wareki, TkStyle style)
{
    g_auto(TkBuf) out;
    tk_buf_init(&out, TK_CELL_TEXT_MAX * 4 + 64);
    tk_cell_add(&out, cell, lang, wareki, style);
    return g_strdup(tk_buf_str(&out));
}

bool tk_cell_equal(const TkCell *a, const TkCell *b)
{
    if (a->type != b->type)
        return false;
    if (a->type == TK_CELL_TEXT)
        return g_str_equal(a->text.ja, b->text.ja) && g_str_equal(a->text.en, b->text.en);
    return a->type == TK_CELL_NONE || a->number == b->number;
}

/* ------------------------------------------------------------------ names and lines */

static void add_kanji_number(TkBuf *out, unsigned n)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (n >= 20)
        tk_buf_add_str(out, digits[n / 10 % 10]);
    if (n >= 10)
        tk_buf_add_str(out, "十");
    tk_buf_add_str(out, digits[n % 10]);
}

void tk_report_add_name(TkBuf *out, unsigned number, bool final, TkLang lang)
{
    bool en = lang == TK_LANG_EN;
    if (final) {
        tk_buf_add_str(out, en ? "Final report" : "最終報");
    } else if (number == 0) {
        tk_buf_add_str(out, en ? "Draft" : "下書き");
    } else if (en) {
        tk_buf_addf(out, number == 1 ? "First report" : "Report %u", number);
    } else {
        tk_buf_add_str(out, "第");
        add_kanji_number(out, MIN(number, TK_REPORT_NUMBER_MAX));
        tk_buf_add_str(out, "報");
    }
}

char *tk_report_name(const TkReport *report, TkLang lang)
{
    bool list = g_str_has_prefix(report->kind, "periodic-") || strcmp(report->kind, "board-report") == 0;
    if (list && report->number <= 1 && !report->final)
        return g_strdup("");
    g_auto(TkBuf) name;
    tk_buf_init(&name, 256);
    tk_report_add_name(&name, report->number, report->final, lang);
    return g_strdup(tk_buf_str(&name));
}

char *tk_report_heading(const TkReport *report, TkLang lang)
{
    g_autofree char *name = tk_report_name(report, lang);
    return g_strdup_printf("%s%s%s", tk_text_in(report->title, lang), name[0] != '\0' ? " " : "", name);
}

char *tk_report_foot(const TkReport *report, TkLang lang)
{
    bool en = lang == TK_LANG_EN;
    g_auto(TkBuf) out;
    tk_buf_init(&out, 4096);
    tk_buf_addf(&out, en ? "Form %s, version %s" : "様式 %s 第%s版", report->form_id, report->form_version);
    if (report->law[0] != '\0')
        tk_buf_addf(&out, en ? " · judged by the criteria in force from %s" : " ・ 判定: %s施行の基準",
                    report->law);
    if (report->judged_by[0] != '\0')
        tk_buf_addf(&out, en ? " · %s" : " ・ %s", report->judged_by);
    tk_buf_add_str(&out, en ? " · made " : " ・ 作成 ");
    tk_cell_add(&out, &(TkCell){.type = TK_CELL_TIME, .number = report->at_us}, lang, report->wareki,
                TK_STYLE_COMPACT);
    return g_strdup(tk_buf_str(&out));
}

char *tk_marks_text(bool drill, bool synthetic, bool draft, TkLang lang)
{
    bool en = lang == TK_LANG_EN;
    g_autoptr(GString) out = g_string_new(NULL);
    if (drill)
        g_string_append(out, en ? "DRILL" : "訓練");
    if (synthetic)
        g_string_append_printf(out, "%s%s", out->len > 0 ? " ・ " : "",
                               en ? "SYNTHETIC DATA" : "合成データ(架空)");
    if (draft)
        g_string_append_printf(out, "%s%s", out->len > 0 ? " ・ " : "", en ? "DRAFT" : "下書き(未確定)");
    return g_strdup(out->str);
}

char *tk_report_marks(const TkReport *report, TkLang lang)
{
    return tk_marks_text(report->drill, report->synthetic, !report->frozen, lang);
}
