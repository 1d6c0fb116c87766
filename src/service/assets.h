/* What the program carries in itself: the law files (law/…) and the built page (web/dist/…), put in at build
 * time. */
#ifndef TK_SERVICE_ASSETS_H
#define TK_SERVICE_ASSETS_H

#include "base/base.h"
#include "law/law.h"

/* The bytes of a built-in file by its path in the source tree, "web/dist/index.html". They lie in the program
 * itself; release the GBytes with g_bytes_unref. NULL when there is none. Any thread. */
GBytes *tk_asset(const char *path);
/* The paths of all built-in files below a folder ("law"), sorted; empty when there is none. g_strfreev. */
char **tk_asset_list(const char *folder);

/* The law from `dir`, else from the folder that the environment's TOKATSU_LAW_DIR names, else the built-in
 * one. All
 * *.json below the folder are read. NULL and *error (TK_ERROR_IO, or what tk_law_load finds); tk_law_free. */
TkLaw *tk_asset_law(const char *dir, GError **error);

#endif
