/* An import: rows of a CSV for a register with a field of every type. Each row is read or refused, and what
 * was read is checked; a row without findings comes back from its export cells as it was. */
#include "service/register_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LABEL "\"label\":{\"ja\":\"項\",\"en\":\"f\"}"
static const char file[] =
    "{\"format\":\"tokatsu-register/"
    "1\",\"id\":\"all\",\"label\":{\"ja\":\"全\",\"en\":\"All\"},\"purpose\":{\"ja\":\"試\","
    "\"en\":\"t\"},\"title\":\"a\",\"list\":[\"a\"],\"read\":[\"auditor\"],\"write\":[],\"reveal\":[],"
    "\"fields\":["
    "{\"id\":\"a\",\"type\":\"text\"," LABEL ",\"required\":true},{\"id\":\"b\",\"type\":\"integer\"," LABEL
    "},"
    "{\"id\":\"c\",\"type\":\"number\"," LABEL "},{\"id\":\"d\",\"type\":\"date\"," LABEL "},"
    "{\"id\":\"e\",\"type\":\"time\"," LABEL "},{\"id\":\"f\",\"type\":\"boolean\"," LABEL "},"
    "{\"id\":\"g\",\"type\":\"enum\"," LABEL ",\"options\":[{\"id\":\"x\"," LABEL "}]},"
    "{\"id\":\"h\",\"type\":\"ref\"," LABEL ",\"ref\":\"all\"},{\"id\":\"i\",\"type\":\"list-of-ref\"," LABEL
    ",\"ref\":\"all\"},{\"id\":\"j\",\"type\":\"file\"," LABEL "},{\"id\":\"k\",\"type\":\"url\"," LABEL "},"
    "{\"id\":\"l\",\"type\":\"email\"," LABEL "},{\"id\":\"m\",\"type\":\"country\"," LABEL "},"
    "{\"id\":\"n\",\"type\":\"text\"," LABEL ",\"class\":\"secrecy\"}]}";

static bool exists(const char *ref, const char *id, void *data)
{
    (void)ref;
    (void)data;
    return id[0] != 'z';
}

/* What an export would write of this record, read again. */
static void come_back(const TkRegisterSchema *schema, const json_t *values)
{
    g_auto(TkBuf) csv = {0};
    tk_buf_init(&csv, 64u << 20);
    tk_buf_add_str(&csv, "a,b,c,d,e,f,g,h,i,j,k,l,m,n\n");
    for (size_t i = 0; i < schema->count; i++) {
        tk_buf_add_str(&csv, i > 0 ? "," : "");
        tk_register_cell(&csv, json_object_get(values, schema->fields[i].id));
    }
    tk_buf_add_str(&csv, "\n");
    g_autoptr(GPtrArray) rows = tk_register_rows(schema, csv.data, csv.len, NULL);
    g_assert(rows != NULL && rows->len == 1);
    const TkRegisterRow *row = rows->pdata[0];
    g_assert(json_array_size(row->errors) == 0);
    g_autoptr(json_t) again = tk_register_tidy(schema, row->values, NULL);
    g_assert(json_equal(again, values));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(TkRegisterSchema) schema = tk_register_schema_load("all.json", file, sizeof file - 1, NULL);
    g_assert(schema != NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = tk_register_rows(schema, (const char *)data, size, &error);
    g_assert((rows == NULL) == (error != NULL));
    for (unsigned i = 0; rows != NULL && i < rows->len; i++) {
        const TkRegisterRow *row = rows->pdata[i];
        g_autoptr(json_t) values = tk_register_tidy(schema, row->values, NULL);
        g_autoptr(json_t) found = tk_register_check(schema, values, exists, NULL);
        if (json_array_size(found) == 0 && json_array_size(row->errors) == 0)
            come_back(schema, values);
    }
    return 0;
}
