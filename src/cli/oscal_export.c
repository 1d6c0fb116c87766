/* tokatsu oscal export: answers as OSCAL documents, and as the data of a statement of applicability. */
#include "cli/framework.h"

typedef struct {
    char *answers, *framework, *system, *date;
} Options;

static void options_clear(Options *o)
{
    g_free(o->answers);
    g_free(o->framework);
    g_free(o->system);
    g_free(o->date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* OSCAL wants a title of one line without space around it. */
static bool is_name(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len > 200 || !g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c))
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return false;
    return !g_unichar_isspace(g_utf8_get_char(text)) &&
           !g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(text + len)));
}

static json_t *document(const char *kind, const Options *o, GError **error)
{
    g_autoptr(TkFrameworks) frameworks = tk_cli_frameworks(error);
    const TkFramework *f = frameworks != NULL ? tk_cli_framework_find(frameworks, o->framework, error) : NULL;
    g_autoptr(TkControlAnswers) answers = f != NULL ? tk_cli_answers(frameworks, o->answers, error) : NULL;
    TkControlExport with = {.system = o->system != NULL ? o->system : "Telecommunications service",
                            .now_us = g_get_real_time()};
    if (answers == NULL || !tk_cli_day(o->date, &with.date, error))
        return NULL;
    if (strcmp(kind, "component-definition") == 0)
        return tk_control_component(frameworks, answers, f, &with, error);
    if (strcmp(kind, "poam") == 0)
        return tk_control_poam(frameworks, answers, f, &with, error);
    if (strcmp(kind, "applicability") == 0)
        return tk_control_applicability(frameworks, answers, f, &with);
    tk_fail(error, TK_ERROR_INPUT, "“%s” is none of component-definition, poam, applicability", kind);
    return NULL;
}

static const char help[] =
    "  component-definition   what is answered, as an OSCAL component definition\n"
    "  poam                   what is open, as an OSCAL plan of action and milestones\n"
    "  applicability          every item with its state and why: the data of a statement of applicability\n\n"
    "Exit status 1 where there is nothing to export.";

int tk_cli_oscal_export(int argc, char **argv)
{
    g_auto(Options) o = {0};
    const GOptionEntry entries[] = {
        {"answers", 0, 0, G_OPTION_ARG_FILENAME, &o.answers, "The answers (JSON)", "FILE"},
        {"framework", 0, 0, G_OPTION_ARG_STRING, &o.framework, "The framework", "ID"},
        {"system", 0, 0, G_OPTION_ARG_STRING, &o.system, "The name of what is described", "NAME"},
        {"date", 0, 0, G_OPTION_ARG_STRING, &o.date,
         "The day on which evidence must hold (default: today in Japan)", "YYYY-MM-DD"},
        {0},
    };
    int status;
    if (!tk_cli_options(&argc, &argv, "component-definition|poam|applicability …", help, entries, &status))
        return status;
    GError *error = NULL;
    if (argc != 2 || o.answers == NULL || o.framework == NULL) {
        tk_fail(&error, TK_ERROR_INPUT, "say what, with --answers FILE and --framework ID; see --help");
        return tk_cli_fail("oscal export", error);
    }
    if (o.system != NULL && !is_name(o.system)) {
        tk_fail(&error, TK_ERROR_INPUT,
                "--system must be a name of 1 to 200 bytes on one line, without space around it");
        return tk_cli_fail("oscal export", error);
    }
    g_autoptr(json_t) made = document(argv[1], &o, &error);
    if (made == NULL)
        return tk_cli_fail("oscal export", error);
    bool ok =
        json_dumpf(made, stdout, JSON_INDENT(2)) == 0 && fputc('\n', stdout) == '\n' && fflush(stdout) == 0;
    return ok ? 0 : 2;
}
