//! Charts, drawn by the painter: no chart library, so that the brush and the keyboard behave as the rest does.

mod histogram;
mod horizon;
mod lanes;
mod scale;

pub use histogram::{Bar, Histogram, HistogramResponse, HistogramState, KEYS as HISTOGRAM_KEYS};
pub use horizon::{Horizon, HorizonBar};
pub use lanes::{LaneBar, LaneEnd, Lanes, LanesState, lanes_legend};
pub use scale::Scale;
