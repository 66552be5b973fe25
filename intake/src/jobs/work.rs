//! Which service does which job.

use std::sync::Arc;

use super::error::JobError;
use crate::app::App;
use crate::services::{
    inspection, letters, mirror, publishing, recommending, site_writing, telling, tombstones, webhooks,
};
use crate::store::{Job, JobKind};

pub(super) async fn work(app: &Arc<App>, job: &Job) -> Result<(), JobError> {
    let subject = job.subject.as_str();
    let done = match job.kind {
        JobKind::Branch => publishing::branch(app, subject).await,
        JobKind::Close => publishing::close(app, subject).await,
        JobKind::Merge => publishing::merge(app, subject).await,
        JobKind::Mirror => mirror::mirror(app, subject).await,
        JobKind::Rebuild => publishing::rebuild(app, subject).await,
        JobKind::Takedown => tombstones::carry_out(app, subject).await,
        JobKind::Recommend => recommending::carry_out(app, subject).await,
        JobKind::Site => site_writing::carry_out(app, subject).await,
        JobKind::Tell => telling::tell(app, subject).await,
        JobKind::Mail => letters::send(app, subject).await,
        JobKind::Webhook => webhooks::send(app, subject).await,
        JobKind::Inspect => inspection::inspect(app, subject).await,
        JobKind::Scan => inspection::scan(app, subject).await,
    };
    done.map_err(JobError::from)
}
