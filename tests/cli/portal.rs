//! What pages show because of the settings and of other entries.

use super::*;

const UNITS: &str =
    "[[units]]\nid = \"office\"\nname = \"示例教研室\"\nlevel = \"city\"\ncity = \"weihai\"\n";
const CITIES: &str =
    "id = \"city\"\nlabel = \"市\"\n[[terms]]\nid = \"weihai\"\nlabel = \"威海市\"\ntile = [6, 1]\n";

impl Site {
    /// Four notices, two events, a school with its colour, and a project.
    fn filled(settings: &str) -> Self {
        let site = Self::new();
        site.write("site.toml", &format!("[site]\ntitle = \"示例\"\n{settings}"));
        site.write("content/units.toml", UNITS);
        site.write("content/vocabularies/city.toml", CITIES);
        for number in 1..=4 {
            let category = if number < 3 { "notice" } else { "policy" };
            let front =
                format!("date: 2026-0{number}-05\nunit: office\ncategory: {category}\ntags: [标签甲]\n");
            site.write(
                &format!("content/notices/n{number}.md"),
                &page(&format!("通知{number}"), &front),
            );
        }
        for (name, start) in [
            ("past", "2026-09-01 09:00"),
            ("soon", "2026-10-20 09:00"),
            ("late", "2026-11-20 09:00"),
        ] {
            let front = format!("date: 2026-08-05\nunit: office\nstart: {start}\n");
            site.write(&format!("content/events/{name}.md"), &page(name, &front));
        }
        let school = "category: technician-college\ncity: weihai\naccent: \"#FFD700\"\n";
        site.write("content/schools/school.md", &page("示例学校", school));
        let project = "date: 2026-03-05\nunit: office\nstate: opened\nlead: =甲\nstages:\n  - {stage: opening, date: 2026-04-01}\n";
        site.write("content/projects/p.md", &page("课题,甲", project));
        site
    }
}

#[test]
fn without_pages_of_terms_nothing_leads_to_them() {
    let site = Site::filled("[output]\nterms = false\n");
    site.builds("");
    for (file, bytes) in site.output() {
        if file.ends_with(".html") {
            let html = String::from_utf8(bytes).unwrap();
            assert!(
                !html.contains("href=\"/terms/") && !html.contains("href=\"/tags/"),
                "{file}"
            );
        }
    }
    assert!(site.read("public/notices/n1/index.html").contains("标签甲"));
}

#[test]
fn what_a_term_is_described_by_describes_its_page() {
    let site = Site::filled("");
    let categories = "id = \"notice-category\"\nlabel = \"类别\"\n[[terms]]\nid = \"notice\"\nlabel = \"通知\"\ndescription = \"要大家照办的事。\"\n[[terms]]\nid = \"policy\"\nlabel = \"政策\"\n";
    site.write("content/vocabularies/notice-category.toml", categories);
    site.builds("");
    let described = "<meta name=\"description\" content=\"要大家照办的事。\">";
    for (term, expected) in [("notice", true), ("policy", false)] {
        let html = site.read(&format!("public/terms/notice-category/{term}/index.html"));
        assert_eq!(html.contains(described), expected, "{html}");
    }
}

#[test]
fn the_colour_of_a_site_and_of_a_school_become_style_sheets() {
    let site = Site::filled("accent = \"#ffd700\"\n");
    site.builds("");
    let output = site.output();
    let sheet = |name: &str| {
        let (_, bytes) = output
            .iter()
            .find(|(file, _)| file.starts_with(name) && file.ends_with(".css"))
            .unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    // Gold itself cannot be read on a light ground.
    let of_site = sheet("assets/site.");
    let accent = of_site.split(":root{--accent:").nth(1).unwrap();
    assert!(
        accent.starts_with('#') && !accent.starts_with("#ffd700"),
        "{}",
        &accent[..40]
    );
    assert!(sheet("assets/accents.").contains(".accent-ffd700{--accent:#"));
    let school = site.read("public/schools/school/index.html");
    assert!(school.contains("entry-school") && school.contains(" accent-ffd700"));
    assert!(school.contains("/assets/accents."));
    assert!(
        !site
            .read("public/notices/n1/index.html")
            .contains("/assets/accents.")
    );
}

#[test]
fn a_sheet_of_the_sites_own_takes_the_place_of_the_themes_parts() {
    let site = Site::filled("");
    site.write("overrides/assets/site.css", "body { color: red }\n");
    site.builds("");
    let sheet = site
        .output()
        .into_iter()
        .find(|(file, _)| file.starts_with("assets/site.") && file.ends_with(".css"));
    assert_eq!(sheet.unwrap().1, b"body { color: red }\n");
}

#[test]
fn blocks_of_the_home_page_stand_in_the_order_of_the_settings() {
    let site = Site::filled(
        "[home]\nblocks = [\"calls\", \"notice\", \"links\", \"course\"]\nlinks = [{ label = \"别处\", url = \"https://example.org/\" }]\n",
    );
    site.builds("");
    let home = site.read("public/index.html");
    let place = |block: &str| home.find(&format!("id=\"b-{block}\"")).unwrap_or(usize::MAX);
    assert!(place("calls") < place("notice") && place("notice") < place("links"));
    assert!(place("links") < usize::MAX, "{home}");
    assert_eq!(place("course"), usize::MAX, "there is no course");
    assert_eq!(place("search"), usize::MAX);
}

#[test]
fn the_file_of_facets_says_which_entries_have_which_value() {
    let site = Site::filled("[lists]\npage_size = 2\n");
    site.builds("");
    let facets: Value = serde_json::from_str(&site.read("public/notices/facets.json")).unwrap();
    assert_eq!(facets["total"], 4);
    assert_eq!(facets["newest"], 2);
    assert_eq!(facets["page"], "/notices/page/{n}/");
    // Newest first: 4 and 3 are policies, 2 and 1 notices; positions are steps.
    assert_eq!(facets["facets"]["category"]["policy"], serde_json::json!([0, 1]));
    assert_eq!(facets["facets"]["category"]["notice"], serde_json::json!([2, 1]));
    let list = site.read("public/notices/index.html");
    assert!(list.contains("data-facets=\"/notices/facets.json\"") && list.contains("data-value=\"policy\""));
    assert!(
        !site
            .read("public/notices/page/1/index.html")
            .contains("data-facet")
    );
}

#[test]
fn a_list_is_narrowed_to_what_a_unit_above_recommended() {
    let site = Site::filled("");
    let recommended = "date: 2026-03-05\nunit: school\nrecommended:\n  - {unit: office, date: 2026-04-01}\n";
    site.write("content/news/one.md", &page("推荐的", recommended));
    site.write(
        "content/news/two.md",
        &page("另一篇", "date: 2026-02-05\nunit: school\n"),
    );
    site.builds("");
    let facets: Value = serde_json::from_str(&site.read("public/news/facets.json")).unwrap();
    assert_eq!(
        facets["facets"]["recommended"],
        serde_json::json!({ "office": [0] })
    );
    let list = site.read("public/news/index.html");
    assert!(
        list.contains("data-facet=\"recommended\"") && list.contains("/recommended/"),
        "{list}"
    );
    // Where nothing was recommended, nothing is offered.
    let notices: Value = serde_json::from_str(&site.read("public/notices/facets.json")).unwrap();
    assert_eq!(notices["facets"].get("recommended"), None);
}

#[test]
fn coming_events_come_first_and_the_soonest_of_them_before_the_others() {
    let site = Site::filled("");
    site.builds("");
    let list = site.read("public/events/index.html");
    let place = |name: &str| list.find(&format!("href=\"/events/{name}/\"")).unwrap();
    assert!(place("soon") < place("late") && place("late") < place("past"));
}

#[test]
fn a_register_is_a_table_that_computes_nothing() {
    let site = Site::filled("");
    site.builds("");
    let csv = site.read("public/projects/project.csv");
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let heads = lines.next().unwrap();
    assert!(
        csv.starts_with('\u{feff}') && heads.contains("主持人") && heads.contains("开题"),
        "{heads}"
    );
    let line = lines.next().unwrap();
    assert!(
        line.starts_with("\"课题,甲\",") && line.contains("'=甲") && line.contains("2026-04-01"),
        "{line}"
    );
}

#[test]
fn the_site_map_names_every_section_and_city() {
    let site = Site::filled("");
    site.builds("");
    let map = site.read("public/site-map/index.html");
    for url in [
        "/notices/",
        "/events/",
        "/cities/weihai/",
        "/pages/a/",
        "/terms/notice-category/policy/",
    ] {
        assert!(map.contains(&format!("href=\"{url}\"")), "{url}");
    }
    let tiles = site.read("public/cities/index.html");
    assert!(tiles.contains("col-6 row-1 weight-4"), "{tiles}");
}

#[test]
fn what_was_taken_down_is_listed_by_month_where_the_site_wants_it() {
    let site = Site::filled("[output]\nwithdrawn = true\n");
    for (name, withdrawn) in [
        ("first", "{reason: rights, date: 2026-09-30}"),
        ("second", "{reason: quality, date: 2026-10-01, note: 核实中}"),
        ("third", "{reason: rights, date: 2026-10-08}"),
    ] {
        let front = format!("date: 2026-09-01\nunit: office\nwithdrawn: {withdrawn}\n");
        site.write(
            &format!("content/notices/{name}.md"),
            &page(&format!("撤下{name}"), &front),
        );
    }
    site.builds("");
    let all = site.read("public/withdrawn/index.html");
    let place = |text: &str| all.find(text).unwrap_or_else(|| panic!("{text} is not in {all}"));
    let third = place("href=\"/notices/third/\"");
    assert!(third < place("href=\"/notices/second/\""));
    assert!(
        all.contains("2026-10-08") && all.contains("示例教研室") && all.contains("noindex"),
        "{all}"
    );
    assert!(!all.contains("撤下first") && all.contains("href=\"/withdrawn/2026-09/\""));
    let month = site.read("public/withdrawn/2026-09/index.html");
    assert!(month.contains("撤下first") && !month.contains("撤下third") && month.contains("noindex"));
    let map = site.read("public/site-map/index.html");
    assert!(map.contains("href=\"/withdrawn/\"") && !site.read("public/sitemap/1.xml").contains("withdrawn"));

    // Public again, it is listed no more; a site that does not want the list has none.
    site.write(
        "content/notices/first.md",
        &page("撤下first", "date: 2026-09-01\nunit: office\n"),
    );
    site.builds("");
    assert!(!site.path("public/withdrawn/2026-09").exists());
    site.write(
        "site.toml",
        "[site]\ntitle = \"示例\"\nlanguage = \"en\"\n[output]\nwithdrawn = true\n",
    );
    site.builds("");
    assert!(site.read("public/withdrawn/index.html").contains("Taken down"));
    site.write("site.toml", "[site]\ntitle = \"示例\"\n");
    site.builds("");
    assert!(!site.path("public/withdrawn").exists());
}

#[test]
fn the_poster_of_a_stored_video_is_shown_where_the_author_chose_none() {
    let site = Site::new();
    let (video, poster) = (
        "c20f7618d330a854e70c918789c8028a6ef3e642e7e6abac8e337aba741b3716",
        "8013578e5e8731a681436c686415b1deee5b65f0886660f47407a0f2312f472c",
    );
    site.write(&format!("content/blobs/{}/{video}", &video[..2]), "视频");
    site.write(&format!("content/blobs/{}/{poster}", &poster[..2]), "图");
    let front = format!(
        "date: 2026-10-01\nmain_file: {{name: 微课.mp4, sha256: {video}, media_type: video/mp4, poster: {poster}}}\n"
    );
    site.write("content/resources/a.md", &page("甲", &front));
    let run = site.run("build");
    assert_eq!(run.code, 0, "{run:#?}");
    let url = format!("/files/{}/{poster}/%E5%BE%AE%E8%AF%BE.mp4.png", &poster[..2]);
    let shown = |file: &str| site.read(&format!("public/{file}")).contains(&url);
    assert!(shown("resources/a/index.html") && shown("resources/index.html"));
    assert!(
        site.path(&format!("public/files/{}/{poster}/微课.mp4.png", &poster[..2]))
            .exists()
    );
}
