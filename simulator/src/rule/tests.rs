//! Which rule decides, and the magic input: reserved numbers and markers.

use std::{collections::HashSet, sync::Arc};

use bankid_core::{PersonalNumber, request::Operation};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::{Outcome, RESERVED, Rule, Rules, magic, marker};
use crate::{
    fault::{ApiFault, Endpoint},
    persona::Persona,
    sample::Request,
    scenario::{BadScenario, Scenario, Scenarios},
};

/// A scenario that is told from others by its name only.
fn scenario(name: &str) -> Arc<Scenario> {
    Arc::new(Scenario::named(name, "", "complete".parse().unwrap(), None))
}

/// Everything that can decide besides the queue, from the strongest to the weakest as the documentation has it, with the
/// scenario it decides for.
const LAYERS: [(Rule, &str); 8] = [
    (Rule::Marker, "marked"),
    (Rule::ReservedNumber, "realistic"),
    (Rule::Persona, "persona"),
    (Rule::Operation, "operation"),
    (Rule::Lane, "lane"),
    (Rule::Config, "config"),
    (Rule::Flag, "flag"),
    (Rule::BuiltIn, "default"),
];

/// Every number of rules at once: the strongest of those that are there decides.
#[test]
fn the_strongest_rule_decides() {
    const RESERVED_FOR_REALISTIC: u64 = 199_001_012_385;
    const ANNA: u64 = 198_504_122_386;
    for present in 0..1_u32 << (LAYERS.len() - 1) {
        let has = |rule: Rule| {
            let place = LAYERS.iter().position(|(layer, _)| *layer == rule).unwrap();
            (present >> place & 1 == 1).then(|| scenario(LAYERS[place].1))
        };
        let mut rules =
            Rules { default: has(Rule::Config), flag: has(Rule::Flag), ..Rules::default() };
        rules.operations.extend(has(Rule::Operation).map(|scenario| (Operation::Auth, scenario)));
        let number = match (has(Rule::ReservedNumber), has(Rule::Persona)) {
            (Some(_), _) => RESERVED_FOR_REALISTIC,
            (None, _) => ANNA,
        };
        if let Some(scenario) = has(Rule::Persona) {
            let persona = Persona::generated(PersonalNumber::from_u64(number).unwrap());
            rules
                .personas
                .add("own", Persona { scenario: Some(scenario), ..persona }, false)
                .unwrap();
        }
        let (rule, decided) = Request::auth()
            .number(number)
            .checked(|checked| rules.decide(checked, has(Rule::Marker), has(Rule::Lane).as_ref()));
        let strongest = LAYERS.iter().zip(0..).find(|(_, place)| present >> place & 1 == 1);
        let (expected, name) = strongest.map_or(LAYERS[7], |(layer, _)| *layer);
        assert_eq!((rule, decided.name()), (expected, Some(name)), "{present:b}");
    }
}

#[test]
fn rules_are_ordered_from_the_strongest_to_the_weakest_in_the_documentation() {
    // The words that machines see; changing one is a break.
    let words = [Rule::Phone, Rule::Queue]
        .into_iter()
        .chain(LAYERS.map(|(rule, _)| rule))
        .map(Rule::as_str);
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "phone",
            "queue",
            "marker",
            "reservedNumber",
            "persona",
            "operation",
            "lane",
            "config",
            "flag",
            "builtIn"
        ]
    );
}

#[track_caller]
fn check_decided(rules: &Rules, request: &Request, rule: Rule, name: &str) {
    let (decided, scenario) = request.checked(|checked| rules.decide(checked, None, None));
    assert_eq!((decided, scenario.name()), (rule, Some(name)), "{request:?}");
}

#[test]
fn the_setting_of_an_operation_is_for_that_one_only() {
    for set in Operation::ALL {
        let mut rules = Rules::default();
        rules.operations.insert(set, scenario("own"));
        for operation in Operation::ALL {
            let (rule, name) = if operation == set {
                (Rule::Operation, "own")
            } else {
                (Rule::BuiltIn, "default")
            };
            check_decided(&rules, &Request::new(operation), rule, name);
        }
    }
}

#[test]
fn a_persona_has_a_say_in_orders_with_their_number_only() {
    let mut rules = Rules::default();
    let anna = rules.personas.named("anna").unwrap().personal_number;
    let rule = Some(scenario("own"));
    rules
        .personas
        .add("anna", Persona { scenario: rule, ..Persona::generated(anna) }, false)
        .unwrap();
    for operation in Operation::ALL {
        check_decided(&rules, &Request::new(operation).number(anna.as_u64()), Rule::Persona, "own");
        check_decided(
            &rules,
            &Request::new(operation).number(197_809_232_395),
            Rule::BuiltIn,
            "default",
        );
    }
    check_decided(&rules, &Request::auth().v5().number(anna.as_u64()), Rule::Persona, "own");
    check_decided(&rules, &Request::auth(), Rule::BuiltIn, "default");
}

#[test]
fn a_reserved_number_works_wherever_an_order_carries_one() {
    for operation in Operation::ALL {
        let request = Request::new(operation).number(199_002_032_382);
        check_decided(&Rules::default(), &request, Rule::ReservedNumber, "userCancel");
    }
    let request = Request::auth().v5().number(199_002_032_382);
    check_decided(&Rules::default(), &request, Rule::ReservedNumber, "userCancel");
}

#[test]
fn every_built_in_scenario_but_the_default_has_a_number_of_its_own() {
    let scenarios = Scenarios::built_in();
    let names: HashSet<_> = RESERVED.iter().map(|(_, name)| *name).collect();
    let built_in: HashSet<_> = scenarios.iter().filter_map(|scenario| scenario.name()).collect();
    assert_eq!(names.len(), RESERVED.len(), "none has two");
    assert_eq!(built_in.difference(&names).collect::<Vec<_>>(), [&"default"]);
    assert_eq!(names.difference(&built_in).count(), 0);
    for (number, name) in RESERVED {
        check_decided(
            &Rules::default(),
            &Request::auth().number(number),
            Rule::ReservedNumber,
            name,
        );
    }
}

#[test]
fn reserved_numbers_are_nobodys() {
    let personas = crate::persona::Personas::built_in();
    for (number, name) in RESERVED {
        let number = PersonalNumber::from_u64(number).unwrap();
        assert!(number.is_safe_test_number(), "{name}");
        assert!(personas.known(number).is_none(), "{name} is a persona as well");
        // Born in January what completes, in February what fails; `phone` is up to the person.
        let completes = Scenarios::built_in().find(name).unwrap().timeline(false).end()
            == &crate::scenario::End::Complete;
        assert_eq!(
            number.as_u64() / 1_000_000,
            if completes { 199_001 } else { 199_002 },
            "{name}"
        );
    }
    assert!(RESERVED.is_sorted_by(|(a, _), (b, _)| a < b), "they are looked up by halving");
}

#[test]
fn the_table_of_reserved_numbers_is_read_at_its_ends() {
    let reserved = |number| magic::reserved(PersonalNumber::from_u64(number).unwrap());
    assert_eq!(reserved(RESERVED[0].0), Some(RESERVED[0].1));
    assert_eq!(reserved(RESERVED[29].0), Some(RESERVED[29].1));
    assert_eq!(reserved(RESERVED[0].0 - 1), None);
    assert_eq!(reserved(RESERVED[29].0 + 1), None);
}

/// What the text shown asks for: the scenario, or the timeline that is written out.
#[track_caller]
fn check_marker(text: &str, expected: Option<&str>) {
    let scenarios = Scenarios::built_in();
    let found = marker(&STANDARD.encode(text), &scenarios)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"));
    assert_eq!(found.map(|scenario| scenario.to_string()).as_deref(), expected, "{text:?}");
}

#[test]
fn a_marker_at_the_end_names_a_scenario_or_a_timeline() {
    check_marker("[bankid:userCancel]", Some("userCancel"));
    check_marker("Logga in på Exempel [bankid:userCancel]", Some("userCancel"));
    check_marker("Logga in[bankid:userCancel]", Some("userCancel"));
    check_marker("Rad 1\nRad 2\n\n[bankid:userCancel]\n", Some("userCancel"));
    check_marker(
        "[bankid:outstandingTransaction, userSign x2, failed:newHint]",
        Some("outstandingTransaction, userSign x2, failed:newHint"),
    );
    check_marker("[bankid:complete]", Some("complete"));
    check_marker("# Köp\n+ en [sak]\n[bankid:phone]", Some("phone"));
    check_marker("[bankid:userSign] [bankid:startFailed]", Some("startFailed"));
}

#[test]
fn case_of_the_key_and_blanks_do_not_matter() {
    for text in [
        "[BankID:userCancel]",
        "[BANKID:userCancel]",
        "[ bankid : userCancel ]",
        "[bankid:\nuserCancel\n]",
    ] {
        check_marker(text, Some("userCancel"));
    }
    for blank in [
        " ",
        "\t",
        "\r\n",
        "\u{b}",
        "\u{c}",
        "\u{85}",
        "\u{a0}",
        "\u{2003}",
        "\u{2028}",
        "\u{3000}",
        " \n \u{a0} \n ",
    ] {
        check_marker(&format!("Test [bankid:userCancel]{blank}"), Some("userCancel"));
        check_marker(&format!("Test [bankid:userCancel]{}", blank.repeat(40)), Some("userCancel"));
    }
}

#[test]
fn what_is_no_marker_means_nothing() {
    for text in [
        "",
        "a",
        "Logga in",
        "[bankid:userCancel] nu",
        "[bankid:userCancel].",
        "bankid:userCancel]",
        "(bankid:userCancel)",
        "[userCancel]",
        "[bank:userCancel]",
        "[bankids:userCancel]",
        "[bankid userCancel]",
        "[bankid]",
        "[]",
        "]",
        "[:userCancel]",
        "[bankid:userCancel",
        "[bankid:user[Cancel]",
        "\u{feff}",
        "å",
        "🦀",
        "[x]\u{200b}",
    ] {
        check_marker(text, None);
    }
}

#[track_caller]
fn check_refused(text: &str, message: &str) {
    let fault = marker(&STANDARD.encode(text), &Scenarios::built_in()).expect_err(text);
    assert_eq!(fault.to_string(), message, "{text}");
}

#[test]
fn a_marker_that_names_nothing_is_refused() {
    check_refused(
        "Test [bankid:userCancle]",
        "there is no scenario `userCancle`; did you mean `userCancel`?",
    );
    check_refused("Test [bankid:elephant]", "there is no scenario `elephant`");
    check_refused(
        "Test [bankid:UserCancel]",
        "there is no scenario `UserCancel`; did you mean `userCancel`?",
    );
    check_refused(
        "[bankid:userCancel]]",
        "at character 1: `userCancel]` is no documented hint; did you mean `userCancel`?",
    );
    check_refused("[bankid:]", "at character 1: expected a hint such as `userSign`, or `complete`");
    check_refused(
        "[bankid: ]",
        "at character 1: expected a hint such as `userSign`, or `complete`",
    );
    check_refused(
        "[bankid:userSign x2]",
        "at character 12: the last step must be `complete` or the hint of a failed order",
    );
    check_refused(
        "[bankid:userSing, complete]",
        "at character 1: `userSing` is no documented hint; did you mean `userSign`?",
    );
}

#[test]
fn a_marker_finds_scenarios_of_the_configuration() {
    let mut scenarios = Scenarios::built_in();
    scenarios
        .add(Scenario::named("slow", "", "userSign 9s, complete".parse().unwrap(), None))
        .unwrap();
    let found = marker(&STANDARD.encode("[bankid:slow]"), &scenarios).unwrap();
    assert_eq!(found.unwrap().name(), Some("slow"));
    assert!(matches!(
        marker(&STANDARD.encode("[bankid:slow]"), &Scenarios::built_in()),
        Err(BadScenario::Unknown { .. })
    ));
}

#[test]
fn line_breaks_in_base64_do_not_hide_a_marker() {
    for every in [1, 3, 4, 7, 64] {
        for end in ["", "\n", "\r\n\r\n\r\n\r\n\r\n"] {
            let base64 = STANDARD.encode("Logga in [bankid:userCancel]");
            let lines: Vec<_> = base64
                .as_bytes()
                .chunks(every)
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect();
            let found = marker(&(lines.join("\r\n") + end), &Scenarios::built_in()).unwrap();
            assert_eq!(found.unwrap().name(), Some("userCancel"));
        }
    }
}

proptest! {
    /// Most texts are not decoded at all; that must make no difference.
    #[test]
    fn a_marker_is_found_after_any_text_and_before_any_blanks(
        text in "(\\PC|\\s|[\\[\\]:a]){0,24}", blanks in "[ \t\r\n\u{b}\u{c}\u{85}\u{a0}\u{2028}]{0,12}",
    ) {
        let base64 = STANDARD.encode(format!("{text}[bankid:phone]{blanks}"));
        let found = marker(&base64, &Scenarios::built_in()).unwrap();
        prop_assert_eq!(found.unwrap().name().map(str::to_owned), Some("phone".to_owned()));
    }

    #[test]
    fn any_text_is_looked_at_without_harm(base64 in "\\PC{0,40}", text in "\\PC{0,40}", name in "\\PC{0,40}") {
        let scenarios = Scenarios::built_in();
        drop(marker(&base64, &scenarios));
        drop(marker(&STANDARD.encode(&text), &scenarios));
        drop(marker(&STANDARD.encode(format!("{text}[bankid:{name}]")), &scenarios));
    }
}

#[test]
fn an_outcome_is_for_what_starts_orders_unless_it_says_otherwise() {
    let starts = Operation::ALL.map(Endpoint::Start);
    let outcomes =
        [Outcome::scenario(scenario("a")), Outcome::error(ApiFault::named("maintenance").unwrap())];
    for outcome in outcomes {
        for endpoint in starts {
            assert!(outcome.is_for(endpoint), "{endpoint}");
        }
        assert!(!outcome.is_for(Endpoint::Collect) && !outcome.is_for(Endpoint::Cancel));
        let only = [Endpoint::Collect, Endpoint::Start(Operation::Sign)];
        let outcome = outcome.only_for(only);
        for endpoint in starts.into_iter().chain([Endpoint::Collect, Endpoint::Cancel]) {
            assert_eq!(outcome.is_for(endpoint), only.contains(&endpoint), "{endpoint}");
        }
    }
}
