//! What the settings name that declarations provide: kinds, rubrics, terms.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Config, HOME_BLOCKS, Quota, SETTINGS};
use crate::content::Schema;
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::Places;

impl Config {
    /// Names of kinds, blocks, chains, rubrics and categories that nothing bears.
    pub fn unknown_names(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        let mut diagnostics = self.unknown_kinds(schema, places);
        diagnostics.extend(self.unknown_in_review(schema, places));
        diagnostics.extend(self.unknown_blocks(schema, places));
        diagnostics.extend(self.unknown_categories(schema, places));
        diagnostics
    }

    /// Kinds in the tables that say something of each.
    fn unknown_kinds(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        let stale = self.check.stale_days.keys();
        let stale = stale.map(|kind| ("check.stale_days", kind));
        let checked = self.review.checklists.keys();
        let checked = checked.map(|kind| ("review.checklists", kind));
        let scored = self.review.rubrics.keys().map(|kind| ("review.rubrics", kind));
        let named = stale.chain(checked).chain(scored);
        let unknown = named.filter(|(_, kind)| !schema.kinds.contains_key(*kind));
        let unknown = unknown.map(|(key, kind)| {
            let span = places.key(&format!("{key}.{kind}"));
            unknown_name(kind, kinds(schema)).at(span)
        });
        unknown.collect()
    }

    /// Kinds that teachers submit, chains that no kind goes through, rubrics.
    fn unknown_in_review(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        let teachers = self.review.teachers.iter().flatten().enumerate();
        let teachers = teachers.filter(|(_, kind)| !schema.kinds.contains_key(*kind));
        let teachers = teachers.map(|(position, kind)| {
            let span = places.value(&format!("review.teachers.{position}"));
            unknown_name(kind, kinds(schema)).at(span)
        });
        let gone_through: BTreeSet<&str> = schema
            .kinds
            .values()
            .map(|kind| kind.review.chain.as_str())
            .filter(|chain| !chain.is_empty())
            .collect();
        let chains = self.review.chains.iter();
        let chains =
            chains.filter(|(name, chain)| chain.kinds.is_empty() && !gone_through.contains(name.as_str()));
        let chains = chains.map(|(name, _)| name);
        let chains = chains.map(|chain| {
            let span = places.key(&format!("review.chains.{chain}"));
            unknown_name(chain, gone_through.iter().copied()).at(span)
        });
        let rubrics = self.review.rubrics.iter();
        let rubrics = rubrics.filter(|(_, id)| !id.is_empty() && !schema.rubrics.contains_key(*id));
        let rubrics = rubrics.map(|(kind, id)| {
            let span = places.value(&format!("review.rubrics.{kind}"));
            unknown_name(id, schema.rubrics.keys().map(String::as_str)).at(span)
        });
        let in_chains = self.unknown_in_chains(schema, places);
        teachers.chain(chains).chain(in_chains).chain(rubrics).collect()
    }

    /// Kinds that chains claim, and fields by whose values they differ.
    fn unknown_in_chains(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for (name, chain) in &self.review.chains {
            let key = format!("review.chains.{name}");
            for (position, kind) in chain.kinds.iter().enumerate() {
                if !schema.kinds.contains_key(kind) {
                    let span = places.value(&format!("{key}.kinds.{position}"));
                    diagnostics.push(unknown_name(kind, kinds(schema)).at(span));
                }
            }
            let fields: BTreeSet<&str> = schema
                .kinds
                .values()
                .filter(|kind| kind.review.chain == *name || chain.kinds.contains(&kind.id))
                .flat_map(|kind| kind.fields.iter().map(|field| field.name.as_str()))
                .collect();
            for (position, case) in chain.cases.iter().enumerate() {
                if !fields.contains(case.field.as_str()) {
                    let span = places.value(&format!("{key}.cases.{position}.field"));
                    diagnostics.push(unknown_name(&case.field, fields.iter().copied()).at(span));
                }
            }
        }
        diagnostics
    }

    /// Blocks of the home page.
    fn unknown_blocks(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        let blocks = self.home.blocks.iter().flatten().enumerate();
        let own = || HOME_BLOCKS.iter().map(|(block, _)| *block);
        let is_known = |block: &str| schema.kinds.contains_key(block) || own().any(|known| known == block);
        let blocks = blocks.filter(|(_, block)| !is_known(block));
        let blocks = blocks.map(|(position, block)| {
            let span = places.value(&format!("home.blocks.{position}"));
            unknown_name(block, own().chain(kinds(schema))).at(span)
        });
        blocks.collect()
    }

    /// Categories of schools that owe something. Only what the site wrote is reported: a vocabulary of its own may lack
    /// the categories of the defaults.
    fn unknown_categories(&self, schema: &Schema, places: &Places) -> Vec<Diagnostic> {
        if self.quota.schools == Quota::default().schools {
            return Vec::new();
        }
        let vocabulary = schema.vocabularies.get("school-category");
        let terms = vocabulary.map_or(&[] as &[_], |vocabulary| &vocabulary.terms);
        let categories = || terms.iter().map(|term| term.id.as_str());
        let quotas = self.quota.schools.keys();
        let quotas = quotas.filter(|category| !categories().any(|known| known == *category));
        let quotas = quotas.map(|category| {
            let span = places.key(&format!("quota.schools.{category}"));
            unknown_name(category, categories()).at(span)
        });
        quotas.collect()
    }
}

fn kinds(schema: &Schema) -> impl Iterator<Item = &str> + Clone {
    schema.kinds.keys().map(String::as_str)
}

/// That the settings name something that is not there, with its nearest neighbour.
fn unknown_name<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownSetting)
        .in_file(&Arc::from(SETTINGS))
        .with("key", name);
    match nearest(name, known.clone()) {
        Some(suggestion) => diagnostic.suggest(Some(suggestion)),
        None => diagnostic.with("known", known.collect::<Vec<_>>().join(" ")),
    }
}
