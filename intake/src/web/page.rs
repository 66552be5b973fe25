//! A page on its way: a template with what it shows.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tera::{Context, Value};

use crate::app::App;
use crate::templates::Templates;

/// A page on its way out: the guard renders it, so that no handler knows the template engine.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    template: &'static str,
    pub(crate) context: Context,
}

impl Page {
    /// A page of a template and what it shows; who looks at it is not known.
    pub(crate) fn new(app: &App, template: &'static str, shown: &impl Serialize) -> Self {
        let mut context = Context::new();
        let snapshot = app.portal.snapshot();
        let title = &snapshot.config().site.title;
        context.insert_value("site_title", Value::from_serializable(title));
        context.insert_value("here", Value::from(template));
        context.insert_value("page", Value::from_serializable(shown));
        Self { template, context }
    }

    /// Its HTML.
    ///
    /// # Errors
    /// What the template engine says.
    pub(crate) fn render(&self, templates: &Templates) -> Result<String, String> {
        templates.render(self.template, &self.context)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
