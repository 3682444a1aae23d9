//! Every row of the reference that states a rule has a test that carries its name.
//!
//! The rows are read from `docs/protocol.md` itself: each table row of the [`SECTIONS`] below, and
//! for the parts of section 14 that are not tables, each line, bullet or sentence that states a
//! rule. A row gets a name made of its section and its first words, `row_6_3_no_such_order`, and is
//! covered by tests of exactly that name, in any module of this binary.
//!
//! `docs/rows.md` is the list; `UPDATE_GOLDEN=1` writes it anew. This module does not judge what
//! a test does: that a test deserves its name is for the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Words of a row that go into its name: enough to tell rows apart, short enough to type.
const WORDS: usize = 8;

/// The sections whose rows are rules, with the way each is written.
const SECTIONS: [(&str, Form); 11] = [
    ("2.2", Form::Tables),
    ("2.3", Form::Tables),
    ("4.2", Form::Tables),
    ("4.3", Form::Tables),
    ("6.2", Form::Tables),
    ("6.3", Form::Tables),
    ("7.6", Form::Tables),
    ("14.1", Form::Tables),
    ("14.2", Form::Tables),
    ("14.3", Form::Diagram),
    ("14.4", Form::Sentences),
];

/// Where a section holds several tables, or the first cell names no row, what the names need beyond
/// the section: by section and header, a word of its own and the number of cells that go in.
const TABLES: [(&str, &str, &str, usize); 5] = [
    ("2.2", "Field | auth", "taken", 1),
    ("2.2", "Field | JSON type", "value", 1),
    ("2.2", "Endpoint |", "length", 1),
    ("2.2", "Combination |", "combination", 1),
    ("6.2", "HTTP | errorCode", "", 2),
];

#[derive(Clone, Copy)]
enum Form {
    Tables,
    /// A drawing of states in a code block, then bullets.
    Diagram,
    Sentences,
}

/// One rule of the reference.
struct Row {
    section: &'static str,
    name: String,
    /// The rule as the reference writes it, for the list.
    text: String,
}

#[test]
fn every_row_has_a_test_and_the_golden_list_says_which() {
    let reference = read("docs/protocol.md");
    let rows = rows(&reference);
    for (section, _) in SECTIONS {
        assert!(rows.iter().any(|row| row.section == section), "no rows found in {section}");
    }
    let tests = tests();
    let list = list(&rows, &tests);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path("docs/rows.md"), &list).unwrap();
    }

    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let missing: Vec<&str> =
        names.iter().copied().filter(|name| !tests.contains_key(*name)).collect();
    let stray: Vec<&String> = tests
        .iter()
        .filter(|(name, _)| !names.contains(name.as_str()))
        .flat_map(|(_, paths)| paths)
        .collect();
    assert!(
        missing.is_empty(),
        "{} rows of the reference have no test:\n{}",
        missing.len(),
        missing.join("\n")
    );
    assert!(
        stray.is_empty(),
        "tests named after rows that the reference does not have: {stray:#?}"
    );
    assert!(
        read("docs/rows.md") == list,
        "docs/rows.md is not what the tests are: run with UPDATE_GOLDEN=1"
    );
}

#[test]
fn rows_are_read_from_every_form() {
    let reference = "\
### 2.2 Common\n\n| Field | JSON type | Limits |\n|---|---|---|\n| `endUserIp` | string | - |\n\n\
| Combination | Result |\n|---|---|\n| `app: {}` or `web: {}` | refused \\| gone |\n\n\
### 6.2 Table\n\n| HTTP | errorCode | Cause |\n|---|---|---|\n| 405 | `methodNotAllowed` (may be missing) | not POST |\n\n\
* a bullet under a table is no row\n\n\
### 14.3 States\n\n```\ncreated      pending\n  | 30 s without pickup   -> failed/startFailed\n  | picked up\n  v\n```\n\n\
* Orders belong to the\n  certificate.\n\n\
### 14.4 Collision\n\nLook up an order (all RPs). If found:\nanswer 400.\n\n## 15 End\n";
    let found: Vec<_> = rows(reference).into_iter().map(|row| (row.name, row.text)).collect();
    let expected = [
        ("row_2_2_value_end_user_ip", "`endUserIp`"),
        ("row_2_2_combination_app_or_web", "`app: {}` or `web: {}`"),
        ("row_6_2_405_method_not_allowed", "405, `methodNotAllowed` (may be missing)"),
        ("row_14_3_state_created", "created: pending"),
        ("row_14_3_30_s_without_pickup", "30 s without pickup -> failed/startFailed"),
        ("row_14_3_picked_up", "picked up -> to the next state"),
        ("row_14_3_orders_belong_to_the_certificate", "Orders belong to the certificate."),
        ("row_14_4_look_up_an_order_all_rps", "Look up an order (all RPs)."),
        ("row_14_4_if_found_answer_400", "If found: answer 400."),
    ];
    assert_eq!(found, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
}

/// All rules, in the order of the reference.
fn rows(reference: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (section, form) in SECTIONS {
        let body = body(reference, section);
        rows.extend(match form {
            Form::Tables => table_rows(section, body),
            Form::Diagram => diagram_rows(section, body),
            Form::Sentences => sentence_rows(section, body),
        });
    }
    let mut seen = BTreeSet::new();
    for row in &rows {
        assert!(
            seen.insert(&row.name),
            "two rows are called {}: TABLES or WORDS must tell them apart",
            row.name
        );
    }
    rows
}

/// The text between a section's heading and the next heading; empty if there is no such section.
fn body<'a>(reference: &'a str, section: &str) -> &'a str {
    let heading = format!("\n### {section} ");
    let from = reference
        .find(&heading)
        .or_else(|| reference.starts_with(heading.trim_start()).then_some(0));
    let Some((_, rest)) =
        from.and_then(|at| reference.split_at(at).1.trim_start().split_once('\n'))
    else {
        return "";
    };
    let end = ["\n## ", "\n### "].iter().filter_map(|next| rest.find(next)).min();
    end.map_or(rest, |end| rest.split_at(end).0)
}

fn table_rows(section: &'static str, body: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut header: Option<&str> = None;
    for line in body.lines() {
        if !line.starts_with('|') {
            header = None;
            continue;
        }
        let Some(header) = header else {
            header = Some(line.trim_matches(['|', ' ']));
            continue;
        };
        if line.starts_with("|---") {
            continue;
        }
        let known =
            TABLES.iter().find(|(of, start, _, _)| *of == section && header.starts_with(start));
        let several = TABLES.iter().any(|(of, ..)| *of == section);
        assert!(
            known.is_some() || !several,
            "a table of {section} has no name in TABLES: {header}"
        );
        let (word, cells) = known.map_or(("", 1), |(_, _, word, cells)| (*word, *cells));
        let cells: Vec<&str> =
            line.trim_matches('|').split('|').map(str::trim).take(cells).collect();
        // Beside a status, only the code names the row: its remarks may be reworded.
        let name = match cells.as_slice() {
            [status, code] => format!("{status} {}", code.split('`').nth(1).unwrap_or(code)),
            _ => cells.concat(),
        };
        rows.push(row(section, word, &name, cells.join(", ")));
    }
    rows
}

fn diagram_rows(section: &'static str, body: &str) -> Vec<Row> {
    let mut parts = body.split("```");
    let (before, drawing, after) = (parts.next(), parts.next(), parts.next());
    assert!(
        before.is_some_and(|text| text.trim().is_empty()),
        "{section} no longer opens with its drawing"
    );
    let mut rows = Vec::new();
    for line in drawing.unwrap_or_default().lines() {
        let line = line.trim();
        let text = line.trim_start_matches('|').trim();
        if text.is_empty() || text == "v" {
            continue;
        }
        // A bar leads out of a state, without an arrow to the next one; any other line is a state.
        let leads_out = line.starts_with('|');
        let (name, effect) = text
            .split_once(if leads_out { "->" } else { "  " })
            .unwrap_or((text, "to the next state"));
        let (name, effect) = (name.trim(), flow(effect));
        rows.push(if leads_out {
            row(section, "", name, format!("{name} -> {effect}"))
        } else {
            row(section, "state", name, format!("{name}: {effect}"))
        });
    }
    for bullet in after.unwrap_or_default().split("\n* ").skip(1) {
        let text = flow(bullet);
        rows.push(row(section, "", &text, text.clone()));
    }
    rows
}

fn sentence_rows(section: &'static str, body: &str) -> Vec<Row> {
    let text = flow(body);
    let sentences =
        text.split_inclusive(". ").map(str::trim).filter(|sentence| !sentence.is_empty());
    sentences.map(|sentence| row(section, "", sentence, sentence.to_owned())).collect()
}

/// Text of several lines as one.
fn flow(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(section: &'static str, word: &str, name: &str, text: String) -> Row {
    let words = words(name);
    assert!(!words.is_empty(), "a row of {section} has no words: {name}");
    let start = ["row".to_owned(), section.replace('.', "_"), word.to_owned()];
    let name = start
        .into_iter()
        .filter(|part| !part.is_empty())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_");
    Row { section, name, text }
}

/// The first words in lower case; `endUserIp` is three.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    // Small letters just passed; the `k` of `kB` is no word.
    let mut lower = 0;
    for character in text.chars() {
        let starts_word = character.is_ascii_uppercase() && lower > 1;
        if starts_word || !character.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if character.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(character.to_ascii_lowercase());
        }
        lower = if character.is_ascii_lowercase() { lower + 1 } else { 0 };
    }
    words.into_iter().filter(|word| !word.is_empty()).take(WORDS).collect()
}

/// The tests of this binary that carry a row's name: row name to paths.
fn tests() -> BTreeMap<String, Vec<String>> {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg("--list").output().unwrap();
    assert!(output.status.success(), "the list of tests could not be had");
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let Some(path) = line.strip_suffix(": test") else { continue };
        let last = path.rsplit("::").next().unwrap_or(path);
        if last.starts_with("row_") {
            tests.entry(last.to_owned()).or_default().push(path.to_owned());
        }
    }
    tests
}

fn list(rows: &[Row], tests: &BTreeMap<String, Vec<String>>) -> String {
    let mut list = String::from(
        "# Rows of the reference and their tests\n\n\
         Generated by `tests/it/rows.rs` (`UPDATE_GOLDEN=1`); not edited by hand. Each rule of\n\
         [`protocol.md`](protocol.md) in the sections below has at least one test that carries its name.\n",
    );
    let mut section = "";
    for row in rows {
        if row.section != section {
            section = row.section;
            write!(list, "\n## {section}\n\n| rule | name | tests |\n|---|---|---|\n").unwrap();
        }
        let paths = tests.get(&row.name).map_or_else(
            || "**missing**".to_owned(),
            |paths| paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", "),
        );
        writeln!(list, "| {} | `{}` | {paths} |", row.text.replace('|', "\\|"), row.name).unwrap();
    }
    list
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
