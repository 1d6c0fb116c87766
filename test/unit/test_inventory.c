/* Names, versions, documents and matches against known answers. */
#include "unit.h"

#include "inventory/inventory.h"

static char *json_of(const char *text)
{
    char *json = g_strdup(text);
    g_strdelimit(json, "'", '"');
    return json;
}

static TkSbom *sbom_of(const char *text)
{
    g_autofree char *json = json_of(text);
    g_autoptr(GError) error = NULL;
    TkSbom *sbom = tk_sbom_read("sbom", json, strlen(json), &error);
    if (sbom == NULL)
        fail_msg("%s", error->message);
    return sbom;
}

static TkAdvisory *advisory_of(const char *text)
{
    g_autofree char *json = json_of(text);
    g_autoptr(GError) error = NULL;
    TkAdvisory *advisory = tk_advisory_read("advisory", json, strlen(json), &error);
    if (advisory == NULL)
        fail_msg("%s", error->message);
    return advisory;
}

static void package_urls_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *type, *space, *name, *version;
    } good[] = {
        {"pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "deb", "debian", "curl", "7.50.3-1"},
        {"pkg:npm/%40angular/animation@12.3.1", "npm", "@angular", "animation", "12.3.1"},
        {"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources", "maven",
         "org.apache.xmlgraphics", "batik-anim", "1.9.1"},
        {"pkg:PYPI/Django_package@1.11.1.dev1", "pypi", "", "django-package", "1.11.1.dev1"},
        {"pkg:github/Package-URL/purl-Spec@244fd47e07d1004#everybody/loves/dogs", "github", "package-url",
         "purl-spec", "244fd47e07d1004"},
        {"pkg:golang/google.golang.org/genproto@abcdedf#googleapis/api", "golang", "google.golang.org",
         "genproto", "abcdedf"},
        {"pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386", "rpm", "fedora", "curl", "7.50.3-1.fc25"},
        {"pkg:gem/ruby-advisory-db-check", "gem", "", "ruby-advisory-db-check", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        TkPurl p;
        assert_true(tk_purl_parse(good[i].text, &p, NULL));
        assert_string_equal(p.type, good[i].type);
        assert_string_equal(p.space, good[i].space);
        assert_string_equal(p.name, good[i].name);
        assert_string_equal(p.version, good[i].version);
        tk_purl_clear(&p);
    }
    static const char *const bad[] = {"",        "pkg:",        "pkg:npm",     "pkg:npm/",
                                      "npm/x@1", "pkg:n%70m/x", "pkg:npm/x%zz"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        TkPurl p;
        assert_false(tk_purl_parse(bad[i], &p, NULL));
    }
}

static void cpe_names_are_taken_apart_in_both_bindings(void **state)
{
    (void)state;
    TkCpe c;
    assert_true(tk_cpe_parse("cpe:2.3:a:hp:openview\\:network:7.51:-:*:*:*:linux:*:*", &c, NULL));
    assert_string_equal(c.vendor, "hp");
    assert_string_equal(c.product, "openview:network");
    assert_string_equal(c.version, "7.51");
    assert_string_equal(c.update, "-");
    tk_cpe_clear(&c);
    assert_true(tk_cpe_parse("cpe:/o:redhat:enterprise_linux:8::baseos", &c, NULL));
    assert_string_equal(c.version, "8");
    assert_string_equal(c.update, "*");
    tk_cpe_clear(&c);
    assert_false(tk_cpe_parse("cpe:2.3:a:hp", &c, NULL));
    assert_false(tk_cpe_parse("cpe:2.3:x:hp:b:1:*", &c, NULL));
    assert_false(tk_cpe_parse("hp openview", &c, NULL));
}

static void versions_are_ordered_by_the_rules_of_their_world(void **state)
{
    (void)state;
    static const struct {
        const char *scheme, *a, *b;
        int order; /* 2: cannot tell */
    } all[] = {
        {"semver", "1.0.0-alpha", "1.0.0-alpha.1", -1},
        {"semver", "1.0.0-alpha.1", "1.0.0-alpha.beta", -1},
        {"semver", "1.0.0-beta.2", "1.0.0-beta.11", -1},
        {"semver", "1.0.0-rc.1", "1.0.0", -1},
        {"npm", "1.10.0", "1.9.9", 1},
        {"golang", "v1.2.3", "1.2.3", 0},
        {"npm", "1.0.0+build5", "1.0.0", 0},
        {"deb", "1.0~rc1-1", "1.0-1", -1},
        {"deb", "1:0.9-1", "2.0-1", 1},
        {"deb", "7.88.1-10+deb12u5", "7.88.1-10+deb12u12", -1},
        {"deb", "1.2.3", "1.2.3-0", 0},
        {"rpm", "1.0~rc1-1", "1.0-1", -1},
        {"rpm", "1.0.1e-51.el7", "1.0.1e-60.el7_3.1", -1},
        {"rpm", "5.16.1.3-1", "5.16.1.3.0-1", -1},
        {"rpm", "1.0^20200101", "1.0", 1},
        {NULL, "4.10", "4.9", 1},
        {NULL, "4.1", "4.1.0", 0},
        {NULL, "1.0.1e", "1.0.1f", 2},
        {NULL, "1.0.2k", "1.0.1", 1},
        {"pypi", "1.0rc1", "1.0", 2},
        {NULL, "Rhubarb", "Apple", 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        int order = 0, back = 0;
        bool told = tk_version_compare(all[i].scheme, all[i].a, all[i].b, &order);
        bool told_back = tk_version_compare(all[i].scheme, all[i].b, all[i].a, &back);
        if (told != (all[i].order != 2) || told != told_back ||
            (told && (order != all[i].order || back != -order)))
            fail_msg("%s %s %s: %d %d", all[i].scheme, all[i].a, all[i].b, told, order);
    }
}

static void ranges_hold_what_lies_in_them(void **state)
{
    (void)state;
    static const struct {
        const char *range, *version;
        TkSays says;
    } all[] = {
        {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.3", TK_SAYS_YES},
        {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.4", TK_SAYS_NO},
        {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "2.0.0", TK_SAYS_YES},
        {"vers:npm/1.2.3|>=2.0.0|<5.0.0", "5.0.0", TK_SAYS_NO},
        {"vers:npm/>=1.0.0|<2.0.0|>=3.0.0|<4.0.0", "2.5.0", TK_SAYS_NO},
        {"vers:npm/>=1.0.0|<2.0.0|>=3.0.0|<4.0.0", "3.5.0", TK_SAYS_YES},
        {"vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.5.0", TK_SAYS_NO},
        {"vers:deb/<7.88.1-10+deb12u12", "7.88.1-10+deb12u5", TK_SAYS_YES},
        {"vers:all/*", "1", TK_SAYS_YES},
        {"vers:none/*", "1", TK_SAYS_NO},
        {"<4.2", "4.1.9", TK_SAYS_YES},
        {">=4.2", "4.2", TK_SAYS_YES},
        {"<=4.2", "4.3", TK_SAYS_NO},
        {">1.0.1e", "1.0.1f", TK_CANNOT_TELL},
        {"all versions before the spring release", "1.0", TK_CANNOT_TELL},
        {"<4.2", "", TK_CANNOT_TELL},
        {"< 4.2 or later", "4.1", TK_CANNOT_TELL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (tk_version_in(all[i].range, NULL, all[i].version) != all[i].says)
            fail_msg("%s of %s", all[i].version, all[i].range);
}

#define CDX                                                                                                  \
    "'bomFormat':'CycloneDX','specVersion':'1.5','serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-"          \
    "a58921a69b79','version':1"

static void both_formats_give_the_same_components(void **state)
{
    (void)state;
    g_autoptr(TkSbom) cdx =
        sbom_of("{" CDX ",'metadata':{'timestamp':'2026-01-01T00:00:00Z','component':{'type':'application','"
                "bom-ref':'app','name':'交換機管理','version':'9.1'}},"
                "'components':[{'type':'library','bom-ref':'a','name':'curl','version':'7.88.1-10+deb12u5','"
                "supplier':{'name':'Debian'},"
                "'purl':'pkg:deb/debian/"
                "curl@7.88.1-10%2Bdeb12u5?arch=amd64','components':[{'type':'library','name':'inner','"
                "version':'1','cpe':'no cpe'}]}],"
                "'services':[{'bom-ref':'s','name':'api'}],"
                "'dependencies':[{'ref':'app','dependsOn':['a','s']}]}");
    g_autoptr(TkSbom) spdx =
        sbom_of("{'spdxVersion':'SPDX-2.3','SPDXID':'SPDXRef-DOCUMENT','name':'交換機管理','"
                "documentNamespace':'https://example.jp/1','dataLicense':'CC0-1.0',"
                "'creationInfo':{'created':'2026-01-01T00:00:00Z'},"
                "'packages':[{'SPDXID':'SPDXRef-a','name':'curl','versionInfo':'7.88.1-10+deb12u5','supplier'"
                ":'Organization: Debian (a@example.org)','downloadLocation':'NOASSERTION',"
                "'externalRefs':[{'referenceCategory':'PACKAGE-MANAGER','referenceType':'purl','"
                "referenceLocator':'pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64'}]}],"
                "'relationships':[{'spdxElementId':'SPDXRef-DOCUMENT','relatedSpdxElement':'SPDXRef-a','"
                "relationshipType':'DESCRIBES'}]}");
    assert_int_equal(cdx->components->len, 3);
    assert_int_equal(cdx->notes->len, 1); /* the CPE that is none */
    assert_non_null(strstr(cdx->notes->pdata[0], "/components/0/components/0"));
    assert_string_equal(cdx->name, "交換機管理");
    const TkComponent *a = cdx->components->pdata[1], *b = spdx->components->pdata[0];
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->version, b->version);
    assert_string_equal(a->purl, b->purl);
    assert_string_equal(a->supplier, b->supplier);
    assert_string_equal(spdx->format, "SPDX 2.3");
}

static void what_is_wrong_is_refused_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pointer;
        bool advisory;
    } all[] = {
        {"{" CDX ",'components':[{'type':'library','name':'x','bom-ref':'a'},{'type':'library','name':'y','"
         "bom-ref':'a'}]}",
         "/components/1/bom-ref", false},
        {"{" CDX ",'components':[],'dependencies':[{'ref':'ghost'}]}", "/dependencies/0/ref", false},
        {"{" CDX ",'components':[{'type':'library','name':'x','bom-ref':'a'}],'dependencies':[{'ref':'a','"
         "dependsOn':['b']}]}",
         "/dependencies/0/dependsOn/0", false},
        {"{" CDX ",'components':[{'type':'library'}]}", "/components/0/name", false},
        {"{" CDX ",'components':{}}", "/components", false},
        {"{'bomFormat':'CycloneDX','specVersion':'1.3'}", "/specVersion", false},
        {"{'bomFormat':'CycloneDX','specVersion':'1.5','bomFormat':'x'}", "duplicate", false},
        {"{'spdxVersion':'SPDX-2.3','SPDXID':'SPDXRef-DOCUMENT','name':'x','documentNamespace':'n','packages'"
         ":[{'SPDXID':'SPDXRef-DOCUMENT','name':'y'}]}",
         "/packages/0/SPDXID", false},
        {"{'spdxVersion':'SPDX-2.3','SPDXID':'SPDXRef-DOCUMENT','name':'x','documentNamespace':'n','"
         "relationships':[{'spdxElementId':'SPDXRef-9','relatedSpdxElement':'NONE','relationshipType':'"
         "CONTAINS'}]}",
         "/relationships/0/spdxElementId", false},
        {"{'hello':1}", "neither", false},
        {"{'document':{'csaf_version':'2.0','title':'t','tracking':{'id':'x'}},'product_tree':{'full_product_"
         "names':[{'product_id':'p','name':'P'},{'product_id':'p','name':'Q'}]}}",
         "/product_tree/full_product_names/1/product_id", true},
        {"{'document':{'csaf_version':'2.0','title':'t','tracking':{'id':'x'}},'vulnerabilities':[{'cve':'"
         "CVE-2026-0001','product_status':{'known_affected':['ghost']}}]}",
         "/vulnerabilities/0/product_status/known_affected/0", true},
        {"{'document':{'csaf_version':'2.0','title':'t','tracking':{'id':'x'}},'product_tree':{'full_product_"
         "names':[{'product_id':'p','name':'P'}]},'vulnerabilities':[{'remediations':[{'group_ids':['g']}]}]"
         "}",
         "/vulnerabilities/0/remediations/0/group_ids/0", true},
        {"{'document':{'csaf_version':'2.1','title':'t','tracking':{'id':'x'}}}", "/document/csaf_version",
         true},
        {"{" CDX ",'vulnerabilities':[{'id':'CVE-2026-1','affects':[{'ref':'ghost'}]}]}",
         "/vulnerabilities/0/affects/0/ref", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *json = json_of(all[i].text);
        g_autoptr(GError) error = NULL;
        g_autoptr(TkSbom) sbom = all[i].advisory ? NULL : tk_sbom_read("f", json, strlen(json), &error);
        g_autoptr(TkAdvisory) advisory =
            all[i].advisory ? tk_advisory_read("f", json, strlen(json), &error) : NULL;
        assert_true(sbom == NULL && advisory == NULL);
        if (strstr(error->message, all[i].pointer) == NULL)
            fail_msg("%s is not at %s", error->message, all[i].pointer);
    }
}

static void a_document_that_is_too_deep_is_refused(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[");
    for (int i = 0; i < 31; i++)
        g_string_append(text, "{'type':'library','name':'n','components':[");
    for (int i = 0; i < 31; i++)
        g_string_append(text, "]}");
    g_string_append(text, "]}");
    g_autofree char *json = json_of(text->str);
    g_autoptr(GError) error = NULL;
    assert_null(tk_sbom_read("deep", json, strlen(json), &error));
    assert_int_equal(error->code, TK_ERROR_LIMIT);
}

/* One system: curl of Debian, a router's software, and lib without any name but its own. */
static const char system_text[] =
    "{" CDX ",'components':["
    "{'type':'library','bom-ref':'curl','name':'curl','version':'7.88.1-10+deb12u5','purl':'pkg:deb/debian/"
    "curl@7.88.1-10%2Bdeb12u5?arch=amd64'},"
    "{'type':'operating-system','bom-ref':'ios','name':'架空ルータOS','version':'15.2','supplier':{'name':'"
    "架空機器'},'cpe':'cpe:2.3:o:kaku:router_os:15.2:*:*:*:*:*:*:*'},"
    "{'type':'library','bom-ref':'lib','name':'lib'},"
    "{'type':'library','bom-ref':'js','name':'left-pad','version':'1.3.0','purl':'pkg:npm/left-pad@1.3.0'}]}";

#define HEAD "'document':{'csaf_version':'2.0','title':'t','tracking':{'id':'ADV-1','version':'1'}}"

static void expect(const char *advisory_text, const char *component, TkAdvisoryStatus status, const char *by)
{
    g_autoptr(TkSbom) sbom = sbom_of(system_text);
    g_autoptr(TkAdvisory) advisory = advisory_of(advisory_text);
    g_autoptr(GArray) findings = tk_inventory_match(sbom, advisory);
    if (component == NULL) {
        if (findings->len > 0)
            fail_msg("%s: %s", advisory_text, g_array_index(findings, TkMatch, 0).why);
        return;
    }
    assert_int_equal(findings->len, 1);
    const TkMatch *f = &g_array_index(findings, TkMatch, 0);
    assert_string_equal(f->component->ref, component);
    if (f->status != status || strcmp(f->by, by) != 0)
        fail_msg("%s: %s by %s (%s)", advisory_text, tk_advisory_status_name(f->status), f->by, f->why);
    assert_true(f->why[0] != '\0' && f->why_ja[0] != '\0');
}

static void a_package_url_decides_with_the_range_of_its_branch(void **state)
{
    (void)state;
    const char *text =
        "{" HEAD ",'product_tree':{'branches':[{'category':'vendor','name':'Debian','branches':[{'category':'"
        "product_name','name':'curl','branches':["
        "{'category':'product_version_range','name':'vers:deb/"
        "<7.88.1-10+deb12u12','product':{'product_id':'p','name':'curl before "
        "u12','product_identification_helper':{'purl':'pkg:deb/debian/curl'}}}]}]}]},"
        "'vulnerabilities':[{'cve':'CVE-2026-0001','product_status':{'known_affected':['p']},'scores':[{'"
        "products':['p'],'cvss_v3':{'baseScore':9.8,'vectorString':'CVSS:3.1/AV:N'}}]}]}";
    expect(text, "curl", TK_STATUS_AFFECTED, "purl");
    g_autoptr(TkAdvisory) advisory = advisory_of(text);
    const TkVulnerability *v = advisory->vulnerabilities->pdata[0];
    assert_true(v->score > 9.7 && v->score < 9.9);
    assert_string_equal(v->vector, "CVSS:3.1/AV:N");
    expect("{" HEAD ",'product_tree':{'full_product_names':[{'product_id':'p','name':'curl','product_"
           "identification_helper':{'purl':'pkg:deb/ubuntu/curl'}}]},"
           "'vulnerabilities':[{'product_status':{'known_affected':['p']}}]}",
           NULL, 0, "");
}

static void a_statement_on_this_version_outweighs_one_on_a_range(void **state)
{
    (void)state;
    const char *products =
        "'product_tree':{'full_product_names':["
        "{'product_id':'all','name':'left-pad','product_identification_helper':{'purl':'pkg:npm/left-pad'}},"
        "{'product_id':'one','name':'left-pad "
        "1.3.0','product_identification_helper':{'purl':'pkg:npm/left-pad@1.3.0'}},"
        "{'product_id':'again','name':'left-pad','product_identification_helper':{'purl':'pkg:npm/"
        "left-pad@v1.3.0'}}]}";
    g_autofree char *text = g_strdup_printf(
        "{" HEAD
        ",%s,'vulnerabilities':[{'product_status':{'known_affected':['all'],'known_not_affected':['one']}}]}",
        products);
    expect(text, "js", TK_STATUS_NOT_AFFECTED, "purl");
    g_autofree char *both = g_strdup_printf(
        "{" HEAD ",%s,'vulnerabilities':[{'product_status':{'known_affected':['again'],'fixed':['one']}}]}",
        products);
    expect(both, "js", TK_STATUS_CANNOT_TELL, "purl");
}

static void a_cpe_decides_where_there_is_no_package_url(void **state)
{
    (void)state;
    static const char format[] = "{" HEAD ",'product_tree':{'full_product_names':[{'product_id':'p','name':'"
                                 "Router OS','product_identification_helper':{'cpe':'%s'}}]},"
                                 "'vulnerabilities':[{'cve':'CVE-2026-2','product_status':{'%s':['p']}}]}";
    static const struct {
        const char *cpe, *list;
        TkAdvisoryStatus status;
        bool meets;
    } all[] = {
        {"cpe:2.3:o:kaku:router_os:15.2:*:*:*:*:*:*:*", "known_affected", TK_STATUS_AFFECTED, true},
        {"cpe:2.3:o:kaku:router_os:*:*:*:*:*:*:*:*", "under_investigation", TK_STATUS_INVESTIGATED, true},
        {"cpe:/o:kaku:router_os:15.3", "known_affected", TK_STATUS_AFFECTED, false},
        {"cpe:2.3:o:other:router_os:15.2:*:*:*:*:*:*:*", "known_affected", TK_STATUS_AFFECTED, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        char text[1024];
        g_snprintf(text, sizeof text, format, all[i].cpe, all[i].list);
        expect(text, all[i].meets ? "ios" : NULL, all[i].status, "cpe");
    }
}

static void a_name_alone_cannot_tell(void **state)
{
    (void)state;
    expect("{" HEAD ",'product_tree':{'branches':[{'category':'vendor','name':'誰か','branches':[{'category':"
           "'product_name','name':'LIB','product':{'product_id':'p','name':'lib'}}]}]},"
           "'vulnerabilities':[{'product_status':{'known_affected':['p']}}]}",
           "lib", TK_STATUS_CANNOT_TELL, "name");
    expect("{" HEAD ",'product_tree':{'branches':[{'category':'vendor','name':'架空機器','branches':[{'"
           "category':'product_name','name':'架空ルータOS','branches':["
           "{'category':'product_version_range','name':'<15.3','product':{'product_id':'p','name':'"
           "架空ルータOS'}}]}]}]},"
           "'vulnerabilities':[{'product_status':{'known_affected':['p']}}]}",
           "ios", TK_STATUS_AFFECTED, "name");
    expect("{" HEAD ",'product_tree':{'branches':[{'category':'vendor','name':'架空機器','branches':[{'"
           "category':'product_name','name':'架空ルータOS','branches':["
           "{'category':'product_version_range','name':'before "
           "spring','product':{'product_id':'p','name':'架空ルータOS'}}]}]}]},"
           "'vulnerabilities':[{'product_status':{'known_affected':['p']}}]}",
           "ios", TK_STATUS_CANNOT_TELL, "name");
}

static void a_part_of_a_product_counts_where_that_product_is_here(void **state)
{
    (void)state;
    static const char format[] = "{" HEAD ",'product_tree':{'full_product_names':["
                                 "{'product_id':'part','name':'left-pad','product_identification_helper':{'"
                                 "purl':'pkg:npm/left-pad@1.3.0'}},"
                                 "{'product_id':'whole','name':'os','product_identification_helper':{'cpe':'"
                                 "cpe:2.3:o:kaku:%s:15.2:*:*:*:*:*:*:*'}}],"
                                 "'relationships':[{'category':'default_component_of','product_reference':'"
                                 "part','relates_to_product_reference':'whole',"
                                 "'full_product_name':{'product_id':'both','name':'left-pad in os'}}]},"
                                 "'vulnerabilities':[{'product_status':{'known_affected':['both']}}]}";
    char text[1024];
    g_snprintf(text, sizeof text, format, "router_os");
    expect(text, "js", TK_STATUS_AFFECTED, "purl");
    g_snprintf(text, sizeof text, format, "switch_os");
    expect(text, "js", TK_STATUS_CANNOT_TELL, "purl");
}

static void a_vex_speaks_of_the_components_of_its_document(void **state)
{
    (void)state;
    static const struct {
        const char *analysis;
        TkAdvisoryStatus status;
    } all[] = {
        {"{'state':'not_affected','justification':'code_not_reachable'}", TK_STATUS_NOT_AFFECTED},
        {"{'state':'exploitable'}", TK_STATUS_AFFECTED},
        {"{'state':'in_triage'}", TK_STATUS_INVESTIGATED},
        {"{'state':'resolved'}", TK_STATUS_FIXED},
        {"{'state':'false_positive'}", TK_STATUS_NOT_AFFECTED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *text =
            g_strdup_printf("{'bomFormat':'CycloneDX','specVersion':'1.4','version':1,'vulnerabilities':[{'"
                            "id':'CVE-2026-3','analysis':%s,"
                            "'ratings':[{'method':'CVSSv31','score':7.5}],"
                            "'affects':[{'ref':'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#lib'}]}]}",
                            all[i].analysis);
        expect(text, "lib", all[i].status, "bom-ref");
    }
    expect("{'bomFormat':'CycloneDX','specVersion':'1.5','version':1,'vulnerabilities':[{'id':'CVE-2026-3','"
           "analysis':{'state':'exploitable'},"
           "'affects':[{'ref':'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/"
           "1#js','versions':[{'range':'vers:npm/"
           "<1.3.0','status':'affected'},{'version':'1.3.0','status':'unaffected'}]}]}]}",
           "js", TK_STATUS_NOT_AFFECTED, "bom-ref");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_urls_are_taken_apart),
        cmocka_unit_test(cpe_names_are_taken_apart_in_both_bindings),
        cmocka_unit_test(versions_are_ordered_by_the_rules_of_their_world),
        cmocka_unit_test(ranges_hold_what_lies_in_them),
        cmocka_unit_test(both_formats_give_the_same_components),
        cmocka_unit_test(what_is_wrong_is_refused_at_its_place),
        cmocka_unit_test(a_document_that_is_too_deep_is_refused),
        cmocka_unit_test(a_package_url_decides_with_the_range_of_its_branch),
        cmocka_unit_test(a_statement_on_this_version_outweighs_one_on_a_range),
        cmocka_unit_test(a_cpe_decides_where_there_is_no_package_url),
        cmocka_unit_test(a_name_alone_cannot_tell),
        cmocka_unit_test(a_part_of_a_product_counts_where_that_product_is_here),
        cmocka_unit_test(a_vex_speaks_of_the_components_of_its_document),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
