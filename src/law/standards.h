/* Technical standards (技術基準, 法41条・42条, 事業用電気通信設備規則) and the documents that go with the
 * notification of self-confirmation (自己確認, 施行規則27条の5): what is asked of each category of equipment
 * on a day. Part of the law room's door; the data are law/jp/standards.json. */
#ifndef TK_LAW_STANDARDS_H
#define TK_LAW_STANDARDS_H

#define TK_STANDARD_BASES_MAX 4

typedef enum {
    TK_STANDARD_NONE,  /* — nothing is provided */
    TK_STANDARD_MUST,  /* ● 義務 */
    TK_STANDARD_EFFORT /* △ 努力義務 */
} TkStandardLevel;

/* A category of equipment (施行規則27条の5第1項各号). The same equipment can stand on more than one paragraph
 * of 法41条, and then under more than one chapter of the 設備規則. */
typedef struct {
    const char *id;     /* lasting: analog, mobile, designated-other … */
    const char *number; /* 1, 1の2 … 14 */
    const TkLawEntry *entry;
    TkText name, equipment;
    const char *basis[TK_STANDARD_BASES_MAX]; /* 41-1, 41-2, 41-3, 41-5 */
    const char *group[TK_STANDARD_BASES_MAX]; /* which rules apply under it: line-voice, eligible … */
    size_t basis_count;
} TkStandardCategory;

/* A measure as it is asked of one category under one basis. */
typedef struct {
    const char *id; /* lasting: spare, overload-test … */
    const TkLawEntry *entry;
    TkText name;
    int goal; /* 1 … 5: 法41条6項各号 */
    TkStandardLevel level;
    const char *article; /* of the 設備規則; NULL where nothing is provided */
    TkText condition;    /* both NULL: without condition */
} TkStandardMeasure;

/* A document of a category's set. */
typedef struct {
    const char *id;     /* lasting: diagram, overload-test … */
    const char *letter; /* within the category's number, イ・1号ロ; NULL where it is not known for the day */
    const TkLawEntry *entry;
    TkText name;
    TkText condition; /* asked only where this holds; both NULL: always */
} TkStandardDocument;

/* The categories in force on a day, in the article's order: elements TkStandardCategory. Caller's. */
GArray *tk_law_standard_categories(const TkLaw *law, TkDate date);
/* False where there is no such category on the day. */
bool tk_law_standard_category(const TkLaw *law, const char *id, TkDate date, TkStandardCategory *out);
/* All measures known on the day, one row each with what is asked of `category` under `basis` (an index of its
 * bases); a measure of which nothing is asked has TK_STANDARD_NONE. Elements TkStandardMeasure. */
GArray *tk_law_standard_measures(const TkLaw *law, const TkStandardCategory *category, size_t basis,
                                 TkDate date);
/* The set of documents in the article's order: elements TkStandardDocument. */
GArray *tk_law_standard_documents(const TkLaw *law, const TkStandardCategory *category, TkDate date);
/* What changed in the scope of the standards, in force on the day: elements const TkLawEntry *. */
GPtrArray *tk_law_standard_scope(const TkLaw *law, TkDate date);

/* 法42条7項: the last day of the confirmation that is asked within three months of the first designation. */
TkDate tk_law_standard_designation_due(TkDate designated);

#endif
