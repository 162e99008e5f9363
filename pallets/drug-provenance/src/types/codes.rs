//! Closed sets of codes.

use axonic_primitives::{closed, closed_codes};

closed_codes! {
    /// What a trading partner is authorised to do with medicines (21 USC 360eee(2), (9), (23);
    /// Directive 2001/83/EC).
    Licence, "trading partner licences" {
        /// Makes medicines.
        Manufacturer = 0, "Manufacturer";
        /// Packs medicines again.
        Repackager = 1, "Repackager";
        /// Distributes medicines.
        Wholesaler = 2, "Wholesaler";
        /// Carries and stores medicines for others and never owns them.
        LogisticsProvider = 3, "LogisticsProvider";
        /// Supplies medicines to the public.
        Dispenser = 4, "Dispenser";
        /// Sells medicines to places where this chain does not reach.
        Exporter = 5, "Exporter";
    }
}

closed! {
    /// How strictly a medicine is controlled (21 CFR 1308).
    pub enum Schedule {
        /// Schedule II.
        #[codec(index = 2)]
        II = 2,
        /// Schedule III.
        #[codec(index = 3)]
        III = 3,
        /// Schedule IV.
        #[codec(index = 4)]
        IV = 4,
        /// Schedule V.
        #[codec(index = 5)]
        V = 5,
    }

    /// Whether lots of a product can be commissioned.
    pub enum ProductStatus {
        /// They can.
        #[codec(index = 0)]
        Active = 0,
        /// No more.
        #[codec(index = 1)]
        Retired = 1,
    }

    /// How urgently a lot is taken back: the classes of 21 CFR 7.3(m), and a withdrawal, which no
    /// danger to health calls for.
    pub enum RecallKind {
        /// It may kill or do serious harm.
        #[codec(index = 0)]
        ClassI = 0,
        /// It may do harm that passes.
        #[codec(index = 1)]
        ClassII = 1,
        /// It is not likely to do harm.
        #[codec(index = 2)]
        ClassIII = 2,
        /// It is taken off the market for good.
        #[codec(index = 3)]
        Withdrawal = 3,
    }

    /// How packs left the chain.
    pub enum Fate {
        /// Supplied to the public (CBV `dispensed`).
        #[codec(index = 0)]
        Dispensed = 0,
        /// Sold to where this chain does not reach (CBV `retail_sold` abroad).
        #[codec(index = 1)]
        Exported = 1,
        /// Taken as a sample by an authority (EU 2016/161 Art. 16, 22).
        #[codec(index = 2)]
        Sampled = 2,
        /// Destroyed, or handed in to be (CBV `destroyed`).
        #[codec(index = 3)]
        Destroyed = 3,
        /// Stolen (CBV `stolen`), or lost on the way.
        #[codec(index = 4)]
        Stolen = 4,
        /// Taken off the market for another reason (CBV `inactive`).
        #[codec(index = 5)]
        Decommissioned = 5,
        /// Packed again, as packs of another lot.
        #[codec(index = 6)]
        Transformed = 6,
    }

    /// Why packs are taken off the market.
    pub enum DecommissionReason {
        /// Sold to where this chain does not reach.
        #[codec(index = 0)]
        Exported = 0,
        /// An authority took a sample.
        #[codec(index = 1)]
        Sampled = 1,
        /// They were destroyed.
        #[codec(index = 2)]
        Destroyed = 2,
        /// They are to be destroyed.
        #[codec(index = 3)]
        ForDestruction = 3,
        /// They were damaged.
        #[codec(index = 4)]
        Damaged = 4,
        /// Their code cannot be read.
        #[codec(index = 5)]
        Unreadable = 5,
        /// Something else, known to whoever holds the event.
        #[codec(index = 6)]
        Other = 6,
    }

    /// What a pack is, as CBV 2.0 section 7.2 calls it where it has a word.
    pub enum Disposition {
        /// At rest and not in a container (`active`).
        #[codec(index = 0)]
        Active = 0,
        /// In a container (`container_closed`).
        #[codec(index = 1)]
        Packed = 1,
        /// On the way (`in_transit`).
        #[codec(index = 2)]
        InTransit = 2,
        /// Part of it was supplied to the public (`partially_dispensed`).
        #[codec(index = 3)]
        PartiallyDispensed = 3,
        /// `dispensed`.
        #[codec(index = 4)]
        Dispensed = 4,
        /// Exported.
        #[codec(index = 5)]
        Exported = 5,
        /// Taken as a sample.
        #[codec(index = 6)]
        Sampled = 6,
        /// `destroyed`.
        #[codec(index = 7)]
        Destroyed = 7,
        /// `stolen`.
        #[codec(index = 8)]
        Stolen = 8,
        /// `inactive`.
        #[codec(index = 9)]
        Decommissioned = 9,
        /// Packed again.
        #[codec(index = 10)]
        Transformed = 10,
    }

    /// Where a shipment stands.
    pub enum ShipmentStatus {
        /// On the way.
        #[codec(index = 0)]
        Open = 0,
        /// Taken back by the sender before it was received.
        #[codec(index = 1)]
        Voided = 1,
        /// Received; whether everything was as announced, its open discrepancies say.
        #[codec(index = 2)]
        Received = 2,
    }

    /// Whether goods move on or back.
    pub enum Direction {
        /// To the next one in the chain.
        #[codec(index = 0)]
        Forward = 0,
        /// To whoever supplied them, or to the owner of the product.
        #[codec(index = 1)]
        Return = 1,
    }

    /// What was wrong with a shipment.
    pub enum DiscrepancyKind {
        /// It was announced and is not there.
        #[codec(index = 0)]
        Missing = 0,
        /// It is there and was not announced.
        #[codec(index = 1)]
        Extra = 1,
    }

    /// How a discrepancy came to an end.
    pub enum Resolution {
        /// The consignee found what was missing, and has it.
        #[codec(index = 0)]
        Found = 0,
        /// The sender never shipped what was missing, and has it.
        #[codec(index = 1)]
        NotShipped = 1,
        /// The sender reports what was missing as lost or stolen.
        #[codec(index = 2)]
        Lost = 2,
        /// Whoever has custody of what was too many lets the consignee keep it.
        #[codec(index = 3)]
        Accepted = 3,
        /// The consignee gave back what was too many, or miscounted.
        #[codec(index = 4)]
        SentBack = 4,
    }

    /// Why a product could not be verified, or that it was.
    pub enum VerificationAnswer {
        /// The responder made it, and it is what it says.
        #[codec(index = 0)]
        Verified = 0,
        /// The responder does not know it.
        #[codec(index = 1)]
        Unknown = 1,
        /// The responder has reason to believe that it is not legitimate.
        #[codec(index = 2)]
        Suspect = 2,
        /// It is genuine and must not be distributed.
        #[codec(index = 3)]
        NotForDistribution = 3,
    }

    /// What an investigation found.
    pub enum Outcome {
        /// Legitimate: it may move again.
        #[codec(index = 0)]
        Cleared = 0,
        /// Illegitimate: it is held until it is destroyed.
        #[codec(index = 1)]
        Illegitimate = 1,
    }

    /// What happened, in the words of CBV 2.0 section 7.1 where it has one.
    pub enum EventKind {
        /// `commissioning`.
        #[codec(index = 0)]
        Commissioning = 0,
        /// `packing`.
        #[codec(index = 1)]
        Packing = 1,
        /// `unpacking`.
        #[codec(index = 2)]
        Unpacking = 2,
        /// A container was sealed or opened (`sealing`).
        #[codec(index = 3)]
        Sealing = 3,
        /// `shipping`.
        #[codec(index = 4)]
        Shipping = 4,
        /// `void_shipping`.
        #[codec(index = 5)]
        VoidShipping = 5,
        /// `receiving`.
        #[codec(index = 6)]
        Receiving = 6,
        /// A discrepancy came to an end.
        #[codec(index = 7)]
        Resolving = 7,
        /// `shipping` back.
        #[codec(index = 8)]
        Returning = 8,
        /// `dispensing`, in full or in part.
        #[codec(index = 9)]
        Dispensing = 9,
        /// A decommissioning was undone.
        #[codec(index = 10)]
        Undoing = 10,
        /// `decommissioning`.
        #[codec(index = 11)]
        Decommissioning = 11,
        /// A theft was reported.
        #[codec(index = 12)]
        Stealing = 12,
        /// `repackaging`.
        #[codec(index = 13)]
        Transforming = 13,
    }

    /// Why an event is said to be wrong (CBV 2.0 section 7.5, error reasons).
    pub enum ErrorReason {
        /// It did not happen (`did_not_occur`).
        #[codec(index = 0)]
        DidNotOccur = 0,
        /// What was captured is wrong (`incorrect_data`).
        #[codec(index = 1)]
        IncorrectData = 1,
    }

    /// What a scanner is told.
    pub enum Verdict {
        /// The maker commissioned this pack, and nothing is against it.
        #[codec(index = 0)]
        Authentic = 0,
        /// The lot is real and nothing is against it, but nobody showed that the serial is one of
        /// its serials. Ask again with the proof.
        #[codec(index = 1)]
        Unproven = 1,
        /// No such product, lot or serial was ever commissioned.
        #[codec(index = 2)]
        Unknown = 2,
        /// The serial belongs to another lot, or the lot expires on another day.
        #[codec(index = 3)]
        Mismatch = 3,
        /// It was dispensed already.
        #[codec(index = 4)]
        Dispensed = 4,
        /// Part of it was dispensed already.
        #[codec(index = 5)]
        PartiallyDispensed = 5,
        /// It was exported.
        #[codec(index = 6)]
        Exported = 6,
        /// An authority took it as a sample.
        #[codec(index = 7)]
        Sampled = 7,
        /// It was destroyed.
        #[codec(index = 8)]
        Destroyed = 8,
        /// It was stolen, or lost on the way.
        #[codec(index = 9)]
        Stolen = 9,
        /// It was taken off the market.
        #[codec(index = 10)]
        Decommissioned = 10,
        /// It was packed again.
        #[codec(index = 11)]
        Transformed = 11,
        /// Somebody suspects it, and the investigation is not closed or found it illegitimate.
        #[codec(index = 12)]
        Suspect = 12,
        /// Its lot is recalled.
        #[codec(index = 13)]
        Recalled = 13,
        /// Its lot is withdrawn.
        #[codec(index = 14)]
        Withdrawn = 14,
        /// Its lot is quarantined.
        #[codec(index = 15)]
        Quarantined = 15,
        /// Its lot has expired.
        #[codec(index = 16)]
        Expired = 16,
        /// The proof that was given does not show that the serial is one of the lot's. It is a
        /// counterfeit, unless somebody has the right proof.
        #[codec(index = 17)]
        NotProven = 17,
    }
}
