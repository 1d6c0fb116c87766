/* Reading documents: where the reader stands, and how it refuses. Inside the room. */
#ifndef TK_INVENTORY_READ_H
#define TK_INVENTORY_READ_H

#include "inventory/inventory.h"

typedef struct {
    GString *at; /* JSON pointer of what is being read */
    GPtrArray *notes;
    uint32_t *notes_more;
    GError **error;
} Reader;

/* Goes into a member or an element; gives the length to come back to. */
size_t reader_into(Reader *r, const char *member);
size_t reader_into_index(Reader *r, size_t index);
void reader_back(Reader *r, size_t len);

/* Refuses: the message begins with the pointer. Returns false. */
bool reader_refuse(Reader *r, TkErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Notes what is passed over. */
void reader_note(Reader *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A copy of the text member, "" where it is absent or null; false where it is something else, or longer than
 * 4096 bytes. `needed`: it must be there and not be empty. */
bool reader_text(Reader *r, const json_t *object, const char *member, bool needed, char **out);
/* The member as a list (NULL where absent); false where it is something else or has more than `most`. */
bool reader_list(Reader *r, const json_t *object, const char *member, size_t most, json_t **out);
/* The member as an object (NULL where absent). */
bool reader_object(Reader *r, const json_t *object, const char *member, json_t **out);
/* Sets *slot to the text where it is a package URL or a CPE; notes it and leaves "" where it is none. */
void reader_purl(Reader *r, const char *text, char **slot);
void reader_cpe(Reader *r, const char *text, char **slot);

/* formats; the document is borrowed */
bool cyclonedx_head(Reader *r, const json_t *document, TkSbom *out);
bool cyclonedx_components(Reader *r, const json_t *document, TkSbom *out, GHashTable *by_ref);
bool cyclonedx_dependencies(Reader *r, const json_t *document, GHashTable *by_ref);
bool spdx_read(Reader *r, const json_t *document, TkSbom *out);
bool csaf_read(Reader *r, const json_t *document, TkAdvisory *out);
bool cyclonedx_vex_read(Reader *r, const json_t *document, TkAdvisory *out);

TkSbom *sbom_new(void);
TkComponent *component_new(TkSbom *sbom);

#endif
