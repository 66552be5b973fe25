//! The body of an answer: bytes, or a part of a file that is read in pieces as the browser takes them.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Take};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Bytes, Frame, SizeHint};

/// Bytes of a file that are read at a time: so few that reading them keeps nobody waiting.
const PIECE: u64 = 64 * 1024;

/// The body of an answer.
pub(super) enum Body {
    /// Bytes that were made or changed for this answer.
    Held(Bytes),
    /// What is still to be sent of a file.
    Stored(Take<File>),
}

impl Body {
    /// The `length` bytes of a file from `start`.
    ///
    /// # Errors
    /// When the file cannot be read there.
    pub(super) fn part(mut file: File, start: u64, length: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self::Stored(file.take(length)))
    }

    fn left(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::Stored(file) => file.limit(),
        }
    }

    /// The next bytes, of which some are left.
    fn next(&mut self) -> io::Result<Bytes> {
        match self {
            Self::Held(bytes) => Ok(std::mem::take(bytes)),
            Self::Stored(file) => {
                let mut piece = Vec::new();
                file.by_ref().take(PIECE).read_to_end(&mut piece)?;
                // A file that became shorter cannot be sent as announced: the connection ends.
                if piece.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(piece.into())
            }
        }
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let body = self.get_mut();
        Poll::Ready((body.left() > 0).then(|| body.next().map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left())
    }
}
