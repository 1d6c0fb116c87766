#include "report/zip.h"

#include <zlib.h>

#define DOS_DATE_1980 0x0021 /* 1980-01-01, the earliest the format can say */
#define VERSION_20    20

static void add_u16(TkBuf *out, unsigned value)
{
    unsigned char bytes[2] = {(unsigned char)(value & 0xff), (unsigned char)(value >> 8 & 0xff)};
    tk_buf_add(out, bytes, sizeof bytes);
}

static void add_u32(TkBuf *out, uint32_t value)
{
    add_u16(out, value & 0xffff);
    add_u16(out, value >> 16);
}

void tk_zip_init(TkZip *zip, size_t max)
{
    *zip = (TkZip){0};
    tk_buf_init(&zip->out, max);
    tk_buf_init(&zip->central, 1u << 20);
}

/* Raw deflate; NULL when memory is gone. */
static unsigned char *compressed(const void *data, size_t len, size_t *packed_len)
{
    z_stream stream = {0};
    if (len > UINT32_MAX / 2 ||
        deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t bound = deflateBound(&stream, len);
    unsigned char *packed = g_try_malloc(bound);
    stream.next_in = (Bytef *)data;
    stream.avail_in = (uInt)len;
    stream.next_out = packed;
    stream.avail_out = (uInt)bound;
    int status = packed != NULL ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
    *packed_len = stream.total_out;
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        g_clear_pointer(&packed, g_free);
    return packed;
}

/* The fields that local header and directory share. */
static void add_common(TkBuf *out, uint32_t crc, size_t packed, size_t len, size_t name)
{
    add_u16(out, VERSION_20);
    add_u16(out, 0); /* flags */
    add_u16(out, Z_DEFLATED);
    add_u16(out, 0); /* 00:00 */
    add_u16(out, DOS_DATE_1980);
    add_u32(out, crc);
    add_u32(out, (uint32_t)packed);
    add_u32(out, (uint32_t)len);
    add_u16(out, (unsigned)name);
    add_u16(out, 0); /* extra field */
}

void tk_zip_add(TkZip *zip, const char *name, const void *data, size_t len)
{
    size_t packed_len = 0, name_len = strlen(name), offset = zip->out.len;
    g_autofree unsigned char *packed = zip->failed ? NULL : compressed(data, len, &packed_len);
    if (packed == NULL || zip->entries >= TK_ZIP_ENTRIES_MAX) {
        zip->failed = true;
        return;
    }
    uint32_t crc = (uint32_t)crc32(0, data, (uInt)len);
    zip->entries++;
    add_u32(&zip->out, 0x04034b50);
    add_common(&zip->out, crc, packed_len, len, name_len);
    tk_buf_add(&zip->out, name, name_len);
    tk_buf_add(&zip->out, packed, packed_len);
    add_u32(&zip->central, 0x02014b50);
    add_u16(&zip->central, VERSION_20); /* made by */
    add_common(&zip->central, crc, packed_len, len, name_len);
    add_u16(&zip->central, 0); /* comment */
    add_u16(&zip->central, 0); /* disk */
    add_u16(&zip->central, 0); /* internal attributes */
    add_u32(&zip->central, 0); /* external attributes */
    add_u32(&zip->central, (uint32_t)offset);
    tk_buf_add(&zip->central, name, name_len);
}

bool tk_zip_finish(TkZip *zip, GBytes **bytes, GError **error)
{
    size_t offset = zip->out.len;
    tk_buf_add(&zip->out, zip->central.data, zip->central.len);
    add_u32(&zip->out, 0x06054b50);
    add_u32(&zip->out, 0); /* disks */
    add_u16(&zip->out, zip->entries);
    add_u16(&zip->out, zip->entries);
    add_u32(&zip->out, (uint32_t)zip->central.len);
    add_u32(&zip->out, (uint32_t)offset);
    add_u16(&zip->out, 0); /* comment */
    bool bad = zip->failed || zip->out.overflow || zip->central.overflow;
    tk_buf_clear(&zip->central);
    if (bad) {
        tk_buf_clear(&zip->out);
        return tk_fail(error, TK_ERROR_LIMIT,
                       "the spreadsheet would be larger than its ceiling; take a shorter period");
    }
    *bytes = g_bytes_new_take(zip->out.data, zip->out.len);
    return true;
}
