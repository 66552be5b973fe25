//! `jixia import SOURCE`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::common::{Common, print_line};
use super::error::{Error, ErrorKind, Failure};
use crate::diag::{Format, interface_text, nearest};
use crate::import::{
    Note, Plan, Site, Sources, Written, import_documents, import_folder, recipe, recipe_ids, write,
};
use crate::pipeline::Options;
use crate::world::{Disk, World as _};

/// Files of one kind of note that are named to people; machines get all.
const SHOWN: usize = 10;

/// Takes over what another generator or Word holds.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The folder of another generator, or a Word document, or a folder of these
    source: PathBuf,
    /// What the source is of; by default that is found out
    #[arg(long, default_value = "auto", value_name = "WHAT")]
    from: String,
    /// The kind that everything becomes, such as news
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// A category of the source and what it is here; may be given several times
    #[arg(long = "category", value_name = "THEIRS=OURS")]
    categories: Vec<String>,
    /// Write nothing, only report
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Import {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        let (world, loaded) = self.common.load(Options::default())?;
        let site = loaded.site();
        let categories = self.table()?;
        let site = Site {
            schema: &site.schema,
            zone: &site.zone,
            language: &site.config.site.language,
            categories: &categories,
        };
        let (source, plan) = self.plan(site, world.now())?;
        let written = write(&plan, world.root(), &source, self.dry_run).map_err(|(path, reason)| {
            Error::new(ErrorKind::CannotWrite)
                .with("path", path)
                .with("reason", reason)
        })?;
        self.report(&plan, &written);
        Ok(ExitCode::SUCCESS)
    }

    /// What the source would become, and the world that its files are read from.
    fn plan(&self, site: Site<'_>, now: jiff::Timestamp) -> Result<(Disk, Plan), Failure> {
        // Whether or not there is anything that would become it.
        if let Some(kind) = self.kind.as_ref().filter(|kind| site.kind(kind).is_none()) {
            return Err(unknown_kind(site, kind).into());
        }
        let is_file = self.source.is_file();
        let folder = match self.source.parent().filter(|_| is_file) {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => &self.source,
        };
        let source = open(folder, now)?;
        let chosen = match self.from.as_str() {
            "auto" => None,
            id => Some(recipe(id).ok_or_else(|| self.unknown(id))?),
        };
        let documents = self.documents(&source, is_file)?;
        let history = source.all_commits().map(|commits| commits.history());
        let sources = Sources::find(&source, chosen.filter(|_| !is_file), history.unwrap_or_default());
        let is_documents = is_file || chosen.is_some_and(|chosen| chosen.id == "docx");
        let (from, count, plan) = match recipe("docx") {
            Some(docx)
                if is_documents || chosen.is_none() && sources.count() == 0 && !documents.is_empty() =>
            {
                let kind = self.kind.as_deref().unwrap_or(&docx.page);
                (
                    docx,
                    documents.len(),
                    import_documents(&source, &documents, site, kind),
                )
            }
            _ => {
                let plan = import_folder(&source, &sources, site, self.kind.as_deref());
                (sources.recipe, sources.count(), plan)
            }
        };
        let arguments = [("from", from.id.clone()), ("count", count.to_string())];
        self.common.say("import-source", &arguments);
        let plan = plan.map_err(|kind| unknown_kind(site, &kind))?;
        Ok((source, plan))
    }

    /// The Word documents of the source: itself, or those in its folder.
    fn documents(&self, source: &Disk, is_file: bool) -> Result<Vec<String>, Error> {
        let is_document = |path: &str| path.to_lowercase().ends_with(".docx") && !path.contains("~$");
        if is_file {
            let name = self
                .source
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let wrong = || {
                let error = Error::new(ErrorKind::BadSource).with("source", self.source.display());
                error.with("reason", ".docx")
            };
            return is_document(name).then(|| vec![name.to_owned()]).ok_or_else(wrong);
        }
        let files = source.list(".").files.into_iter();
        let paths = files.map(|file| file.path.trim_start_matches("./").to_owned());
        Ok(paths.filter(|path| is_document(path)).collect())
    }

    fn unknown(&self, id: &str) -> Error {
        let known: Vec<&str> = std::iter::once("auto").chain(recipe_ids()).collect();
        let error = Error::new(ErrorKind::BadSource)
            .with("source", format!("--from {id}"))
            .with("reason", known.join(" "));
        error.suggest(nearest(id, known))
    }

    fn table(&self) -> Result<BTreeMap<String, String>, Error> {
        let pair = |pair: &String| {
            let halves = pair.split_once('=');
            let (theirs, ours) = halves.ok_or_else(|| {
                Error::new(ErrorKind::BadArgument).with("argument", format!("--category {pair}"))
            })?;
            Ok((theirs.to_owned(), ours.to_owned()))
        };
        self.categories.iter().map(pair).collect()
    }

    fn report(&self, plan: &Plan, written: &Written) {
        let mut notes: BTreeMap<_, Vec<&Note>> = BTreeMap::new();
        for note in plan.report.notes.iter().chain(&written.others) {
            notes.entry(note.kind).or_default().push(note);
        }
        match self.common.format {
            Format::Json => self.for_machines(plan, written),
            Format::Human => {
                for (kind, notes) in &notes {
                    self.for_people(kind.name(), notes);
                }
                for (field, count) in &plan.report.dropped {
                    self.common.say(
                        "import-dropped",
                        &[("field", field.clone()), ("count", count.to_string())],
                    );
                }
            }
        }
        let key = if self.dry_run {
            "import-would"
        } else {
            "import-done"
        };
        let numbers = [
            ("entries", plan.report.entries),
            ("files", plan.files.len() - plan.report.entries),
            ("new", written.new),
            ("same", written.same),
            ("others", written.others.len()),
            ("notes", plan.report.notes.len()),
        ];
        let numbers = numbers.map(|(name, number)| (name, number.to_string()));
        self.common.say(key, &numbers);
    }

    fn for_people(&self, name: &str, notes: &[&Note]) {
        let title = interface_text(self.common.language(), &format!("import-{name}"), &[]);
        self.common.say(
            "import-kind",
            &[
                ("name", name.to_owned()),
                ("count", notes.len().to_string()),
                ("title", title),
            ],
        );
        for note in notes.iter().take(SHOWN) {
            let line = if note.line > 0 {
                format!(":{}", note.line)
            } else {
                String::new()
            };
            let place = format!("{}{line}", note.file);
            self.common.say(
                "import-place",
                &[("place", place), ("detail", note.detail.clone())],
            );
        }
        if notes.len() > SHOWN {
            self.common
                .say("import-more", &[("count", (notes.len() - SHOWN).to_string())]);
        }
    }

    /// A line a note, then one with the totals.
    fn for_machines(&self, plan: &Plan, written: &Written) {
        for note in plan.report.notes.iter().chain(&written.others) {
            print_line(
                &json!({
                    "code": note.kind.name(), "file": &*note.file, "line": note.line, "detail": note.detail,
                })
                .to_string(),
            );
        }
        let totals: BTreeMap<&str, usize> = plan
            .report
            .totals()
            .into_iter()
            .map(|(kind, count)| (kind.name(), count))
            .collect();
        print_line(&json!({
            "entries": plan.report.entries, "new": written.new, "same": written.same, "existing": written.others.len(),
            "dropped": plan.report.dropped, "totals": totals, "dry_run": self.dry_run,
        }).to_string());
    }
}

/// Opens the folder of a source.
fn open(source: &Path, now: jiff::Timestamp) -> Result<Disk, Error> {
    Disk::open(source, now).map_err(|error| {
        Error::new(ErrorKind::BadSource)
            .with("source", source.display())
            .with("reason", error)
    })
}

fn unknown_kind(site: Site<'_>, kind: &str) -> Error {
    let sections = site.schema.sections();
    let known: Vec<&str> = sections.iter().map(|kind| kind.id.as_str()).collect();
    let error = Error::new(ErrorKind::UnknownKind)
        .with("kind", kind)
        .with("known", known.join(" "));
    error.suggest(nearest(kind, known))
}
