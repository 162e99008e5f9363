//! The words of consent (HL7 FHIR R5 `Consent`, HL7 v3 vocabularies) and the gate that others ask.

use crate::{
    closed_codes, credentials::CredentialDenial, data, sent, AccountId, BreakGlassId, Codes,
    ConsentId, OrgId, PatientId, Period,
};
use codec::{Decode, Encode};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_core::H256;

/// A query or provision names at most this many FHIR resource types.
pub const MAX_CLASSES: u32 = 16;
/// A query or provision names at most this many committed codes.
pub const MAX_CODES: u32 = 16;
/// A query or provision refers to at most this many pieces of data.
pub const MAX_DATA: u32 = 8;
/// A patient holds at most this many consents that are in force or expired but not withdrawn under
/// one id, and a decision reads no more under all ids together, so that it is bounded work whatever
/// the patient holds.
pub const MAX_LIVE_CONSENTS: u32 = 256;

closed_codes! {
    /// What somebody does with data (FHIR R5 `consent-action`).
    Action, "consent actions (FHIR R5 consentaction)" {
        /// Gather it.
        Collect = 0, "collect";
        /// Read it.
        Access = 1, "access";
        /// Work with it.
        Use = 2, "use";
        /// Give it to others.
        Disclose = 3, "disclose";
        /// Amend it.
        Correct = 4, "correct";
    }
}

closed_codes! {
    /// Why somebody needs data (HL7 v3 `PurposeOfUse`, code system ActReason).
    PurposeOfUse, "purposes of use (HL7 v3 ActReason)" {
        /// Treatment.
        Treat = 0, "TREAT";
        /// Emergency treatment.
        EmergencyTreat = 1, "ETREAT";
        /// Breaking the glass.
        BreakGlass = 2, "BTG";
        /// Care management.
        CareManagement = 3, "CAREMGT";
        /// Healthcare payment.
        Payment = 4, "HPAYMT";
        /// Healthcare operations.
        Operations = 5, "HOPERAT";
        /// Healthcare research.
        Research = 6, "HRESCH";
        /// Clinical trial research.
        ClinicalTrial = 7, "CLINTRCH";
        /// Public health.
        PublicHealth = 8, "PUBHLTH";
        /// Healthcare marketing.
        Marketing = 9, "HMARKT";
        /// Patient requested.
        PatientRequested = 10, "PATRQT";
        /// Family requested.
        FamilyRequested = 11, "FAMRQT";
        /// Power of attorney.
        PowerOfAttorney = 12, "PWATRNY";
        /// Support network.
        SupportNetwork = 13, "SUPNWK";
        /// Healthcare legal.
        Legal = 14, "HLEGAL";
        /// Healthcare accreditation.
        Accreditation = 15, "HACCRED";
        /// Quality improvement.
        QualityImprovement = 16, "HQUALIMP";
        /// Disaster.
        Disaster = 17, "DISASTER";
        /// Threat.
        Threat = 18, "THREAT";
    }
}

impl PurposeOfUse {
    /// Whether the purpose may be served by breaking the glass.
    pub const fn is_emergency(self) -> bool {
        self.other_emergency().is_some()
    }

    /// The other of the two purposes that may be served by breaking the glass, for one of them.
    pub const fn other_emergency(self) -> Option<Self> {
        match self {
            Self::EmergencyTreat => Some(Self::BreakGlass),
            Self::BreakGlass => Some(Self::EmergencyTreat),
            _ => None,
        }
    }
}

closed_codes! {
    /// Security labels: confidentiality (HL7 v3 Confidentiality) and sensitivity (HL7 v3 ActCode).
    Label, "security labels (HL7 v3 Confidentiality and ActCode)" {
        /// Unrestricted.
        Unrestricted = 0, "U";
        /// Low.
        Low = 1, "L";
        /// Moderate.
        Moderate = 2, "M";
        /// Normal.
        Normal = 3, "N";
        /// Restricted.
        Restricted = 4, "R";
        /// Very restricted.
        VeryRestricted = 5, "V";
        /// Substance abuse.
        SubstanceAbuse = 6, "ETH";
        /// HIV/AIDS.
        Hiv = 7, "HIV";
        /// Psychiatry.
        Psychiatry = 8, "PSY";
        /// Sexual assault, abuse or domestic violence.
        SexualAndDomesticViolence = 9, "SDV";
        /// Sexuality and reproductive health.
        Sexuality = 10, "SEX";
        /// Specially protected information.
        SpeciallyProtected = 11, "SPI";
        /// Behavioural health.
        BehaviouralHealth = 12, "BH";
        /// Genetic disease.
        GeneticDisease = 13, "GDIS";
        /// Mental health.
        MentalHealth = 14, "MH";
        /// Opioid use disorder.
        OpioidUseDisorder = 15, "OPIOIDUD";
        /// Alcohol use disorder.
        AlcoholUseDisorder = 16, "ETHUD";
        /// Substance use disorder.
        SubstanceUseDisorder = 17, "SUD";
        /// Sickle cell disease.
        SickleCell = 18, "SICKLE";
        /// Sexually transmitted disease.
        SexuallyTransmitted = 19, "STD";
        /// Taboo.
        Taboo = 20, "TBOO";
        /// Violence.
        Violence = 21, "VIO";
        /// Psychotherapy note.
        PsychotherapyNote = 22, "PSYTHPN";
        /// Celebrity or other very important person.
        Celebrity = 23, "CEL";
        /// Employee of the custodian.
        Employee = 24, "EMP";
    }
}

impl Label {
    /// The labels that grade confidentiality (HL7 v3 Confidentiality). The others say what makes
    /// data sensitive, so a query that names labels of one kind leaves the other kind open.
    pub const CONFIDENTIALITY: [Self; 6] = [
        Self::Unrestricted,
        Self::Low,
        Self::Moderate,
        Self::Normal,
        Self::Restricted,
        Self::VeryRestricted,
    ];
}

closed_codes! {
    /// What kind of agreement a consent is (FHIR R4 `consentscope`).
    Scope, "consent scopes (FHIR consentscope)" {
        /// To be treated.
        Treatment = 0, "treatment";
        /// To collect, access, use or disclose information.
        PatientPrivacy = 1, "patient-privacy";
        /// To take part in research.
        Research = 2, "research";
        /// Instructions for when the patient cannot speak.
        AdvanceDirective = 3, "adr";
    }
}

impl Scope {
    /// Whether a consent of this scope speaks about the purpose at all.
    ///
    /// Treatment and advance directives speak about care, research about research, and a privacy
    /// consent about every use of information.
    pub const fn fits(self, purpose: PurposeOfUse) -> bool {
        use PurposeOfUse::*;
        match self {
            Self::PatientPrivacy => true,
            Self::Treatment | Self::AdvanceDirective => {
                matches!(
                    purpose,
                    Treat | EmergencyTreat | BreakGlass | CareManagement
                )
            }
            Self::Research => matches!(purpose, Research | ClinicalTrial),
        }
    }

    /// The scope under which the consortium's default for a purpose is kept.
    pub const fn of(purpose: PurposeOfUse) -> Self {
        if Self::Treatment.fits(purpose) {
            Self::Treatment
        } else if Self::Research.fits(purpose) {
            Self::Research
        } else {
            Self::PatientPrivacy
        }
    }
}

data! {
    /// One piece of data, or what it hangs together with (FHIR R5 `consent-data-meaning`, and the
    /// custodian, which FHIR expresses as an actor in the role `CST`).
    #[derive(Copy)]
    pub enum DataRef {
        /// This record.
        #[codec(index = 0)]
        Instance(H256),
        /// This record and everything that hangs together with it.
        #[codec(index = 1)]
        Related(H256),
        /// This record and what depends on it.
        #[codec(index = 2)]
        Dependents(H256),
        /// What this author wrote.
        #[codec(index = 3)]
        AuthoredBy(H256),
        /// What this organisation keeps.
        #[codec(index = 4)]
        HeldBy(OrgId),
    }
}

impl DataRef {
    /// Whether both speak about the same side of the data, so that one can answer for the other.
    pub fn is_alike(&self, other: &Self) -> bool {
        core::mem::discriminant(self) == core::mem::discriminant(other)
    }

    /// Whether what is said about this is also said about `other`: a record is among what is
    /// related to it or depends on it.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Related(whole) | Self::Dependents(whole), Self::Instance(one)) => whole == one,
            _ => self == other,
        }
    }
}

sent! {
    /// Who would receive the data.
    #[serde(deny_unknown_fields)]
    pub struct Recipient {
        /// The organisation.
        pub org: OrgId,
        /// The member of its staff, if it is known.
        #[serde(default)]
        pub practitioner: Option<AccountId>,
    }

    /// What somebody wants to do, put to the patient's consents.
    ///
    /// What it does not name is unknown, not absent: provisions about it become obligations.
    #[serde(deny_unknown_fields)]
    pub struct AccessQuery {
        /// Who would receive the data.
        pub recipient: Recipient,
        /// What they would do with it.
        pub action: Action,
        /// Why.
        pub purpose: PurposeOfUse,
        /// The FHIR resource types of the data. Empty: not known.
        #[serde(default)]
        pub classes: BoundedVec<ResourceType, ConstU32<MAX_CLASSES>>,
        /// The security labels of the data. Empty: not known.
        #[serde(default)]
        pub labels: Codes<Label>,
        /// Commitments to the codes of the data. Empty: not known.
        #[serde(default)]
        pub codes: BoundedVec<H256, ConstU32<MAX_CODES>>,
        /// Which data. Empty: not known.
        #[serde(default)]
        pub data: BoundedVec<DataRef, ConstU32<MAX_DATA>>,
        /// When the data came about. Absent: not known.
        #[serde(default)]
        pub data_period: Option<Period>,
    }
}

data! {
    /// What a permit rests on.
    #[derive(Copy)]
    pub enum Basis {
        /// A consent in a version of it.
        #[codec(index = 0)]
        Consent {
            /// Which consent.
            consent: ConsentId,
            /// Raised by every change of the consent's status or verification.
            version: u32,
        },
        /// An emergency access that is open.
        #[codec(index = 1)]
        BreakGlass(BreakGlassId),
        /// The consortium's default for this scope, because no consent applied.
        #[codec(index = 2)]
        Default(Scope),
    }

    /// Why the gate stays shut.
    #[derive(Copy)]
    pub enum Denial {
        /// There is no such patient.
        #[codec(index = 0)]
        PatientNotFound,
        /// The patient is suspended, deceased or erased.
        #[codec(index = 1)]
        PatientNotActive,
        /// The receiving organisation is not a member in good standing, or the practitioner does
        /// not act for it.
        #[codec(index = 2)]
        RecipientNotActive,
        /// A consent denies it.
        #[codec(index = 3)]
        ConsentDenies(ConsentId),
        /// No consent applies, and the consortium's default for this scope denies it.
        #[codec(index = 4)]
        DefaultDenies(Scope),
        /// No consent applies, and there is no default.
        #[codec(index = 5)]
        NoConsent,
        /// An emergency purpose needs a practitioner with a live credential.
        #[codec(index = 6)]
        NotCredentialed,
        /// The practitioner's credential does not carry the emergency privilege.
        #[codec(index = 7)]
        EmergencyPrivilegeMissing,
        /// The query has a label the chain does not know, or a period that ends before it starts.
        #[codec(index = 8)]
        MalformedQuery,
        /// No gate is wired here.
        #[codec(index = 9)]
        NoGate,
        /// The practitioner's credential is not valid yet.
        #[codec(index = 10)]
        CredentialNotYetValid,
        /// The practitioner's credential has expired.
        #[codec(index = 11)]
        CredentialExpired,
        /// The practitioner's credential is suspended.
        #[codec(index = 12)]
        CredentialSuspended,
        /// The practitioner's credential was revoked.
        #[codec(index = 13)]
        CredentialRevoked,
        /// Whoever issued the practitioner's credential is no longer believed.
        #[codec(index = 14)]
        IssuerDistrusted,
        /// The practitioner's credential is for another jurisdiction.
        #[codec(index = 15)]
        JurisdictionMismatch,
        /// The practitioner's credential was put on record only after the instant asked about.
        #[codec(index = 16)]
        CredentialBackDated,
        /// The patient holds more than [`MAX_LIVE_CONSENTS`] consents under all ids together.
        #[codec(index = 17)]
        TooManyConsents,
    }
}

impl From<CredentialDenial> for Denial {
    fn from(denial: CredentialDenial) -> Self {
        match denial {
            CredentialDenial::NotCredentialed => Self::NotCredentialed,
            CredentialDenial::PrivilegeMissing => Self::EmergencyPrivilegeMissing,
            CredentialDenial::NotYetValid => Self::CredentialNotYetValid,
            CredentialDenial::Expired => Self::CredentialExpired,
            CredentialDenial::Suspended => Self::CredentialSuspended,
            CredentialDenial::Revoked => Self::CredentialRevoked,
            CredentialDenial::IssuerDistrusted => Self::IssuerDistrusted,
            CredentialDenial::JurisdictionMismatch => Self::JurisdictionMismatch,
            CredentialDenial::BackDated => Self::CredentialBackDated,
        }
    }
}

/// Proof that the gate opened, to be stored with what it was opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Receipt {
    /// The patient, after merges.
    pub patient: PatientId,
    /// What the permit rests on.
    pub basis: Basis,
    /// Whether the permit came with obligations that the custodian has to meet.
    pub conditional: bool,
    /// How many consents were judged for it, which is what asking costs. In an emergency each is
    /// judged twice.
    pub consents: u32,
}

/// That the gate stayed shut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Why.
    pub denial: Denial,
    /// How many consents were judged for it, as in [`Receipt::consents`].
    pub consents: u32,
}

/// A denial before any consent was judged.
impl From<Denial> for Refused {
    fn from(denial: Denial) -> Self {
        Self {
            denial,
            consents: 0,
        }
    }
}

/// The gate other pallets pass before they act on a patient's data. Answered by `pallet-consent`.
///
/// Exists because a disclosure must rest on the same decision that the runtime API shows. The
/// default `()` refuses.
pub trait ConsentGate {
    /// Whether the patient's consents permit it now, and on what basis.
    ///
    /// Reads every consent in force or expired that the patient holds under whichever id,
    /// [`MAX_LIVE_CONSENTS`] at most: whoever asks charges for as many, and gives back what
    /// [`Receipt::consents`] or [`Refused::consents`] says was not needed.
    fn authorize(patient: &PatientId, query: &AccessQuery) -> Result<Receipt, Refused>;

    /// Lets the patient, whose key is `key`, hold this many consents of the largest size, the last
    /// of which permits `recipient` everything, for a benchmark.
    #[cfg(feature = "runtime-benchmarks")]
    fn permit_for_benchmark(patient: &PatientId, key: &AccountId, recipient: OrgId, consents: u32);
}

impl ConsentGate for () {
    fn authorize(_: &PatientId, _: &AccessQuery) -> Result<Receipt, Refused> {
        Err(Denial::NoGate.into())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn permit_for_benchmark(_: &PatientId, _: &AccountId, _: OrgId, _: u32) {}
}

closed_codes! {
    /// A FHIR resource type: every one of R5, then those that only R4 has.
    ///
    /// Too many for a [`Codes`] set; provisions and queries list them.
    #[allow(missing_docs)] // The names are the documentation.
    ResourceType, "FHIR resource types" {
        Account = 0, "Account";
        ActivityDefinition = 1, "ActivityDefinition";
        ActorDefinition = 2, "ActorDefinition";
        AdministrableProductDefinition = 3, "AdministrableProductDefinition";
        AdverseEvent = 4, "AdverseEvent";
        AllergyIntolerance = 5, "AllergyIntolerance";
        Appointment = 6, "Appointment";
        AppointmentResponse = 7, "AppointmentResponse";
        ArtifactAssessment = 8, "ArtifactAssessment";
        AuditEvent = 9, "AuditEvent";
        Basic = 10, "Basic";
        Binary = 11, "Binary";
        BiologicallyDerivedProduct = 12, "BiologicallyDerivedProduct";
        BiologicallyDerivedProductDispense = 13, "BiologicallyDerivedProductDispense";
        BodyStructure = 14, "BodyStructure";
        Bundle = 15, "Bundle";
        CapabilityStatement = 16, "CapabilityStatement";
        CarePlan = 17, "CarePlan";
        CareTeam = 18, "CareTeam";
        ChargeItem = 19, "ChargeItem";
        ChargeItemDefinition = 20, "ChargeItemDefinition";
        Citation = 21, "Citation";
        Claim = 22, "Claim";
        ClaimResponse = 23, "ClaimResponse";
        ClinicalImpression = 24, "ClinicalImpression";
        ClinicalUseDefinition = 25, "ClinicalUseDefinition";
        CodeSystem = 26, "CodeSystem";
        Communication = 27, "Communication";
        CommunicationRequest = 28, "CommunicationRequest";
        CompartmentDefinition = 29, "CompartmentDefinition";
        Composition = 30, "Composition";
        ConceptMap = 31, "ConceptMap";
        Condition = 32, "Condition";
        ConditionDefinition = 33, "ConditionDefinition";
        Consent = 34, "Consent";
        Contract = 35, "Contract";
        Coverage = 36, "Coverage";
        CoverageEligibilityRequest = 37, "CoverageEligibilityRequest";
        CoverageEligibilityResponse = 38, "CoverageEligibilityResponse";
        DetectedIssue = 39, "DetectedIssue";
        Device = 40, "Device";
        DeviceAssociation = 41, "DeviceAssociation";
        DeviceDefinition = 42, "DeviceDefinition";
        DeviceDispense = 43, "DeviceDispense";
        DeviceMetric = 44, "DeviceMetric";
        DeviceRequest = 45, "DeviceRequest";
        DeviceUsage = 46, "DeviceUsage";
        DiagnosticReport = 47, "DiagnosticReport";
        DocumentReference = 48, "DocumentReference";
        Encounter = 49, "Encounter";
        EncounterHistory = 50, "EncounterHistory";
        Endpoint = 51, "Endpoint";
        EnrollmentRequest = 52, "EnrollmentRequest";
        EnrollmentResponse = 53, "EnrollmentResponse";
        EpisodeOfCare = 54, "EpisodeOfCare";
        EventDefinition = 55, "EventDefinition";
        Evidence = 56, "Evidence";
        EvidenceReport = 57, "EvidenceReport";
        EvidenceVariable = 58, "EvidenceVariable";
        ExampleScenario = 59, "ExampleScenario";
        ExplanationOfBenefit = 60, "ExplanationOfBenefit";
        FamilyMemberHistory = 61, "FamilyMemberHistory";
        Flag = 62, "Flag";
        FormularyItem = 63, "FormularyItem";
        GenomicStudy = 64, "GenomicStudy";
        Goal = 65, "Goal";
        GraphDefinition = 66, "GraphDefinition";
        Group = 67, "Group";
        GuidanceResponse = 68, "GuidanceResponse";
        HealthcareService = 69, "HealthcareService";
        ImagingSelection = 70, "ImagingSelection";
        ImagingStudy = 71, "ImagingStudy";
        Immunization = 72, "Immunization";
        ImmunizationEvaluation = 73, "ImmunizationEvaluation";
        ImmunizationRecommendation = 74, "ImmunizationRecommendation";
        ImplementationGuide = 75, "ImplementationGuide";
        Ingredient = 76, "Ingredient";
        InsurancePlan = 77, "InsurancePlan";
        InventoryItem = 78, "InventoryItem";
        InventoryReport = 79, "InventoryReport";
        Invoice = 80, "Invoice";
        Library = 81, "Library";
        Linkage = 82, "Linkage";
        List = 83, "List";
        Location = 84, "Location";
        ManufacturedItemDefinition = 85, "ManufacturedItemDefinition";
        Measure = 86, "Measure";
        MeasureReport = 87, "MeasureReport";
        Medication = 88, "Medication";
        MedicationAdministration = 89, "MedicationAdministration";
        MedicationDispense = 90, "MedicationDispense";
        MedicationKnowledge = 91, "MedicationKnowledge";
        MedicationRequest = 92, "MedicationRequest";
        MedicationStatement = 93, "MedicationStatement";
        MedicinalProductDefinition = 94, "MedicinalProductDefinition";
        MessageDefinition = 95, "MessageDefinition";
        MessageHeader = 96, "MessageHeader";
        MolecularSequence = 97, "MolecularSequence";
        NamingSystem = 98, "NamingSystem";
        NutritionIntake = 99, "NutritionIntake";
        NutritionOrder = 100, "NutritionOrder";
        NutritionProduct = 101, "NutritionProduct";
        Observation = 102, "Observation";
        ObservationDefinition = 103, "ObservationDefinition";
        OperationDefinition = 104, "OperationDefinition";
        OperationOutcome = 105, "OperationOutcome";
        Organization = 106, "Organization";
        OrganizationAffiliation = 107, "OrganizationAffiliation";
        PackagedProductDefinition = 108, "PackagedProductDefinition";
        Parameters = 109, "Parameters";
        Patient = 110, "Patient";
        PaymentNotice = 111, "PaymentNotice";
        PaymentReconciliation = 112, "PaymentReconciliation";
        Permission = 113, "Permission";
        Person = 114, "Person";
        PlanDefinition = 115, "PlanDefinition";
        Practitioner = 116, "Practitioner";
        PractitionerRole = 117, "PractitionerRole";
        Procedure = 118, "Procedure";
        Provenance = 119, "Provenance";
        Questionnaire = 120, "Questionnaire";
        QuestionnaireResponse = 121, "QuestionnaireResponse";
        RegulatedAuthorization = 122, "RegulatedAuthorization";
        RelatedPerson = 123, "RelatedPerson";
        RequestOrchestration = 124, "RequestOrchestration";
        Requirements = 125, "Requirements";
        ResearchStudy = 126, "ResearchStudy";
        ResearchSubject = 127, "ResearchSubject";
        RiskAssessment = 128, "RiskAssessment";
        Schedule = 129, "Schedule";
        SearchParameter = 130, "SearchParameter";
        ServiceRequest = 131, "ServiceRequest";
        Slot = 132, "Slot";
        Specimen = 133, "Specimen";
        SpecimenDefinition = 134, "SpecimenDefinition";
        StructureDefinition = 135, "StructureDefinition";
        StructureMap = 136, "StructureMap";
        Subscription = 137, "Subscription";
        SubscriptionStatus = 138, "SubscriptionStatus";
        SubscriptionTopic = 139, "SubscriptionTopic";
        Substance = 140, "Substance";
        SubstanceDefinition = 141, "SubstanceDefinition";
        SubstanceNucleicAcid = 142, "SubstanceNucleicAcid";
        SubstancePolymer = 143, "SubstancePolymer";
        SubstanceProtein = 144, "SubstanceProtein";
        SubstanceReferenceInformation = 145, "SubstanceReferenceInformation";
        SubstanceSourceMaterial = 146, "SubstanceSourceMaterial";
        SupplyDelivery = 147, "SupplyDelivery";
        SupplyRequest = 148, "SupplyRequest";
        Task = 149, "Task";
        TerminologyCapabilities = 150, "TerminologyCapabilities";
        TestPlan = 151, "TestPlan";
        TestReport = 152, "TestReport";
        TestScript = 153, "TestScript";
        Transport = 154, "Transport";
        ValueSet = 155, "ValueSet";
        VerificationResult = 156, "VerificationResult";
        VisionPrescription = 157, "VisionPrescription";
        CatalogEntry = 158, "CatalogEntry";
        DeviceUseStatement = 159, "DeviceUseStatement";
        DocumentManifest = 160, "DocumentManifest";
        EffectEvidenceSynthesis = 161, "EffectEvidenceSynthesis";
        Media = 162, "Media";
        MedicinalProduct = 163, "MedicinalProduct";
        ResearchDefinition = 164, "ResearchDefinition";
        ResearchElementDefinition = 165, "ResearchElementDefinition";
        RequestGroup = 166, "RequestGroup";
        RiskEvidenceSynthesis = 167, "RiskEvidenceSynthesis";
    }
}
