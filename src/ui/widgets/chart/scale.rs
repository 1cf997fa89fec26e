//! The value axis: where it ends, and how a count becomes a height.

/// How counts become heights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scale {
    /// Twice the events, twice the height.
    #[default]
    Linear,
    /// Four times the events, twice the height: small bars show beside large ones.
    SquareRoot,
    /// Ten times the events, about one step more.
    Log,
}

impl Scale {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Linear, Self::SquareRoot, Self::Log];

    /// As the axis names it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::SquareRoot => "square root",
            Self::Log => "log",
        }
    }

    /// As the menu names it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Linear => "Linear",
            Self::SquareRoot => "Square root",
            Self::Log => "Log",
        }
    }
}

/// A value axis from 0 to `top`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    pub top: f32,
    pub scale: Scale,
}

impl Axis {
    /// The height of `value` as a share of the axis.
    pub fn share(self, value: f32) -> f32 {
        match self.scale {
            Scale::Linear => value / self.top,
            Scale::SquareRoot => (value / self.top).sqrt(),
            Scale::Log => value.ln_1p() / self.top.ln_1p(),
        }
    }

    /// The value at a share of the axis.
    pub fn at(self, share: f32) -> f32 {
        match self.scale {
            Scale::Linear => self.top * share,
            Scale::SquareRoot => self.top * share * share,
            Scale::Log => (share * self.top.ln_1p()).exp_m1(),
        }
    }
}

/// The smallest round number of at least `value` whose half is round too.
pub(super) fn round_up(value: f32) -> f32 {
    if value <= 4.0 {
        return if value <= 2.0 { 2.0 } else { 4.0 };
    }
    let power = 10_f32.powf(value.log10().floor());
    let steps = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|top| *top >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::{Axis, Scale, round_up};

    #[test]
    fn every_scale_runs_from_nothing_to_the_top_and_back() {
        for scale in Scale::ALL {
            let axis = Axis { top: 400.0, scale };
            assert_eq!((axis.share(0.0), axis.share(400.0)), (0.0, 1.0), "{scale:?}");
            for value in [1.0, 7.0, 100.0, 399.0] {
                assert!((axis.at(axis.share(value)) - value).abs() < 0.1, "{scale:?} {value}");
            }
        }
        let low = |scale| Axis { top: 400.0, scale }.share(4.0);
        assert!(low(Scale::Linear) < low(Scale::SquareRoot) && low(Scale::SquareRoot) < low(Scale::Log));
    }

    #[test]
    fn the_axis_ends_at_a_round_number() {
        let ends = [0.0, 3.0, 7.0, 69.0, 80.0, 81.0, 1_234.0].map(round_up);
        assert_eq!(ends, [2.0, 4.0, 8.0, 80.0, 80.0, 100.0, 2_000.0]);
    }
}
