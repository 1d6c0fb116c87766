#include <errno.h>

#include "cli/cli.h"

FILE *tk_cli_open(const char *path, GError **error)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL)
        tk_fail(error, TK_ERROR_IO, "%s cannot be opened: %s", path, g_strerror(errno));
    return file;
}

void tk_cli_close(FILE *file)
{
    if (file != NULL && file != stdin)
        fclose(file);
}

TkTopology *tk_cli_topology(const char *path, const TkLaw *law, GError **error)
{
    const char *services[TK_SERVICES_MAX];
    size_t n = MIN(tk_law_service_count(law), TK_SERVICES_MAX);
    for (size_t i = 0; i < n; i++)
        services[i] = tk_law_service_id(law, (TkService)i);
    FILE *file = tk_cli_open(path, error);
    if (file == NULL)
        return NULL;
    g_autoptr(TkLines) lines = tk_lines_new(file, TK_TOPOLOGY_LINE_MAX);
    TkTopology *topology = tk_topology_read(lines, path, services, n, error);
    tk_cli_close(file);
    return topology;
}
