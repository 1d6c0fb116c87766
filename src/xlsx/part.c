/* The container (zip) and its parts (XML). A hostile file can be small and unpack to anything; what counts is
 * what really comes out, not what the container's directory says: it is counted while it is read. */
#include "xlsx/part.h"

#define ENTRIES_MAX 4096
#define DEPTH_MAX   64
#define PIECE       (64 * 1024)
#define FREE_BYTES  (1024 * 1024) /* before the proportion is looked at */
#define RATIO_MAX   250

zip_t *tk_xlsx_open(const void *data, size_t len, GError **error)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(data, len, 0, &why);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &why);
    if (zip == NULL) {
        tk_fail(error, TK_ERROR_INPUT, "the file is no spreadsheet (.xlsx), or is damaged: %s",
                zip_error_strerror(&why));
        zip_source_free(source);
    }
    zip_error_fini(&why);
    if (zip == NULL || zip_get_num_entries(zip, 0) <= ENTRIES_MAX)
        return zip;
    tk_fail(error, TK_ERROR_LIMIT, "the spreadsheet has more than %d parts", ENTRIES_MAX);
    zip_discard(zip);
    return NULL;
}

bool tk_xlsx_looks_like(const void *data, size_t len)
{
    return len > 4 && memcmp(data, "PK\003\004", 4) == 0;
}

/* ---- XML ---- */

void tk_xlsx_part_stop(TkXlsxPart *part, GError *error)
{
    if (part->error == NULL)
        part->error = error;
    else
        g_clear_error(&error);
    XML_StopParser(part->parser, XML_FALSE);
}

void tk_xlsx_part_fail(TkXlsxPart *part, TkErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    GError *error = g_error_new_valist(TK_ERROR, (gint)code, format, arguments);
    va_end(arguments);
    g_prefix_error(&error, "%s: ", part->name);
    tk_xlsx_part_stop(part, error);
}

static const char *without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *tk_xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(without_prefix(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes)
{
    TkXlsxPart *part = data;
    if (++part->depth > DEPTH_MAX)
        tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "elements are nested deeper than %d", DEPTH_MAX);
    else if (part->error == NULL)
        part->start(part, without_prefix(name), attributes);
}

static void XMLCALL on_end(void *data, const char *name)
{
    TkXlsxPart *part = data;
    part->depth--;
    if (part->error == NULL && part->end != NULL)
        part->end(part, without_prefix(name));
}

static void XMLCALL on_text(void *data, const char *text, int len)
{
    TkXlsxPart *part = data;
    if (!part->collects || part->error != NULL)
        return;
    if (part->text->len + (size_t)len > TK_XLSX_TEXT_BYTES)
        tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "a text is longer than the %d characters of a cell",
                          TK_XLSX_TEXT_MAX);
    else
        g_string_append_len(part->text, text, len);
}

static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    tk_xlsx_part_fail(data, TK_ERROR_INPUT, "declares a document type, which a spreadsheet never does");
}

static bool feed(TkXlsxPart *part, zip_file_t *file, size_t packed, size_t max)
{
    for (size_t total = 0;;) {
        void *piece = XML_GetBuffer(part->parser, PIECE);
        zip_int64_t got = piece == NULL ? -1 : zip_fread(file, piece, PIECE);
        total += got > 0 ? (size_t)got : 0;
        if (got < 0)
            tk_xlsx_part_fail(part, TK_ERROR_INPUT, "is damaged");
        else if (total > max)
            tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "is larger than %zu MiB unpacked", max >> 20);
        else if (total > FREE_BYTES && total / RATIO_MAX > packed)
            tk_xlsx_part_fail(part, TK_ERROR_LIMIT, "unpacks to more than %d times its size", RATIO_MAX);
        else if (XML_ParseBuffer(part->parser, (int)got, got == 0) != XML_STATUS_OK && part->error == NULL)
            tk_xlsx_part_fail(part, TK_ERROR_INPUT, "line %lu: %s", XML_GetCurrentLineNumber(part->parser),
                              XML_ErrorString(XML_GetErrorCode(part->parser)));
        if (part->error != NULL || got == 0)
            return part->error == NULL;
    }
}

static bool parse_file(TkXlsxPart *part, zip_file_t *file, size_t packed, size_t max)
{
    part->parser = XML_ParserCreate(NULL);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    bool done = feed(part, file, packed, max);
    XML_ParserFree(part->parser);
    part->parser = NULL;
    return done;
}

bool tk_xlsx_parse(zip_t *zip, TkXlsxPart *part, size_t max, bool needed, GError **error)
{
    zip_stat_t about;
    zip_int64_t at = zip_name_locate(zip, part->name, ZIP_FL_NOCASE);
    if (at < 0 && !needed)
        return true;
    if (at < 0)
        return tk_fail(error, TK_ERROR_INPUT, "the file is no spreadsheet (.xlsx): it has no part %s",
                       part->name);
    if (zip_stat_index(zip, (zip_uint64_t)at, 0, &about) != 0 || (about.valid & ZIP_STAT_COMP_SIZE) == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s: is damaged", part->name);
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE)
        return tk_fail(error, TK_ERROR_INPUT, "%s: is encrypted; save the spreadsheet without a password",
                       part->name);
    zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)at, 0);
    if (file == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s: cannot be unpacked: %s", part->name, zip_strerror(zip));
    bool done = parse_file(part, file, about.comp_size, max);
    zip_fclose(file);
    if (!done)
        g_propagate_error(error, g_steal_pointer(&part->error));
    return done;
}
