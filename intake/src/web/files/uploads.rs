//! Files that come with a form, and what is taken.

use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use axum::extract::multipart::Field;
use unicode_normalization::UnicodeNormalization as _;

use jixia::name::{is_unseen, shortened};
use jixia::office::archive::{self, Archive, Refused};
use jixia::stop::Stop;

use crate::app::App;
use crate::files::Stage;
use crate::services::Kind;
use crate::services::blocking::looking;
use crate::services::files::{self, Arrived};
use crate::services::inspection;
use crate::store::{Submission, Upload};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{self, Form, Incoming};

/// Extensions of files that may be submitted. Everything on the list the generator publishes; drawings and source
/// code are left out, since they could run or hide something and no form needs them.
pub(crate) const EXTENSIONS: &[&str] = &[
    ".mp4", ".m4v", ".webm", ".mov", ".mp3", ".m4a", ".ogg", ".wav", ".pdf", ".docx", ".pptx", ".xlsx",
    ".odt", ".doc", ".ppt", ".xls", ".wps", ".et", ".dps", ".ofd", ".txt", ".md", ".csv", ".vtt", ".jpg",
    ".jpeg", ".jfif", ".apng", ".png", ".webp", ".gif", ".zip",
];

/// Types that people send and that are not taken, with the key of what to do about each.
const ADVICE: &[(&str, &str)] = &[
    (".heic", "file.heic"),
    (".heif", "file.heic"),
    (".bmp", "file.bitmap"),
    (".tif", "file.bitmap"),
    (".tiff", "file.bitmap"),
    (".rar", "file.packed"),
    (".7z", "file.packed"),
    (".svg", "file.drawing"),
];

/// What a file with a wrong extension really is, by what its bytes are called, with the key of what to do.
const REALLY: &[(&str, &str)] = &[
    ("GIF", "file.really-gif"),
    ("HEIC", "file.really-heic"),
    ("JPEG", "file.really-jpeg"),
    ("MP3", "file.really-mp3"),
    ("MP4", "file.really-mp4"),
    ("Office 97", "file.really-office"),
    ("PDF", "file.really-pdf"),
    ("PNG", "file.really-png"),
    ("RTF", "file.really-rtf"),
    ("WebP", "file.really-webp"),
    ("ZIP", "file.really-zip"),
];

/// The key of a name in a table.
fn key(table: &[(&str, &'static str)], is_it: impl Fn(&str) -> bool) -> Option<&'static str> {
    table.iter().find(|(name, _)| is_it(name)).map(|(_, key)| *key)
}

/// Bytes for people: MB are 10^6.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..=999 => format!("{bytes} B"),
        1000..=999_999 => format!("{:.0} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// The name of a file as readers see it: without directories and signs that mean something to a shell or a browser, short
/// enough for the portal, and composed (NFC), as keyboards type it. Some systems store `é` as two signs, and a text that
/// names the file would not find it.
pub(crate) fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept = name
        .chars()
        .filter(|character| !is_unseen(*character) && !"<>:\"|?*#%".contains(*character));
    let kept: String = kept.nfc().collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(kept.trim_start_matches('.'))
}

/// Why a file cannot be taken whatever else there is, before its bytes are known; the key of a text.
pub(crate) fn refusal(app: &App, name: &str, size: u64) -> Option<&'static str> {
    let lowered = name.to_lowercase();
    let is_listed = EXTENSIONS.iter().any(|extension| lowered.ends_with(extension));
    if !is_listed || jixia::media::media_type(name).is_none() {
        let advice = key(ADVICE, |extension| lowered.ends_with(extension));
        return Some(advice.unwrap_or("file.type"));
    }
    (size > app.config.limits.file_mb * 1_000_000).then_some("file.large")
}

/// Looks into a whole stage; the key of a text says why it is not what its name says, or not to be published.
fn look(app: &App, upload: &Upload, stop: &Stop) -> std::io::Result<Option<&'static str>> {
    let head = app.blobs.head(&upload.id, jixia::media::HEAD)?;
    if head.is_empty() {
        return Ok(Some("file.empty"));
    }
    if let Some(actual) = jixia::media::contradiction(&upload.name, &head) {
        let really = key(REALLY, |name| name == actual);
        return Ok(Some(really.unwrap_or("file.contents")));
    }
    if head.starts_with(b"PK") {
        let file = File::open(app.blobs.staged_path(&upload.id))?;
        let size = file.metadata()?.len();
        let opened = Archive::open(BufReader::new(file), archive::UNPACKED);
        let judged = opened.and_then(|mut archive| archive.judge(size, stop));
        return Ok(judged.err().map(Refused::text));
    }
    let is_text = upload.media_type.starts_with("text/");
    Ok((is_text && head.contains(&0)).then_some("file.contents"))
}

/// Keeps a stage whose bytes are all there. The inner error is the key of a text; the file is gone then.
pub(crate) async fn finish(
    app: &Arc<App>,
    actor: &Actor,
    upload: &Upload,
    stage: Stage,
) -> Result<Result<String, &'static str>, Error> {
    let (shared, looked_at) = (Arc::clone(app), upload.clone());
    let kept = looking(app, move |stop| match look(&shared, &looked_at, stop)? {
        Some(key) => Ok::<_, std::io::Error>(Err(key)),
        None => {
            let staged = shared.blobs.staged_path(&looked_at.id);
            let facts = inspection::look(&shared, &looked_at, &staged, stop);
            Ok(Ok((shared.blobs.keep(&looked_at.id, stage)?, facts)))
        }
    });
    let kept = kept.await??;
    let noted = match &kept {
        Ok((sha256, facts)) => Ok(Arrived {
            sha256,
            facts: facts.as_ref(),
        }),
        Err(key) => Err(*key),
    };
    files::complete(app, actor, upload, noted).await?;
    app.blobs.discard(&upload.id)?;
    Ok(kept.map(|(sha256, _)| sha256))
}

/// A file of a form, and why it was not taken: the key of a text.
pub(crate) type RefusedFile = (String, &'static str);

/// The fields of a form, whose files go to a submission; and those files that were not taken.
pub(crate) async fn receive_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    incoming: Incoming,
) -> Result<(Form, Vec<RefusedFile>), Error> {
    let Incoming { mut fields, rest } = incoming;
    let mut refused = Vec::new();
    if let Some(mut multipart) = rest {
        while let Some(part) = form::next(&mut multipart).await? {
            match part.file_name().map(str::to_owned) {
                None => fields.take(part).await?,
                Some(file) if file.is_empty() => {}
                Some(file) => {
                    if let Err(key) = receive(app, actor, submission, &file, part).await? {
                        refused.push((file, key));
                    }
                }
            }
        }
    }
    Ok((fields.form, refused))
}

/// Takes a file out of a form. The inner error is the key of a text.
async fn receive(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    name: &str,
    mut part: Field<'_>,
) -> Result<Result<(), &'static str>, Error> {
    let name = clean_name(name);
    let refused = match refusal(app, &name, 0) {
        Some(key) => Some(key),
        None => files::refusal(app, actor, &submission.id).await?,
    };
    if let Some(key) = refused {
        return Ok(Err(key));
    }
    let mut upload = files::announced(actor, submission, &name, 0);
    let mut stage = app.blobs.stage(&upload.id)?;
    let most = app.config.limits.file_mb * 1_000_000;
    loop {
        match part.chunk().await {
            Ok(Some(chunk)) if stage.size() + chunk.len() as u64 <= most => {
                stage = tokio::task::spawn_blocking(move || stage.add(&chunk).map(|()| stage)).await??;
            }
            Ok(None) => break,
            other => {
                app.blobs.discard(&upload.id)?;
                return match other {
                    Ok(_) => Ok(Err("file.large")),
                    Err(_) => Err(Error::invalid("wrong.form")),
                };
            }
        }
    }
    upload.size = i64::try_from(stage.size()).unwrap_or(i64::MAX);
    take(app, actor, upload, stage).await
}

/// Takes a file whose bytes are all known. The inner error is the key of a text.
pub(crate) async fn receive_bytes(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<(), &'static str>, Error> {
    let size = bytes.len() as u64;
    let refused = match refusal(app, name, size) {
        Some(key) => Some(key),
        None => files::refusal(app, actor, &submission.id).await?,
    };
    if let Some(key) = refused {
        return Ok(Err(key));
    }
    let upload = files::announced(actor, submission, name, size);
    let mut stage = app.blobs.stage(&upload.id)?;
    let stage = tokio::task::spawn_blocking(move || stage.add(&bytes).map(|()| stage)).await??;
    take(app, actor, upload, stage).await
}

/// Counts a staged file and keeps it.
async fn take(
    app: &Arc<App>,
    actor: &Actor,
    upload: Upload,
    stage: Stage,
) -> Result<Result<(), &'static str>, Error> {
    if let Err(key) = files::add(app, actor, &upload).await? {
        app.blobs.discard(&upload.id)?;
        return Ok(Err(key));
    }
    match finish(app, actor, &upload, stage).await {
        // Nothing goes on with it later: the form is sent again.
        Err(Error::Refused(refused)) if refused.kind == Kind::Busy => {
            files::complete(app, actor, &upload, Err(refused.key)).await?;
            app.blobs.discard(&upload.id)?;
            Ok(Err(refused.key))
        }
        finished => Ok(finished?.map(|_| ())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        let cases = [
            ("微课 一.mp4", "微课 一.mp4"),
            ("C:\\Users\\x\\a.mp4", "a.mp4"),
            ("../../etc/passwd", "passwd"),
            (".htaccess", "htaccess"),
            ("a<b>\u{7}c?.pdf", "abc.pdf"),
            ("  多  空格 .txt", "多 空格 .txt"),
            ("re\u{301}sume\u{301}.pdf", "résumé.pdf"),
            ("か\u{3099}くせい.pdf", "がくせい.pdf"),
            ("\u{1112}\u{1161}\u{11ab}.pdf", "한.pdf"),
            ("课件\u{202e}fdp.exe.txt. .", "课件fdp.exe.txt"),
        ];
        for (name, expected) in cases {
            assert_eq!(clean_name(name), expected, "{name}");
        }
        for count in [78, 84, 500] {
            let name = clean_name(&format!("{}.mp4", "长".repeat(count)));
            assert_eq!(name, format!("{}.mp4", "长".repeat(78)));
            assert_eq!(jixia::name::file_path(&name), Ok(()));
        }
    }

    #[test]
    fn sizes_are_for_people() {
        assert_eq!([12, 12_345, 209_715_200].map(size), ["12 B", "12 KB", "209.7 MB"]);
    }

    #[test]
    fn every_listed_extension_can_be_published() {
        for extension in EXTENSIONS {
            assert!(
                jixia::media::media_type(&format!("a{extension}")).is_some(),
                "{extension}"
            );
        }
    }
}
