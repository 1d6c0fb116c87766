/* The project's law, read once for a group of tests: cmocka_run_group_tests(tests, load, unload). */
#ifndef TK_LAW_LOADED_H
#define TK_LAW_LOADED_H

#include "law_helper.h"

static TkLaw *law;

static inline int load(void **state)
{
    (void)state;
    law = law_of_the_project();
    return 0;
}

static inline int unload(void **state)
{
    (void)state;
    tk_law_free(law);
    return 0;
}

#endif
