/* The 47 prefectures with their JIS X 0401 numbers. Positions are those of the prefectural offices, rounded
 * to about a kilometre: enough to place a mark on a map. */
#include "network/network.h"

static const TkPrefecture prefectures[TK_PREFECTURES] = {
    {"01", "北海道", "Hokkaido", 43.06, 141.35},  {"02", "青森県", "Aomori", 40.82, 140.74},
    {"03", "岩手県", "Iwate", 39.70, 141.15},     {"04", "宮城県", "Miyagi", 38.27, 140.87},
    {"05", "秋田県", "Akita", 39.72, 140.10},     {"06", "山形県", "Yamagata", 38.24, 140.36},
    {"07", "福島県", "Fukushima", 37.75, 140.47}, {"08", "茨城県", "Ibaraki", 36.34, 140.45},
    {"09", "栃木県", "Tochigi", 36.57, 139.88},   {"10", "群馬県", "Gunma", 36.39, 139.06},
    {"11", "埼玉県", "Saitama", 35.86, 139.65},   {"12", "千葉県", "Chiba", 35.60, 140.12},
    {"13", "東京都", "Tokyo", 35.69, 139.69},     {"14", "神奈川県", "Kanagawa", 35.45, 139.64},
    {"15", "新潟県", "Niigata", 37.90, 139.02},   {"16", "富山県", "Toyama", 36.70, 137.21},
    {"17", "石川県", "Ishikawa", 36.59, 136.63},  {"18", "福井県", "Fukui", 36.07, 136.22},
    {"19", "山梨県", "Yamanashi", 35.66, 138.57}, {"20", "長野県", "Nagano", 36.65, 138.18},
    {"21", "岐阜県", "Gifu", 35.39, 136.72},      {"22", "静岡県", "Shizuoka", 34.98, 138.38},
    {"23", "愛知県", "Aichi", 35.18, 136.91},     {"24", "三重県", "Mie", 34.73, 136.51},
    {"25", "滋賀県", "Shiga", 35.00, 135.87},     {"26", "京都府", "Kyoto", 35.02, 135.76},
    {"27", "大阪府", "Osaka", 34.69, 135.52},     {"28", "兵庫県", "Hyogo", 34.69, 135.18},
    {"29", "奈良県", "Nara", 34.69, 135.83},      {"30", "和歌山県", "Wakayama", 34.23, 135.17},
    {"31", "鳥取県", "Tottori", 35.50, 134.24},   {"32", "島根県", "Shimane", 35.47, 133.05},
    {"33", "岡山県", "Okayama", 34.66, 133.93},   {"34", "広島県", "Hiroshima", 34.40, 132.46},
    {"35", "山口県", "Yamaguchi", 34.19, 131.47}, {"36", "徳島県", "Tokushima", 34.07, 134.56},
    {"37", "香川県", "Kagawa", 34.34, 134.04},    {"38", "愛媛県", "Ehime", 33.84, 132.77},
    {"39", "高知県", "Kochi", 33.56, 133.53},     {"40", "福岡県", "Fukuoka", 33.61, 130.42},
    {"41", "佐賀県", "Saga", 33.25, 130.30},      {"42", "長崎県", "Nagasaki", 32.75, 129.87},
    {"43", "熊本県", "Kumamoto", 32.79, 130.74},  {"44", "大分県", "Oita", 33.24, 131.61},
    {"45", "宮崎県", "Miyazaki", 31.91, 131.42},  {"46", "鹿児島県", "Kagoshima", 31.56, 130.56},
    {"47", "沖縄県", "Okinawa", 26.21, 127.68},
};

const TkPrefecture *tk_prefecture(int number)
{
    return number >= 1 && number <= TK_PREFECTURES ? &prefectures[number - 1] : NULL;
}

/* A Japanese name with or without its last character (東京 for 東京都); 北海道 has no short form. */
static bool is_name(const TkPrefecture *p, const char *text, size_t len)
{
    size_t ja = strlen(p->ja), en = strlen(p->en);
    if (len == en && g_ascii_strncasecmp(text, p->en, len) == 0)
        return true;
    return (len == ja || (len == ja - 3 && p != &prefectures[0])) && memcmp(text, p->ja, len) == 0;
}

int tk_prefecture_number(const char *text, size_t len)
{
    if (len == 5 && memcmp(text, "JP-", 3) == 0) {
        text += 3;
        len -= 3;
    }
    for (int i = 0; i < TK_PREFECTURES; i++)
        if ((len == 2 && memcmp(text, prefectures[i].code, 2) == 0) || is_name(&prefectures[i], text, len))
            return i + 1;
    return 0;
}
