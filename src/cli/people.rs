//! `vault enrol`: another operator, with a role and a password of their own.

use serde::Serialize;

use super::args::VaultEnrol;
use super::create::{Kdf, calibrate};
use super::failure::Failure;
use super::open;
use super::output::Answer;
use crate::model::{CompartmentId, Role};
use crate::operations::{EnrolOperator, NewPassword};

/// Somebody who unlocks the vault from now on.
#[derive(Serialize)]
struct Enrolled {
    operator: String,
    operator_id: String,
    role: &'static str,
    /// The compartments whose values they may read; none for an auditor.
    compartments: Vec<String>,
    kdf: Kdf,
}

pub(super) fn enrol(args: &VaultEnrol, json: bool) -> Result<Answer, Failure> {
    let enrolled = open::with(&args.open, |session| {
        let password = NewPassword { value: args.new.read()?, weak_because: args.weak.weak_because.clone() };
        let chosen = calibrate(args.unlock.unlock_ms)?;
        let view = session.view();
        let reads = args.role != Role::Auditor;
        let granted: Vec<_> = view.compartments.iter().filter(|_| reads).collect();
        let compartments: Vec<CompartmentId> = granted.iter().map(|compartment| compartment.id).collect();
        let (name, role) = (args.name.clone(), args.role);
        let id =
            session.perform(EnrolOperator { name, role, password, params: chosen.params, compartments })?;
        let params = view.settings.later.at_least(chosen.params);
        Ok(Enrolled {
            operator: args.name.trim().to_owned(),
            operator_id: id.to_string(),
            role: role.word(),
            compartments: granted.iter().map(|compartment| compartment.name.clone()).collect(),
            kdf: Kdf::of(params, (params == chosen.params).then_some(chosen.measured)),
        })
    })?;
    Answer::of(json, &enrolled, |e| {
        let reads = match e.compartments.as_slice() {
            [] => "no values".to_owned(),
            some => format!("the values in {}", some.join(", ")),
        };
        format!(
            "enrolled {} as {}, who may read {reads}\nunlock  {}\n\nThey unlock with --operator {} and their own password, which \
             you know until they change it with keyroom vault passwd.\n",
            e.operator,
            e.role,
            e.kdf.words(),
            e.operator
        )
    })
}
