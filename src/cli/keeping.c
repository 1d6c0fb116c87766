#include "cli/keeping.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int keeping_lock(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "serve.lock", NULL);
    if (g_mkdir_with_parents(dir, 0700) != 0) {
        tk_fail(error, TK_ERROR_IO, "the folder %s cannot be made: %s", dir, g_strerror(errno));
        return -1;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK)
        tk_fail(error, TK_ERROR_CONFLICT,
                "another server is running on %s; stop it, ask it through its API, or give another --data",
                dir);
    else
        tk_fail(error, TK_ERROR_IO, "%s cannot be locked: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}
