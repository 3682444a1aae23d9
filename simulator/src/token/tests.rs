//! Tokens lead to their order and to nothing else, and look like the UUIDs that BankID gives.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Kind, Locator, TokenText, Tokens};

const KINDS: [Kind; 4] = [Kind::OrderRef, Kind::AutoStart, Kind::QrStart, Kind::QrSecret];

fn any_kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(&KINDS)
}

/// Places that exist, near their bounds more often than chance would have it.
fn any_locator() -> impl Strategy<Value = Locator> {
    let slot = prop_oneof![0..4_u32, (1_u32 << 29) - 4..1 << 29, 0..1_u32 << 29];
    let sequence = prop_oneof![1..4_u64, (1_u64 << 39) - 4..1 << 39, 0..1_u64 << 39];
    (any::<u8>(), slot, sequence).prop_map(|(shard, slot, sequence)| Locator {
        shard,
        slot,
        sequence,
    })
}

/// UUID, version 4, in lower case (13.5), read here by hand.
#[track_caller]
fn check_form(token: &str) {
    let groups: Vec<_> = token.split('-').collect();
    assert_eq!(
        groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
        [8, 4, 4, 4, 12],
        "{token}"
    );
    assert!(groups.concat().bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{token}");
    assert!(groups[2].starts_with('4'), "{token}");
    assert!(groups[3].starts_with(['8', '9', 'a', 'b']), "{token}");
}

proptest! {
    #[test]
    fn a_token_leads_to_its_order(key: u64, kind in any_kind(), locator in any_locator()) {
        let tokens = Tokens::new(key);
        let token = tokens.encode(kind, locator);
        check_form(&token);
        prop_assert_eq!(&token.as_bytes()[..], token.as_bytes().as_slice());
        prop_assert_eq!(tokens.decode(kind, &token), Some(locator));
    }

    #[test]
    fn two_orders_never_share_a_token(key: u64, kind in any_kind(), a in any_locator(), b in any_locator()) {
        let tokens = Tokens::new(key);
        prop_assert_eq!(tokens.encode(kind, a) == tokens.encode(kind, b), a == b);
    }

    #[test]
    fn a_token_is_of_one_kind(key: u64, locator in any_locator()) {
        let tokens = Tokens::new(key);
        for made in KINDS {
            for read in KINDS {
                let led = tokens.decode(read, &tokens.encode(made, locator));
                prop_assert_eq!(led, (made == read).then_some(locator), "{:?} read as {:?}", made, read);
            }
        }
    }

    #[test]
    fn a_token_of_another_key_leads_nowhere(
        key: u64, other: u64, kind in any_kind(), locator in any_locator(),
    ) {
        prop_assume!(key != other);
        let token = Tokens::new(other).encode(kind, locator);
        prop_assert_eq!(Tokens::new(key).decode(kind, &token), None);
    }

    #[test]
    fn an_altered_token_leads_nowhere(
        key: u64, kind in any_kind(), locator in any_locator(),
        place in 0..TokenText::LEN, character in "[0-9a-fA-Fg -]",
    ) {
        let tokens = Tokens::new(key);
        let token = tokens.encode(kind, locator);
        let altered = replaced(&token, place, &character);
        prop_assume!(altered != *token);
        prop_assert_eq!(tokens.decode(kind, &altered), None);
    }

    #[test]
    fn any_text_is_read_without_harm(key: u64, kind in any_kind(), text in "\\PC{0,40}") {
        prop_assert_eq!(Tokens::new(key).decode(kind, &text), None);
    }

    #[test]
    fn a_foreign_uuid_leads_nowhere(
        key: u64, kind in any_kind(), uuid in "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    ) {
        prop_assert_eq!(Tokens::new(key).decode(kind, &uuid), None);
    }

    /// The number of an order grows beyond what fits; the token then holds the lower bits.
    #[test]
    fn numbers_that_are_too_large_wrap(key: u64, sequence: u64) {
        let tokens = Tokens::new(key);
        let locator = Locator { shard: 1, slot: 2, sequence };
        let read = tokens.decode(Kind::OrderRef, &tokens.encode(Kind::OrderRef, locator));
        prop_assert_eq!(read, Some(Locator { sequence: sequence % (1 << 39), ..locator }));
    }
}

#[track_caller]
fn check_nowhere(alter: impl FnOnce(&str) -> String) {
    let tokens = Tokens::new(7);
    let token = tokens.encode(Kind::OrderRef, Locator { shard: 3, slot: 5, sequence: 9 });
    let altered = alter(&token);
    assert_ne!(*token, altered);
    assert_eq!(tokens.decode(Kind::OrderRef, &altered), None, "{altered}");
}

#[test]
fn a_token_is_taken_only_as_it_was_given() {
    check_nowhere(str::to_uppercase);
    check_nowhere(|token| token.replace('-', ""));
    check_nowhere(|token| format!(" {token}"));
    check_nowhere(|token| format!("{token} "));
    check_nowhere(|token| format!("{{{token}}}"));
    check_nowhere(|token| format!("urn:uuid:{token}"));
    check_nowhere(|token| token.chars().rev().collect());
    check_nowhere(|token| token.replace('-', "_"));
    check_nowhere(|token| token.chars().take(35).collect());
    check_nowhere(|_| String::new());
    check_nowhere(|_| "å".repeat(18));
    check_nowhere(|_| "00000000-0000-4000-8000-000000000000".into());
    check_nowhere(|_| "ffffffff-ffff-4fff-bfff-ffffffffffff".into());
    // The version and the variant of another UUID.
    check_nowhere(|token| replaced(token, 14, "1"));
    check_nowhere(|token| replaced(token, 14, "5"));
    check_nowhere(|token| replaced(token, 19, "c"));
    check_nowhere(|token| replaced(token, 19, "0"));
}

fn replaced(token: &str, place: usize, character: &str) -> String {
    let mut altered = token.to_owned();
    altered.replace_range(place..=place, character);
    altered
}

#[test]
fn orders_that_follow_each_other_have_tokens_without_likeness() {
    let tokens = Tokens::new(1);
    let mut seen = HashSet::new();
    let mut ones = 0_u32;
    for sequence in 1..=1000 {
        let slot = u32::try_from(sequence).unwrap();
        let locator = Locator { shard: 0, slot, sequence };
        let [a, b] = [locator, Locator { slot: slot + 1, sequence: sequence + 1, ..locator }]
            .map(|locator| hex(&tokens.encode(Kind::OrderRef, locator)));
        ones += (a ^ b).count_ones();
        for kind in KINDS {
            assert!(
                seen.insert(String::from(&*tokens.encode(kind, locator))),
                "{kind:?} of {sequence}"
            );
        }
    }
    // Of 122 bits that are free, half change on the average: far from it, and the order's place would shine through.
    assert!((58_000..64_000).contains(&ones), "{ones}");
}

fn hex(token: &str) -> u128 {
    u128::from_str_radix(&token.replace('-', ""), 16).unwrap()
}

#[test]
fn a_key_gives_the_same_tokens_again() {
    let locator = Locator { shard: 2, slot: 70, sequence: 1234 };
    let [one, two, other] =
        [42, 42, 43].map(|key| Tokens::new(key).encode(Kind::OrderRef, locator));
    assert_eq!(&*one, &*two);
    assert_ne!(&*one, &*other);
}

#[test]
fn tokens_are_not_for_logs() {
    let token =
        Tokens::new(42).encode(Kind::QrSecret, Locator { shard: 2, slot: 70, sequence: 1234 });
    assert_eq!(format!("{token:?}"), "TokenText(..)");
}
