/* The safety and reliability standard (情報通信ネットワーク安全・信頼性基準, 昭和62年郵政省告示第73号): its
 * structure with the counts that were published in 2021 (law/jp/reliability.json), and the reader of a
 * carrier's own file of the notice (docs/reliability-format.md). The notice's titles and measures are not
 * held here: they come from that file alone. Part of the law room's door. */
#ifndef TK_LAW_RELIABILITY_H
#define TK_LAW_RELIABILITY_H

#define TK_RELIABILITY_CSV_MAX      (8u << 20) /* bytes of a file */
#define TK_RELIABILITY_MEASURES_MAX 3000
#define TK_RELIABILITY_FINDINGS_MAX 100 /* told one by one; further ones are only counted */
#define TK_RELIABILITY_NETWORKS     5

/* A chapter; those without a chapter below them hold items. */
typedef struct {
    const char *id; /* facilities.equipment.general */
    TkText name;
    const TkLawEntry *entry;
    int64_t items, measures; /* published */
    bool leaf;
} TkReliabilityChapter;

/* The chapters in order: elements TkReliabilityChapter. Caller's. */
GArray *tk_law_reliability_chapters(const TkLaw *law);
/* lines (電気通信回線設備事業用), designated (特定回線非設置事業用), others (その他の電気通信事業用), private
 * (自営情報通信), user (ユーザ): the kinds of network, in the order of the file's columns. */
const char *tk_reliability_network(size_t index);
TkText tk_reliability_network_name(size_t index);
/* Index of a kind of network; TK_RELIABILITY_NETWORKS where there is no such one. */
size_t tk_reliability_network_find(const char *id);

/* Reads a file of the notice: {"items":[{"section","item","title","measures":[{"measure","code","text",
 * "marks":["◎","◎*","○","−",…]}…]}…],"items_total","measures_total"}; new reference. A file with any fault is
 * refused as a whole: NULL, and *findings is {"items":[{"line","column","field"|null,"ja","en"}…],"total"}
 * with the first hundred; *error (INVALID, or LIMIT for one that is too large) says how many. `columns` count
 * from 1.
 */
json_t *tk_reliability_read(const TkLaw *law, const char *text, size_t len, json_t **findings,
                            GError **error);
/* [{"section","name":{ja,en},"items","measures","published":{"items","measures"},"same"}…] for all chapters,
 * a chapter's numbers being those of everything below it; new reference. Differences are no fault: the notice
 * was amended since its counts were published. */
json_t *tk_reliability_counts(const TkLaw *law, const json_t *content);

#endif
