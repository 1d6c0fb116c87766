/* What a PDF says, by the programs readers use (poppler-utils, zbar). */
#ifndef TK_UNIT_PDF_READER_H
#define TK_UNIT_PDF_READER_H

#include "unit.h"

#include <glib/gstdio.h>

/* Runs a command with the bytes as its input file; its output, or NULL where the program is missing. */
static inline char *run_on(GBytes *bytes, const char *const *command)
{
    g_autofree char *program = g_find_program_in_path(command[0]);
    if (program == NULL)
        return NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("tokatsu-report-XXXXXX", &path, NULL);
    assert_true(fd >= 0);
    g_close(fd, NULL);
    assert_true(
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    for (size_t i = 0; command[i] != NULL; i++)
        g_ptr_array_add(argv, g_str_equal(command[i], "FILE") ? path : (char *)command[i]);
    g_ptr_array_add(argv, NULL);
    char *out = NULL;
    int status = 0;
    assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL,
                             &status, NULL));
    g_remove(path);
    assert_int_equal(status, 0);
    return out;
}

/* Without white space, because the program breaks lines where the paper does. */
static inline char *pdf_text(GBytes *pdf)
{
    char *text = run_on(pdf, (const char *const[]){"pdftotext", "-layout", "FILE", "-", NULL});
    if (text == NULL) {
        print_message("pdftotext is not installed\n");
        skip();
    }
    char *to = text;
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isspace(*p))
            *to++ = *p;
    *to = '\0';
    return text;
}

static inline const char *assert_follows(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    if (found == NULL)
        fail_msg("“%s” does not follow", part);
    return found + strlen(part);
}

#endif
