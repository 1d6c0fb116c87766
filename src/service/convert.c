/* A docx file comes from anywhere: it may be small and unpack to anything, hold entities that grow, or make
 * the converter run for ever. So it is looked at before (what is in the container, counted while it is read),
 * and the converter, which is not ours, runs in a process that can do nothing but read its input, use so much
 * memory and time, and write so much to one pipe. */
#include "service/convert.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#define ENTRIES_MAX  2000
#define UNPACKED_MAX (96u << 20) /* bytes of all parts */
#define RATIO_MAX    200
#define FREE_BYTES   (2u << 20) /* before the proportion is looked at */
#define MEMORY_MAX                                                                                           \
    (2048ull << 20)            /* of addresses: its runtime reserves more than it uses; its heap is 512 MiB */
#define STACK_MAX   (1u << 20) /* of each of its threads */
#define CPU_MAX_S   15
#define WAIT_MAX_US (30 * G_USEC_PER_SEC)
#define WORDS_MAX   4096 /* bytes of what it says on standard error */

/* ---- before it is believed ---- */

static bool holds_doctype(const char *piece, size_t len)
{
    return g_strstr_len(piece, (gssize)len, "<!DOCTYPE") != NULL ||
           g_strstr_len(piece, (gssize)len, "<!ENTITY") != NULL;
}

/* Reads one part to its end. *total counts the bytes of all. */
static bool read_part(zip_t *zip, zip_uint64_t index, size_t packed, size_t *total, GError **error)
{
    zip_file_t *part = zip_fopen_index(zip, index, 0);
    char piece[16 * 1024];
    const char *name = zip_get_name(zip, index, 0);
    bool xml = name != NULL && (g_str_has_suffix(name, ".xml") || g_str_has_suffix(name, ".rels"));
    bool ok = part != NULL, doctype = false;
    zip_int64_t got = 0;
    while (ok && (got = zip_fread(part, piece, sizeof piece)) > 0) {
        doctype |= xml && holds_doctype(piece, (size_t)got);
        *total += (size_t)got;
        ok = *total <= UNPACKED_MAX && (*total <= FREE_BYTES || *total / RATIO_MAX <= packed);
    }
    if (part != NULL)
        zip_fclose(part);
    if (doctype)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "文書型(DOCTYPE)や実体(ENTITY)の宣言を含む文書は読みません。ワープロで保存し直し"
                            "てください。",
                            "the document declares a document type or entities; save it again from the word "
                            "processor");
    if (!ok)
        return tk_fail_both(error, TK_ERROR_LIMIT,
                            "文書を展開すると大きすぎます。図を除いて保存し直してください。",
                            "the document unpacks to too much; save it again without its pictures");
    return got == 0 || tk_fail_both(error, TK_ERROR_INPUT, "文書が壊れています。", "the document is damaged");
}

static bool look_at(GBytes *bytes, GError **error)
{
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(data, len, 0, &why);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &why);
    zip_error_fini(&why);
    if (zip == NULL) {
        zip_source_free(source);
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "Wordの文書(.docx)として開けません。壊れているか、別の形式です。",
                            "this is no word processor's document (.docx), or it is damaged");
    }
    zip_int64_t entries = zip_get_num_entries(zip, 0);
    size_t total = 0;
    bool ok = entries <= ENTRIES_MAX && zip_name_locate(zip, "word/document.xml", 0) >= 0;
    if (!ok)
        tk_fail_both(error, TK_ERROR_INPUT,
                     "Wordの文書(.docx)ではありません(word/document.xml がありません)。",
                     "this is no word processor's document (.docx): it has no word/document.xml, or too many "
                     "parts");
    for (zip_int64_t i = 0; ok && i < entries; i++)
        ok = read_part(zip, (zip_uint64_t)i, len, &total, error);
    zip_discard(zip);
    return ok;
}

/* ---- the process ---- */

/* In the child, between fork and exec: nothing but system calls. */
static void confine(gpointer data)
{
    (void)data;
    static const struct {
        int what;
        rlim_t most;
    } limits[] = {{RLIMIT_AS, MEMORY_MAX},
                  {RLIMIT_CPU, CPU_MAX_S},
                  {RLIMIT_FSIZE, 0},
                  {RLIMIT_CORE, 0},
                  {RLIMIT_NOFILE, 32}};
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct rlimit limit = {limits[i].most, limits[i].most};
        setrlimit((__rlimit_resource_t)limits[i].what, &limit);
    }
    setpgid(0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

typedef struct {
    GPid pid;
    int in, out, said; /* -1: closed */
    const char *rest;  /* of the input */
    size_t rest_len;
    TkBuf text, words;
} Running;

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* Ends the process, if it still runs; its exit status. */
static int finish(Running *run)
{
    int status = 0;
    close_end(&run->in);
    close_end(&run->out);
    close_end(&run->said);
    if (run->pid > 0) {
        kill(-run->pid, SIGKILL);
        kill(run->pid, SIGKILL);
        while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    run->pid = 0;
    return status;
}

static void running_clear(Running *run)
{
    finish(run);
    tk_buf_clear(&run->text);
    tk_buf_clear(&run->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Running, running_clear)

static void take(int *end, TkBuf *into)
{
    char piece[16 * 1024];
    ssize_t got = read(*end, piece, sizeof piece);
    if (got > 0)
        tk_buf_add(into, piece, (size_t)got);
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        close_end(end);
}

static void give(Running *run)
{
    ssize_t gone = write(run->in, run->rest, MIN(run->rest_len, (size_t)4096));
    if (gone > 0) {
        run->rest += gone;
        run->rest_len -= (size_t)gone;
    }
    if (run->rest_len == 0 || (gone < 0 && errno != EINTR && errno != EAGAIN))
        close_end(&run->in);
}

/* Until it has said all; false where time or output is over. */
static bool pump(Running *run, GError **error)
{
    gint64 until = g_get_monotonic_time() + WAIT_MAX_US;
    while (run->out >= 0) {
        struct pollfd ends[] = {{run->out, POLLIN, 0}, {run->said, POLLIN, 0}, {run->in, POLLOUT, 0}};
        gint64 left = until - g_get_monotonic_time();
        if (left <= 0 || (poll(ends, G_N_ELEMENTS(ends), (int)(left / 1000) + 1) < 0 && errno != EINTR))
            return tk_fail_both(error, TK_ERROR_LIMIT,
                                "文書の変換が時間内に終わりませんでした。分けて取り込んでください。",
                                "the document was not converted in time; import it in parts");
        if (ends[0].revents != 0)
            take(&run->out, &run->text);
        if (run->said >= 0 && ends[1].revents != 0)
            take(&run->said, &run->words);
        if (run->in >= 0 && ends[2].revents != 0)
            give(run);
        if (run->text.overflow)
            return tk_fail_both(error, TK_ERROR_LIMIT,
                                "変換した文書が大きすぎます。分けて取り込んでください。",
                                "the converted document is too long; import it in parts");
    }
    return true;
}

static bool start(Running *run, const char *program, GError **error)
{
    /* gfm would drop a table that its own tables cannot hold; grid tables hold any. */
    char *arguments[] = {
        (char *)program, "+RTS",      "-M512m",
        "-RTS",          "--sandbox", "-f",
        "docx",          "-t",        "markdown_strict-raw_html+pipe_tables+grid_tables+escaped_line_breaks",
        "--wrap=none",   NULL};
    char *environment[] = {NULL};
    g_autoptr(GError) why = NULL;
    if (g_spawn_async_with_pipes("/", arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD, confine, NULL,
                                 &run->pid, &run->in, &run->out, &run->said, &why))
        return true;
    run->pid = 0;
    run->in = run->out = run->said = -1;
    return tk_fail_both(error, TK_ERROR_IO, "pandoc を起動できません(%s)。", "pandoc cannot be started: %s",
                        why->message);
}

/* What has closed its output ends at once; one that does not is not waited for. */
static bool wait_for(Running *run, int *status)
{
    for (int tries = 0; tries < 2000; tries++) {
        pid_t ended = waitpid(run->pid, status, WNOHANG);
        if (ended == run->pid) {
            run->pid = 0;
            return true;
        }
        if (ended < 0 && errno != EINTR)
            return false;
        g_usleep(1000);
    }
    return false;
}

char *tk_convert_docx(GBytes *bytes, const char *program, GError **error)
{
    g_autofree char *found = program != NULL ? g_strdup(program) : g_find_program_in_path("pandoc");
    if (!look_at(bytes, error))
        return NULL;
    if (found == NULL || !g_file_test(found, G_FILE_TEST_IS_EXECUTABLE)) {
        tk_fail_both(error, TK_ERROR_NOT_FOUND,
                     "docx の取込には pandoc が要ります。サーバーで apt install pandoc を実行するか、"
                     "テキスト又は Markdown で取り込んでください。",
                     "importing docx needs pandoc: run apt install pandoc on the server, or import text or "
                     "Markdown");
        return NULL;
    }
    g_auto(Running) run = {.in = -1, .out = -1, .said = -1};
    tk_buf_init(&run.text, TK_CONVERT_OUT_MAX);
    tk_buf_init(&run.words, WORDS_MAX);
    run.rest = g_bytes_get_data(bytes, &run.rest_len);
    if (!start(&run, found, error) || !pump(&run, error))
        return NULL;
    int status = 0;
    if (!wait_for(&run, &status))
        status = finish(&run);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return g_strndup(run.text.data == NULL ? "" : run.text.data, run.text.len);
    tk_fail_both(error, TK_ERROR_INPUT,
                 "文書を変換できませんでした。Wordで開けるか確かめ、保存し直してください。",
                 "the document could not be converted; see whether it opens, and save it again");
    return NULL;
}
