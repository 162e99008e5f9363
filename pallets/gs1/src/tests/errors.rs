use super::*;

const ALL: [Error; 19] = [
    Error::Empty,
    Error::NotDigits,
    Error::WrongLength { expected: 14 },
    Error::TooLong { max: 20 },
    Error::WrongCheckDigit { expected: 2 },
    Error::IllegalCharacter { at: 3 },
    Error::NotACalendarDay,
    Error::YearOutOfRange,
    Error::NotAnIsoDate,
    Error::UnknownSymbology,
    Error::UnknownApplicationIdentifier,
    Error::MissingSeparator,
    Error::Contradiction,
    Error::NotADigitalLink,
    Error::KeyMissing,
    Error::Misplaced,
    Error::BrokenPercentEncoding,
    Error::NotAnEpc,
    Error::WrongCompanyPrefix,
];

#[test]
fn each_error_has_a_sentence_of_its_own() {
    let sentences: Vec<_> = ALL.iter().map(Error::to_string).collect();
    for (at, sentence) in sentences.iter().enumerate() {
        assert!(!sentence.ends_with('.') && !sentence.contains('\n'));
        assert!(!sentences[at + 1..].contains(sentence), "{sentence}");
    }
}

#[test]
fn parameters_are_in_the_sentence() {
    assert!(ALL[2].to_string().contains("14 are needed"));
    assert!(ALL[3].to_string().contains("20 is the most"));
    assert!(ALL[4].to_string().contains("would be 2"));
    assert!(ALL[5].to_string().contains("position 3"));
}

#[test]
fn errors_go_where_errors_go() {
    let error: Box<dyn core::error::Error> = Box::new(Error::Empty);
    assert!(error.source().is_none());
}
