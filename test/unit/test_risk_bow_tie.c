/* The bow tie's drawing: well-formed whatever it is told, with every part of the record in it. */
#include "unit.h"

#include "risk/risk.h"

static void ignore_text(GMarkupParseContext *context, const char *text, gsize len, gpointer data,
                        GError **error)
{
    (void)context;
    (void)error;
    g_string_append_len(data, text, (gssize)len);
}

/* All texts of the document, one after the other; fails where it is not well-formed XML. */
static char *texts_of(const char *svg)
{
    GMarkupParser parser = {.text = ignore_text};
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, out, NULL);
    if (!g_markup_parse_context_parse(context, svg, -1, &error) ||
        !g_markup_parse_context_end_parse(context, &error))
        fail_msg("%s in %s", error->message, svg);
    return g_string_free(out, FALSE);
}

static void test_every_part_is_drawn_with_its_state_in_words(void **state)
{
    (void)state;
    TkBowLine causes[] = {{"電源の断", {{"二系統受電", TK_BARRIER_WORKS}, {"蓄電池", TK_BARRIER_LATE}}, 2},
                          {.title = "誤設定"}};
    TkBowLine consequences[] = {{"緊急通報の不通", {{"隣接局での救済", TK_BARRIER_WEAK}}, 1}};
    TkBowTie tie = {"交換局の停止", causes, consequences, 2, 1, false};
    g_autoptr(GError) error = NULL;
    g_autofree char *svg = tk_bow_tie_svg(&tie, &error);
    assert_null(error);
    g_autofree char *texts = texts_of(svg);
    static const char *const parts[] = {"電源の断",     "二系統受電",     "蓄電池",         "誤設定",
                                        "交換局の停止", "緊急通報の不通", "隣接局での救済", "● 有効",
                                        "! 遅延",       "▲ 一部有効"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strstr(texts, parts[i]) == NULL)
            fail_msg("“%s” is not drawn: %s", parts[i], texts);
    assert_non_null(strstr(svg, "class=\"bow-barrier bow-late\""));
}

static void test_what_looks_like_markup_stays_text(void **state)
{
    (void)state;
    TkBowLine cause = {.title = "</text><script>alert(1)</script>"};
    TkBowTie tie = {"a & b \"c\" \x01 <d>", &cause, NULL, 1, 0, true};
    g_autofree char *svg = tk_bow_tie_svg(&tie, NULL);
    assert_null(strstr(svg, "<script"));
    g_free(texts_of(svg));
}

static void test_a_long_text_ends_in_an_ellipsis_inside_its_box(void **state)
{
    (void)state;
    TkBowLine cause = {.title = "とても長い要因の説明がここに入りとても長い要因の説明がここに入りとても長い要"
                                "因の説明がここに入る"};
    TkBowTie tie = {"event", &cause, NULL, 1, 0, true};
    g_autofree char *svg = tk_bow_tie_svg(&tie, NULL);
    assert_non_null(strstr(svg, "…</text>"));
}

static void test_more_than_fits_is_refused(void **state)
{
    (void)state;
    TkBowLine many[TK_BOW_TIE_LINES_MAX + 1];
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = (TkBowLine){.title = "x"};
    TkBowTie tie = {"event", many, NULL, TK_BOW_TIE_LINES_MAX + 1, 0, true};
    g_autoptr(GError) error = NULL;
    assert_null(tk_bow_tie_svg(&tie, &error));
    assert_error_says(error, "at most 20 causes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_is_drawn_with_its_state_in_words),
        cmocka_unit_test(test_what_looks_like_markup_stays_text),
        cmocka_unit_test(test_a_long_text_ends_in_an_ellipsis_inside_its_box),
        cmocka_unit_test(test_more_than_fits_is_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
