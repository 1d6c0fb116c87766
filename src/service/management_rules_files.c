/* Two editions beside each other, and an edition as a file. */
#include "service/management_rules_private.h"

/* ---- loading ---- */

typedef struct {
    TkRecord *record;
    TkRules *rules;
} Loaded;

static void loaded_clear(Loaded *loaded)
{
    g_clear_pointer(&loaded->record, tk_record_free);
    g_clear_pointer(&loaded->rules, tk_rules_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Loaded, loaded_clear)

static bool load(TkApp *app, const TkActor *actor, const TkRulesEdition *edition, Loaded *out, GError **error)
{
    if (!tk_rules_open(app, actor, TK_REGISTER_READS, error))
        return false;
    out->record = tk_rules_record(app, edition->id, edition->as_of_us, error);
    out->rules = out->record == NULL ? NULL : tk_rules_text_of(app, out->record, error);
    return out->rules != NULL;
}

static const char *name_of(const Loaded *loaded)
{
    const char *name = tk_program_text(loaded->record, "name");
    return name == NULL ? loaded->record->id : name;
}

static bool is_approved(const Loaded *loaded)
{
    return g_strcmp0(tk_program_text(loaded->record, "state"), "approved") == 0;
}

/* ---- comparing ---- */

static json_t *spans_view(const char *before, const char *after)
{
    g_autoptr(GArray) spans = tk_text_diff(before, after);
    json_t *list = json_array();
    for (guint i = 0; i < spans->len; i++) {
        const TkTextSpan *span = &g_array_index(spans, TkTextSpan, i);
        if (span->same) {
            json_array_append_new(list, json_pack("{s:s%}", "same", before + span->a_at, span->a_len));
            continue;
        }
        json_array_append_new(list, json_pack("{s:s%, s:s%}", "from", before + span->a_at, span->a_len, "to",
                                              after + span->b_at, span->b_len));
    }
    return list;
}

static json_t *items_view(const TkRulesSection *section)
{
    json_t *items = json_array();
    for (guint i = 0; section != NULL && i < section->items->len; i++)
        json_array_append_new(items, json_string(section->items->pdata[i]));
    return items;
}

static const char *change_of(const TkRulesPair *pair)
{
    if (pair->before == NULL)
        return "added";
    if (pair->after == NULL)
        return "removed";
    return pair->changed ? "changed" : pair->moved ? "moved" : "same";
}

static json_t *pair_view(const TkRulesPair *pair)
{
    static const TkRulesSection nothing = {.heading = (char *)"", .text = (char *)""};
    const TkRulesSection *a = pair->before != NULL ? pair->before : &nothing;
    const TkRulesSection *b = pair->after != NULL ? pair->after : &nothing;
    const TkRulesSection *shown = pair->after != NULL ? pair->after : pair->before;
    return json_pack("{s:s, s:i, s:s, s:b, s:o, s:o, s:{s:o, s:o}}", "section", shown->id, "level",
                     shown->level, "change", change_of(pair), "moved", pair->moved, "heading",
                     spans_view(a->heading, b->heading), "text", spans_view(a->text, b->text), "items",
                     "before", items_view(pair->before), "after", items_view(pair->after));
}

static json_t *side_view(const Loaded *loaded)
{
    char at[TK_TIME_TEXT_MAX];
    return json_pack("{s:s, s:s, s:I, s:s, s:o, s:s?}", "id", loaded->record->id, "name", name_of(loaded),
                     "version", (json_int_t)loaded->record->version, "at",
                     tk_time_text(loaded->record->at_us, at), "effective",
                     tk_program_date_json(tk_program_date_of(loaded->record, "effective")), "state",
                     tk_program_text(loaded->record, "state"));
}

GBytes *tk_service_rules_compare(TkApp *app, const TkActor *actor, const TkRulesEdition *before,
                                 const TkRulesEdition *after, GError **error)
{
    g_auto(Loaded) a = {0}, b = {0};
    if (!load(app, actor, before, &a, error) || !load(app, actor, after, &b, error))
        return NULL;
    g_autoptr(GArray) pairs = tk_rules_compare(a.rules, b.rules);
    g_autoptr(json_t) list = json_array();
    int counts[5] = {0};
    static const char *const names[5] = {"added", "removed", "changed", "moved", "same"};
    for (guint i = 0; i < pairs->len; i++) {
        const TkRulesPair *pair = &g_array_index(pairs, TkRulesPair, i);
        for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
            counts[k] += strcmp(names[k], change_of(pair)) == 0;
        json_array_append_new(list, pair_view(pair));
    }
    g_autoptr(json_t) out =
        json_pack("{s:o, s:o, s:{s:i, s:i, s:i, s:i, s:i}, s:O}", "before", side_view(&a), "after",
                  side_view(&b), "counts", names[0], counts[0], names[1], counts[1], names[2], counts[2],
                  names[3], counts[3], names[4], counts[4], "sections", list);
    return tk_json_bytes(out);
}

/* ---- on paper ---- */

static char *side_title(const Loaded *loaded, const char *what)
{
    char day[TK_TIME_TEXT_MAX];
    TkDate effective = tk_program_date_of(loaded->record, "effective");
    return effective == TK_DATE_NONE
               ? g_strdup_printf("%s %s", what, name_of(loaded))
               : g_strdup_printf("%s %s(%s施行)", what, name_of(loaded), tk_date_text(effective, day));
}

static char *whole(const TkRulesSection *section)
{
    if (section == NULL)
        return NULL;
    return section->text[0] == '\0' ? g_strdup(section->heading)
                                    : g_strdup_printf("%s\n%s", section->heading, section->text);
}

/* What identifies the text on each page: the record's version and the hash of the text. */
static char *foot_of(const Loaded *loaded)
{
    const json_t *file = json_object_get(json_object_get(loaded->record->body, "values"), "content");
    const char *hash = json_string_value(json_object_get(file, "sha256"));
    return g_strdup_printf("%s v%" G_GINT64_FORMAT " ・ SHA-256 %.16s… ・ Tokatsu " TK_VERSION,
                           loaded->record->id, loaded->record->version, hash == NULL ? "-" : hash);
}

static TkDocument *document_for(TkApp *app, const TkActor *actor, const Loaded *loaded, const char *title,
                                bool contents)
{
    g_autofree char *foot = foot_of(loaded);
    TkDocument *document = tk_document_new(&(TkDocumentHead){.title = title,
                                                             .carrier = app->carrier_ja,
                                                             .by = actor->id,
                                                             .version = name_of(loaded),
                                                             .foot = foot,
                                                             .at_us = tk_app_now(app),
                                                             .contents = contents,
                                                             .synthetic = app->synthetic,
                                                             .draft = !is_approved(loaded)});
    TkDate effective = tk_program_date_of(loaded->record, "effective");
    g_auto(TkBuf) day = {0};
    tk_buf_init(&day, 64);
    if (effective != TK_DATE_NONE) {
        tk_report_add_date(&day, effective, TK_LANG_JA, false);
        tk_document_meta(document, "施行日", tk_buf_str(&day));
    }
    if (is_approved(loaded))
        tk_document_meta(document, "承認者", tk_program_text(loaded->record, "approver"));
    const char *reason = tk_program_text(loaded->record, "reason");
    if (reason != NULL)
        tk_document_meta(document, "理由", reason);
    return document;
}

static bool finish(TkDocument *document, TkServiceFile *file, char *name, GError **error)
{
    file->filename = name;
    file->content_type = "application/pdf";
    return tk_document_pdf(document, &file->bytes, error);
}

bool tk_service_rules_compare_file(TkApp *app, const TkActor *actor, const TkRulesEdition *before,
                                   const TkRulesEdition *after, TkServiceFile *file, GError **error)
{
    g_auto(Loaded) a = {0}, b = {0};
    *file = (TkServiceFile){0};
    if (!load(app, actor, before, &a, error) || !load(app, actor, after, &b, error))
        return false;
    g_autoptr(TkDocument) document = document_for(app, actor, &b, "管理規程 新旧対照表", false);
    g_autofree char *left = side_title(&b, "改正後"), *right = side_title(&a, "改正前");
    tk_document_comparison(document, "条", left, right);
    g_autoptr(GArray) pairs = tk_rules_compare(a.rules, b.rules);
    guint rows = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const TkRulesPair *pair = &g_array_index(pairs, TkRulesPair, i);
        if (strcmp(change_of(pair), "same") == 0)
            continue;
        g_autofree char *new_text = whole(pair->after), *old_text = whole(pair->before);
        const TkRulesSection *shown = pair->after != NULL ? pair->after : pair->before;
        tk_document_compare(document, shown->heading, new_text, old_text);
        rows++;
    }
    if (rows == 0)
        tk_document_paragraph(document, "変更はありません。");
    return finish(document, file, g_strdup_printf("rules-%s-%s.pdf", before->id, after->id), error);
}

/* ---- the notification ---- */

typedef struct {
    const char *kind, *title, *basis;
} Notice;

static const Notice *notice_of(const Loaded *loaded)
{
    static const Notice notices[] = {
        {"new", "管理規程届出書", "電気通信事業法44条1項・施行規則28条1項(様式第21)"},
        {"designated", "管理規程届出書", "電気通信事業法44条4項・施行規則28条1項(様式第21)"},
        {"change", "管理規程変更届出書", "電気通信事業法44条3項・施行規則28条2項(様式第22)"}};
    const char *kind = tk_program_text(loaded->record, "kind");
    for (size_t i = 0; i < G_N_ELEMENTS(notices); i++)
        if (g_strcmp0(kind, notices[i].kind) == 0)
            return &notices[i];
    return &notices[2];
}

/* What changed since the edition before, a row a section; nothing where there is no such edition. */
static bool list_changes(TkApp *app, const TkActor *actor, const Loaded *loaded, TkDocument *document,
                         GError **error)
{
    static const char *const words[] = {"added",   "新設", "removed", "削除",
                                        "changed", "変更", "moved",   "移動"};
    TkRulesEdition previous = {tk_program_text(loaded->record, "previous"), TK_TIME_NONE};
    g_auto(Loaded) before = {0};
    if (previous.id == NULL)
        return true;
    if (!load(app, actor, &previous, &before, error))
        return false;
    tk_document_heading(document, 1, "変更した事項");
    tk_document_table(document, (TkDocumentColumn[]){{"条項", 5, false}, {"変更", 1, false}}, 2);
    g_autoptr(GArray) pairs = tk_rules_compare(before.rules, loaded->rules);
    for (guint i = 0; i < pairs->len; i++) {
        const TkRulesPair *pair = &g_array_index(pairs, TkRulesPair, i);
        const TkRulesSection *shown = pair->after != NULL ? pair->after : pair->before;
        for (size_t k = 0; k < G_N_ELEMENTS(words); k += 2)
            if (strcmp(change_of(pair), words[k]) == 0)
                tk_document_row(document, (TkDocumentCell[]){{shown->heading, TK_MARK_NONE},
                                                             {words[k + 1], TK_MARK_NONE}});
    }
    return true;
}

bool tk_service_rules_notice(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                             GError **error)
{
    g_auto(Loaded) loaded = {0};
    TkRulesEdition edition = {id, TK_TIME_NONE};
    *file = (TkServiceFile){0};
    if (!load(app, actor, &edition, &loaded, error))
        return false;
    const Notice *notice = notice_of(&loaded);
    g_autoptr(TkDocument) document = document_for(app, actor, &loaded, notice->title, false);
    tk_document_meta(document, "届出の根拠", notice->basis);
    tk_document_meta(document, "宛先", "総務大臣");
    tk_document_note(document,
                     "この書面の配置はTokatsuのものです。公式の様式の配置は収録していません。提出の際は"
                     "総務省の様式に記載してください。");
    if (!list_changes(app, actor, &loaded, document, error))
        return false;
    tk_document_heading(document, 1, "添付");
    tk_document_bullet(document, 0, "管理規程(全文)");
    if (tk_program_text(loaded.record, "previous") != NULL)
        tk_document_bullet(document, 0, "新旧対照表");
    return finish(document, file, g_strdup_printf("rules-notice-%s.pdf", id), error);
}

static bool whole_pdf(TkApp *app, const TkActor *actor, const Loaded *loaded, TkServiceFile *file,
                      GError **error)
{
    const char *title = loaded->rules->title[0] != '\0' ? loaded->rules->title : "事業用電気通信設備管理規程";
    g_autoptr(TkDocument) document = document_for(app, actor, loaded, title, true);
    for (guint i = 0; i < loaded->rules->sections->len; i++) {
        const TkRulesSection *section = tk_rules_section(loaded->rules, i);
        tk_document_heading(document, section->level, section->heading);
        if (section->text[0] != '\0')
            tk_document_paragraph(document, section->text);
    }
    return finish(document, file, g_strdup_printf("rules-%s.pdf", loaded->record->id), error);
}

bool tk_service_rules_file(TkApp *app, const TkActor *actor, const TkRulesEdition *edition,
                           const char *format, TkServiceFile *file, GError **error)
{
    g_auto(Loaded) loaded = {0};
    *file = (TkServiceFile){0};
    if (!load(app, actor, edition, &loaded, error))
        return false;
    if (strcmp(format, "pdf") == 0)
        return whole_pdf(app, actor, &loaded, file, error);
    g_autofree char *text = NULL;
    if (strcmp(format, "md") == 0) {
        text = tk_rules_markdown(loaded.rules);
        file->content_type = "text/markdown; charset=utf-8";
    } else if (strcmp(format, "txt") == 0) {
        text = tk_rules_plain(loaded.rules);
        file->content_type = "text/plain; charset=utf-8";
    } else if (strcmp(format, "json") == 0) {
        g_autoptr(json_t) document = tk_rules_json(loaded.rules);
        text = json_dumps(document, JSON_INDENT(1));
        file->content_type = "application/json";
    } else {
        return tk_fail_both(error, TK_ERROR_NOT_FOUND, "形式は pdf, md, txt, json のいずれかです。",
                            "the format is pdf, md, txt or json");
    }
    file->bytes = g_bytes_new(text, strlen(text));
    file->filename = g_strdup_printf("rules-%s.%s", edition->id, format);
    return true;
}
