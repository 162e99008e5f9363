//! Why the pallet refuses.

use frame_support::pallet_macros::pallet_section;

/// A part of the pallet's declaration, which stands in the crate's root.
#[pallet_section]
mod errors {
    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// A GTIN has at most 14 digits, the last of which is the check digit.
        InvalidGtin,
        /// A GLN has 13 digits, the last of which is the check digit.
        InvalidGln,
        /// An SSCC has 18 digits, the last of which is the check digit.
        InvalidSscc,
        /// A serial has 1 to 20 characters of GS1's character set 82.
        InvalidSerial,
        /// A lot number has 1 to 20 characters of GS1's character set 82.
        InvalidLot,
        /// There is no such day.
        InvalidDate,
        /// The scan is neither an element string nor a Digital Link as GS1's rules have them.
        ScanUnreadable,
        /// A scan of a pack has its GTIN, its serial and its lot.
        ScanIncomplete,
        /// The lot would expire before it is made. Check the year.
        ExpiryInPast,
        /// A lot has 1 to 1,048,576 packs.
        InvalidUnits,
        /// The root of a tree of serials is not zero. Build it from the lot's serials.
        InvalidSerialRoot,
        /// The event has not happened yet. Check the clock.
        EventTimeInFuture,
        /// The event's hash is zero. Compute the CBV event hash.
        EventHashMissing,
        /// The organisation recorded another event under this hash. Compute it from this one.
        EventHashInUse,
        /// The premises are not open, or not the organisation's.
        SiteNotFound,
        /// The staff member is tied to other premises.
        WrongPremises,

        /// The organisation is not a trading partner, or is not licensed for this.
        PartnerNotAuthorized,
        /// The trading partner's authorisation has run out. Renew it with the authority.
        AuthorisationExpired,
        /// The authorisation would have ended already, or allows nothing or the unknown.
        InvalidAuthorisation,
        /// The location number is another partner's.
        GlnInUse,
        /// There is no such member, or it is not active.
        MemberNotFound,
        /// The pharmacist has no live credential to dispense here.
        PharmacistNotLicensed,

        /// No such product is registered.
        ProductNotFound,
        /// The product is registered already.
        ProductAlreadyExists,
        /// The product is retired.
        ProductNotActive,
        /// The product is another organisation's.
        NotBrandOwner,
        /// There is no such lot.
        LotNotFound,
        /// The product has a lot of this number already.
        LotAlreadyExists,
        /// The serial was given to a pack or container of this product already.
        SerialAlreadyCommissioned,
        /// The proof does not show that the serial is the lot's.
        BadMerkleProof,
        /// The lot's serials are behind a root. Give the proof.
        ProofMissing,
        /// The serial was never commissioned in this lot.
        SerialUnknown,
        /// The lot expires on another day than the code says.
        ExpiryMismatch,
        /// The lot has no room for so many packs, or its serials are not listed.
        LotFull,
        /// Give at least one serial.
        NoSerials,
        /// The lot has no such packs.
        PacksNotFound,
        /// The packs do not all lie at one place. Name them run by run.
        PacksApart,

        /// There is no such container.
        ContainerNotFound,
        /// Another organisation has custody. Only the custodian can do this.
        NotCustodian,
        /// It is in a container. Take it out first.
        AlreadyAggregated,
        /// It is not directly in this container.
        NotInParent,
        /// The container is sealed. Open it first.
        ContainerSealed,
        /// The container is sealed, or open, already.
        SealUnchanged,
        /// The container is not empty.
        ContainerNotEmpty,
        /// A container does not go into itself.
        AggregationCycle,
        /// Containers are nested at most 5 deep.
        MaxDepthExceeded,
        /// One call moves 1 to 256 children.
        MaxChildrenExceeded,
        /// A container holds packs of at most 16 lots.
        MaxLotsExceeded,
        /// What goes into one container has one owner and is at one site.
        MixedHoldings,

        /// A shipment has at least one thing in it, and containers are not empty.
        EmptyShipment,
        /// The organisation ships to itself.
        SameOrganisation,
        /// There is no such shipment.
        ShipmentNotFound,
        /// The shipment was received or taken back already.
        ShipmentNotOpen,
        /// Another organisation is the consignee.
        NotConsignee,
        /// Another organisation sent it.
        NotConsignor,
        /// Goods that change hands need transaction information and statement.
        TransactionStatementMissing,
        /// Goods go back to whoever supplied them or to the owner of the product.
        NotSupplier,
        /// It is on its way. Receive it first.
        InTransit,
        /// It is not in this shipment.
        NotInShipment,
        /// It is announced in this shipment.
        NotExtra,
        /// A discrepancy about it is not resolved.
        DiscrepancyUnresolved,
        /// There is no such discrepancy, or it is resolved.
        DiscrepancyNotOpen,
        /// A discrepancy of this kind does not end like this.
        ResolutionNotApplicable,
        /// Another organisation resolves it like this.
        NotResolver,

        /// The lot is recalled or withdrawn. Send it back.
        LotRecalled,
        /// The lot has expired.
        LotExpired,
        /// The lot is quarantined.
        LotQuarantined,
        /// The lot is neither quarantined nor recalled.
        LotNotRecalled,
        /// An authority ordered it. Only an authority takes it back.
        NotAuthority,
        /// The lot already has this status or a graver one, or was withdrawn for good.
        LotStatusUnchanged,
        /// It is suspect, and held until an investigation clears it.
        ItemSuspect,
        /// The pack was dispensed already.
        AlreadyDispensed,
        /// The pack was exported already.
        AlreadyExported,
        /// The pack was taken as a sample already.
        AlreadySampled,
        /// The pack was destroyed already, or is to be.
        AlreadyDestroyed,
        /// The pack was reported stolen.
        ReportedStolen,
        /// The pack was taken off the market already.
        AlreadyDecommissioned,
        /// The pack was packed again, as another.
        AlreadyTransformed,
        /// Part of the pack was dispensed already, so it can only be dispensed or destroyed.
        AlreadyPartiallyDispensed,
        /// The pack is not with a dispenser, or its content cannot be dispensed.
        NotDispensable,
        /// More than ten days have passed (EU 2016/161 Art. 13(1)(b)).
        UndoWindowElapsed,
        /// Only the organisation and premises that did it can undo it (Art. 13(1)(a)).
        UndoWrongPremises,
        /// The organisation was authorised anew since. Only who acts under the same authorisation
        /// can undo it (Art. 13(1)(a)).
        AuthorisationChanged,
        /// What was destroyed, is to be, was stolen or reached the public is not undone (Art. 13).
        UndoForbidden,
        /// The packs are in the chain, so there is nothing to undo.
        NothingToUndo,
        /// One call packs packs of at most 16 lots again.
        TooManySources,
        /// Packs are packed again, not containers. Take the packs out and name them.
        NotPacks,
        /// The packs are another organisation's, so all that come of them are to be commissioned at
        /// once. Give the root of their serials.
        NotOwner,
        /// What was packed again does not last longer than what it was made of.
        ExpiryBeyondSources,
        /// Name at least one thing.
        NothingNamed,

        /// There is no such request for verification.
        VerificationNotFound,
        /// The request is not pending.
        VerificationNotPending,
        /// Another organisation is to answer.
        NotResponder,
        /// The request was answered already.
        AlreadyAnswered,
        /// There is no such investigation.
        InvestigationNotFound,
        /// An investigation of it is open.
        InvestigationOpen,
        /// The investigation is closed.
        InvestigationClosed,
        /// Another organisation opened it. The authority can close it too.
        NotInvestigator,
        /// There is no such event.
        EventUnknown,
        /// Another organisation recorded the event.
        NotRecorder,
        /// The event was declared wrong already.
        AlreadyCorrected,
        /// The pack is what it should be, or cannot be told from one that is.
        NothingToAlert,
        /// It is still open, is not old enough, or is not there.
        NotPrunable,
    }
}
