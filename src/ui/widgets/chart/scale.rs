//! The value axis.

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
    use super::round_up;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        let ends = [0.0, 3.0, 7.0, 69.0, 80.0, 81.0, 1_234.0].map(round_up);
        assert_eq!(ends, [2.0, 4.0, 8.0, 80.0, 80.0, 100.0, 2_000.0]);
    }
}
