/* Versions: ordered by the rules of their own world, and by no rule at all where that is not known. A version
 * that cannot be ordered is said so; guessing would turn “affected” into “safe”. */
#include "inventory/inventory.h"

#define VERSION_MAX     256
#define CONSTRAINTS_MAX 200

/* ---- Debian (deb-version(7)): the longest part without digits by its own order, then numbers ---- */

static int deb_weight(char c)
{
    if (c == '~')
        return -1;
    if (c == '\0' || g_ascii_isdigit(c))
        return 0;
    return g_ascii_isalpha(c) ? (unsigned char)c : (unsigned char)c + 256;
}

static int compare_numbers(const char **a, const char **b)
{
    while (**a == '0')
        (*a)++;
    while (**b == '0')
        (*b)++;
    size_t of_a = strspn(*a, "0123456789"), of_b = strspn(*b, "0123456789");
    int order = of_a != of_b ? (of_a < of_b ? -1 : 1) : strncmp(*a, *b, of_a);
    *a += of_a;
    *b += of_b;
    return order;
}

static int deb_part(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        while ((*a != '\0' && !g_ascii_isdigit(*a)) || (*b != '\0' && !g_ascii_isdigit(*b))) {
            int order = deb_weight(*a) - deb_weight(*b);
            if (order != 0)
                return order;
            a += *a != '\0';
            b += *b != '\0';
        }
        int order = compare_numbers(&a, &b);
        if (order != 0)
            return order;
    }
    return 0;
}

/* epoch:upstream-release */
typedef struct {
    char text[VERSION_MAX];
    unsigned long epoch;
    const char *upstream, *release;
} Evr;

static void evr_split(const char *version, Evr *out)
{
    g_strlcpy(out->text, version, sizeof out->text);
    char *start = out->text, *colon = strchr(start, ':');
    out->epoch = colon == NULL ? 0 : (unsigned long)g_ascii_strtoull(start, NULL, 10);
    start = colon == NULL ? start : colon + 1;
    char *dash = strrchr(start, '-');
    if (dash != NULL)
        *dash = '\0';
    out->upstream = start;
    out->release = dash == NULL ? "" : dash + 1;
}

/* ---- RPM (rpmvercmp): runs of letters and of digits, ~ before and ^ after everything ---- */

static int rpm_part(const char *a, const char *b)
{
    for (;;) {
        while (*a != '\0' && !g_ascii_isalnum(*a) && *a != '~' && *a != '^')
            a++;
        while (*b != '\0' && !g_ascii_isalnum(*b) && *b != '~' && *b != '^')
            b++;
        if (*a == '~' || *b == '~') {
            if (*a != *b)
                return *a == '~' ? -1 : 1;
            a++, b++;
            continue;
        }
        if (*a == '^' || *b == '^') {
            if (*a != *b)
                return *a == '^' ? (*b == '\0' ? 1 : -1) : (*a == '\0' ? -1 : 1);
            a++, b++;
            continue;
        }
        if (*a == '\0' || *b == '\0')
            return *a == *b ? 0 : *a == '\0' ? -1 : 1;
        bool digits = g_ascii_isdigit(*a);
        if (digits != g_ascii_isdigit(*b))
            return digits ? 1 : -1;
        int order;
        if (digits) {
            order = compare_numbers(&a, &b);
        } else {
            size_t of_a = 0, of_b = 0;
            while (g_ascii_isalpha(a[of_a]))
                of_a++;
            while (g_ascii_isalpha(b[of_b]))
                of_b++;
            order = strncmp(a, b, MIN(of_a, of_b));
            order = order != 0 ? order : (of_a > of_b) - (of_a < of_b);
            a += of_a;
            b += of_b;
        }
        if (order != 0)
            return order;
    }
}

static int evr_compare(const char *a, const char *b, int (*part)(const char *, const char *))
{
    Evr x, y;
    evr_split(a, &x);
    evr_split(b, &y);
    if (x.epoch != y.epoch)
        return x.epoch < y.epoch ? -1 : 1;
    int order = part(x.upstream, y.upstream);
    return order != 0 ? order : part(x.release, y.release);
}

/* ---- semantic versions, and dotted numbers ---- */

/* a.b.c…, missing ones 0; where it ends. False where there is no number. */
static bool numbers(const char **text, unsigned long out[8], size_t *count)
{
    const char *c = *text;
    for (*count = 0; *count < 8 && g_ascii_isdigit(*c); (*count)++) {
        char *end;
        out[*count] = (unsigned long)g_ascii_strtoull(c, &end, 10);
        c = end;
        if (*c != '.' || !g_ascii_isdigit(c[1])) {
            (*count)++;
            break;
        }
        c++;
    }
    *text = c;
    return *count > 0 && !g_ascii_isdigit(*c) && *c != '.';
}

/* -alpha.1: fields by number or by letter, a number before a word, fewer before more (SemVer 11). */
static int prerelease(const char *a, const char *b)
{
    g_auto(GStrv) x = g_strsplit(a, ".", 32);
    g_auto(GStrv) y = g_strsplit(b, ".", 32);
    for (size_t i = 0;; i++) {
        if (x[i] == NULL || y[i] == NULL)
            return x[i] == y[i] ? 0 : x[i] == NULL ? -1 : 1;
        bool nx = x[i][0] != '\0' && x[i][strspn(x[i], "0123456789")] == '\0',
             ny = y[i][0] != '\0' && y[i][strspn(y[i], "0123456789")] == '\0';
        const char *p = x[i], *q = y[i];
        int order = nx && ny ? compare_numbers(&p, &q) : nx != ny ? (nx ? -1 : 1) : strcmp(p, q);
        if (order != 0)
            return order;
    }
}

static bool semver(const char *a, const char *b, bool with_words, int *order)
{
    unsigned long x[8] = {0}, y[8] = {0};
    size_t of_x, of_y;
    a += *a == 'v' || *a == 'V';
    b += *b == 'v' || *b == 'V';
    if (!numbers(&a, x, &of_x) || !numbers(&b, y, &of_y))
        return false;
    *order = 0;
    for (size_t i = 0; i < 8 && *order == 0; i++)
        *order = (x[i] > y[i]) - (x[i] < y[i]);
    if (!with_words)
        return *order != 0 || (*a == '\0' && *b == '\0');
    if ((*a != '\0' && strchr("-+", *a) == NULL) || (*b != '\0' && strchr("-+", *b) == NULL))
        return false;
    if (*order != 0)
        return true;
    g_autofree char *pre_a = *a == '-' ? g_strndup(a + 1, strcspn(a + 1, "+")) : g_strdup("");
    g_autofree char *pre_b = *b == '-' ? g_strndup(b + 1, strcspn(b + 1, "+")) : g_strdup("");
    if (pre_a[0] == '\0' || pre_b[0] == '\0')
        *order =
            (pre_b[0] != '\0') - (pre_a[0] != '\0'); /* a version before its pre-releases is the larger */
    else
        *order = prerelease(pre_a, pre_b);
    return true;
}

/* Dotted numbers alone; with letters behind them only where the numbers decide. 1.0rc1 against 1.0 is left
 * open: before in one world, after in another. */
static bool dotted(const char *a, const char *b, int *order)
{
    return semver(a, b, false, order);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

bool tk_version_compare(const char *scheme, const char *a, const char *b, int *order)
{
    static const char *const semantic[] = {"npm",    "semver", "golang", "cargo",
                                           "github", "hex",    "swift",  NULL};
    *order = 0;
    if (strlen(a) >= VERSION_MAX || strlen(b) >= VERSION_MAX || a[0] == '\0' || b[0] == '\0')
        return false;
    if (strcmp(a, b) == 0)
        return true;
    bool known = scheme != NULL && scheme[0] != '\0';
    bool ok = true;
    if (known && strcmp(scheme, "deb") == 0)
        *order = evr_compare(a, b, deb_part);
    else if (known && strcmp(scheme, "rpm") == 0)
        *order = evr_compare(a, b, rpm_part);
    else if (known && g_strv_contains(semantic, scheme))
        ok = semver(a, b, true, order);
    else
        ok = dotted(a, b, order);
    *order = sign(*order);
    return ok;
}

/* ---- ranges ---- */

static const char *comparator(char *text, char **version)
{
    static const char *const signs[] = {">=", "<=", "!=", "==", ">", "<", "="};
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(text, signs[i])) {
            *version = g_strstrip(text + strlen(signs[i]));
            return signs[i];
        }
    *version = text;
    return "=";
}

static TkSays holds(const char *scheme, const char *sign_, const char *bound, const char *version)
{
    int order;
    if (bound[0] == '\0' || strpbrk(bound, " \t,;()[]") != NULL)
        return TK_CANNOT_TELL;
    if (!tk_version_compare(scheme, version, bound, &order))
        return TK_CANNOT_TELL;
    bool yes = sign_[0] == '!'   ? order != 0
               : sign_[0] == '=' ? order == 0
               : sign_[0] == '<' ? order < 0 || (order == 0 && sign_[1] == '=')
                                 : order > 0 || (order == 0 && sign_[1] == '=');
    return yes ? TK_SAYS_YES : TK_SAYS_NO;
}

/* vers: exact versions first; then the interval that the version lies in. Constraints are ordered by version,
 * so that a lower bound and the upper one behind it make an interval. */
static TkSays in_constraints(char **parts, const char *scheme, const char *version)
{
    bool unclear = false;
    const char *lower = NULL;
    TkSays above = TK_SAYS_NO;
    for (char **part = parts; *part != NULL; part++) {
        char *bound;
        const char *what = comparator(g_strstrip(*part), &bound);
        TkSays says = holds(scheme, what, bound, version);
        if (says == TK_CANNOT_TELL) {
            unclear = true;
            continue;
        }
        if (what[0] == '!') {
            if (says == TK_SAYS_NO)
                return TK_SAYS_NO;
        } else if (what[0] == '=') {
            if (says == TK_SAYS_YES)
                return TK_SAYS_YES;
        } else if (what[0] == '>') {
            lower = what;
            above = says;
        } else {
            if (says == TK_SAYS_YES && (lower == NULL || above == TK_SAYS_YES))
                return unclear ? TK_CANNOT_TELL : TK_SAYS_YES;
            lower = NULL;
            above = TK_SAYS_NO;
        }
    }
    if (unclear)
        return TK_CANNOT_TELL;
    return lower != NULL && above == TK_SAYS_YES ? TK_SAYS_YES : TK_SAYS_NO;
}

TkSays tk_version_in(const char *range, const char *scheme, const char *version)
{
    if (version[0] == '\0')
        return TK_CANNOT_TELL;
    g_autofree char *own = NULL;
    if (g_str_has_prefix(range, "vers:")) {
        const char *slash = strchr(range, '/');
        if (slash == NULL)
            return TK_CANNOT_TELL;
        own = g_ascii_strdown(range + 5, slash - range - 5);
        scheme = strcmp(own, "all") == 0 || strcmp(own, "none") == 0 ? scheme : own;
        if (strcmp(own, "none") == 0)
            return TK_SAYS_NO;
        range = slash + 1;
    }
    if (strcmp(range, "*") == 0)
        return TK_SAYS_YES;
    g_auto(GStrv) parts = g_strsplit(range, "|", CONSTRAINTS_MAX + 1);
    bool words = strpbrk(range, "<>=") == NULL && own == NULL;
    if (words || g_strv_length(parts) > CONSTRAINTS_MAX)
        return TK_CANNOT_TELL; /* “all versions before the spring release” */
    return in_constraints(parts, scheme, version);
}
