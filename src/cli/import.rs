//! `jixia import SOURCE`

mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::common::{Common, print_line};
use super::error::{Error, ErrorKind, Failure};
use crate::content::{Field, Kind};
use crate::diag::{interface_text, nearest};
use crate::import::{
    Plan, Site, Sources, headings, import_documents, import_folder, import_table, recipe, recipe_ids, write,
};
use crate::office::tables;
use crate::pipeline::Options;
use crate::stop::Stop;
use crate::world::{Disk, World as _};

/// Takes over what another generator, Word or a table holds.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The folder of another generator, or a Word document, or a folder of these, or a table (.xlsx, .csv)
    #[arg(required_unless_present = "template")]
    source: Option<PathBuf>,
    /// Print an empty table (CSV) for entries of a kind instead, to be filled in
    #[arg(long, value_name = "KIND", conflicts_with = "source")]
    template: Option<String>,
    /// What the source is of; by default that is found out
    #[arg(long, default_value = "auto", value_name = "WHAT", value_parser = sources())]
    from: String,
    /// The folder of the files that a table names; by default the table's own
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// The sheet of a workbook; by default the first in which something is written
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
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
        let categories = self.category_table()?;
        let site = Site {
            catalog: &loaded.catalog,
            schema: &site.schema,
            zone: &site.zone,
            language: &site.config.site.language,
            categories: &categories,
        };
        if let Some(kind) = &self.template {
            let kind = site.kind(kind).ok_or_else(|| unknown_kind(site, kind))?;
            print_line(&empty_table(kind, site.language));
            return Ok(ExitCode::SUCCESS);
        }
        let (source, plan) = self.plan(site, world.now())?;
        if !plan.faults.is_empty() {
            self.refuse(&self.name(), &plan);
            return Ok(ExitCode::FAILURE);
        }
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
        if self.is_table() {
            return self.table(site, now);
        }
        let is_file = self.source().is_file();
        let source = open(self.folder(), now)?;
        let chosen = recipe(&self.from);
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
            let name = self.name();
            let wrong = || {
                let error = Error::new(ErrorKind::BadSource).with("source", self.source().display());
                error.with("reason", ".docx")
            };
            return is_document(&name).then(|| vec![name]).ok_or_else(wrong);
        }
        let files = source.list(".").files.into_iter();
        let paths = files.map(|file| file.path.trim_start_matches("./").to_owned());
        Ok(paths.filter(|path| is_document(path)).collect())
    }

    /// Whether the source is a table, by what was said or by its name.
    fn is_table(&self) -> bool {
        let name = self.name().to_lowercase();
        let mut ends = [".xlsx", ".xlsm", ".xls", ".csv", ".tsv"].iter();
        let is_named = ends.any(|end| name.ends_with(end));
        self.from == "table" || self.from == "auto" && is_named && self.source().is_file()
    }

    /// What the rows of the table would become.
    fn table(&self, site: Site<'_>, now: jiff::Timestamp) -> Result<(Disk, Plan), Failure> {
        let kind = self.kind.as_ref().ok_or_else(|| {
            let sections = site.schema.sections();
            let known: Vec<&str> = sections.iter().map(|kind| kind.id.as_str()).collect();
            Error::new(ErrorKind::NeedsKind).with("known", known.join(" "))
        })?;
        let wrong = |reason: &dyn std::fmt::Display| {
            let error = Error::new(ErrorKind::BadTable).with("source", self.source().display());
            error.with("reason", reason)
        };
        let (beside, name) = (open(self.folder(), now)?, self.name());
        let is_large = beside
            .stamp(&name)
            .is_some_and(|stamp| stamp.size > tables::LARGEST as u64);
        let bytes = match is_large {
            true => Err(self.unreadable(&tables::Unreadable::Large)),
            false => beside.read(&name).map_err(|error| error.to_string()),
        };
        let table = bytes.and_then(|bytes| {
            let table = tables::read(&bytes, self.sheet.as_deref(), &Stop::default());
            table.map_err(|unreadable| self.unreadable(&unreadable))
        });
        let table = table.map_err(|reason| wrong(&reason))?;
        if !table.others.is_empty() {
            let others = table.others.join(" ");
            let sheets = [("sheet", table.sheet.clone()), ("others", others)];
            self.common.say("import-sheet", &sheets);
        }
        let files = match &self.files {
            Some(folder) => open(folder, now)?,
            None => beside,
        };
        let plan =
            import_table(&files, &name, &table.rows, site, kind).map_err(|kind| unknown_kind(site, &kind))?;
        let arguments = [
            ("from", "table".to_owned()),
            ("count", plan.report.entries.to_string()),
        ];
        self.common.say("import-source", &arguments);
        Ok((files, plan))
    }

    fn unreadable(&self, unreadable: &tables::Unreadable) -> String {
        use tables::Unreadable::{Archive, Damaged, Large, Long, NoSheet, Old};
        let key = match unreadable {
            Large => "table-large",
            Long => "table-long",
            Old => "table-old",
            Damaged => "table-damaged",
            Archive(_) => "table-archive",
            NoSheet(known) if known.is_empty() => "table-no-sheets",
            NoSheet(_) => "table-no-sheet",
        };
        let known = match unreadable {
            NoSheet(known) => known.join(" "),
            _ => String::new(),
        };
        interface_text(self.common.language(), key, &[("known", &known)])
    }

    fn source(&self) -> &Path {
        self.source.as_deref().unwrap_or(Path::new("."))
    }

    /// The folder that the source is, or lies in.
    fn folder(&self) -> &Path {
        match self.source().parent().filter(|_| self.source().is_file()) {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => self.source(),
        }
    }

    /// The name of the source's file.
    fn name(&self) -> String {
        let name = self.source().file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn category_table(&self) -> Result<BTreeMap<String, String>, Error> {
        let pair = |pair: &String| {
            let halves = pair.split_once('=');
            let (theirs, ours) = halves.ok_or_else(|| {
                Error::new(ErrorKind::BadArgument).with("argument", format!("--category {pair}"))
            })?;
            Ok((theirs.to_owned(), ours.to_owned()))
        };
        self.categories.iter().map(pair).collect()
    }
}

/// What `--from` may say.
fn sources() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once("auto").chain(recipe_ids()))
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

/// The headings of a table, with the mark by which Excel knows UTF-8.
fn empty_table(kind: &Kind, language: &str) -> String {
    // What builds set, and what only those set who look after a site.
    let is_asked = |field: &Field| !matches!(field.name.as_str(), "updated" | "withdrawn" | "weight");
    format!("\u{feff}{}", headings(kind, language, is_asked).join(","))
}
