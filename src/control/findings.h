/* A walk over a document that knows where it is, and what it has found. Inside the room. */
#ifndef TK_CONTROL_FINDINGS_H
#define TK_CONTROL_FINDINGS_H

#include "control/control.h"

typedef struct {
    GPtrArray *found; /* TkOscalFinding * */
    GString *at;      /* JSON pointer of the value in hand */
} Walk;

/* Goes one step down and gives the length to come back to with walk_up. */
size_t walk_down(Walk *w, const char *key);
size_t walk_down_index(Walk *w, size_t index);
static inline void walk_up(Walk *w, size_t back)
{
    g_string_truncate(w->at, back);
}
void walk_say(Walk *w, bool fault, const char *format, ...) G_GNUC_PRINTF(3, 4);

void oscal_check_references(Walk *w, const char *kind, const json_t *body);

#endif
