//! Makes a renderer for a site: the theme's templates parsed, its assets named, its texts chosen.

use std::sync::Arc;

use jixia_markdown::highlight::Memo;

use super::loaded::Loaded;
use super::snippets::Snippets;
use crate::catalog::Catalog;
use crate::diag::{Code, Diagnostic};
use crate::pages::Texts;
use crate::render::{Accents, Assets, Renderer, Templates, asset_urls};

/// Parses the theme's templates and names its assets.
pub(super) fn renderer(
    loaded: &Loaded,
    snippets: &Arc<Snippets>,
) -> Result<(Renderer, Assets), Vec<Diagnostic>> {
    let assets = Assets::new(&loaded.theme, &accents(&loaded.catalog));
    let urls = asset_urls(&assets, loaded.site().config.base_path());
    let chrome = loaded.planner().chrome();
    let templates =
        Templates::new(&loaded.theme, &chrome, &loaded.texts, &urls).map_err(|wrong| vec![wrong])?;
    let missing = missing_templates(&loaded.catalog, &templates);
    if missing.is_empty() {
        let mut texts = body_texts(&loaded.texts);
        texts.highlight = loaded.site().config.output.highlight;
        let memo: Arc<dyn Memo> = Arc::clone(snippets) as _;
        Ok((Renderer::new(templates, texts, memo), assets))
    } else {
        Err(missing)
    }
}

/// The colours that the site and its units chose.
fn accents(catalog: &Catalog) -> Accents {
    let units = catalog
        .iter()
        .filter(|(ix, _)| catalog.is_unit(*ix) && catalog.status(*ix) == crate::catalog::Status::Listed);
    let chosen = units.filter_map(|(_, entry)| entry.text("accent"));
    Accents {
        site: catalog.site.config.site.accent.clone(),
        schools: chosen.map(str::to_owned).collect(),
    }
}

fn missing_templates(catalog: &Catalog, templates: &Templates) -> Vec<Diagnostic> {
    let kinds = catalog.site.schema.kinds.values();
    let named = kinds.flat_map(|kind| {
        let list = Some(&kind.templates.list).filter(|_| !kind.section.is_empty());
        list.into_iter()
            .chain([&kind.templates.detail])
            .map(move |template| (kind, template))
    });
    let missing = named.filter(|(_, template)| !template.is_empty() && !templates.contains(template));
    missing
        .map(|(kind, template)| {
            Diagnostic::new(Code::MissingTemplate)
                .with("kind", &kind.id)
                .with("template", template)
        })
        .collect()
}

/// The texts that rendered bodies hold, from the theme's table `markdown`.
fn body_texts(texts: &Texts) -> jixia_markdown::Texts {
    let mut body = jixia_markdown::Texts::default();
    let fields: [(&str, &mut String); 13] = [
        ("note", &mut body.note),
        ("tip", &mut body.tip),
        ("important", &mut body.important),
        ("warning", &mut body.warning),
        ("caution", &mut body.caution),
        ("footnotes", &mut body.footnotes),
        ("back", &mut body.back),
        ("anchor", &mut body.anchor),
        ("table", &mut body.table),
        ("done", &mut body.done),
        ("open", &mut body.open),
        ("download", &mut body.download),
        ("view", &mut body.view),
    ];
    for (key, text) in fields {
        if let Some(translated) = texts.texts.get(&format!("markdown.{key}")) {
            text.clone_from(translated);
        }
    }
    body
}
