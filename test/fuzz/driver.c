/* Stands in for libFuzzer where that is not built in: runs a target over its seeds, and over simple damage to
 * each of them that is the same on every run (a byte changed, a piece cut out, a piece doubled). TAP on
 * standard output; a crash ends the program, which the test runner counts as a failure. */
#include "base/base.h"

#include <glib/gstdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAMAGES 200

static void damaged(GRand *dice, const char *text, size_t len)
{
    g_autofree char *copy = g_malloc(len * 2 + 1);
    memcpy(copy, text, len);
    size_t size = len;
    if (len > 0) {
        size_t at = (size_t)g_rand_int_range(dice, 0, (int)len);
        size_t piece = (size_t)g_rand_int_range(dice, 1, 40);
        piece = MIN(piece, len - at);
        switch (g_rand_int_range(dice, 0, 4)) {
        case 0:
            copy[at] = (char)g_rand_int_range(dice, 0, 256);
            break;
        case 1: /* a character that means something */
            copy[at] = "\"\\,{}[]:\n\r\t -0"[g_rand_int_range(dice, 0, 14)];
            break;
        case 2:
            memmove(copy + at, copy + at + piece, len - at - piece);
            size = len - piece;
            break;
        default:
            memmove(copy + at + piece, text + at, len - at);
            size = len + piece;
        }
    }
    /* an exact allocation, so that the sanitizer sees a byte too far */
    g_autofree uint8_t *exact = g_malloc(MAX(size, 1));
    memcpy(exact, copy, size);
    LLVMFuzzerTestOneInput(exact, size);
}

static int run_seed(const char *path, GRand *dice)
{
    g_autofree char *text = NULL;
    size_t len;
    if (!g_file_get_contents(path, &text, &len, NULL))
        return 1;
    LLVMFuzzerTestOneInput((const uint8_t *)text, len);
    for (int i = 0; i < DAMAGES; i++)
        damaged(dice, text, len);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    g_autoptr(GDir) dir = g_dir_open(argv[1], 0, NULL);
    GRand *dice = g_rand_new_with_seed(1);
    int seeds = 0, unread = 0;
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(argv[1], name, NULL);
        unread += run_seed(path, dice);
        seeds++;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    g_rand_free(dice);
    printf("1..1\n%s 1 - %d seeds, each whole and damaged in %d ways\n",
           seeds > 0 && unread == 0 ? "ok" : "not ok", seeds, DAMAGES);
    return seeds > 0 && unread == 0 ? 0 : 1;
}
