use super::*;
use crate::check_digit::check_digit;

#[test]
fn published_numbers_have_their_check_digits() {
    // GS1's worked examples and keys from its standards, without and with the last digit.
    for (body, digit) in [
        (629104150021, 3),
        (950600013435, 2),
        (9506000, 2),
        (61414100003, 6),
        (10614141234567890, 8),
        (61414112345, 2),
        (8061414112345, 8),
        (0, 0),
    ] {
        assert_eq!(check_digit(body), digit, "{body}");
    }
}

proptest! {
    /// The last digit makes the weighted sum of all a multiple of ten.
    #[test]
    fn the_weighted_sum_is_a_multiple_of_ten(sscc in sscc()) {
        let sum: u32 = sscc
            .digits()
            .iter()
            .rev()
            .zip([1, 3].into_iter().cycle())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        prop_assert_eq!(sum % 10, 0);
    }

    /// One wrong digit never goes unnoticed, in any key.
    #[test]
    fn one_wrong_digit_is_noticed(
        gtin in gtin(),
        gln in gln(),
        sscc in sscc(),
        at in 0usize..18,
        change in 1u8..10,
    ) {
        let wrong = |digits: &[u8]| {
            let mut digits = digits.to_vec();
            let at = at % digits.len();
            digits[at] = b'0' + (digits[at] - b'0' + change) % 10;
            String::from_utf8(digits).unwrap()
        };
        let noticed = |error| matches!(error, Err(Error::WrongCheckDigit { .. }));
        prop_assert!(noticed(Gtin::parse(&wrong(&gtin.digits())).map(drop)));
        prop_assert!(noticed(Gln::parse(&wrong(&gln.digits())).map(drop)));
        prop_assert!(noticed(Sscc::parse(&wrong(&sscc.digits())).map(drop)));
    }

    /// The expected digit that the error names is the right one.
    #[test]
    fn the_error_names_the_right_digit(gln in gln(), change in 1u64..10) {
        let number = gln.as_u64();
        let wrong = number - number % 10 + (number + change) % 10;
        prop_assert_eq!(
            Gln::new(wrong),
            Err(Error::WrongCheckDigit { expected: (number % 10) as u8 })
        );
    }
}
