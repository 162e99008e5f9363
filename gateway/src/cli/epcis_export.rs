//! `axonic-gateway epcis-export`: the custody history of a pack as an EPCIS 2.0 document.

use super::{connect, epcis::book, json::pretty, now, Problem, Setup};
use crate::{
    chain::{Chain, ChainError},
    epcis::export::{document, Names},
};
use axonic_gs1::{Gln, Gtin, LotNumber, Serial};
use clap::Args;
use pallet_drug_provenance::types::Trace;
use std::{path::PathBuf, process::ExitCode};

#[derive(Args)]
pub(super) struct EpcisExport {
    /// The product: 8, 12, 13 or 14 digits.
    #[arg(value_name = "GTIN")]
    gtin: Gtin,
    /// The pack's serial.
    #[arg(value_name = "SERIAL")]
    serial: Serial,
    /// The lot, for a pack of a lot behind a root that was never handled alone.
    #[arg(long, value_name = "LOT", requires = "serials")]
    lot: Option<LotNumber>,
    /// The serials of that lot, one a line in the order of the packs.
    #[arg(long, value_name = "FILE", requires = "lot")]
    serials: Option<PathBuf>,
}

impl EpcisExport {
    pub(super) async fn run(self, setup: &Setup) -> Result<ExitCode, Problem> {
        let proof = match (self.lot, &self.serials) {
            (Some(lot), Some(file)) => {
                let proof = book(self.gtin, file)?.proof(&self.serial);
                let proof = proof.ok_or_else(|| {
                    let file = file.display();
                    Problem::Typed(format!("{file}: the serial is not in this file"))
                })?;
                Some((lot, proof))
            }
            _ => None,
        };
        let chain = connect(setup).await?;
        let trace = chain.trace(self.gtin, self.serial, proof).await?;
        let names = names(&chain, &trace).await?;
        if trace.truncated {
            eprintln!("there is more than fits: what happened first is left out");
        }
        let document = document(self.gtin, &self.serial, &trace, &names, now());
        println!("{}", pretty(&document));
        Ok(ExitCode::SUCCESS)
    }
}

/// The location numbers and shipments that a trace has numbers for.
async fn names(chain: &Chain, trace: &Trace) -> Result<Names, ChainError> {
    let mut names = Names {
        lot: chain.provenance_numbered_lot(trace.lot).await?,
        ..Names::default()
    };
    for entry in &trace.events {
        let site = entry.event.site;
        if !names.premises.contains_key(&site) {
            let found = chain.site(site).await?;
            let gln = found.and_then(|info| Gln::parse(&info.gln.to_string()).ok());
            names.premises.extend(gln.map(|gln| (site, gln)));
        }
        let Some(id) = entry.event.shipment else {
            continue;
        };
        if names.shipments.contains_key(&id) {
            continue;
        }
        let Some(shipment) = chain.provenance_shipment(id).await? else {
            continue;
        };
        for org in [shipment.from, shipment.to] {
            if !names.partners.contains_key(&org) {
                let found = chain.partner(org).await?;
                names
                    .partners
                    .extend(found.map(|partner| (org, partner.gln)));
            }
        }
        names.shipments.insert(id, shipment);
    }
    Ok(names)
}
