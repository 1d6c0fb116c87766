/* Lists that are long enough to be walked by the index, and pages while the list changes. On both engines. */
#include "store_engine.h"

#define MANY 4600 /* more than are sorted */
#define T0   INT64_C(1790000000000000)

typedef struct {
    GPtrArray *ids; /* in the order they were given */
    json_t *last;   /* value of the order of the last one; NULL: none */
    const char *order;
} Seen;

static bool take(const TkRecord *record, void *data)
{
    Seen *seen = data;
    g_ptr_array_add(seen->ids, g_strdup(record->id));
    json_decref(seen->last);
    seen->last = seen->order == NULL ? NULL : json_incref(json_object_get(record->body, seen->order + 1));
    return true;
}

static TkStore *things(Engine *engine)
{
    GError *error = NULL;
    TkStore *store = open_store(engine);
    static const char *const pointers[] = {"/name", "/n", "/some"};
    for (size_t i = 0; i < G_N_ELEMENTS(pointers); i++)
        assert_true(tk_store_index(store, "thing", pointers[i], &error));
    return store;
}

static void commit(TkStore *store, TkWrite *write)
{
    GError *error = NULL;
    if (!tk_store_commit(store, write, NULL, &error))
        fail_msg("%s", error->message);
}

/* Ten names, a number of its own, and a value that every third lacks: in turn text and number. */
static void put(TkWrite *write, unsigned n)
{
    g_autofree char *id = g_strdup_printf("T-%05u", n);
    g_autofree char *name = g_strdup_printf("名%u", n * 7 % 10);
    g_autoptr(json_t) document = json_pack("{s:s, s:i}", "name", name, "n", (int)(n * 37 % 10007));
    if (n % 3 == 1)
        json_object_set_new(document, "some", json_integer(n % 50));
    else if (n % 3 == 2)
        json_object_set_new(document, "some", json_string(name));
    tk_write_put(write, "thing", id, TK_STORE_ANY, "add", document);
}

static void fill(TkStore *store, unsigned count)
{
    for (unsigned n = 0; n < count;) {
        TkWrite *write = tk_write_new("u", T0);
        for (unsigned batch = 0; batch < 1000 && n < count; batch++)
            put(write, n++);
        commit(store, write);
    }
}

/* One page behind what was seen; false when there was nothing. */
static bool page(TkStore *store, TkQuery query, Seen *seen)
{
    GError *error = NULL;
    unsigned before = seen->ids->len;
    TkPlace after = {0};
    if (before > 0) {
        after.id = seen->ids->pdata[before - 1];
        after.text = json_string_value(seen->last);
        after.has_number = json_is_number(seen->last);
        after.number = json_number_value(seen->last);
        query.after = &after;
    }
    seen->order = query.order;
    if (!tk_store_list(store, &query, take, seen, NULL, &error))
        fail_msg("%s", error->message);
    return seen->ids->len > before;
}

static void all_pages(TkStore *store, const TkQuery *query, Seen *seen)
{
    while (page(store, *query, seen))
        ;
}

static void seen_clear(Seen *seen)
{
    g_ptr_array_unref(seen->ids);
    json_decref(seen->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)
#define SEEN(name) g_auto(Seen) name = {.ids = g_ptr_array_new_with_free_func(g_free)}

static void assert_same(const Seen *a, const Seen *b)
{
    assert_int_equal(a->ids->len, b->ids->len);
    for (unsigned i = 0; i < a->ids->len; i++)
        assert_string_equal(a->ids->pdata[i], b->ids->pdata[i]);
}

/* The same list sorted as a whole: an offset makes the store sort. */
static void sorted(TkStore *store, TkQuery query, Seen *seen)
{
    SEEN(first);
    query.limit = 1;
    page(store, query, &first);
    g_ptr_array_add(seen->ids, g_strdup(first.ids->pdata[0]));
    query.limit = TK_STORE_LIMIT_MAX;
    query.offset = 1;
    GError *error = NULL;
    assert_true(tk_store_list(store, &query, take, seen, NULL, &error));
}

static void pages_of_a_long_list_are_the_sorted_list_in_every_order(void **state)
{
    g_autoptr(TkStore) store = things(engine_of(state));
    fill(store, MANY);
    static const char *const orders[] = {NULL, "/name", "/n", "/some"};
    TkFilter most = {.pointer = "/n", .op = TK_FILTER_GE, .number = 100};
    for (size_t i = 0; i < G_N_ELEMENTS(orders) * 4; i++) {
        TkQuery query = {.kind = "thing",
                         .order = orders[i / 4],
                         .descending = i % 2 == 1,
                         .filters = &most,
                         .filter_count = i % 4 / 2,
                         .limit = 700};
        SEEN(paged);
        SEEN(whole);
        all_pages(store, &query, &paged);
        sorted(store, query, &whole);
        assert_same(&paged, &whole);
        assert_true(query.filter_count > 0 ? paged.ids->len > 4000 : paged.ids->len == MANY);
    }
}

/* What the pages of a changing list must give: each record that was there all the while once, none twice. */
static void page_while_it_changes(TkStore *store, GRand *random, const char *order, unsigned count)
{
    g_autoptr(GHashTable) touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    TkFilter filter = {.pointer = "/n", .op = TK_FILTER_GE, .number = 0};
    TkQuery query = {.kind = "thing",
                     .order = order,
                     .descending = g_rand_boolean(random),
                     .filters = &filter,
                     .filter_count = g_rand_boolean(random) ? 1 : 0,
                     .limit = (uint32_t)g_rand_int_range(random, 1, (int)count / 4)};
    SEEN(seen);
    while (page(store, query, &seen)) {
        TkWrite *write = tk_write_new("u", T0);
        for (unsigned i = 0; i < 20; i++) {
            unsigned n = (unsigned)g_rand_int_range(random, 0, (int)count * 2);
            char *id = g_strdup_printf("T-%05u", n);
            g_autoptr(TkRecord) there = tk_store_get(store, "thing", id, TK_TIME_NONE, NULL);
            if (!g_hash_table_add(touched, id))
                continue;
            if (there != NULL)
                tk_write_delete(write, "thing", there->id, TK_STORE_ANY, "drop");
            else
                put(write, n);
        }
        commit(store, write);
    }
    g_autoptr(GHashTable) once = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < seen.ids->len; i++)
        if (!g_hash_table_add(once, seen.ids->pdata[i]) &&
            !g_hash_table_contains(touched, seen.ids->pdata[i]))
            fail_msg("%s was given twice", (char *)seen.ids->pdata[i]);
    SEEN(end);
    TkQuery everything = {.kind = "thing", .limit = TK_STORE_LIMIT_MAX};
    page(store, everything, &end);
    assert_true(end.ids->len > 0);
    for (unsigned i = 0; i < end.ids->len; i++)
        if (!g_hash_table_contains(touched, end.ids->pdata[i]) &&
            !g_hash_table_contains(once, end.ids->pdata[i]))
            fail_msg("%s was left out", (char *)end.ids->pdata[i]);
}

static void records_that_were_there_throughout_are_given_exactly_once(void **state)
{
    g_autoptr(TkStore) store = things(engine_of(state));
    g_autoptr(GRand) random = g_rand_new_with_seed(20261123);
    static const char *const orders[] = {NULL, "/name", "/n", "/some"};
    fill(store, 400);
    for (unsigned round = 0; round < 12; round++)
        page_while_it_changes(store, random, orders[round % 4], 400);
    fill(store, MANY);
    for (unsigned round = 0; round < 4; round++)
        page_while_it_changes(store, random, orders[round], MANY);
}

static void a_long_list_counts_what_matches(void **state)
{
    g_autoptr(TkStore) store = things(engine_of(state));
    fill(store, MANY);
    GError *error = NULL;
    uint64_t total = 0;
    SEEN(seen);
    TkFilter filters[] = {{.pointer = "/name", .op = TK_FILTER_EQ, .text = "名3"},
                          {.pointer = "/n", .op = TK_FILTER_LT, .number = 10007}};
    TkQuery query = {.kind = "thing", .order = "/name", .filters = filters, .filter_count = 2, .limit = 5};
    assert_true(tk_store_list(store, &query, take, &seen, &total, &error));
    assert_int_equal(total, MANY / 10);
    assert_int_equal(seen.ids->len, 5);
    query.filter_count = 0;
    assert_true(tk_store_list(store, &query, take, &seen, &total, &error));
    assert_int_equal(total, MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_both(pages_of_a_long_list_are_the_sorted_list_in_every_order),
        on_both(records_that_were_there_throughout_are_given_exactly_once),
        on_both(a_long_list_counts_what_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
