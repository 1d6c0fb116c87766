/* Inside xlsx: the container and its parts, read as XML in pieces. */
#ifndef TK_XLSX_PART_H
#define TK_XLSX_PART_H

#include <expat.h>
#include <zip.h>

#include "xlsx/xlsx.h"

#define TK_XLSX_TEXT_BYTES (TK_XLSX_TEXT_MAX * 4)

/* NULL and *error. `data` is borrowed until zip_discard. */
zip_t *tk_xlsx_open(const void *data, size_t len, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)

/* One part under the parser. Names come without their prefix. */
typedef struct TkXlsxPart TkXlsxPart;
struct TkXlsxPart {
    const char *name;
    void (*start)(TkXlsxPart *part, const char *element, const char **attributes);
    void (*end)(TkXlsxPart *part, const char *element);
    gpointer data;
    GString *text; /* receives characters while `collects` */
    bool collects;
    /* the part's own */
    XML_Parser parser;
    unsigned depth;
    GError *error;
};

/* Ends the parsing; the first reason is kept. */
void tk_xlsx_part_fail(TkXlsxPart *part, TkErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Takes over *error and ends the parsing. */
void tk_xlsx_part_stop(TkXlsxPart *part, GError *error);
/* The value of an attribute, without regard to its prefix; NULL where it is absent. */
const char *tk_xlsx_attribute(const char **attributes, const char *name);
/* Parses the part `part->name` of at most `max` bytes. True without a call when it is missing and not
 * `needed`. */
bool tk_xlsx_parse(zip_t *zip, TkXlsxPart *part, size_t max, bool needed, GError **error);

/* ---- dates (format.c) ---- */

typedef enum { TK_XLSX_SHOWS_NUMBER, TK_XLSX_SHOWS_DATE, TK_XLSX_SHOWS_TIME } TkXlsxShows;

/* What numbers of a built-in format, or of one with this code, are shown as. */
TkXlsxShows tk_xlsx_builtin_shows(unsigned id);
TkXlsxShows tk_xlsx_code_shows(const char *code);
/* The day or time that a serial number stands for, as its text. False when it stands for none. */
bool tk_xlsx_serial_text(double serial, bool from_1904, TkXlsxShows shows, char out[TK_TIME_TEXT_MAX]);

#endif
