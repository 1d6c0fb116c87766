/* The writer of pages for the public. The content is written as it is told, into one buffer with a ceiling;
 * head, contents and foot are put around it at the end. */
#include "report/report.h"

enum { HEADINGS_MAX = 60 };

struct TkPublicPage {
    char *title, *carrier, *basis;
    TkLang lang;
    bool draft, synthetic;
    TkBuf body;
    GPtrArray *headings; /* texts of level 2, in order */
    char *columns[TK_PUBLIC_PAGE_COLUMNS_MAX];
    size_t column_count; /* 0: no table is open */
    bool stray_row;
};

/* No quotation mark is left either, so that it fits an attribute. */
static void add_escaped(TkBuf *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text == NULL ? "" : text, -1);
    for (const char *at = valid; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            tk_buf_add_str(out, "&amp;");
            break;
        case '<':
            tk_buf_add_str(out, "&lt;");
            break;
        case '>':
            tk_buf_add_str(out, "&gt;");
            break;
        case '"':
            tk_buf_add_str(out, "&quot;");
            break;
        case '\'':
            tk_buf_add_str(out, "&#39;");
            break;
        default:
            if ((unsigned char)*at >= 0x20 || *at == '\n' || *at == '\t')
                tk_buf_add_char(out, *at);
        }
    }
}

/* With <br> for the breaks of lines. */
static void add_lines(TkBuf *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text == NULL ? "" : text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        if (line != lines)
            tk_buf_add_str(out, "<br>");
        add_escaped(out, g_strchomp(*line));
    }
}

TkPublicPage *tk_public_page_new(const TkPublicPageHead *head)
{
    TkPublicPage *page = g_new0(TkPublicPage, 1);
    page->title = g_strdup(head->title);
    page->carrier = g_strdup(head->carrier);
    page->basis = g_strdup(head->basis);
    page->lang = head->lang;
    page->draft = head->draft;
    page->synthetic = head->synthetic;
    page->headings = g_ptr_array_new_with_free_func(g_free);
    tk_buf_init(&page->body, TK_PUBLIC_PAGE_BYTES_MAX);
    return page;
}

static void forget_columns(TkPublicPage *page)
{
    for (size_t i = 0; i < page->column_count; i++)
        g_clear_pointer(&page->columns[i], g_free);
    page->column_count = 0;
}

void tk_public_page_free(TkPublicPage *page)
{
    if (page == NULL)
        return;
    forget_columns(page);
    g_ptr_array_unref(page->headings);
    tk_buf_clear(&page->body);
    g_free(page->title);
    g_free(page->carrier);
    g_free(page->basis);
    g_free(page);
}

static void end_table(TkPublicPage *page)
{
    if (page->column_count > 0)
        tk_buf_add_str(&page->body, "</tbody></table>\n");
    forget_columns(page);
}

void tk_public_page_heading(TkPublicPage *page, int level, const char *text)
{
    end_table(page);
    if (level > 2 || page->headings->len >= HEADINGS_MAX) {
        tk_buf_add_str(&page->body, "<h3>");
        add_escaped(&page->body, text);
        tk_buf_add_str(&page->body, "</h3>\n");
        return;
    }
    g_ptr_array_add(page->headings, g_strdup(text));
    tk_buf_addf(&page->body, "<h2 id=\"s%u\">%u. ", page->headings->len, page->headings->len);
    add_escaped(&page->body, text);
    tk_buf_add_str(&page->body, "</h2>\n");
}

void tk_public_page_paragraph(TkPublicPage *page, const char *text)
{
    end_table(page);
    g_auto(GStrv) parts = g_strsplit(text == NULL ? "" : text, "\n\n", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (*g_strstrip(*part) == '\0')
            continue;
        tk_buf_add_str(&page->body, "<p>");
        add_lines(&page->body, *part);
        tk_buf_add_str(&page->body, "</p>\n");
    }
}

void tk_public_page_link(TkPublicPage *page, const char *text, const char *url)
{
    bool web = url != NULL && (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://"));
    end_table(page);
    tk_buf_add_str(&page->body, "<p>");
    add_escaped(&page->body, text);
    if (url != NULL)
        tk_buf_add_str(&page->body, ": ");
    if (web) {
        tk_buf_add_str(&page->body, "<a rel=\"noreferrer\" href=\"");
        add_escaped(&page->body, url);
        tk_buf_add_str(&page->body, "\">");
    }
    add_escaped(&page->body, url);
    tk_buf_add_str(&page->body, web ? "</a></p>\n" : "</p>\n");
}

void tk_public_page_table(TkPublicPage *page, const char *caption, const char *const *columns, size_t count)
{
    end_table(page);
    page->column_count = CLAMP(count, 1, TK_PUBLIC_PAGE_COLUMNS_MAX);
    tk_buf_add_str(&page->body, "<table><caption>");
    add_escaped(&page->body, caption);
    tk_buf_add_str(&page->body, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < page->column_count; i++) {
        page->columns[i] = g_strdup(columns[i]);
        tk_buf_add_str(&page->body, "<th scope=\"col\">");
        add_escaped(&page->body, columns[i]);
        tk_buf_add_str(&page->body, "</th>");
    }
    tk_buf_add_str(&page->body, "</tr></thead>\n<tbody>\n");
}

/* Each cell names its column for narrow screens, where the head is not seen. */
void tk_public_page_row(TkPublicPage *page, const char *const *cells)
{
    page->stray_row |= page->column_count == 0;
    if (page->column_count == 0)
        return;
    tk_buf_add_str(&page->body, "<tr>");
    for (size_t i = 0; i < page->column_count; i++) {
        tk_buf_add_str(&page->body, i == 0 ? "<th scope=\"row\" data-label=\"" : "<td data-label=\"");
        add_escaped(&page->body, page->columns[i]);
        tk_buf_add_str(&page->body, "\">");
        add_lines(&page->body, cells[i]);
        tk_buf_add_str(&page->body, i == 0 ? "</th>" : "</td>");
    }
    tk_buf_add_str(&page->body, "</tr>\n");
}

/* ---- around it ---- */

static const char style[] =
    ":root{color-scheme:light dark;--line:#949494;--quiet:#595959;--ground:#f2f2f2;--link:#0017c1}"
    "@media "
    "(prefers-color-scheme:dark){:root{--line:#8c8c8c;--quiet:#b3b3b3;--ground:#262626;--link:#9db7f9}}"
    "body{font:1rem/1.7 system-ui,\"Hiragino Kaku Gothic ProN\",\"Noto Sans JP\",sans-serif;max-width:60rem;"
    "margin:0 auto;padding:1.5rem 1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.75rem;line-height:1.4}h2{font-size:1.35rem;margin-top:2.5rem;border-bottom:1px solid "
    "var(--line)}"
    "h3{font-size:1.1rem;margin-top:1.5rem}a{color:var(--link)}a:focus-visible{outline:3px "
    "solid;outline-offset:2px}"
    "table{border-collapse:collapse;width:100%;margin:1rem "
    "0}caption{text-align:left;font-weight:bold;padding:.25rem 0}"
    "th,td{border:1px solid var(--line);padding:.5rem .6rem;text-align:left;vertical-align:top}"
    "thead th{background:var(--ground)}tbody th{font-weight:bold}"
    ".mark{border:2px solid;padding:.5rem .75rem;font-weight:bold}"
    "footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--quiet);font-size:.875rem}"
    "@media screen and (max-width:40rem){thead{position:absolute;clip-path:inset(50%)}"
    "table,tbody,tr,th,td{display:block}tr{border:1px solid var(--line);margin:0 0 1rem}"
    "tbody th,td{border:0;border-bottom:1px solid var(--line)}"
    "[data-label]::before{content:attr(data-label);display:block;font-weight:normal;font-size:.8rem;color:"
    "var(--quiet)}}"
    "@media "
    "print{body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}tr,h2,h3{break-inside:avoid}"
    "h2,h3{break-after:avoid}thead{display:table-header-group}a{color:inherit}}";

static void add_mark(TkBuf *out, const char *text)
{
    tk_buf_add_str(out, "<p class=\"mark\">");
    add_escaped(out, text);
    tk_buf_add_str(out, "</p>\n");
}

static void add_head(const TkPublicPage *page, TkBuf *out)
{
    bool ja = page->lang == TK_LANG_JA;
    tk_buf_addf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                ja ? "ja" : "en");
    tk_buf_add_str(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                        "style-src 'unsafe-inline'\">\n<title>");
    add_escaped(out, page->title);
    if (page->carrier != NULL) {
        tk_buf_add_str(out, " | ");
        add_escaped(out, page->carrier);
    }
    tk_buf_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n<h1>", style);
    add_escaped(out, page->title);
    tk_buf_add_str(out, "</h1>\n<p>");
    add_escaped(out, page->carrier);
    tk_buf_add_str(out, "</p>\n");
    if (page->synthetic)
        add_mark(out, ja ? "合成データ: 架空の事業者の例です。"
                         : "Synthetic data: an example of a fictitious carrier.");
    if (page->draft)
        add_mark(out, ja ? "下書き: 公表できる内容がまだ揃っていません。"
                         : "Draft: not everything that must be published is there yet.");
    tk_buf_add_str(out, "</header>\n");
}

static void add_contents(const TkPublicPage *page, TkBuf *out)
{
    if (page->headings->len < 2)
        return;
    tk_buf_addf(out, "<nav aria-label=\"%s\">\n<ol>\n", page->lang == TK_LANG_JA ? "目次" : "Contents");
    for (guint i = 0; i < page->headings->len; i++) {
        tk_buf_addf(out, "<li><a href=\"#s%u\">", i + 1);
        add_escaped(out, page->headings->pdata[i]);
        tk_buf_add_str(out, "</a></li>\n");
    }
    tk_buf_add_str(out, "</ol>\n</nav>\n");
}

static void add_foot(const TkPublicPage *page, TkDate made_on, const char *hash, TkBuf *out)
{
    bool ja = page->lang == TK_LANG_JA;
    char day[TK_TIME_TEXT_MAX];
    tk_buf_add_str(out, "<footer>\n");
    if (page->basis != NULL) {
        tk_buf_add_str(out, ja ? "<p>根拠: " : "<p>Basis: ");
        add_escaped(out, page->basis);
        tk_buf_add_str(out, "</p>\n");
    }
    tk_buf_addf(
        out,
        "<p>%s <time datetime=\"%s\">%s</time></p>\n<p>%s <code>%s</code></p>\n</footer>\n</body>\n</html>\n",
        ja ? "作成日:" : "Made on", tk_date_text(made_on, day), day,
        ja ? "内容のSHA-256:" : "SHA-256 of the content:", hash);
}

bool tk_public_page_html(TkPublicPage *page, TkDate made_on, GBytes **bytes, char hash[65], GError **error)
{
    g_auto(TkBuf) out = {0};
    end_table(page);
    if (page->stray_row)
        return tk_fail(error, TK_ERROR_INPUT, "a page for the public has a row without a table");
    g_autofree char *sum = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)tk_buf_str(&page->body), page->body.len);
    g_strlcpy(hash, sum, 65);
    tk_buf_init(&out, TK_PUBLIC_PAGE_BYTES_MAX);
    add_head(page, &out);
    add_contents(page, &out);
    tk_buf_add_str(&out, "<main>\n");
    tk_buf_add(&out, page->body.data, page->body.len);
    tk_buf_add_str(&out, "</main>\n");
    add_foot(page, made_on, hash, &out);
    if (page->body.overflow || out.overflow)
        return tk_fail(error, TK_ERROR_LIMIT, "the page for the public is larger than %u bytes",
                       TK_PUBLIC_PAGE_BYTES_MAX);
    *bytes = g_bytes_new(out.data, out.len);
    return true;
}
