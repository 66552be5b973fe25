//! Streams of bits, least significant bit first, and the numbers written into them.

/// Writes bits.
#[derive(Default, Clone)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    filled: u32,
}

impl BitWriter {
    /// The number of bits written.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() * 8 + self.filled as usize
    }

    /// Writes the lower `count` bits (at most 32) of `value`.
    pub(super) fn write(&mut self, value: u32, count: u32) {
        self.pending |= u64::from(value) << self.filled;
        self.filled += count;
        while self.filled >= 32 {
            self.bytes.extend_from_slice(&(self.pending as u32).to_le_bytes());
            self.pending >>= 32;
            self.filled -= 32;
        }
    }

    /// Writes `value` as that many zeros and a one.
    pub(super) fn unary(&mut self, mut value: u32) {
        while value >= 31 {
            self.write(0, 31);
            value -= 31;
        }
        self.write(1 << value, value + 1);
    }

    /// Writes a number of at least 1 in Elias' gamma code.
    pub(super) fn gamma(&mut self, value: u32) {
        let length = value.ilog2();
        self.unary(length);
        self.write(value & !(1 << length), length);
    }

    /// Appends the bits `from..to` of a finished stream.
    pub(super) fn append(&mut self, bytes: &[u8], from: usize, to: usize) {
        let mut reader = BitReader::at(bytes, from);
        let mut left = to - from;
        while left > 0 {
            let count = left.min(32) as u32;
            self.write(reader.read(count), count);
            left -= count as usize;
        }
    }

    /// Returns the bytes, the last one filled up with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while self.filled > 0 {
            self.bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.filled = self.filled.saturating_sub(8);
        }
        self.bytes
    }
}

/// Reads bits; past the end it reads zeros, and [`BitReader::is_exhausted`] says so.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> BitReader<'a> {
    /// Reads from the bit `position` of `bytes`.
    pub(super) fn at(bytes: &'a [u8], position: usize) -> BitReader<'a> {
        BitReader { bytes, position }
    }

    /// Whether more was read than there is.
    pub(super) fn is_exhausted(&self) -> bool {
        self.position > self.bytes.len() * 8
    }

    fn peek(&self) -> u64 {
        let byte = self.position / 8;
        let word = match self.bytes.get(byte..byte + 8) {
            Some(slice) => slice.try_into().map_or(0, u64::from_le_bytes),
            None => {
                let rest = self.bytes.get(byte..).unwrap_or(&[]);
                rest.iter()
                    .rev()
                    .fold(0, |word, &byte| word << 8 | u64::from(byte))
            }
        };
        word >> (self.position % 8)
    }

    /// Reads `count` bits, at most 32.
    pub(super) fn read(&mut self, count: u32) -> u32 {
        let value = self.peek() & ((1 << count) - 1);
        self.position += count as usize;
        value as u32
    }

    /// Reads a unary number.
    pub(super) fn unary(&mut self) -> u32 {
        let mut value = 0;
        loop {
            let zeros = self.peek().trailing_zeros();
            if zeros < 57 {
                self.position += zeros as usize + 1;
                return value + zeros;
            }
            self.position += 32;
            value += 32;
            if self.is_exhausted() {
                return value;
            }
        }
    }

    /// Reads a number in gamma code; `None` if it is none.
    pub(super) fn gamma(&mut self) -> Option<u32> {
        let length = self.unary();
        if length > 31 {
            return None;
        }
        Some(1 << length | self.read(length))
    }
}
