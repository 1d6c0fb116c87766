/* Documents into sections. Word processors seldom carry real headings in Japanese rules: a provision begins
 * with a line 第3条(目的) or 第3条 この規程は…, perhaps under a caption line (目的). So every line is asked
 * whether it begins a provision; what it is not stays text of the section it stands in. */
#include "rules/internal.h"

#define TITLE_CHARS 40 /* longer words after 第3条 are its text, not its title */

typedef struct {
    TkRules *rules;
    TkRulesSection *section; /* that lines go to; NULL before the first */
    GString *text;           /* its lines so far */
    TkRulesForm form;
    unsigned given; /* ids given out */
    char *caption;  /* (目的) on a line of its own, held back until the next line is seen; NULL */
    GHashTable *ids;
    GError **error;
} Split;

/* ---- lines ---- */

static const char *after_blank(const char *line)
{
    for (;;) {
        if (*line == ' ' || *line == '\t')
            line++;
        else if (g_str_has_prefix(line, "　"))
            line += strlen("　");
        else
            return line;
    }
}

static char *tidy(const char *text, size_t len)
{
    g_autofree char *copy = g_strndup(text, len);
    char *end = copy + strlen(copy);
    while (end > copy) {
        if (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')
            end--;
        else if (end - copy >= 3 && memcmp(end - 3, "　", 3) == 0)
            end -= 3;
        else
            break;
    }
    *end = '\0';
    return g_strdup(after_blank(copy));
}

/* A star that marks words and is no star: not a point of a list, not between blanks. */
static bool is_mark(const char *line, const char *at)
{
    return at[1] != ' ' || (at > line && at[-1] != ' ');
}

/* A line without Markdown's escapes and emphasis. Our own writer escapes every star. */
static char *unescape(const char *line)
{
    GString *out = g_string_new(NULL);
    for (const char *at = line; *at != '\0'; at++) {
        if (*at == '\\' && at[1] == '\0' && at > line)
            break; /* a break within a paragraph */
        if (*at == '*' && is_mark(line, at))
            continue;
        if (*at == '\\' && at[1] != '\0' && (g_ascii_ispunct(at[1]) || at == line))
            at++;
        g_string_append_c(out, *at);
    }
    return g_string_free(out, FALSE);
}

/* 第1条 目的……3: a line of a table of contents. */
static bool of_contents(const char *line)
{
    size_t len = strlen(line), digits = 0;
    if (g_str_has_prefix(line, "[") && strstr(line, "](#") != NULL)
        return true;
    while (digits < len && g_ascii_isdigit(line[len - 1 - digits]))
        digits++;
    if (digits == 0 || digits > 4)
        return false;
    g_autofree char *head = g_strndup(line, len - digits);
    g_autofree char *bare = tidy(head, strlen(head));
    return g_str_has_suffix(bare, "...") || g_str_has_suffix(bare, "…") || g_str_has_suffix(bare, "・・・");
}

static bool is_caption(const char *line)
{
    bool round = g_str_has_prefix(line, "(") && g_str_has_suffix(line, ")");
    bool wide = g_str_has_prefix(line, "（") && g_str_has_suffix(line, "）");
    return (round || wide) && g_utf8_strlen(line, -1) <= TITLE_CHARS && strstr(line, "。") == NULL;
}

/* ---- sections ---- */

static bool finish(Split *split)
{
    if (split->section == NULL)
        return true;
    g_strchomp(split->text->str);
    const char *text = split->text->str;
    while (*text == '\n')
        text++;
    if (g_utf8_strlen(text, -1) > TK_RULES_TEXT_MAX)
        return tk_fail(split->error, TK_ERROR_LIMIT,
                       "section “%s” has more than %d characters; part it by headings",
                       split->section->heading, TK_RULES_TEXT_MAX);
    g_free(split->section->text);
    split->section->text = g_strdup(text);
    g_string_truncate(split->text, 0);
    return true;
}

static char *next_id(Split *split)
{
    for (;;) {
        g_autofree char *id = g_strdup_printf("s%u", ++split->given);
        if (!g_hash_table_contains(split->ids, id))
            return g_steal_pointer(&id);
    }
}

static bool begin(Split *split, int level, const char *heading)
{
    if (!finish(split))
        return false;
    if (split->rules->sections->len == TK_RULES_SECTIONS)
        return tk_fail(split->error, TK_ERROR_LIMIT, "the document has more than %d sections",
                       TK_RULES_SECTIONS);
    g_autofree char *id = next_id(split);
    g_autofree char *line = g_utf8_strlen(heading, -1) <= TK_RULES_HEADING_MAX
                                ? g_strdup(heading)
                                : g_utf8_substring(heading, 0, TK_RULES_HEADING_MAX);
    split->section = tk_rules_add(split->rules, id, level, line);
    g_hash_table_add(split->ids, g_strdup(id));
    if (strlen(line) < strlen(heading))
        g_string_append_printf(split->text, "%s\n", heading + strlen(line));
    return true;
}

static bool add_line(Split *split, const char *line)
{
    if (split->section == NULL && *line == '\0')
        return true;
    if (split->section == NULL && !begin(split, 1, "前文"))
        return false;
    g_string_append_printf(split->text, "%s\n", line);
    return true;
}

static bool release_caption(Split *split)
{
    g_autofree char *caption = g_steal_pointer(&split->caption);
    return caption == NULL || add_line(split, caption);
}

/* ---- provisions ---- */

static int level_of(gunichar unit)
{
    return unit == 0x6761 ? 3 : unit == 0x7BC0 || unit == 0x6B3E ? 2 : 1; /* 条; 節 款; 編 章 別表 様式 */
}

/* The bytes of the number that a line begins a provision with; 0 where it begins none. */
static size_t provision(const char *line, int *level)
{
    RulesNumber number;
    if (g_str_has_prefix(line, "附則") || g_str_has_prefix(line, "附 則") ||
        g_str_has_prefix(line, "附　則")) {
        *level = 1;
        g_autofree char *rest = tidy(line, strlen(line));
        return g_utf8_strlen(rest, -1) <= TITLE_CHARS && strstr(rest, "。") == NULL ? strlen(line) : 0;
    }
    if (!tk_rules_number(line, &number) || number.unit == 0x9805) /* 項 */
        return 0;
    *level = level_of(number.unit);
    const char *next = line + number.len;
    bool parted = *next == '\0' || *next == ' ' || *next == '\t' || *next == '(' ||
                  g_str_has_prefix(next, "　") || g_str_has_prefix(next, "（") ||
                  g_str_has_prefix(next, "【");
    return parted ? number.len : 0;
}

/* The bytes of (目的) at the beginning; 0 where there is none. */
static size_t bracketed(const char *text)
{
    const char *end = *text == '(' ? strchr(text, ')') : NULL;
    if (end != NULL)
        return (size_t)(end - text) + 1;
    end = g_str_has_prefix(text, "（") ? strstr(text, "）") : NULL;
    return end == NULL ? 0 : (size_t)(end - text) + strlen("）");
}

static bool take_provision(Split *split, const char *line, size_t number, int level)
{
    const char *rest = after_blank(line + number);
    size_t title = bracketed(rest);
    g_autofree char *caption = g_steal_pointer(&split->caption);
    GString *heading = g_string_new_len(line, (gssize)number);
    bool is_title = *rest != '\0' && title == 0 && g_utf8_strlen(rest, -1) <= TITLE_CHARS &&
                    strstr(rest, "。") == NULL && strstr(rest, "、") == NULL;
    if (title > 0) {
        g_string_append_len(heading, rest, (gssize)title);
        rest = after_blank(rest + title);
    } else if (is_title) {
        g_string_append_printf(heading, " %s", rest);
        rest += strlen(rest);
    }
    if (caption != NULL)
        g_string_append(heading, caption);
    g_autofree char *words = g_string_free(heading, FALSE);
    return begin(split, level, words) && (*rest == '\0' || add_line(split, rest));
}

/* <!-- section s3 covers method-training … -->, under its heading. */
static bool take_comment(Split *split, const char *line)
{
    if (split->section == NULL || split->text->len > 0 || !g_str_has_prefix(line, "<!-- section ") ||
        !g_str_has_suffix(line, " -->"))
        return false;
    g_autofree char *inner = g_strndup(line + 13, strlen(line) - 13 - 4);
    g_auto(GStrv) words = g_strsplit(inner, " ", TK_RULES_ITEMS_MAX + 3);
    bool usable = words[0] != NULL && strlen(words[0]) <= 40 &&
                  strspn(words[0], "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(words[0]) &&
                  words[0][0] != '\0';
    if (usable && !g_hash_table_contains(split->ids, words[0])) {
        g_hash_table_remove(split->ids, split->section->id);
        g_free(split->section->id);
        split->section->id = g_strdup(words[0]);
        g_hash_table_add(split->ids, g_strdup(words[0]));
    }
    for (size_t i = 2; words[0] != NULL && words[1] != NULL && words[i] != NULL; i++)
        if (strlen(words[i]) > 0 && strlen(words[i]) <= 40 &&
            strspn(words[i], "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(words[i]) &&
            split->section->items->len < TK_RULES_ITEMS_MAX &&
            !g_ptr_array_find_with_equal_func(split->section->items, words[i], g_str_equal, NULL))
            g_ptr_array_add(split->section->items, g_strdup(words[i]));
    return true;
}

/* # 管理規程: the document's name, where no section has begun. */
static bool take_title(Split *split, const char *heading)
{
    int level;
    if (split->section != NULL || split->rules->title[0] != '\0' || strstr(heading, "規程") == NULL ||
        provision(heading, &level) > 0 || g_utf8_strlen(heading, -1) > TK_RULES_HEADING_MAX)
        return false;
    g_free(split->rules->title);
    split->rules->title = g_strdup(heading);
    return true;
}

static bool take_heading(Split *split, const char *line, size_t marks)
{
    g_autofree char *bare = tidy(line + marks, strlen(line + marks));
    g_autofree char *heading = unescape(bare);
    if (!release_caption(split))
        return false;
    return *heading == '\0' || (marks == 1 && take_title(split, heading)) ||
           begin(split, (int)MIN(marks, TK_RULES_LEVELS), heading);
}

/* A line of text keeps its indent. */
static bool add_text_line(Split *split, const char *raw, size_t len, const char *words)
{
    g_autofree char *whole = g_strndup(raw, len);
    size_t indent = *words == '\0' ? 0 : (size_t)(after_blank(whole) - whole);
    g_autofree char *line = g_strdup_printf("%.*s%s", (int)indent, whole, words);
    return add_line(split, line);
}

static bool take_line(Split *split, const char *raw, size_t len)
{
    g_autofree char *line = tidy(raw, len);
    bool markdown = split->form == TK_RULES_MARKDOWN;
    size_t marks = markdown ? strspn(line, "#") : 0;
    bool escaped = markdown && *line == '\\';
    if (!escaped && of_contents(line))
        return true;
    if (marks > 0 && marks <= 6 && (line[marks] == ' ' || line[marks] == '\0'))
        return take_heading(split, line, marks);
    if (markdown && take_comment(split, line))
        return true;
    g_autofree char *words = markdown ? unescape(line) : g_strdup(line);
    int level;
    size_t number = escaped ? 0 : provision(words, &level);
    if (number > 0)
        return take_provision(split, words, number, level);
    if (*words == '\0' && split->caption != NULL)
        return true;
    if (!release_caption(split))
        return false;
    if (!escaped && is_caption(words)) {
        split->caption = g_steal_pointer(&words);
        return true;
    }
    if (split->section == NULL && g_str_has_suffix(words, "規程") && take_title(split, words))
        return true;
    return add_text_line(split, raw, len, words);
}

static void split_clear(Split *split)
{
    g_clear_pointer(&split->rules, tk_rules_free);
    g_string_free(split->text, TRUE);
    g_hash_table_unref(split->ids);
    g_free(split->caption);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Split, split_clear)

/* Lines end with LF, CRLF or CR; here with LF. `len` becomes the copy's. */
static char *with_plain_ends(const char *text, size_t *len)
{
    char *copy = g_malloc(*len + 1);
    size_t out = 0;
    for (size_t i = 0; i < *len; i++) {
        if (text[i] == '\r' && i + 1 < *len && text[i + 1] == '\n')
            continue;
        copy[out++] = text[i] == '\r' ? '\n' : text[i];
    }
    copy[out] = '\0';
    *len = out;
    return copy;
}

TkRules *tk_rules_split(const char *bytes, size_t len, TkRulesForm form, GError **error)
{
    if (len > TK_RULES_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "the text is longer than %d bytes", TK_RULES_MAX);
        return NULL;
    }
    if (!g_utf8_validate_len(bytes, len, NULL)) {
        tk_fail(error, TK_ERROR_INPUT, "the text is not UTF-8; save it as UTF-8 and import it again");
        return NULL;
    }
    g_auto(Split) split = {.rules = tk_rules_new(),
                           .text = g_string_new(NULL),
                           .form = form,
                           .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                           .error = error};
    g_autofree char *text = with_plain_ends(bytes, &len);
    size_t at = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - (text + at));
        if (!take_line(&split, text + at, line))
            return NULL;
        at += line + 1;
    }
    if (!release_caption(&split) || !finish(&split))
        return NULL;
    if (split.rules->sections->len == 0) {
        tk_fail(error, TK_ERROR_INPUT, "the document has no text");
        return NULL;
    }
    return g_steal_pointer(&split.rules);
}

/* ---- what a heading suggests ---- */

static void suggest_for(TkRulesSection *section, const TkRulesItems *items)
{
    for (size_t i = 0; i < tk_rules_items_count(items); i++) {
        const TkRulesItem *item = tk_rules_item(items, i);
        for (size_t k = 0; k < item->word_count; k++)
            if (strstr(section->heading, item->words[k]) != NULL) {
                g_ptr_array_add(section->items, g_strdup(item->id));
                section->suggested = true;
                break;
            }
    }
}

void tk_rules_suggest(TkRules *rules, const TkRulesItems *items)
{
    for (guint i = 0; i < rules->sections->len; i++) {
        TkRulesSection *section = rules->sections->pdata[i];
        if (section->items->len == 0 && section->text[0] != '\0')
            suggest_for(section, items);
    }
}
