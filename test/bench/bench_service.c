/* What one running service takes: alarm lines made durable and applied, and what a step costs while a storm
 * of thousands of separate outages goes on. On the demo's synthetic carrier, without threads of its own. */
#include <stdio.h>

#include "service/service.h"

#define LINES    50000
#define STATIONS 3000

static int64_t bench_clock(void *data)
{
    return *(int64_t *)data;
}

static void add_line(TkBuf *out, const char *object, unsigned number, bool clear, int64_t at_us)
{
    tk_buf_add_str(out, "{\"at\":\"");
    tk_time_add(out, at_us);
    tk_buf_addf(out, "\",\"source\":\"bench\",\"key\":\"k%u\",\"object\":\"%s-%0*u\",\"severity\":\"%s\",",
                number, object, 6, number, clear ? "cleared" : "critical");
    tk_buf_add_str(out, "\"service_affecting\":true}\n");
}

static void send(TkApp *app, const TkBuf *lines)
{
    static const TkActor source = {"bench", TK_ROLE_ALARM_SOURCE};
    GError *error = NULL;
    GBytes *answer = tk_service_alarms(app, &source, lines->data, lines->len, &error);
    if (answer == NULL)
        g_error("%s", error->message);
    g_autoptr(json_t) told =
        tk_json_read("answer", g_bytes_get_data(answer, NULL), g_bytes_get_size(answer), 1u << 24, NULL);
    if (json_integer_value(json_object_get(told, "rejected_total")) != 0)
        g_error("%.300s", (const char *)g_bytes_get_data(answer, NULL));
    g_bytes_unref(answer);
}

static double step_ms(TkApp *app)
{
    gint64 began = g_get_monotonic_time();
    tk_service_step(app);
    return (double)(g_get_monotonic_time() - began) / 1000;
}

static void alarms(TkApp *app, int64_t *now_us)
{
    g_auto(TkBuf) lines = {0};
    tk_buf_init(&lines, TK_ALARMS_BYTES_MAX);
    int64_t began_us = tk_service_now(app);
    for (unsigned i = 0; i < LINES; i++)
        add_line(&lines, "syn-cell", i / 2 % 8000 + 1, i % 2 == 1, began_us - 3600 * TK_US_PER_S + i * 1000);
    gint64 began = g_get_monotonic_time();
    send(app, &lines);
    double s = (double)(g_get_monotonic_time() - began) / 1e6;
    printf("alarm lines, one call of %d, durable and applied\t%.0f/s\n", LINES, LINES / s);
    *now_us += TK_US_PER_S;
    printf("step after it (its outages followed and kept)\t%.1f ms\n", step_ms(app));
}

static void storm(TkApp *app, int64_t *now_us)
{
    g_auto(TkBuf) lines = {0};
    tk_buf_init(&lines, TK_ALARMS_BYTES_MAX);
    for (unsigned i = 1; i <= STATIONS; i++)
        add_line(&lines, "syn-bs", i, false, tk_service_now(app) - TK_US_PER_S);
    send(app, &lines);
    *now_us += TK_US_PER_S;
    printf("step that opens the accidents of %d stations\t%.1f ms\n", STATIONS, step_ms(app));
    *now_us += TK_US_PER_S;
    printf("step while they go on (follow, board)\t%.1f ms\n", step_ms(app));
    g_autoptr(GBytes) board = tk_service_board(app, NULL);
    printf("board then\t%zu kB\n", g_bytes_get_size(board) / 1000);
}

int main(void)
{
    int64_t now_us = g_get_real_time();
    GError *error = NULL;
    TkServiceOptions options = {
        .demo = true, .demo_speed = 1, .stepped = true, .clock = bench_clock, .clock_data = &now_us};
    gint64 began = g_get_monotonic_time();
    TkApp *app = tk_service_new(&options, &error);
    if (app == NULL)
        g_error("%s", error->message);
    printf("opening the demo with its past\t%.2f s\n", (double)(g_get_monotonic_time() - began) / 1e6);
    now_us += TK_US_PER_S;
    printf("step while nothing happens\t%.1f ms\n", step_ms(app));
    alarms(app, &now_us);
    storm(app, &now_us);
    tk_service_free(app);
    return 0;
}
