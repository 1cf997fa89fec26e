//! What is remembered of a vault outside its file, and what it means when the two disagree.
//!
//! A file whose log is shorter than remembered was rolled back; one whose first entries have another root was forked. The
//! remembered end is stored as a frontier, so that a longer file can be followed from there without its older entries.

use crate::audit::tree::Frontier;
use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::{CryptoError, Hash};
use crate::model::Timestamp;

/// The version of the encoding.
const VERSION: u8 = 1;

/// The end of a vault's log as this workstation last saw it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Anchor {
    /// The hash of the first roster.
    pub genesis: Hash,
    /// The hash of the roster in force.
    pub roster: Hash,
    /// The end of the log.
    pub frontier: Frontier,
    /// When it was written.
    pub time: Timestamp,
}

impl Anchor {
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(VERSION).array(&self.genesis).array(&self.roster).u64(self.frontier.size());
        w.part(&self.frontier.roots().concat()).u64(self.time.0.cast_unsigned());
        w.into_bytes()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, CryptoError> {
        let mut r = Reader::new(bytes);
        if r.u8()? != VERSION {
            return Err(CryptoError::Malformed);
        }
        let (genesis, roster, size) = (r.array()?, r.array()?, r.u64()?);
        let frontier = frontier(size, r.part()?).ok_or(CryptoError::Malformed)?;
        let time = Timestamp(r.u64()?.cast_signed());
        r.finish()?;
        Ok(Self { genesis, roster, frontier, time })
    }
}

/// A frontier from its size and its roots one after the other.
pub(super) fn frontier(size: u64, roots: &[u8]) -> Option<Frontier> {
    let (chunks, rest) = roots.as_chunks::<32>();
    rest.is_empty().then(|| Frontier::from_parts(size, chunks.to_vec()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_reads_back_and_nonsense_does_not() {
        let mut frontier = Frontier::new();
        (0..11_u8).for_each(|n| frontier.push([n; 32]));
        let anchor = Anchor { genesis: [1; 32], roster: [2; 32], frontier, time: Timestamp(9) };
        assert_eq!(Anchor::decode(&anchor.encode()), Ok(anchor.clone()));
        for cut in 0..anchor.encode().len() {
            assert!(Anchor::decode(&anchor.encode()[..cut]).is_err());
        }
        assert!(anchor.encode().len() < super::super::anchor::ANCHOR_MAX);
    }
}
