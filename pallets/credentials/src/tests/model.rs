//! A second, naive reading of the rules: it keeps the plain list of what happened and answers by
//! going through it. Random histories compare the two.

use crate::{mock::*, types::Terms};
use axonic_primitives::{
    credentials::{CredentialDenial, Privilege},
    membership::Jurisdiction,
    AccountId, CredentialId, Moment, OrgId,
};

/// What happened.
#[derive(Clone, Debug)]
pub enum Fact {
    Accredited {
        issuer: OrgId,
    },
    Distrusted {
        issuer: OrgId,
        since: Moment,
    },
    Issued {
        id: CredentialId,
        holder: AccountId,
        issuer: OrgId,
        terms: Terms,
    },
    Renewed {
        id: CredentialId,
        until: Moment,
    },
    Suspended {
        id: CredentialId,
        until: Option<Moment>,
    },
    Reinstated {
        id: CredentialId,
    },
    Ended {
        id: CredentialId,
    },
}

/// Denials from the farthest to the closest, as the README has them.
const FARTHEST_FIRST: [CredentialDenial; 9] = [
    CredentialDenial::NotCredentialed,
    CredentialDenial::PrivilegeMissing,
    CredentialDenial::JurisdictionMismatch,
    CredentialDenial::IssuerDistrusted,
    CredentialDenial::Revoked,
    CredentialDenial::Expired,
    CredentialDenial::Suspended,
    CredentialDenial::NotYetValid,
    CredentialDenial::BackDated,
];

/// Everything that happened, in its order.
#[derive(Default)]
pub struct Model {
    facts: Vec<(Moment, Fact)>,
}

impl Model {
    pub fn log(&mut self, fact: Fact) {
        self.facts.push((Now::get(), fact));
    }

    /// Every credential that was issued.
    pub fn ids(&self) -> Vec<(CredentialId, OrgId)> {
        self.facts
            .iter()
            .filter_map(|(_, fact)| match fact {
                Fact::Issued { id, issuer, .. } => Some((*id, *issuer)),
                _ => None,
            })
            .collect()
    }

    /// Whether what the issuer did at `at` is believed.
    fn believes(&self, issuer: OrgId, at: Moment) -> bool {
        let voids = |(place, (_, fact)): (usize, &(Moment, Fact))| match fact {
            Fact::Distrusted {
                issuer: whom,
                since,
            } if *whom == issuer && *since <= at => {
                let trusted_again =
                    self.facts[place..]
                        .iter()
                        .find_map(|(when, fact)| match fact {
                            Fact::Accredited { issuer: whom } if *whom == issuer => Some(*when),
                            _ => None,
                        });
                trusted_again.is_none_or(|when| at <= when)
            }
            _ => false,
        };
        !self.facts.iter().enumerate().any(voids)
    }

    /// What is wrong with a credential at `at`, whatever it is for.
    fn flaws(
        &self,
        issued: (CredentialId, Moment, OrgId),
        terms: &Terms,
        at: Moment,
    ) -> Vec<CredentialDenial> {
        let (id, issued_at, issuer) = issued;
        let mut end = terms.valid_until;
        let mut ended = None;
        let mut suspensions: Vec<(Moment, Moment)> = Vec::new();
        for (when, fact) in &self.facts {
            match fact {
                Fact::Renewed { id: whose, until } if *whose == id => {
                    if self.believes(issuer, *when) {
                        end = *until;
                    }
                }
                Fact::Suspended { id: whose, until } if *whose == id => {
                    suspensions.push((*when, until.unwrap_or(Moment::MAX)));
                }
                Fact::Reinstated { id: whose } | Fact::Ended { id: whose } if *whose == id => {
                    if let Some((_, until)) = suspensions.last_mut() {
                        *until = (*until).min(*when);
                    }
                    if matches!(fact, Fact::Ended { .. }) {
                        ended.get_or_insert(*when);
                    }
                }
                _ => {}
            }
        }
        let mut flaws = Vec::new();
        if !self.believes(issuer, issued_at) {
            flaws.push(CredentialDenial::IssuerDistrusted);
        }
        if ended.is_some_and(|ended| ended <= at) {
            flaws.push(CredentialDenial::Revoked);
        }
        if end <= at {
            flaws.push(CredentialDenial::Expired);
        }
        if suspensions
            .iter()
            .any(|(from, until)| *from <= at && at < *until)
        {
            flaws.push(CredentialDenial::Suspended);
        }
        if at < terms.valid_from {
            flaws.push(CredentialDenial::NotYetValid);
        }
        if at < issued_at {
            flaws.push(CredentialDenial::BackDated);
        }
        flaws
    }

    /// Whether the holder has the privilege, and whatever it needs besides, by credentials that are
    /// still looked at.
    pub fn has(
        &self,
        who: &AccountId,
        privilege: Privilege,
        place: Jurisdiction,
        at: Moment,
        looked_at: impl Fn(&CredentialId) -> bool,
    ) -> Result<CredentialId, CredentialDenial> {
        let credential = self.carries(who, privilege, place, at, &looked_at)?;
        if privilege == Privilege::PrescribeScheduleII {
            self.carries(who, Privilege::Prescribe, place, at, &looked_at)?;
        }
        Ok(credential)
    }

    /// Whether one of the holder's credentials that are still looked at gives the privilege.
    fn carries(
        &self,
        who: &AccountId,
        privilege: Privilege,
        place: Jurisdiction,
        at: Moment,
        looked_at: impl Fn(&CredentialId) -> bool,
    ) -> Result<CredentialId, CredentialDenial> {
        let mut denials = Vec::new();
        for (when, fact) in &self.facts {
            let Fact::Issued {
                id,
                holder,
                issuer,
                terms,
            } = fact
            else {
                continue;
            };
            if holder != who || !looked_at(id) {
                continue;
            }
            let flaws = self.flaws((*id, *when, *issuer), terms, at);
            if !terms.privileges.contains(privilege) {
                denials.push(if flaws.is_empty() {
                    CredentialDenial::PrivilegeMissing
                } else {
                    CredentialDenial::NotCredentialed
                });
            } else if terms.jurisdiction != place {
                denials.push(CredentialDenial::JurisdictionMismatch);
            } else if let Some(worst) = flaws.first() {
                denials.push(*worst);
            } else {
                return Ok(*id);
            }
        }
        let closest = FARTHEST_FIRST
            .into_iter()
            .rev()
            .find(|denial| denials.contains(denial));
        Err(closest.unwrap_or(CredentialDenial::NotCredentialed))
    }
}
