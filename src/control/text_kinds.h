#ifndef TK_CONTROL_TEXT_KINDS_H
#define TK_CONTROL_TEXT_KINDS_H

#include "control/model.h"

const TextKind *oscal_text_kind(const char *name, size_t len); /* NULL: a model's name, or none at all */

#endif
