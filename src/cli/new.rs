//! `jixia new KIND`

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::common::Common;
use super::error::{Error, ErrorKind, Failure};
use crate::content::{Field, FieldType, Id, Kind, Need, Place, Reader, read, valid_name};
use crate::diag::{Code, Diagnostic, Severity, interface_text, nearest};
use crate::pipeline::{Loaded, Options};
use crate::source::emit;
use crate::world::World as _;

/// Writes a new entry, asking for what its kind needs.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The kind's id, such as notice
    kind: String,
    /// The new entry's id: its file name without .md; of a chapter COURSE/NAME
    #[arg(value_name = "ID")]
    name: Option<String>,
    /// The value of a field; fields given so are not asked for
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Ask nothing: leave out what was not given
    #[arg(long)]
    no_input: bool,
    #[command(flatten)]
    pub(super) common: Common,
}

impl New {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let (world, loaded) = self.common.load(Options::default())?;
        let (kind, holder) = self.kind(&loaded)?;
        let name = self.entry_name(&kind)?;
        let (path, place) = destination(&loaded, &kind, holder.as_deref(), &name)?;
        let file = world.root().join(&path);
        if file.exists() {
            return Err(Error::new(ErrorKind::Exists).with("path", path).into());
        }
        let fields = self.fields(&loaded, &kind, world.now())?;
        let text = emit(&fields, "");
        let wrong = problems(&loaded, &path, &place, &text);
        if !wrong.is_empty() {
            return Err(Failure::Draft(wrong, text));
        }
        write(&file, &text).map_err(|error| {
            let wrong = Error::new(ErrorKind::CannotWrite).with("path", &path);
            wrong.with("reason", error)
        })?;
        self.common.say("new-written", &[("path", path)]);
        Ok(ExitCode::SUCCESS)
    }

    /// The kind that was asked for, and the one whose entries' folders its files lie in if it has no section.
    fn kind(&self, loaded: &Loaded) -> Result<(Arc<Kind>, Option<Arc<Kind>>), Error> {
        let kinds = &loaded.site().schema.kinds;
        let holder = |kind: &Kind| {
            let mut holders = kinds.values().filter(|_| kind.section.is_empty());
            holders
                .find(|other| other.children.as_ref() == Some(&kind.id))
                .cloned()
        };
        let can_be_written = |kind: &&Arc<Kind>| !kind.section.is_empty() || holder(kind).is_some();
        if let Some(kind) = kinds.get(&self.kind).filter(can_be_written) {
            return Ok((Arc::clone(kind), holder(kind)));
        }
        let known = kinds.values().filter(can_be_written);
        let known: Vec<&str> = known.map(|kind| kind.id.as_str()).collect();
        let error = Error::new(ErrorKind::UnknownKind)
            .with("kind", &self.kind)
            .with("known", known.join(" "));
        Err(error.suggest(nearest(&self.kind, known)))
    }

    fn entry_name(&self, kind: &Kind) -> Result<String, Failure> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None if self.no_input => String::new(),
            None => ask(&interface_text(self.common.language(), "new-id", &[]))?,
        };
        // Only pages may lie in folders; a chapter is named with its course.
        let parts = name.split('/').count();
        if kind.section.is_empty() && parts != 2 {
            let error = Error::new(ErrorKind::WithoutParent).with("name", &name);
            return Err(error.with("example", format!("COURSE/{name}")).into());
        }
        let has_right_depth = kind.nested || kind.section.is_empty() || parts == 1;
        if has_right_depth && name.split('/').all(valid_name) {
            return Ok(name);
        }
        Err(Diagnostic::new(Code::BadFileName)
            .with("name", format!("“{name}”"))
            .into())
    }

    /// The fields given on the command line, then those that the schema needs and the user answers for.
    fn fields(&self, loaded: &Loaded, kind: &Kind, now: Timestamp) -> Result<Vec<(String, Json)>, Error> {
        let pair = |set: &'_ String| -> Result<(String, String), Error> {
            let error = || Error::new(ErrorKind::BadArgument).with("argument", format!("--set {set}"));
            let (name, value) = set.split_once('=').ok_or_else(error)?;
            Ok((name.to_owned(), value.to_owned()))
        };
        let set: Vec<(String, String)> = self.set.iter().map(pair).collect::<Result<_, _>>()?;
        let today = now.to_zoned(loaded.site().zone.clone()).date().to_string();
        let mut fields = Vec::new();
        for field in &kind.fields {
            let given = set.iter().find(|(name, _)| *name == field.name);
            let answer = match given {
                Some((_, value)) => Some(value.clone()),
                None if field.name == "date" && kind.dated => Some(today.clone()),
                None if self.no_input || field.need == Need::Optional => None,
                None if matches!(field.field_type, FieldType::Record | FieldType::File) => None,
                None => Some(self.question(loaded, field)?).filter(|answer| !answer.is_empty()),
            };
            fields.extend(answer.map(|answer| (field.name.clone(), value(field, &answer))));
        }
        // What the kind does not have is reported like in any other file.
        let unknown = set.iter().filter(|(name, _)| kind.field(name).is_none());
        fields.extend(unknown.map(|(name, value)| (name.clone(), json!(value))));
        Ok(fields)
    }

    fn question(&self, loaded: &Loaded, field: &Field) -> Result<String, Error> {
        let language = self.common.language();
        let need = match field.need {
            Need::Required => "required",
            Need::Advised => "advised",
            Need::Optional => "optional",
        };
        let tag = if language == crate::diag::Language::Chinese {
            "zh-CN"
        } else {
            "en"
        };
        let mut hints = vec![
            interface_text(language, need, &[]),
            interface_text(language, field.field_type.name(), &[]),
        ];
        if field.many {
            hints.push(interface_text(language, "list-hint", &[]));
        }
        let vocabulary = field
            .vocabulary
            .as_ref()
            .and_then(|id| loaded.site().schema.vocabularies.get(id));
        if let Some(vocabulary) = vocabulary {
            let known = vocabulary
                .terms
                .iter()
                .map(|term| term.label(tag))
                .collect::<Vec<_>>()
                .join("、");
            hints.push(interface_text(language, "of-vocabulary", &[("known", &known)]));
        }
        loop {
            let answer = ask(&format!("{} [{}]", field.label(tag), hints.join("；")))?;
            if !answer.is_empty() || field.need != Need::Required {
                return Ok(answer);
            }
        }
    }
}

/// Where the file of a new entry lies, and what the reader takes it for.
fn destination(
    loaded: &Loaded,
    kind: &Kind,
    holder: Option<&Kind>,
    name: &str,
) -> Result<(String, Place), Diagnostic> {
    let id = |kind: &Kind, name: &str| Id {
        kind: Arc::from(kind.id.as_str()),
        name: Arc::from(name),
    };
    if let Some((holder, (folder, file))) = holder.zip(name.split_once('/')) {
        let parent = id(holder, folder);
        let known = loaded.catalog.find(&parent).map(|ix| loaded.catalog.entry(ix));
        let index = known
            .and_then(|entry| entry.path.rsplit_once('/'))
            .filter(|(_, file)| *file == "index.md");
        let Some((directory, _)) = index else {
            let folder = format!("content/{}/{folder}", holder.section);
            return Err(Diagnostic::new(Code::OrphanChapter).with("folder", folder));
        };
        let id = id(kind, name);
        return Ok((format!("{directory}/{file}.md"), Place::Child { id, parent }));
    }
    let folder = kind.folder && kind.children.is_some();
    let end = if folder { "/index.md" } else { ".md" };
    let place = Place::Entry {
        id: id(kind, name),
        folder,
    };
    Ok((format!("content/{}/{name}{end}", kind.section), place))
}

/// What the reader finds wrong with the new file: only errors; what is merely advised may be left for later.
fn problems(loaded: &Loaded, path: &str, place: &Place, text: &str) -> Vec<Diagnostic> {
    let site = loaded.site();
    let reader = Reader {
        schema: &site.schema,
        zone: &site.zone,
        strict: false,
        language: &site.config.site.language,
    };
    let (_, diagnostics) = read(reader, &Arc::from(path), place, text, &mut |_| {});
    diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect()
}

fn ask(question: &str) -> Result<String, Error> {
    eprint!("{question}: ");
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(read) if read > 0 => Ok(line.trim().to_owned()),
        _ => Err(Error::new(ErrorKind::Unanswered)),
    }
}

/// An answer as a value of front matter.
fn value(field: &Field, answer: &str) -> Json {
    let single = |answer: &str| match field.field_type {
        FieldType::Integer | FieldType::Number => answer
            .parse::<serde_json::Number>()
            .map_or(json!(answer), Json::Number),
        FieldType::Boolean => match answer {
            "true" | "yes" | "是" => json!(true),
            "false" | "no" | "否" => json!(false),
            _ => json!(answer),
        },
        _ => json!(answer),
    };
    if field.many {
        let items = answer
            .split([',', '，', '、'])
            .map(str::trim)
            .filter(|item| !item.is_empty());
        Json::Array(items.map(single).collect())
    } else {
        single(answer)
    }
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    // Never over a file that appeared in the meantime.
    std::fs::File::create_new(file)?.write_all(text.as_bytes())
}
