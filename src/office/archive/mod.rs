//! The one reader of ZIP archives: what people send as such, and office documents and workbooks, which are some too.
//!
//! Their bytes are hostile. `layout` finds the parts and refuses what two programs could take for different things; `names`
//! says what a part may be called; and what is unpacked is counted while it is read, of all parts together and however often
//! each is opened, and held against what the directory says.

mod layout;
mod names;
mod refused;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek};

use crate::stop::Stop;
use zip::ZipArchive;
use zip::read::ZipFile;

use layout::Part;
pub use refused::Refused;

/// Most bytes that an archive which is given out may unpack to.
pub const UNPACKED: u64 = 2_000_000_000;
/// More than so many times its size nothing honest is unpacked to; small archives may.
const RATIO: u64 = 200;
/// Up to so many bytes the ratio does not count.
const SMALL: u64 = 50_000_000;
/// Bytes by which an archive within an archive is known.
const BEGINNING: usize = 8;

/// An archive whose layout was looked at.
pub struct Archive<R> {
    zip: ZipArchive<R>,
    parts: Vec<Part>,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory, and of each part what it says of itself. All reading together unpacks no more than `most` bytes.
    ///
    /// # Errors
    /// What is wrong, before anything was unpacked.
    pub fn open(mut source: R, most: u64) -> Result<Self, Refused> {
        let parts = layout::read(&mut source)?;
        let zip = ZipArchive::new(source).map_err(|_| Refused::Damaged)?;
        if zip.len() != parts.len() {
            return Err(Refused::Contradiction);
        }
        Ok(Self {
            zip,
            parts,
            left: most,
        })
    }

    /// The names of the parts, by their places.
    pub fn names(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.name.clone()).collect()
    }

    /// Bytes of all parts together once unpacked, as the directory says.
    fn size(&self) -> u64 {
        let sizes = self.parts.iter().map(|part| part.size);
        sizes.fold(0, u64::saturating_add)
    }

    /// The bytes of a part, unpacked while they are read. Reading fails where there are more or fewer than was said, or more
    /// than may still be unpacked of the archive.
    ///
    /// # Errors
    /// [`Refused::Damaged`] if there is no such part.
    pub fn part(&mut self, place: usize) -> Result<impl Read + '_, Refused> {
        self.unpacking(place)
    }

    fn unpacking(&mut self, place: usize) -> Result<Unpacking<'_, R>, Refused> {
        let said = self.parts.get(place).ok_or(Refused::Damaged)?.size;
        Ok(Unpacking {
            part: self.zip.by_index(place).map_err(|_| Refused::Damaged)?,
            expected: said,
            left: &mut self.left,
        })
    }

    /// Unpacks every part into nothing.
    ///
    /// # Errors
    /// The first part that is not as it is said to be, or the archive's being larger than may be unpacked.
    pub fn measure(&mut self, stop: &Stop) -> Result<(), Refused> {
        self.each(stop, |_, _| Ok(()))
    }

    /// Whether it can be given out; `size` are the bytes of the whole archive. Everything is unpacked for it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge(&mut self, size: u64, stop: &Stop) -> Result<(), Refused> {
        for part in &self.parts {
            names::publishable(&part.name, &[])?;
        }
        let unpacked = self.size();
        if unpacked > SMALL && unpacked / RATIO > size {
            return Err(Refused::Bomb);
        }
        self.each(stop, names::publishable)
    }

    /// Unpacks every part and looks at its name and first bytes.
    fn each(
        &mut self,
        stop: &Stop,
        look: impl Fn(&str, &[u8]) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        if self.size() > self.left {
            return Err(Refused::Bomb);
        }
        let mut buffer = vec![0; 64 * 1024];
        for place in 0..self.parts.len() {
            let mut head = Vec::new();
            let mut part = self.unpacking(place)?;
            loop {
                stop.check();
                let read = part.read(&mut buffer).map_err(|error| Refused::of(&error))?;
                if read == 0 {
                    break;
                }
                let wanted = BEGINNING.saturating_sub(head.len()).min(read);
                head.extend_from_slice(&buffer[..wanted]);
            }
            drop(part);
            look(&self.parts[place].name, &head)?;
        }
        Ok(())
    }
}

/// A part that is unpacked and counted.
struct Unpacking<'a, R: Read> {
    part: ZipFile<'a, R>,
    /// Bytes that are still to come, as the directory says.
    expected: u64,
    left: &'a mut u64,
}

impl<R: Read> Read for Unpacking<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(buffer)?;
        let count = read as u64;
        let is_short = read == 0 && !buffer.is_empty() && self.expected > 0;
        let left = self.left.checked_sub(count);
        *self.left = left.ok_or_else(|| io::Error::other(Refused::Bomb))?;
        let expected = self.expected.checked_sub(count).filter(|_| !is_short);
        self.expected = expected.ok_or_else(|| io::Error::other(Refused::Sizes))?;
        Ok(read)
    }
}
