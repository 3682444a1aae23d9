//! The tables of the reference, read from the reference itself: what the code says must be what they say.
use std::string::String;
use std::vec::Vec;

use crate::request::member::{Condition, Member, Presence};
use crate::request::{ApiVersion, Operation};

const REFERENCE: &str = include_str!("../../../../docs/protocol.md");

/// The cells of the first table after a heading, without its header and delimiter rows.
fn table(heading: &str, header_starts: &str) -> Vec<Vec<String>> {
    let section = REFERENCE.split_once(heading).unwrap().1;
    section
        .lines()
        .skip_while(|line| !line.starts_with(header_starts))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|').split('|').map(|cell| String::from(cell.trim())).collect()
        })
        .collect()
}

fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn members_are_those_of_2_2() {
    let rows = table("### 2.2 Common request fields", "| Field | auth |");
    let mut seen = 0;
    for row in rows {
        for name in names(&row[0]) {
            let member = Member::ALL.iter().find(|member| member.name() == name).unwrap();
            seen += 1;
            for (operation, cell) in Operation::ALL.into_iter().zip(&row[1..]) {
                let expected = match cell.as_str() {
                    "R" => Presence::Required,
                    "o" => Presence::Optional,
                    "-" => Presence::Absent,
                    other => panic!("{other} in the table"),
                };
                assert_eq!(
                    member.presence(ApiVersion::V6_0, operation),
                    expected,
                    "{name} {operation:?}"
                );
            }
        }
    }
    assert_eq!(seen, Member::ALL.len());
}

#[test]
fn conditions_are_those_of_2_3() {
    let rows = table("### 2.3 `requirement`", "| Member | JSON type | Default |");
    let mut seen = 0;
    for row in rows {
        let name = names(&row[0]).next().unwrap();
        let condition = Condition::ALL.iter().find(|condition| condition.name() == name).unwrap();
        seen += 1;
        // Of `risk` the cells are prose: withdrawn, still listed by one source, no.
        let columns = [3, 3, 3, 4, 5, 5];
        for (operation, column) in Operation::ALL.into_iter().zip(columns) {
            let absent = row[column].starts_with("no");
            let expected = if absent { Presence::Absent } else { Presence::Optional };
            assert_eq!(
                condition.presence(ApiVersion::V6_0, operation),
                expected,
                "{name} {operation:?}"
            );
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn v5_1_has_two_operations_and_its_own_members() {
    for operation in Operation::ALL {
        let exists = matches!(operation, Operation::Auth | Operation::Sign);
        assert_eq!(operation.exists_in(ApiVersion::V5_1), exists);
        let members = Member::ALL
            .iter()
            .filter(|m| m.presence(ApiVersion::V5_1, operation) != Presence::Absent)
            .count();
        assert_eq!(members, if exists { 6 } else { 0 }, "{operation:?}");
        let own = ["tokenStartRequired", "autoStartTokenRequired", "allowFingerprint", "issuerCn"];
        for condition in Condition::ALL {
            let here = condition.presence(ApiVersion::V5_1, operation) != Presence::Absent;
            let both = ["cardReader", "certificatePolicies"].contains(&condition.name());
            assert_eq!(
                here,
                exists && (both || own.contains(&condition.name())),
                "{}",
                condition.name()
            );
        }
    }
}

#[test]
fn bits_are_distinct() {
    let members: u16 = Member::ALL.iter().map(|member| member.bit()).sum();
    assert_eq!(members.count_ones(), 13);
    let conditions: u16 = Condition::ALL.iter().map(|condition| condition.bit()).sum();
    assert_eq!(conditions.count_ones(), 10);
}
