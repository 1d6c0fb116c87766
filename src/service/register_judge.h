/* Checks of whole records that a register's file can name ("check"): what no single field can say. */
#ifndef TK_SERVICE_REGISTER_JUDGE_H
#define TK_SERVICE_REGISTER_JUDGE_H

#include "base/base.h"

/* Adds what is wrong with `values` to `findings`, as tk_register_finding does. Values may be of any type: the
 * fields' own checks have told what is wrong with them, but not stopped. */
typedef void (*TkRegisterJudge)(const json_t *values, json_t *findings);

/* The check of this name; NULL where there is none. */
TkRegisterJudge tk_register_judge(const char *name);

#endif
