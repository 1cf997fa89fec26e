//! What a change does to the settings, part by part. Settings are shown, and asked for, all together; between that and the commit
//! somebody else may have changed other parts of them, and those are left as they are.

use crate::model::settings::{Number, Switch};
use crate::model::{KeyType, Policy, PolicyId, Settings, UnusualLimits, unusual_limits};
use crate::vault::VaultError;

/// What is asked of the settings: everything that differs between the two.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsEdit {
    /// What was in force where it was asked.
    pub before: Settings,
    /// What is to be in force.
    pub after: Settings,
}

impl SettingsEdit {
    /// What is in force once `now` is changed as asked.
    ///
    /// # Errors
    /// [`VaultError::ChangedMeanwhile`] names the parts that somebody else changed to something else.
    pub fn on(&self, now: &Settings) -> Result<Settings, VaultError> {
        if *now == self.before {
            return Ok(self.after.clone());
        }
        let mut merge = Merge { edit: self, next: now.clone(), clashes: Vec::new() };
        merge.every_part();
        if merge.clashes.is_empty() {
            return Ok(merge.next);
        }
        Err(VaultError::ChangedMeanwhile { key: "a setting".to_owned(), fields: merge.clashes })
    }
}

struct Merge<'a> {
    edit: &'a SettingsEdit,
    next: Settings,
    clashes: Vec<String>,
}

impl Merge<'_> {
    fn every_part(&mut self) {
        self.part("vault name", |s| s.vault_name.clone(), |s, name| s.vault_name.clone_from(name));
        for Number { name, of, at, .. } in Settings::NUMBERS {
            self.part(name, of, |s, number| *at(s) = *number);
        }
        for Switch { name, of, at } in Settings::SWITCHES {
            self.part(name, of, |s, on| *at(s) = *on);
        }
        self.part("unlock cost", |s| s.later.unlock_cost, |s, cost| s.later.unlock_cost = *cost);
        for unusual_limits::Number { name, of, at, .. } in UnusualLimits::NUMBERS {
            self.part(name, |s| of(&s.later.unusual), |s, number| *at(&mut s.later.unusual) = *number);
        }
        self.rules();
        self.policies();
    }

    /// One part: it is changed where it is still what it was, and left where it is what it is to be.
    fn part<T: PartialEq>(
        &mut self,
        name: &str,
        of: impl Fn(&Settings) -> T,
        put: impl FnOnce(&mut Settings, &T),
    ) {
        let (before, after, now) = (of(&self.edit.before), of(&self.edit.after), of(&self.next));
        if before == after || now == after {
            return;
        }
        if now == before {
            put(&mut self.next, &after);
        }
        // Nor does it hold where what it belongs to is gone: a type cannot be given to a policy that was removed.
        if of(&self.next) != after {
            self.clashes.push(name.to_owned());
        }
    }

    fn rules(&mut self) {
        let SettingsEdit { before, after } = self.edit;
        for rule in before.later.unusual.off.iter().chain(&after.later.unusual.off) {
            let put = |s: &mut Settings, off: &bool| {
                s.later.unusual.off.retain(|other| other != rule);
                s.later.unusual.off.extend(off.then(|| rule.clone()));
            };
            self.part(&format!("rule {rule}"), |s| s.later.unusual.off.contains(rule), put);
        }
    }

    /// Each policy by itself, and by itself which one stands for a type: giving a type to one takes it from another.
    fn policies(&mut self) {
        let SettingsEdit { before, after } = self.edit;
        let new = after.policies.iter().filter(|new| policy(before, new.id).is_none());
        for Policy { id, name, .. } in before.policies.iter().chain(new) {
            // Who removes it saw what it stands for.
            let whole = policy(after, *id).is_none();
            let of = |s: &Settings| {
                let types = |p: &Policy| if whole { p.default_for.clone() } else { Vec::new() };
                policy(s, *id).map(|p| Policy { default_for: types(p), ..p.clone() })
            };
            self.part(&format!("policy {name}"), of, |s, to| put_policy(s, *id, to.as_ref()));
        }
        for key_type in KeyType::ALL {
            let of = |s: &Settings| {
                s.policies.iter().find(|policy| policy.default_for.contains(&key_type)).map(|p| p.id)
            };
            let put = |s: &mut Settings, id: &Option<PolicyId>| {
                for policy in &mut s.policies {
                    policy.default_for.retain(|other| *other != key_type);
                    policy.default_for.extend((Some(policy.id) == *id).then_some(key_type));
                }
            };
            self.part(&format!("default policy of {}", key_type.word()), of, put);
        }
    }
}

fn policy(settings: &Settings, id: PolicyId) -> Option<&Policy> {
    settings.policies.iter().find(|policy| policy.id == id)
}

/// What a policy is but for the types it stands for: those stay.
fn put_policy(settings: &mut Settings, id: PolicyId, to: Option<&Policy>) {
    let Some(to) = to else { return settings.policies.retain(|policy| policy.id != id) };
    match settings.policies.iter_mut().find(|policy| policy.id == id) {
        Some(policy) => {
            let default_for = std::mem::take(&mut policy.default_for);
            *policy = Policy { default_for, ..to.clone() };
        }
        None => settings.policies.push(to.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnlockCost;
    use crate::model::settings::{Later, Locks};

    /// Everything another than by default. No `..`: a part that is added later has to be named here, and to survive below.
    fn everything_else() -> Settings {
        let now = Settings::default();
        let unusual = UnusualLimits {
            burst_min: 11,
            reads: 11,
            exports: 4,
            refusals: 6,
            failures: 4,
            dormant_days: 91,
            after_settings_min: 61,
            clock_back_min: 6,
            off: vec!["off-hours".into()],
        };
        let mut policies = now.policies.clone();
        let types = std::mem::take(&mut policies[0].default_for);
        policies[1].interval_days = Some(31);
        policies.remove(2);
        let id = PolicyId([9; 16]);
        let name = "New".to_owned();
        policies.push(Policy { id, name, interval_days: None, overlap_days: 0, default_for: types });
        Settings {
            vault_name: "another".into(),
            idle_lock_min: 6,
            session_limit_h: 9,
            clipboard_s: 16,
            reveal_s: 21,
            step_up_min: 6,
            reveal_needs_password: true,
            reveal_needs_reason: true,
            destroy_after_days: 31,
            backup_every_days: 8,
            policies,
            later: Later { unlock_cost: UnlockCost { memory_kib: 99 << 10, passes: 5 }, unusual },
            locks: Locks { minimised: true },
        }
    }

    fn on(before: &Settings, after: &Settings, now: &Settings) -> Result<Settings, Vec<String>> {
        let edit = SettingsEdit { before: before.clone(), after: after.clone() };
        edit.on(now).map_err(|error| match error {
            VaultError::ChangedMeanwhile { fields, .. } => fields,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn every_part_is_taken_over_by_itself() {
        let (before, after) = (Settings::default(), everything_else());
        let edit = SettingsEdit { before: before.clone(), after: after.clone() };
        let mut merge = Merge { edit: &edit, next: before.clone(), clashes: Vec::new() };
        merge.every_part();
        assert_eq!((merge.next, merge.clashes), (after.clone(), Vec::new()));
        // Made twice it is made once.
        assert_eq!(on(&before, &after, &after), Ok(after));
    }

    #[test]
    fn what_somebody_else_changed_stays_and_the_same_part_is_named() {
        let before = Settings::default();
        let after = Settings { idle_lock_min: 10, ..before.clone() };
        let mut now = Settings { reveal_needs_reason: true, ..before.clone() };
        now.later.unusual.off.push("off-hours".into());
        let both = Settings { idle_lock_min: 10, ..now.clone() };
        assert_eq!(on(&before, &after, &now), Ok(both));
        now.idle_lock_min = 2;
        assert_eq!(on(&before, &after, &now), Err(vec!["idle lock".to_owned()]));
    }

    #[test]
    fn policies_are_changed_one_by_one_and_a_type_never_gets_two() {
        let before = Settings::default();
        let (mut after, mut now) = (before.clone(), before.clone());
        after.policies[0].interval_days = Some(60);
        now.policies[1].interval_days = Some(20);
        let next = on(&before, &after, &now).unwrap();
        assert_eq!([0, 1].map(|at| next.policies[at].interval_days), [Some(60), Some(20)]);
        now.policies[0].overlap_days = 3;
        let named = format!("policy {}", before.policies[0].name);
        assert_eq!(on(&before, &after, &now), Err(vec![named.clone()]));
        // Removed meanwhile.
        now.policies.remove(0);
        assert_eq!(on(&before, &after, &now), Err(vec![named]));

        let give = |settings: &mut Settings, at: usize| {
            settings.policies.iter_mut().for_each(|p| p.default_for.retain(|t| *t != KeyType::ApiToken));
            settings.policies[at].default_for.push(KeyType::ApiToken);
        };
        let (mut after, mut now) = (before.clone(), before.clone());
        give(&mut after, 2);
        give(&mut now, 3);
        let named = "default policy of api-token".to_owned();
        assert_eq!(on(&before, &after, &now), Err(vec![named.clone()]));
        // To a policy that is gone.
        let mut now = before.clone();
        now.policies.remove(2);
        assert_eq!(on(&before, &after, &now), Err(vec![named]));
    }
}
