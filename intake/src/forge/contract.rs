//! What every forge must do, tested on each.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::{Comment, Error, Forge, Local, Merge, Person, Proposal, Repository, Status, Talk};

fn person(name: &str) -> Person {
    Person::of_account(name, name)
}

fn proposal(id: &str, files: &[(&str, Option<&str>)]) -> Proposal {
    let files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.map(|text| text.as_bytes().to_vec())));
    Proposal {
        id: id.to_owned(),
        title: format!("投稿 {id}"),
        author: person("teacher"),
        at: 1_700_000_000,
        base: None,
        files: files.collect::<BTreeMap<_, _>>(),
    }
}

fn merge(id: &str) -> Merge {
    Merge {
        id: id.to_owned(),
        title: format!("合并 {id}"),
        reviewer: person("reviewer"),
        at: 1_700_000_100,
        trailers: vec![
            ("Submitted-by", "t <t@intake.invalid>".to_owned()),
            ("Submission-Id", id.to_owned()),
        ],
    }
}

/// A forge with the repository that it publishes.
struct Opened {
    forge: Box<dyn Forge>,
    repository: Box<dyn Repository>,
    /// What it lies in, or the server that it talks to.
    directory: TempDir,
}

/// Each forge with the content `a.md` and `dir/b.md`.
fn forges() -> Vec<Opened> {
    let directory = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 2] = [("a.md", b"1\n2\n3\n"), ("dir/b.md", b"b\n")];
    let local = Local::create(
        &directory.path().join("r.git"),
        files,
        (&person("server"), "Beginning", 0),
    )
    .unwrap();
    vec![Opened {
        forge: Box::new(local.clone()),
        repository: Box::new(local),
        directory,
    }]
}

fn text(repository: &dyn Repository, path: &str) -> Option<String> {
    repository
        .read(path)
        .unwrap()
        .map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_proposal_is_merged_once() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        let before = repository.published().unwrap();
        assert_eq!(forge.status("x").unwrap(), Status::Absent);
        let commit = forge
            .open(&proposal("x", &[("dir/x.md", Some("new\n"))]))
            .unwrap();
        assert_eq!(forge.status("x").unwrap(), Status::Open(commit.clone()));
        assert_eq!(forge.list().unwrap(), ["x"]);
        assert_eq!(
            (repository.published().unwrap(), text(repository, "dir/x.md")),
            (before, None)
        );
        let merged = forge.merge(&merge("x")).unwrap();
        assert_eq!(forge.status("x").unwrap(), Status::Merged(merged.clone()));
        assert_eq!(text(repository, "dir/x.md").as_deref(), Some("new\n"));
        assert_eq!(forge.merge(&merge("x")).unwrap(), merged, "merged again");
        assert_eq!(repository.published().unwrap(), merged);
        assert!(
            repository.contains(&merged, &commit).unwrap() && repository.contains(&merged, &merged).unwrap()
        );
        assert!(!repository.contains(&commit, &merged).unwrap());
        forge.close("x").unwrap();
        forge.close("x").unwrap();
        assert!(forge.list().unwrap().is_empty());
    }
}

#[test]
fn a_mended_proposal_replaces_its_commit() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        let first = forge
            .open(&proposal("x", &[("x.md", Some("1")), ("y.md", Some("1"))]))
            .unwrap();
        let again = forge
            .open(&proposal("x", &[("x.md", Some("1")), ("y.md", Some("1"))]))
            .unwrap();
        assert_eq!(first, again, "the same proposal is the same commit");
        let second = forge.open(&proposal("x", &[("x.md", Some("2"))])).unwrap();
        assert_ne!(first, second);
        forge.merge(&merge("x")).unwrap();
        assert_eq!(text(repository, "x.md").as_deref(), Some("2"));
        assert_eq!(
            text(repository, "y.md"),
            None,
            "what the first commit held is gone"
        );
        assert!(
            !repository
                .contains(&repository.published().unwrap(), &first)
                .unwrap()
        );
    }
}

#[test]
fn proposals_do_not_stand_in_each_others_way() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        forge
            .open(&proposal(
                "x",
                &[("x.md", Some("x")), ("a.md", Some("0\n1\n2\n3\n"))],
            ))
            .unwrap();
        forge
            .open(&proposal(
                "y",
                &[("y.md", Some("y")), ("a.md", Some("1\n2\n3\n4\n"))],
            ))
            .unwrap();
        forge
            .open(&proposal("z", &[("a.md", Some("9\n1\n2\n3\n"))]))
            .unwrap();
        forge.merge(&merge("x")).unwrap();
        forge.merge(&merge("y")).unwrap();
        assert_eq!(text(repository, "a.md").as_deref(), Some("0\n1\n2\n3\n4\n"));
        assert!(
            matches!(forge.merge(&merge("z")), Err(Error::Conflict)),
            "nothing is forced"
        );
        assert!(matches!(forge.merge(&merge("unknown")), Err(Error::Unknown)));
    }
}

#[test]
fn what_was_published_since_a_proposal_was_composed_stays() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        let composed_on = |base: &str, id: &str, written: &str| Proposal {
            base: Some(base.to_owned()),
            ..proposal(id, &[("a.md", Some(written))])
        };
        let base = repository.published().unwrap();
        // Both were written on the same content; the first one is published before the others are opened.
        forge.open(&composed_on(&base, "x", "0\n1\n2\n3\n")).unwrap();
        forge.merge(&merge("x")).unwrap();
        forge.open(&composed_on(&base, "y", "1\n2\n3\n4\n")).unwrap();
        forge.merge(&merge("y")).unwrap();
        assert_eq!(text(repository, "a.md").as_deref(), Some("0\n1\n2\n3\n4\n"));
        forge.open(&composed_on(&base, "z", "9\n1\n2\n3\n")).unwrap();
        assert!(matches!(forge.merge(&merge("z")), Err(Error::Conflict)));
    }
}

#[test]
fn many_merges_at_once_all_arrive() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        for number in 0..12 {
            let (id, path) = (format!("s{number}"), format!("{number}.md"));
            forge.open(&proposal(&id, &[(&path, Some("x"))])).unwrap();
        }
        std::thread::scope(|scope| {
            for number in 0..12 {
                scope.spawn(move || {
                    let id = format!("s{number}");
                    while let Err(error) = forge.merge(&merge(&id)) {
                        assert!(matches!(error, Error::Busy), "{error}");
                    }
                });
            }
        });
        for number in 0..12 {
            assert!(text(repository, &format!("{number}.md")).is_some(), "{number}");
        }
    }
}

#[test]
fn a_checkout_follows_what_is_published() {
    for opened in forges() {
        let (forge, repository) = (&*opened.forge, &*opened.repository);
        let out = opened.directory.path().join("out");
        let first = repository.check_out(&out, None).unwrap();
        assert_eq!(fs::read_to_string(out.join("dir/b.md")).unwrap(), "b\n");
        forge
            .open(&proposal(
                "x",
                &[("dir/b.md", None), ("c.md", Some("c")), ("kept/k.md", Some("k"))],
            ))
            .unwrap();
        forge.merge(&merge("x")).unwrap();
        let second = repository.check_out(&out, Some(&first)).unwrap();
        assert_eq!(second, repository.published().unwrap());
        assert!(!out.join("dir").exists() && out.join("c.md").exists() && out.join("a.md").exists());
        assert_eq!(
            repository.check_out(&out, Some("0000")).unwrap(),
            second,
            "an unknown commit is no help"
        );
        let made = fs::metadata(out.join("a.md")).unwrap().modified().unwrap();
        fs::write(out.join("c.md"), "damaged").unwrap();
        fs::create_dir_all(out.join("kept/deep")).unwrap();
        fs::write(out.join("kept/deep/x.md"), "not published").unwrap();
        let blobs = ["store/ab", "kept/ab"].map(|place| out.join(place).join("ab".repeat(32)));
        for blob in &blobs {
            fs::create_dir_all(blob.parent().unwrap()).unwrap();
            fs::write(blob, "an attachment").unwrap();
        }
        fs::write(out.join(".git"), "gitdir: elsewhere").unwrap();
        assert_eq!(repository.check_out(&out, None).unwrap(), second);
        assert_eq!(fs::read_to_string(out.join("c.md")).unwrap(), "c");
        assert!(!out.join("kept/deep").exists() && out.join(".git").exists());
        assert!(
            blobs.iter().all(|blob| blob.exists()),
            "a store of attachments is no stray file"
        );
        assert_eq!(fs::metadata(out.join("a.md")).unwrap().modified().unwrap(), made);
        for name in ["a.md", "c.md"] {
            fs::remove_file(out.join(name)).unwrap();
            fs::create_dir_all(out.join(name)).unwrap();
        }
        repository.check_out(&out, None).unwrap();
        assert_eq!(fs::read_to_string(out.join("c.md")).unwrap(), "c");
        fs::remove_dir_all(&out).unwrap();
        repository.check_out(&out, None).unwrap();
        assert_eq!(fs::read_to_string(out.join("c.md")).unwrap(), "c");
    }
}

fn comment(key: &str, text: &str) -> Comment {
    Comment {
        key: Some(key.to_owned()),
        author: person("unit"),
        at: 1_700_000_050,
        text: text.to_owned(),
    }
}

#[test]
fn labels_are_replaced_and_comments_added_once() {
    for opened in forges() {
        let forge = &*opened.forge;
        assert_eq!(forge.talk("x").unwrap(), Talk::default());
        forge.open(&proposal("x", &[("x.md", Some("x"))])).unwrap();
        let label = |labels: &[&str]| {
            let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
            forge.label("x", &labels).unwrap();
        };
        label(&["state:submitted", "kind:news"]);
        forge.comment("x", &[comment("1", "提交")]).unwrap();
        label(&["state:returned", "kind:news", "kind:news"]);
        let both = [comment("1", "另一种说法"), comment("2", "退回\n修改")];
        forge.comment("x", &both).unwrap();
        forge.comment("x", &both).unwrap();
        let expected = Talk {
            labels: vec!["kind:news".to_owned(), "state:returned".to_owned()],
            comments: vec![comment("1", "提交"), comment("2", "退回\n修改")],
        };
        assert_eq!(forge.talk("x").unwrap(), expected);
        // Talking changes nothing about the proposal, and outlives it.
        assert!(matches!(forge.status("x").unwrap(), Status::Open(_)));
        assert_eq!(
            (forge.list().unwrap().len(), forge.talk("y").unwrap()),
            (1, Talk::default())
        );
        forge.merge(&merge("x")).unwrap();
        forge.close("x").unwrap();
        assert_eq!(forge.talk("x").unwrap(), expected);
    }
}

#[test]
fn many_comments_at_once_all_arrive() {
    for opened in forges() {
        let forge = &*opened.forge;
        std::thread::scope(|scope| {
            for number in 0..8 {
                scope.spawn(move || {
                    let said = [comment(&number.to_string(), "说")];
                    while let Err(error) = forge.comment("x", &said) {
                        assert!(matches!(error, Error::Busy), "{error}");
                    }
                });
            }
        });
        assert_eq!(forge.talk("x").unwrap().comments.len(), 8);
    }
}

#[test]
fn locks_of_a_killed_process_do_not_stop_the_next_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("r.git");
    let local = Local::create(&path, [("a.md", &b"1"[..])], (&person("server"), "Beginning", 0)).unwrap();
    fs::write(path.join("refs/heads/main.lock"), "").unwrap();
    local.open(&proposal("x", &[("x.md", Some("x"))])).unwrap();
    assert!(local.merge(&merge("x")).is_err());
    local.recover().unwrap();
    local.merge(&merge("x")).unwrap();
}

/// Only of the local forge: what git itself says about it.
#[test]
fn git_finds_the_repository_sound_and_strangers_see_main_alone() {
    let Opened { forge, directory, .. } = forges().remove(0);
    let run = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(directory.path())
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.output().expect("git is installed");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    forge.open(&proposal("secret", &[("s.md", Some("s"))])).unwrap();
    forge.open(&proposal("x", &[("x.md", Some("x"))])).unwrap();
    forge.merge(&merge("x")).unwrap();
    forge.comment("x", &[comment("1", "secret talk")]).unwrap();
    forge.label("x", &["state:merged".to_owned()]).unwrap();
    run(&["--git-dir", "r.git", "gc", "--quiet", "--prune=now"]);
    run(&["--git-dir", "r.git", "fsck", "--strict"]);
    assert_eq!(
        forge.talk("x").unwrap().comments.len(),
        1,
        "nothing is cleaned away"
    );
    let shown = run(&["ls-remote", "r.git"]);
    let shown: Vec<&str> = shown.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(shown, ["HEAD", "refs/heads/main"]);
    let trailers = run(&["--git-dir", "r.git", "log", "-1", "--format=%(trailers)%an <%ae>"]);
    assert_eq!(
        trailers,
        "Submitted-by: t <t@intake.invalid>\nSubmission-Id: x\nreviewer <reviewer@intake.invalid>\n"
    );
    run(&["clone", "--quiet", "--no-local", "r.git", "clone"]);
    assert_eq!(
        run(&["-C", "clone", "branch", "-r"]).lines().count(),
        2,
        "HEAD and main"
    );
    assert!(!run(&["-C", "clone", "log", "--all", "--format=%s"]).contains("secret"));
}
