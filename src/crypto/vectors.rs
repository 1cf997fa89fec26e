//! Published test vectors against the primitives as this crate calls them.
