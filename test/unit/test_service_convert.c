/* The converter of documents: what it is given, what it may do, and when it is stopped. The programs here
 * stand in for pandoc and are hostile on purpose. */
#include <glib/gstdio.h>
#include <signal.h>
#include <zip.h>

#include "unit.h"

#include "service/convert.h"

/* A container with one part, as small as it goes. */
static GBytes *container(const char *name, const char *text)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("tokatsu-XXXXXX.docx", &path, NULL);
    assert_true(fd >= 0);
    g_close(fd, NULL);
    int why;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    assert_non_null(zip);
    assert_true(zip_file_add(zip, name, zip_source_buffer(zip, text, strlen(text), 0), 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    char *data = NULL;
    gsize len = 0;
    assert_true(g_file_get_contents(path, &data, &len, NULL));
    g_unlink(path);
    return g_bytes_new_take(data, len);
}

/* A program of this text; its path, the caller's. */
static char *program(const char *text)
{
    char *path = NULL;
    int fd = g_file_open_tmp("tokatsu-XXXXXX.sh", &path, NULL);
    assert_true(fd >= 0);
    g_close(fd, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_int_equal(g_chmod(path, 0700), 0);
    return path;
}

static char *convert(const char *script, GError **error)
{
    g_autoptr(GBytes) docx = container("word/document.xml", "<w/>");
    g_autofree char *path = program(script);
    char *text = tk_convert_docx(docx, path, error);
    g_unlink(path);
    return text;
}

static void the_program_gets_the_document_and_its_words_come_back(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autofree char *text = convert("#!/bin/sh\n/usr/bin/head -c 2\n", &error);
    assert_string_equal(text, "PK");
}

static void the_program_has_no_environment(void **state)
{
    (void)state;
    GError *error = NULL;
    g_setenv("TOKATSU_SECRET", "x", TRUE);
    g_autofree char *text = convert("#!/bin/sh\nexport -p\n", &error);
    assert_non_null(text);
    assert_null(strstr(text, "SECRET"));
    assert_null(strstr(text, "HOME"));
}

static void the_program_cannot_write_a_file(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autofree char *target = g_build_filename(g_get_tmp_dir(), "tokatsu-written-by-converter", NULL);
    g_unlink(target);
    g_autofree char *script =
        g_strdup_printf("#!/bin/sh\ntrap '' XFSZ\necho words > %s\necho done\n", target);
    g_autofree char *text = convert(script, &error);
    assert_string_equal(text, "done\n");
    GStatBuf found;
    assert_true(g_stat(target, &found) != 0 || found.st_size == 0);
    g_unlink(target);
}

static void endless_output_is_stopped(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(convert("#!/bin/sh\nexec /usr/bin/yes\n", &error));
    assert_int_equal(error->code, TK_ERROR_LIMIT);
    assert_error_says(error, "too long");
}

static void one_that_closes_its_output_and_stays_is_not_waited_for(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(convert("#!/bin/sh\nexec 1>&- 2>&-\nexec /bin/sleep 600\n", &error));
    assert_error_says(error, "could not be converted");
}

static void one_that_fails_is_a_document_that_cannot_be_converted(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(convert("#!/bin/sh\necho words\nexit 3\n", &error));
    assert_int_equal(error->code, TK_ERROR_INPUT);
    g_clear_error(&error);
}

static void a_missing_program_is_said_with_how_to_install_it(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(GBytes) docx = container("word/document.xml", "<w/>");
    assert_null(tk_convert_docx(docx, "/nonexistent/pandoc", &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    assert_error_says(error, "apt install pandoc");
}

static void what_is_no_docx_is_refused_before_any_program_runs(void **state)
{
    (void)state;
    GError *error = NULL;
    g_autoptr(GBytes) other = container("xl/workbook.xml", "<x/>");
    assert_null(tk_convert_docx(other, "/nonexistent/pandoc", &error));
    assert_error_says(error, "word/document.xml");
    g_autoptr(GBytes) doctype = container("word/document.xml", "<!DOCTYPE w [<!ENTITY a \"b\">]><w/>");
    assert_null(tk_convert_docx(doctype, "/nonexistent/pandoc", &error));
    assert_error_says(error, "entities");
    g_autofree char *zeros = g_strnfill(20u << 20, '0');
    g_autoptr(GBytes) bomb = container("word/document.xml", zeros);
    assert_true(g_bytes_get_size(bomb) < (200u << 10));
    assert_null(tk_convert_docx(bomb, "/nonexistent/pandoc", &error));
    assert_int_equal(error->code, TK_ERROR_LIMIT);
    g_clear_error(&error);
    g_autoptr(GBytes) nothing = g_bytes_new_static("no zip", 6);
    assert_null(tk_convert_docx(nothing, "/nonexistent/pandoc", &error));
    assert_error_says(error, "no word processor's document");
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as the server does */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_gets_the_document_and_its_words_come_back),
        cmocka_unit_test(the_program_has_no_environment),
        cmocka_unit_test(the_program_cannot_write_a_file),
        cmocka_unit_test(endless_output_is_stopped),
        cmocka_unit_test(one_that_closes_its_output_and_stays_is_not_waited_for),
        cmocka_unit_test(one_that_fails_is_a_document_that_cannot_be_converted),
        cmocka_unit_test(a_missing_program_is_said_with_how_to_install_it),
        cmocka_unit_test(what_is_no_docx_is_refused_before_any_program_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
