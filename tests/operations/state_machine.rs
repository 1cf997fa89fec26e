//! Any sequence of operations against a model of the states, written down anew from NIST SP 800-57 Part 1 Rev. 5, section 7
//! and figure 3: what the model allows is done, what it forbids is refused, and both end in the same state.

use std::cell::RefCell;

use keyroom::formats::GenerateOptions;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{KeyId, KeyState, KeyType, VersionState};
use keyroom::operations::*;
use keyroom::vault::clock::Clock;
use keyroom::vault::{Vault, VaultError};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::bench::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Activate,
    Suspend,
    Resume,
    Deactivate,
    Compromise,
    Schedule,
    Cancel,
    Destroy,
    Rotate { overlap: u32, keep: bool, compromised: bool },
    MakeCurrent(u32),
    Retire(u32),
    DestroyVersion(u32),
    Reveal(u32),
    Wait { days: u8 },
}

fn any_step() -> impl Strategy<Value = Step> {
    use Step::*;
    prop_oneof![
        2 => Just(Activate),
        1 => Just(Suspend),
        2 => Just(Resume),
        1 => Just(Deactivate),
        1 => Just(Compromise),
        2 => Just(Schedule),
        1 => Just(Cancel),
        2 => Just(Destroy),
        4 => (0..3_u32, 0..4, 0..4).prop_map(|(n, keep, compromised)| Rotate {
            overlap: n * 5,
            keep: keep == 0,
            compromised: compromised == 0,
        }),
        3 => (1..6_u32).prop_map(MakeCurrent),
        2 => (1..6_u32).prop_map(Retire),
        2 => (1..6_u32).prop_map(DestroyVersion),
        2 => (1..6_u32).prop_map(Reveal),
        3 => (1..9_u8).prop_map(|days| Wait { days }),
        // Long enough that periods end.
        2 => (60..200_u8).prop_map(|days| Wait { days }),
    ]
}

/// The days in which the key that is walked with must be rotated: those of the policy for its type, "HMAC 180 d".
const PERIOD: i64 = 180;

/// What the standard and the design say, and nothing of how it is built.
struct Model {
    state: KeyState,
    versions: Vec<(VersionState, Option<i64>)>,
    destroy_on: Option<i64>,
    day: i64,
    /// The day its period counts from.
    from: i64,
    /// It was marked as compromised.
    marked: bool,
}

impl Model {
    fn new() -> Self {
        let versions = vec![(VersionState::Current, None)];
        Self { state: KeyState::PreActive, versions, destroy_on: None, day: 0, from: 0, marked: false }
    }

    fn version(&mut self, number: u32) -> Option<&mut (VersionState, Option<i64>)> {
        self.versions.get_mut(number as usize - 1)
    }

    fn state_is(&self, allowed: &[KeyState]) -> bool {
        allowed.contains(&self.state)
    }

    fn become_if(&mut self, allowed: bool, next: KeyState) -> bool {
        if allowed {
            self.state = next;
        }
        allowed
    }

    fn end_overlaps(&mut self) {
        for version in &mut self.versions {
            if version.0 == VersionState::Overlap && version.1.is_some_and(|end| end <= self.day) {
                *version = (VersionState::Retired, None);
            }
        }
    }

    /// Does the step if it is allowed; tells whether it was.
    fn step(&mut self, step: Step) -> bool {
        use KeyState::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};
        use VersionState as V;
        match step {
            // Transition 4: the period begins.
            Step::Activate => {
                let allowed = self.state == PreActive;
                if allowed {
                    self.from = self.day;
                }
                self.become_if(allowed, Active)
            }
            // A suspended key stays so, until another review.
            Step::Suspend => self.become_if(self.state_is(&[Active, Suspended]), Suspended),
            // Transition 11: the reason is gone, and the period is not over.
            Step::Resume => {
                let over = self.day > self.from + PERIOD;
                self.become_if(self.state == Suspended && !over, Active)
            }
            Step::Deactivate => self.become_if(self.state_is(&[Active, Suspended]), Deactivated),
            Step::Compromise => {
                // Of a destroyed key the event alone is recorded; nothing is marked twice.
                if self.state == Destroyed {
                    return !std::mem::replace(&mut self.marked, true);
                }
                let allowed = self.state_is(&[PreActive, Active, Suspended, Deactivated]);
                self.marked |= allowed;
                if allowed {
                    for version in &mut self.versions {
                        if matches!(version.0, V::Current | V::Overlap) {
                            *version = (V::Compromised, None);
                        }
                    }
                }
                self.become_if(allowed, Compromised)
            }
            Step::Schedule => {
                let allowed = self.state != Destroyed && self.destroy_on.is_none();
                if allowed {
                    self.destroy_on = Some(self.day + 7);
                }
                allowed
            }
            Step::Cancel => self.state != Destroyed && self.destroy_on.take().is_some(),
            Step::Destroy => {
                let due = self.destroy_on.is_some_and(|day| day <= self.day);
                // Transition 15 is not made to wait: it may be an emergency.
                let at_once = self.state_is(&[PreActive, Compromised]);
                let allowed = at_once || self.state != Destroyed && due;
                if allowed {
                    self.destroy_on = None;
                    self.versions.fill((V::Destroyed, None));
                }
                self.become_if(allowed, Destroyed)
            }
            Step::Rotate { overlap, keep, compromised } => {
                let allowed = self.state_is(&[PreActive, Active]) || self.state == Suspended && overlap == 0;
                // What is in the wrong hands gets no grace.
                let allowed = allowed && (!compromised || overlap == 0);
                // A schedule is kept only while its day lies ahead, by a key that was in use.
                let ahead = self.state != PreActive && self.day < self.from + PERIOD;
                let allowed = allowed && (!keep || ahead);
                if allowed {
                    self.from = if keep { self.from } else { self.day };
                    self.end_overlaps();
                    let old = if compromised {
                        (V::Compromised, None)
                    } else if overlap == 0 {
                        (V::Retired, None)
                    } else {
                        (V::Overlap, Some(self.day + i64::from(overlap)))
                    };
                    for version in self.versions.iter_mut().filter(|v| v.0 == V::Current) {
                        *version = old;
                    }
                    self.versions.push((V::Current, None));
                }
                self.become_if(allowed, Active)
            }
            Step::MakeCurrent(number) => {
                let found = self.version(number).is_some_and(|v| matches!(v.0, V::Overlap | V::Retired));
                let allowed = found && self.state_is(&[PreActive, Active]);
                if allowed {
                    self.from = self.day;
                    self.end_overlaps();
                    for version in self.versions.iter_mut().filter(|v| v.0 == V::Current) {
                        *version = (V::Retired, None);
                    }
                    self.versions[number as usize - 1] = (V::Current, None);
                }
                allowed
            }
            Step::Retire(number) => self.change_version(number, &[V::Overlap], V::Retired),
            Step::DestroyVersion(number) => {
                self.change_version(number, &[V::Overlap, V::Retired, V::Compromised], V::Destroyed)
            }
            Step::Reveal(number) => self.version(number).is_some_and(|v| v.0 != V::Destroyed),
            Step::Wait { days } => {
                self.day += i64::from(days);
                true
            }
        }
    }

    fn change_version(&mut self, number: u32, from: &[VersionState], to: VersionState) -> bool {
        if self.state == KeyState::Destroyed {
            return false;
        }
        match self.version(number) {
            Some(version) if from.contains(&version.0) => {
                *version = (to, None);
                true
            }
            _ => false,
        }
    }
}

fn perform(bench: &Bench, vault: &mut Vault, key: KeyId, step: Step) -> Result<(), VaultError> {
    let reason = "because".to_owned();
    match step {
        Step::Activate => vault.perform(Activate { key, reason }),
        Step::Suspend => vault.perform(Suspend { key, reason, review_by: None }),
        Step::Resume => vault.perform(Resume { key, reason }),
        Step::Deactivate => vault.perform(Deactivate { key, reason }),
        Step::Compromise => vault.perform(MarkCompromised {
            key,
            reason: CompromiseReason::KeyCompromise,
            occurred: START,
            noticed: START,
            note: reason,
        }),
        Step::Schedule => vault.perform(ScheduleDestroy { key, days: Some(7), reason }),
        Step::Cancel => vault.perform(CancelDestroy { key, reason }),
        Step::Destroy => vault.perform(Destroy { key, reason }),
        Step::Rotate { overlap, keep, compromised } => {
            let value = NewValue::Generate(GenerateOptions::default());
            let suspected =
                Suspected { reason: CompromiseReason::KeyCompromise, occurred: START, noticed: START };
            vault
                .perform(Rotate {
                    key,
                    value,
                    reason,
                    overlap_days: Some(overlap),
                    expires: None,
                    keep_schedule: keep,
                    compromise: compromised.then_some(suspected),
                })
                .map(|_| ())
        }
        Step::MakeCurrent(version) => vault.perform(MakeCurrent { key, version, reason }),
        Step::Retire(version) => vault.perform(RetireVersion { key, version, reason }),
        Step::DestroyVersion(version) => vault.perform(DestroyVersion { key, version, reason }),
        Step::Reveal(version) => vault.perform(Reveal { key, version: Some(version), reason }).map(|_| ()),
        Step::Wait { days } => {
            bench.days_later(i64::from(days));
            Ok(())
        }
    }
}

fn walk(bench: &Bench, vault: &mut Vault, steps: &[Step]) -> Result<(), TestCaseError> {
    let draft = KeyDraft::new(format!("key {}", vault.view().log_size), KeyType::HmacSha256);
    let value = NewValue::Generate(GenerateOptions::default());
    let id = vault.perform(CreateKey { draft, value, activate: false }).unwrap();
    let mut model = Model::new();
    let first_day = Clock::wall(&bench.clock);
    let (mut was_compromised, mut was_destroyed) = (false, false);
    for step in steps {
        let result = perform(bench, vault, id, *step);
        let allowed = model.step(*step);
        prop_assert_eq!(result.is_ok(), allowed, "{:?}: {:?}", step, result);
        let now = key(vault, id);
        prop_assert_eq!(now.state, model.state, "after {:?}", step);
        let states: Vec<_> = now.versions.iter().map(|v| v.state).collect();
        let expected: Vec<_> = model.versions.iter().map(|v| v.0).collect();
        prop_assert_eq!(&states, &expected, "after {:?}", step);
        prop_assert_eq!(now.compromise.is_some(), model.marked, "after {:?}", step);
        let after = now.life.compromised_after_destruction;
        prop_assert!(!after || now.state == KeyState::Destroyed && !was_compromised, "after {:?}", step);
        let suspended = now.state == KeyState::Suspended;
        let known = [now.suspended.is_some(), now.life.suspended_at.is_some(), now.life.review_by.is_some()];
        prop_assert_eq!(known, [suspended; 3], "after {:?}", step);
        let living = !matches!(now.state, KeyState::Compromised | KeyState::Destroyed);
        if living {
            prop_assert_eq!(now.counts_from(), first_day.plus_days(model.from), "after {:?}", step);
        }
        let current = states.iter().filter(|s| **s == VersionState::Current).count();
        prop_assert_eq!(
            current,
            usize::from(living),
            "exactly one version is current while the key is in use"
        );
        was_compromised |= now.state == KeyState::Compromised;
        was_destroyed |= now.state == KeyState::Destroyed;
        if was_compromised {
            prop_assert!(matches!(now.state, KeyState::Compromised | KeyState::Destroyed));
        }
        if was_destroyed {
            prop_assert_eq!(now.state, KeyState::Destroyed);
        }
    }
    Ok(())
}

#[test]
fn operations_follow_the_state_machine_and_nothing_leads_out_of_compromised_but_destruction() {
    let bench = Bench::new();
    let vault = RefCell::new(stepped_up(bench.create()));
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let steps = proptest::collection::vec(any_step(), 1..28);
    let walked = TestRunner::new(config).run(&steps, |steps| walk(&bench, &mut vault.borrow_mut(), &steps));
    walked.unwrap_or_else(|error| panic!("{error}"));
    check(&mut vault.borrow_mut(), &mut go_on).unwrap();
}
