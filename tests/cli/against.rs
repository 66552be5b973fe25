//! `check --against`: what changed and was not for its author to change.

use super::*;

fn git(site: &Site, arguments: &[&str]) {
    let identity = ["-c", "user.name=示例", "-c", "user.email=git@example.org"];
    let output = Command::new("git")
        .arg("-C")
        .arg(site.path(""))
        .args(identity)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn school(category: &str, more: &str) -> String {
    page(
        "示例技师学院",
        &format!("category: {category}\ncity: weihai\naffiliation: municipal\nparent: c\n{more}"),
    )
}

/// A province, a city and a school in git.
fn site() -> Site {
    let site = Site::new();
    site.write(
        "content/units.toml",
        "[[units]]\nid = \"p\"\nname = \"示例省\"\nlevel = \"province\"\n\
         [[units]]\nid = \"c\"\nname = \"示例市\"\nlevel = \"city\"\nparent = \"p\"\ncity = \"weihai\"\n",
    );
    site.write(
        "content/vocabularies/city.toml",
        "id = \"city\"\nlabel = \"市\"\n[[terms]]\nid = \"weihai\"\nlabel = \"威海\"\n",
    );
    site.write("content/schools/s.md", &school("technician-college", ""));
    site.write(
        "content/projects/x.md",
        &page(
            "课题",
            "date: 2026-10-01\nunit: s\nstate: approved\nnumber: \"1\"\n",
        ),
    );
    git(&site, &["init", "--quiet", "--initial-branch", "main"]);
    git(&site, &["add", "--all"]);
    git(&site, &["commit", "--quiet", "--message", "beginning"]);
    site
}

#[test]
fn what_a_unit_may_not_change_is_found() {
    let site = site();
    let reserved = |arguments: &str| {
        let codes = site.codes(&format!("check {arguments}"));
        let reserved = codes.into_iter().filter(|code| code.starts_with("reserved-"));
        reserved.collect::<Vec<_>>()
    };
    assert_eq!(reserved("--against main"), [""; 0]);
    // Its own sentences are the school's; its category is not.
    site.write(
        "content/schools/s.md",
        &school("technician-college", "founded: 1980\n"),
    );
    assert_eq!(reserved("--against main"), [""; 0]);
    site.write("content/schools/s.md", &school("ordinary", ""));
    let category = ["reserved-field content/schools/s.md"];
    assert_eq!(reserved("--against main"), category);
    assert_eq!(reserved("--against main --unit s"), category);
    assert_eq!(reserved("--against main --unit c"), [""; 0]);
    assert_eq!(reserved(""), [""; 0], "without a commit nothing is compared");
    site.write("content/schools/s.md", &school("technician-college", ""));
    // The same of a project's state, written in another way, renamed, and taken away.
    let project = "date: 2026-10-01\nunit: s\nstate: \"approved\"\nnumber: '1'\n";
    site.write("content/projects/x.md", &page("课题", project));
    assert_eq!(reserved("--against main"), [""; 0]);
    git(&site, &["mv", "content/projects/x.md", "content/projects/y.md"]);
    assert_eq!(reserved("--against main"), [""; 0]);
    site.write(
        "content/projects/y.md",
        &page("课题", "date: 2026-10-01\nunit: s\nnumber: '1'\n"),
    );
    assert_eq!(
        reserved("--against main"),
        ["reserved-field content/projects/y.md"]
    );
    assert_eq!(reserved("--against main --unit p"), [""; 0]);
}

#[test]
fn new_entries_and_files_of_the_whole_site_too() {
    let site = site();
    site.write("content/groups/g.md", &page("示例教研组", "lead_school: s\n"));
    site.write(
        "content/projects/new.md",
        &page("新课题", "date: 2026-10-01\nunit: s\nstate: approved\n"),
    );
    site.write(
        "content/vocabularies/city.toml",
        "id = \"city\"\nlabel = \"城市\"\n[[terms]]\nid = \"weihai\"\nlabel = \"威海\"\n",
    );
    let reserved = |unit: &str| {
        let codes = site.codes(&format!("check --against HEAD --unit {unit}"));
        let reserved = codes.into_iter().filter(|code| code.starts_with("reserved-"));
        reserved.collect::<Vec<_>>()
    };
    assert_eq!(
        reserved("s"),
        [
            "reserved-kind content/groups/g.md",
            "reserved-field content/groups/g.md",
            "reserved-field content/projects/new.md",
            "reserved-file content/vocabularies/city.toml",
        ]
    );
    assert_eq!(reserved("c"), ["reserved-file content/vocabularies/city.toml"]);
    assert_eq!(reserved("p"), [""; 0]);
}

#[test]
fn what_is_not_there_is_said() {
    let site = site();
    let run = site.run("check --against no-such-branch");
    assert!(run.code == 1 && run.err.contains("no-such-branch"), "{run:?}");
    let run = site.run("check --against --output=x");
    assert_eq!(run.code, 2, "an option is no commit: {run:?}");
    let run = site.run("check --against HEAD --unit cc");
    assert!(run.code == 1 && run.err.contains("cc"), "{run:?}");
    assert_eq!(site.run("check --unit c").code, 2);
}
