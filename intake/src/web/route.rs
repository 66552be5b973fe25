//! The table of addresses. The router is built from it, and the test that nothing is changed without the session's secret
//! walks it.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::MethodRouter;

use crate::app::App;
use crate::web::signed::{Anonymous, Signed};

/// An address: what it shows and what it changes.
pub(crate) struct Route {
    path: &'static str,
    methods: MethodRouter<Arc<App>>,
    changes: Vec<Change>,
    shows: bool,
}

/// A way in which a request can change something.
#[derive(Debug, Clone)]
pub struct Change {
    /// The method.
    pub method: Method,
    /// The address, with names in braces for what differs.
    pub path: &'static str,
    /// Whether it takes a session and its secret. The others are for those who have no session yet.
    pub is_signed: bool,
}

/// The arguments of a handler that is called only for requests with the secret of their session.
pub(crate) trait Changing {}

/// The arguments of a handler for those who have no session yet.
pub(crate) trait Entering {}

macro_rules! last_argument {
    ($($before:ident)*) => {
        impl<M, $($before,)* T> Changing for (M, $($before,)* Signed<T>) {}
        impl<M, $($before,)*> Entering for (M, $($before,)* Anonymous) {}
    };
}
last_argument!();
last_argument!(A);
last_argument!(A B);
last_argument!(A B C);
last_argument!(A B C D);

impl Route {
    /// An address that does nothing yet.
    pub(crate) fn at(path: &'static str) -> Self {
        Self {
            path,
            methods: MethodRouter::new(),
            changes: Vec::new(),
            shows: false,
        }
    }

    /// What it shows.
    pub(crate) fn shows<H: Handler<T, Arc<App>>, T: 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.get(handler);
        self.shows = true;
        self
    }

    /// What it tells of itself.
    pub(crate) fn tells<H: Handler<T, Arc<App>>, T: 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.head(handler);
        self
    }

    /// What can be done here.
    pub(crate) fn offers<H: Handler<T, Arc<App>>, T: 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.options(handler);
        self
    }

    /// What a form changes.
    pub(crate) fn changes<H: Handler<T, Arc<App>>, T: Changing + 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.post(handler);
        self.with(Method::POST, true)
    }

    /// What a form of somebody without a session does.
    pub(crate) fn enters<H: Handler<T, Arc<App>>, T: Entering + 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.post(handler);
        self.with(Method::POST, false)
    }

    /// What adds to it.
    pub(crate) fn extends<H: Handler<T, Arc<App>>, T: Changing + 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.patch(handler);
        self.with(Method::PATCH, true)
    }

    /// What removes it.
    pub(crate) fn removes<H: Handler<T, Arc<App>>, T: Changing + 'static>(mut self, handler: H) -> Self {
        self.methods = self.methods.delete(handler);
        self.with(Method::DELETE, true)
    }

    fn with(mut self, method: Method, is_signed: bool) -> Self {
        self.changes.push(Change {
            method,
            path: self.path,
            is_signed,
        });
        self
    }

    /// The address, if it shows something.
    pub(crate) fn shown(&self) -> Option<&'static str> {
        self.shows.then_some(self.path)
    }

    /// What it changes.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// Adds it to a router.
    pub(crate) fn add_to(self, router: Router<Arc<App>>) -> Router<Arc<App>> {
        router.route(self.path, self.methods)
    }
}
