//! The words of the Core Business Vocabulary (CBV 2.0, section 7), and the three ways in which
//! documents write them.

/// A vocabulary of CBV.
pub(crate) struct Vocabulary {
    /// What its words are.
    pub what: &'static str,
    /// Where CBV 2.0 lists them.
    pub section: &'static str,
    /// How its words begin in EPCIS 1.2.
    urn: &'static str,
    /// How its words begin as web addresses, EPCIS 2.0's full form.
    web: &'static str,
    words: &'static [&'static str],
}

/// What was being done.
pub(crate) const BIZ_STEP: Vocabulary = Vocabulary {
    what: "business step",
    section: "7.1",
    urn: "urn:epcglobal:cbv:bizstep:",
    web: "https://ref.gs1.org/cbv/BizStep-",
    words: &[
        "accepting",
        "arriving",
        "assembling",
        "collecting",
        "commissioning",
        "consigning",
        "creating_class_instance",
        "cycle_counting",
        "decommissioning",
        "departing",
        "destroying",
        "disassembling",
        "dispensing",
        "encoding",
        "entering_exiting",
        "holding",
        "inspecting",
        "installing",
        "killing",
        "loading",
        "other",
        "packing",
        "picking",
        "receiving",
        "removing",
        "repackaging",
        "repairing",
        "replacing",
        "reserving",
        "retail_selling",
        "sampling",
        "sensor_reporting",
        "shipping",
        "staging_outbound",
        "stock_taking",
        "stocking",
        "storing",
        "transporting",
        "unloading",
        "unpacking",
        "void_shipping",
    ],
};

/// What the things are afterwards.
pub(crate) const DISPOSITION: Vocabulary = Vocabulary {
    what: "disposition",
    section: "7.2",
    urn: "urn:epcglobal:cbv:disp:",
    web: "https://ref.gs1.org/cbv/Disp-",
    words: &[
        "active",
        "available",
        "completeness_inferred",
        "completeness_verified",
        "conformant",
        "container_closed",
        "container_open",
        "damaged",
        "destroyed",
        "dispensed",
        "disposed",
        "encoded",
        "expired",
        "in_progress",
        "in_transit",
        "inactive",
        "mismatch_class",
        "mismatch_instance",
        "mismatch_quantity",
        "needs_replacement",
        "no_pedigree_match",
        "non_conformant",
        "non_sellable_other",
        "partially_dispensed",
        "recalled",
        "reserved",
        "retail_sold",
        "returned",
        "sellable_accessible",
        "sellable_not_accessible",
        "stolen",
        "unavailable",
        "unknown",
    ],
};

/// What kind of document a business transaction is.
pub(crate) const TRANSACTION: Vocabulary = Vocabulary {
    what: "business transaction type",
    section: "7.3",
    urn: "urn:epcglobal:cbv:btt:",
    web: "https://ref.gs1.org/cbv/BTT-",
    words: &[
        "bol",
        "cert",
        "desadv",
        "inv",
        "pedigree",
        "po",
        "poc",
        "prodorder",
        "recadv",
        "rma",
        "testprd",
        "testres",
        "upevt",
    ],
};

/// What a source or a destination is.
pub(crate) const PARTY: Vocabulary = Vocabulary {
    what: "source or destination type",
    section: "7.4",
    urn: "urn:epcglobal:cbv:sdt:",
    web: "https://ref.gs1.org/cbv/SDT-",
    words: &["location", "owning_party", "possessing_party"],
};

/// Why an event is wrong.
pub(crate) const ERROR_REASON: Vocabulary = Vocabulary {
    what: "error reason",
    section: "7.5",
    urn: "urn:epcglobal:cbv:er:",
    web: "https://ref.gs1.org/cbv/ER-",
    words: &["did_not_occur", "incorrect_data"],
};

const ALL: [&Vocabulary; 5] = [&BIZ_STEP, &DISPOSITION, &TRANSACTION, &PARTY, &ERROR_REASON];

impl Vocabulary {
    /// The word itself, if it is written as one of this vocabulary: whether there is such a word or
    /// not. `None` for the addresses of somebody else's words, which EPCIS allows.
    pub fn word<'a>(&self, text: &'a str) -> Option<&'a str> {
        let bare = || (!text.contains(':')).then_some(text);
        text.strip_prefix(self.urn)
            .or_else(|| text.strip_prefix(self.web))
            .or_else(bare)
    }

    /// The full form: a web address.
    pub fn expanded(&self, text: &str) -> String {
        match self.word(text) {
            Some(word) => format!("{}{word}", self.web),
            None => text.into(),
        }
    }

    /// Why the text is refused: it says that it is a word of the vocabulary, and is not.
    pub fn fault(&self, text: &str) -> Option<String> {
        let word = self.word(text)?;
        if self.words.contains(&word) {
            return None;
        }
        let Self { what, section, .. } = self;
        Some(format!(
            "CBV has no such {what}; check the spelling, or give a web address of your own (CBV \
             2.0 section {section})"
        ))
    }
}

/// Any word in the form of EPCIS 1.2 in its full form; everything else as it is.
pub(crate) fn modern(text: &str) -> String {
    let replaced = ALL.iter().find_map(|vocabulary| {
        let word = text.strip_prefix(vocabulary.urn)?;
        Some(format!("{}{word}", vocabulary.web))
    });
    replaced.unwrap_or_else(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_however_it_is_written() {
        for written in [
            "shipping",
            "urn:epcglobal:cbv:bizstep:shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping",
        ] {
            assert_eq!(BIZ_STEP.word(written), Some("shipping"));
            let full = "https://ref.gs1.org/cbv/BizStep-shipping";
            assert_eq!(BIZ_STEP.expanded(written), full);
            assert_eq!(BIZ_STEP.fault(written), None);
        }
        let own = "https://example.com/steps/weighing";
        assert_eq!(BIZ_STEP.word(own), None);
        assert_eq!(BIZ_STEP.expanded(own), own);
        assert_eq!(BIZ_STEP.fault(own), None);
    }

    #[test]
    fn what_cbv_does_not_have_is_told_with_its_section() {
        let told = DISPOSITION.fault("lost").unwrap();
        assert!(told.contains("no such disposition"), "{told}");
        assert!(told.contains("section 7.2"), "{told}");
    }
}
