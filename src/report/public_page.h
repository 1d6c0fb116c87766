/* A page for the public: one static HTML file that carries its style in itself, has no script, loads nothing
 * and reads well on paper, on a phone and to a screen reader. For what the law has published on the Internet
 * (情報取扱方針, 法27条の8; 外部送信, 法27条の12).
 *
 *     tk_public_page_new ─► heading, paragraph, table, row … ─► tk_public_page_html ─► bytes
 *
 * All texts are copied and escaped; bytes that are no UTF-8 are replaced. The hash is of the content alone,
 * so that the same content made on another day has the same one: by it one sees whether what is published is
 * what the registers say today. The file shows it with the day it was made. */
#ifndef TK_REPORT_PUBLIC_PAGE_H
#define TK_REPORT_PUBLIC_PAGE_H

#include "law/law.h"

#define TK_PUBLIC_PAGE_BYTES_MAX   (4u << 20)
#define TK_PUBLIC_PAGE_COLUMNS_MAX 8

typedef struct TkPublicPage TkPublicPage;

/* Strings are borrowed for the call; NULL where there is none. */
typedef struct {
    const char *title;   /* needed */
    const char *carrier; /* whose page */
    const char *basis;   /* the article it rests on */
    TkLang lang;
    bool draft;     /* not to be published yet: marked so */
    bool synthetic; /* made-up data: marked so */
} TkPublicPageHead;

TkPublicPage *tk_public_page_new(const TkPublicPageHead *head);
void tk_public_page_free(TkPublicPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkPublicPage, tk_public_page_free)

/* Level 2 or 3; the title is the one of level 1. Headings of level 2 are numbered and listed in the
 * beginning. */
void tk_public_page_heading(TkPublicPage *page, int level, const char *text);
/* Empty lines part paragraphs, other line breaks are kept. */
void tk_public_page_paragraph(TkPublicPage *page, const char *text);
/* A link, https or http only; anything else becomes text. */
void tk_public_page_link(TkPublicPage *page, const char *text, const char *url);
/* A table with a caption; `columns` are copied. Closed by whatever comes next. */
void tk_public_page_table(TkPublicPage *page, const char *caption, const char *const *columns, size_t count);
/* As many cells as the table has columns; NULL is an empty one. */
void tk_public_page_row(TkPublicPage *page, const char *const *cells);

/* The file: *bytes is the caller's; `hash` (SHA-256 of the content, hexadecimal) is 65 bytes. TK_ERROR_LIMIT
 * over the ceiling, TK_ERROR_INPUT for a row without table. The page is used up. */
bool tk_public_page_html(TkPublicPage *page, TkDate made_on, GBytes **bytes, char hash[65], GError **error);

#endif
