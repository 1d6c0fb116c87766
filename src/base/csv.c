/* The reader keeps a window of raw bytes that begins at the current record. A record is parsed only when
 * it is whole in the window; until then the window grows, up to the ceiling. So a record that turns out
 * bad can be given up and reading resumes behind its first line end, which is still in the window. */
#include <errno.h>
#include <unistd.h>

#include "base/base.h"

#define CHUNK (256 * 1024)

struct TkCsv {
    FILE *file;         /* NULL when reading memory */
    const char *window; /* raw bytes; `own` or the caller's memory */
    size_t pos, end;    /* the unread part of the window */
    char *own;
    size_t cap, max;
    bool at_end, failed;
    uint64_t line; /* number of the line at pos */
    char *text;    /* the unquoted fields of one record, each NUL-terminated */
    size_t text_len;
    TkCsvField fields[TK_CSV_FIELDS_MAX];
    size_t count;
};

typedef enum { PARSED, NEED_MORE, BROKEN } Parse;

static TkCsv *csv_new(size_t max_record)
{
    TkCsv *csv = g_new0(TkCsv, 1);
    csv->max = max_record;
    csv->line = 1;
    csv->text = g_malloc(max_record + TK_CSV_FIELDS_MAX + 2);
    return csv;
}

TkCsv *tk_csv_new(FILE *file, size_t max_record)
{
    TkCsv *csv = csv_new(max_record);
    csv->file = file;
    csv->cap = max_record + CHUNK;
    csv->own = g_malloc(csv->cap);
    csv->window = csv->own;
    return csv;
}

TkCsv *tk_csv_new_memory(const void *data, size_t len, size_t max_record)
{
    TkCsv *csv = csv_new(max_record);
    csv->window = data;
    csv->end = len;
    csv->at_end = true;
    if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        csv->pos = 3;
    return csv;
}

void tk_csv_free(TkCsv *csv)
{
    if (csv == NULL)
        return;
    g_free(csv->own);
    g_free(csv->text);
    g_free(csv);
}

/* Reads what there is, waiting only when there is nothing: fread would wait for all of `room`. A stream
 * without a descriptor (memory) is read through stdio. */
static size_t read_some(TkCsv *csv, char *to, size_t room)
{
    int fd = fileno(csv->file);
    if (fd < 0) {
        size_t got = fread(to, 1, room, csv->file);
        csv->failed = ferror(csv->file) != 0;
        return got;
    }
    ssize_t got;
    do
        got = read(fd, to, room);
    while (got < 0 && errno == EINTR);
    csv->failed = got < 0;
    return got > 0 ? (size_t)got : 0;
}

/* Moves the unread bytes to the front and reads more behind them. */
static void refill(TkCsv *csv)
{
    bool first = csv->line == 1 && csv->end == 0;
    size_t left = csv->end - csv->pos;
    memmove(csv->own, csv->own + csv->pos, left);
    csv->pos = 0;
    csv->end = left + read_some(csv, csv->own + left, csv->cap - left);
    csv->at_end = csv->end == left;
    if (first && csv->end >= 3 && memcmp(csv->own, "\xEF\xBB\xBF", 3) == 0)
        csv->pos = 3;
}

static bool begin_field(TkCsv *csv)
{
    if (csv->count == TK_CSV_FIELDS_MAX)
        return false;
    csv->fields[csv->count].text = csv->text + csv->text_len;
    return true;
}

static void end_field(TkCsv *csv)
{
    TkCsvField *field = &csv->fields[csv->count++];
    field->len = (size_t)(csv->text + csv->text_len - field->text);
    csv->text[csv->text_len++] = '\0';
}

/* Copies the inside of a quoted field whose opening quote is at `at`. Returns the place behind the
 * closing quote, or 0 when the window ends before it is sure that the field has ended. */
static size_t quoted(TkCsv *csv, const char *raw, size_t at, size_t len)
{
    for (size_t i = at + 1; i < len; i++) {
        if (raw[i] != '"') {
            csv->text[csv->text_len++] = raw[i];
        } else if (i + 1 < len && raw[i + 1] == '"') {
            csv->text[csv->text_len++] = '"';
            i++;
        } else if (i + 1 < len || csv->at_end) {
            return i + 1;
        } else {
            return 0;
        }
    }
    return 0;
}

/* Parses the record at the front of the window; *used counts its bytes with the line end. */
static Parse parse(TkCsv *csv, size_t *used, const char **why)
{
    const char *raw = csv->window + csv->pos;
    size_t len = MIN(csv->end - csv->pos, csv->max);
    bool last = csv->at_end && csv->end - csv->pos <= csv->max;
    csv->count = csv->text_len = 0;
    size_t i = 0;
    for (;;) {
        if (!begin_field(csv)) {
            *why = "it has more than 256 columns";
            return BROKEN;
        }
        if (i < len && raw[i] == '"') {
            i = quoted(csv, raw, i, len);
            if (i == 0) {
                *why = "a quoted field has no closing quote";
                return last ? BROKEN : NEED_MORE;
            }
            if (i < len && raw[i] != ',' && raw[i] != '\n' && raw[i] != '\r') {
                *why = "there is text behind a closing quote; write a quote inside a field twice (\"\")";
                return BROKEN;
            }
        } else {
            for (; i < len && raw[i] != ',' && raw[i] != '\n' && raw[i] != '\r'; i++) {
                if (raw[i] == '"') {
                    *why = "a quote stands inside a field that is not quoted";
                    return BROKEN;
                }
                csv->text[csv->text_len++] = raw[i];
            }
        }
        if (i == len && !last)
            return NEED_MORE;
        end_field(csv);
        if (i == len)
            break;
        if (raw[i] == ',') {
            i++;
            continue;
        }
        if (raw[i] == '\r') {
            if (i + 1 == len && !last)
                return NEED_MORE;
            if (i + 1 < len && raw[i + 1] == '\n')
                i++;
        }
        i++;
        break;
    }
    *used = i;
    return PARSED;
}

static uint64_t count_lines(const char *raw, size_t len)
{
    uint64_t lines = 0;
    for (const char *at = raw; (at = memchr(at, '\n', len - (size_t)(at - raw))) != NULL; at++)
        lines++;
    return lines;
}

/* Gives up the current record: goes on behind the next line end, reading past what is too long to keep. */
static void skip_line(TkCsv *csv)
{
    for (;;) {
        const char *raw = csv->window + csv->pos;
        const char *newline = memchr(raw, '\n', csv->end - csv->pos);
        if (newline != NULL) {
            csv->pos += (size_t)(newline - raw) + 1;
            break;
        }
        csv->pos = csv->end;
        if (csv->at_end)
            break;
        refill(csv);
    }
    csv->line++;
}

/* Each field is checked on its own: the NULs between them would end a check of the whole. */
static bool check_utf8(const TkCsv *csv)
{
    for (size_t i = 0; i < csv->count; i++)
        if (!g_utf8_validate_len(csv->fields[i].text, csv->fields[i].len, NULL))
            return false;
    return true;
}

static TkCsvStatus bad(TkCsv *csv, TkCsvRecord *record, const char *why)
{
    *record = (TkCsvRecord){.line = csv->line, .why = why};
    skip_line(csv);
    return TK_CSV_BAD;
}

TkCsvStatus tk_csv_next(TkCsv *csv, TkCsvRecord *record)
{
    for (;;) {
        size_t used = 0;
        const char *why = "it is longer than a record may be";
        if (csv->pos == csv->end && csv->at_end)
            return csv->failed ? TK_CSV_IO : TK_CSV_END;
        Parse result = csv->pos == csv->end ? NEED_MORE : parse(csv, &used, &why);
        if (result == NEED_MORE && (csv->at_end || csv->end - csv->pos > csv->max))
            return bad(csv, record,
                       csv->end - csv->pos > csv->max ? "it is longer than a record may be" : why);
        if (result == NEED_MORE) {
            refill(csv);
            continue;
        }
        if (result == BROKEN)
            return bad(csv, record, why);
        *record = (TkCsvRecord){.fields = csv->fields, .count = csv->count, .line = csv->line};
        csv->line += count_lines(csv->window + csv->pos, used);
        csv->pos += used;
        if (csv->count == 1 && csv->fields[0].len == 0)
            continue;
        if (check_utf8(csv))
            return TK_CSV_OK;
        *record = (TkCsvRecord){.line = record->line, .why = "it is not valid UTF-8"};
        return TK_CSV_BAD;
    }
}

bool tk_csv_drained(const TkCsv *csv)
{
    return csv->pos == csv->end && !csv->at_end;
}

void tk_csv_add_field(TkBuf *buf, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    if (formula && (text[0] == '-' || text[0] == '+')) {
        char *rest = NULL;
        g_ascii_strtod(text, &rest);
        formula = *rest != '\0';
    }
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    if (quote)
        tk_buf_add_char(buf, '"');
    if (formula)
        tk_buf_add_char(buf, '\'');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            tk_buf_add_char(buf, '"');
        tk_buf_add_char(buf, *p);
    }
    if (quote)
        tk_buf_add_char(buf, '"');
}
