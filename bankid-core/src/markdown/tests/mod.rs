//! Every construct and every fault of 13.3, by table.

mod properties;

extern crate std;

use std::{borrow::Cow, format, string::ToString, vec, vec::Vec};

use super::{Alignment, Block, Inline, NumberedItem, Table, Text, parse};

fn plain(text: &str) -> Inline<'_> {
    Inline::Plain(Cow::Borrowed(text))
}

fn strong(text: &str) -> Inline<'_> {
    Inline::Strong(Cow::Borrowed(text))
}

fn text(text: &str) -> Text<'_> {
    vec![plain(text)]
}

fn heading(level: u8, text: &str) -> Block<'_> {
    Block::Heading { level, text: vec![plain(text)] }
}

fn paragraph<'a>(lines: &[&'a str]) -> Block<'a> {
    Block::Paragraph { lines: lines.iter().map(|line| text(line)).collect() }
}

fn unordered<'a>(items: &[&'a str]) -> Block<'a> {
    Block::UnorderedList { items: items.iter().map(|item| text(item)).collect() }
}

fn ordered<'a>(items: &[(u8, &'a str)]) -> Block<'a> {
    Block::OrderedList {
        items: items
            .iter()
            .map(|(number, item)| NumberedItem { number: *number, text: text(item) })
            .collect(),
    }
}

fn table<'a>(alignments: &[Alignment], header: &[Inline<'a>], rows: &[&[Inline<'a>]]) -> Block<'a> {
    Block::Table(Table {
        alignments: alignments.to_vec(),
        header: header.to_vec(),
        rows: rows.iter().map(|cells| cells.to_vec()).collect(),
    })
}

#[track_caller]
fn check(source: &str, expected: &[Block<'_>]) {
    match parse(source) {
        Ok(document) => assert_eq!(document.blocks(), expected, "{source:?}"),
        Err(fault) => panic!("{source:?}: {fault}"),
    }
}

/// The line of one paragraph.
#[track_caller]
fn check_line(source: &str, expected: &[Inline<'_>]) {
    check(source, &[Block::Paragraph { lines: vec![expected.to_vec()] }]);
}

#[track_caller]
fn check_fault(source: &str, expected: &str) {
    match parse(source) {
        Ok(document) => panic!("{source:?} is taken: {document:?}"),
        Err(fault) => assert_eq!(fault.to_string(), expected, "{source:?}"),
    }
}

#[test]
fn example_of_the_reference() {
    check(
        "# Köp\n\n*Summa:* 350 kr\n\n+ Biljett 1\n+ Biljett 2\n\n|Vara|Pris|\n|-|-:|\n|Biljett|175 kr|\n",
        &[
            heading(1, "Köp"),
            Block::Paragraph { lines: vec![vec![strong("Summa:"), plain(" 350 kr")]] },
            unordered(&["Biljett 1", "Biljett 2"]),
            table(
                &[Alignment::Default, Alignment::Right],
                &[plain("Vara"), plain("Pris")],
                &[&[plain("Biljett"), plain("175 kr")]],
            ),
        ],
    );
}

#[test]
fn fault_observed_at_the_server() {
    check_fault(
        "# Avtal\n\nHej\n\n+Ditt för- och efternamn",
        "At (5, 1): Initial token for unordered list items must be '+' and it must be followed by space.",
    );
}

#[test]
fn empty_texts() {
    check("", &[]);
    check(" \t", &[]);
    check("\n\r\n\r \r", &[]);
}

#[test]
fn headings() {
    check("# a", &[heading(1, "a")]);
    check("## a", &[heading(2, "a")]);
    check("### a", &[heading(3, "a")]);
    check("  #\ta  b ", &[heading(1, "a b")]);
    check("# # a", &[heading(1, "# a")]);
    check("# a#", &[heading(1, "a#")]);
    check("# a\n# b\nc", &[heading(1, "a"), heading(1, "b"), paragraph(&["c"])]);
    check("a\n# b", &[paragraph(&["a"]), heading(1, "b")]);
    check("# a *b*", &[Block::Heading { level: 1, text: vec![plain("a "), strong("b")] }]);
    check("\\# a", &[paragraph(&["# a"])]);
    check("a # b", &[paragraph(&["a # b"])]);
}

#[test]
fn faults_of_headings() {
    let space =
        "Initial token for headings must be '#', '##' or '###' and it must be followed by space.";
    check_fault("#a", &format!("At (1, 1): {space}"));
    check_fault("#", &format!("At (1, 1): {space}"));
    check_fault("\n  ##å", &format!("At (2, 3): {space}"));
    check_fault("# \t", "At (1, 1): Text of headings must not be empty.");
    check_fault("#### a", "At (1, 1): Headings must have at most three levels.");
    check_fault("#########", "At (1, 1): Headings must have at most three levels.");
    check_fault("# a *b", "At (1, 5): Strong text must have a closing '*' on the same line.");
}

#[test]
fn rules() {
    check("---", &[Block::Rule]);
    check(" --- \t", &[Block::Rule]);
    check("a\n---\nb", &[paragraph(&["a"]), Block::Rule, paragraph(&["b"])]);
    check("---\n---", &[Block::Rule, Block::Rule]);
    check("\\---", &[paragraph(&["---"])]);
    check("a --- b", &[paragraph(&["a --- b"])]);
}

#[test]
fn faults_of_rules() {
    let rule =
        "Horizontal rules must be '---' alone on the line; an initial '-' in text must be escaped.";
    for source in ["-", "--", "----", "- a", "---a", "--- a", "- - -", "-5 kr"] {
        check_fault(source, &format!("At (1, 1): {rule}"));
    }
    check_fault("a\n\t-", &format!("At (2, 2): {rule}"));
}

#[test]
fn unordered_lists() {
    check("+ a", &[unordered(&["a"])]);
    check("+ a\n+\tb\n  +  c ", &[unordered(&["a", "b", "c"])]);
    check("+ a\n\n+ b", &[unordered(&["a"]), unordered(&["b"])]);
    check("+ a\n \t\n\n+ b", &[unordered(&["a"]), unordered(&["b"])]);
    check("+ a\nb\n+ c", &[unordered(&["a"]), paragraph(&["b"]), unordered(&["c"])]);
    check("+ + a", &[unordered(&["+ a"])]);
    check("+ -5 # | +", &[unordered(&["-5 # | +"])]);
    check("+ *a* b", &[Block::UnorderedList { items: vec![vec![strong("a"), plain(" b")]] }]);
    check("\\+ a", &[paragraph(&["+ a"])]);
    check("a + b", &[paragraph(&["a + b"])]);
}

#[test]
fn ordered_lists() {
    check("+1 a", &[ordered(&[(1, "a")])]);
    check(
        "+1 a\n+2 b\n+99 c\n+5 d\n+5 e",
        &[ordered(&[(1, "a"), (2, "b"), (99, "c"), (5, "d"), (5, "e")])],
    );
    check("+10\ta", &[ordered(&[(10, "a")])]);
    check("+1 a\n\n+2 b", &[ordered(&[(1, "a")]), ordered(&[(2, "b")])]);
    check("+1 a\n+ b\n+2 c", &[ordered(&[(1, "a")]), unordered(&["b"]), ordered(&[(2, "c")])]);
    check("+ 1 a", &[unordered(&["1 a"])]);
    check("+1 2", &[ordered(&[(1, "2")])]);
}

#[test]
fn faults_of_lists() {
    let unordered =
        "Initial token for unordered list items must be '+' and it must be followed by space.";
    for source in ["+", "+a", "++ a", "+- a", "+å", "+\\+", "+*a*", "+\u{a0}a"] {
        check_fault(source, &format!("At (1, 1): {unordered}"));
    }
    check_fault("+ a\n  +b", &format!("At (2, 3): {unordered}"));
    let ordered = "Initial token for ordered list items must be '+' with a number and it must be followed by space.";
    for source in ["+1", "+1a", "+12a", "+1. a", "+1) a", "+1+ a", "+123a"] {
        check_fault(source, &format!("At (1, 1): {ordered}"));
    }
    let number = "Numbers of ordered list items must have one or two digits without leading zero.";
    for source in ["+0 a", "+00 a", "+01 a", "+100 a", "+256 a", "+99999999999999999999999 a"] {
        check_fault(source, &format!("At (1, 2): {number}"));
    }
    for source in ["+ ", "+ \t ", "+1 ", "+12\t"] {
        check_fault(source, "At (1, 1): Text of list items must not be empty.");
    }
}

#[test]
fn tables() {
    use Alignment::{Center, Default, Left, Right};
    check("|a|\n|-|", &[table(&[Default], &[plain("a")], &[])]);
    check(
        "|a|b|c|d|e|\n|-|:-|:-:|-:|---|\n|1|2|3|4|5|\n|6|7|8|9|10|",
        &[table(
            &[Default, Left, Center, Right, Default],
            &["a", "b", "c", "d", "e"].map(plain),
            &[&["1", "2", "3", "4", "5"].map(plain), &["6", "7", "8", "9", "10"].map(plain)],
        )],
    );
    check(
        " |*a*|b c| \n\t|:--|--:|\t\n|\\|\\*|*x  y*|",
        &[table(&[Left, Right], &[strong("a"), plain("b c")], &[&[plain("|*"), strong("x y")]])],
    );
    check(
        "||a|\n|-|-|\n|b||",
        &[table(&[Default; 2], &["", "a"].map(plain), &[&["b", ""].map(plain)])],
    );
    check("|a|\n|-|\n|-|", &[table(&[Default], &[plain("a")], &[&[plain("-")]])]);
    check("|\\\\|\n|-|", &[table(&[Default], &[plain("\\")], &[])]);
    check(
        "|a|\n|-|\n\n|b|\n|-|",
        &[table(&[Default], &[plain("a")], &[]), table(&[Default], &[plain("b")], &[])],
    );
    check(
        "a\n|b|\n|-|\nc",
        &[paragraph(&["a"]), table(&[Default], &[plain("b")], &[]), paragraph(&["c"])],
    );
    check(
        "+ a\n|b|\n|-|\n+ c",
        &[unordered(&["a"]), table(&[Default], &[plain("b")], &[]), unordered(&["c"])],
    );
    check("\\|a|", &[paragraph(&["|a|"])]);
    check("a|b", &[paragraph(&["a|b"])]);
}

#[test]
fn faults_of_tables() {
    let ends = "Table rows must start and end with '|'.";
    check_fault("|", &format!("At (1, 2): {ends}"));
    check_fault("|a", &format!("At (1, 3): {ends}"));
    check_fault("|å|b", &format!("At (1, 5): {ends}"));
    check_fault("|a\\|", &format!("At (1, 5): {ends}"));
    check_fault("|a|\n|-|\n|b", &format!("At (3, 3): {ends}"));
    let delimiters = "Tables must have a delimiter row after the header row.";
    check_fault("\n |a|", &format!("At (2, 2): {delimiters}"));
    check_fault("|a|\n\n|-|", &format!("At (1, 1): {delimiters}"));
    for after in ["b", "# b", "#b", "---", "+ b", "+b", "*"] {
        check_fault(&format!("|a|\n{after}"), &format!("At (1, 1): {delimiters}"));
    }
    let delimiter =
        "Cells of the delimiter row must be '-' characters with an optional ':' on either side.";
    for cell in ["b", "", ":", "::", "-:-", "\\-", "--b", "*-*", "=", "\u{2013}"] {
        check_fault(&format!("|a|b|\n|-|{cell}|"), &format!("At (2, 4): {delimiter}"));
    }
    let space = "Table cells must not start or end with white space.";
    check_fault("| a|\n|-|", &format!("At (1, 2): {space}"));
    check_fault("|å  |\n|-|", &format!("At (1, 3): {space}"));
    check_fault("|a|\n|-\t|", &format!("At (2, 3): {space}"));
    check_fault("|a|b|\n|-|-|\n|c| d|", &format!("At (3, 4): {space}"));
    check_fault("| |\n|-|", &format!("At (1, 2): {space}"));
    check_fault("|*a* |\n|-|", &format!("At (1, 5): {space}"));
    let count = "Table rows must all have the same number of cells.";
    check_fault("|a|b|\n|-|", &format!("At (2, 1): {count}"));
    check_fault("|a|\n|-|-|", &format!("At (2, 1): {count}"));
    check_fault("|a|\n|-|\n|b|c|", &format!("At (3, 1): {count}"));
    let columns = "Tables must have at most 5 columns.";
    check_fault("|a|b|c|d|e|f|\n|-|-|-|-|-|-|", &format!("At (1, 12): {columns}"));
    check_fault("|a|\n|-|-|-|-|-|-|", &format!("At (2, 12): {columns}"));
    let mixed = "Table cells must be either plain or strong as a whole.";
    check_fault("|a|b *c*|\n|-|-|", &format!("At (1, 4): {mixed}"));
    check_fault("|*a*b|\n|-|", &format!("At (1, 2): {mixed}"));
    check_fault("|*a**b*|\n|-|", &format!("At (1, 2): {mixed}"));
    check_fault("|a*|\n|-|", "At (1, 3): Strong text must have a closing '*' on the same line.");
}

#[test]
fn paragraphs() {
    check("a", &[paragraph(&["a"])]);
    check("a\nb\rc\r\nd", &[paragraph(&["a", "b", "c", "d"])]);
    check("a\n\nb", &[paragraph(&["a"]), paragraph(&["b"])]);
    check(
        "a\r\rb\r\n\r\nc\n\n\n\nd",
        &[paragraph(&["a"]), paragraph(&["b"]), paragraph(&["c"]), paragraph(&["d"])],
    );
    check("1. a", &[paragraph(&["1. a"])]);
    check("<b>a</b> [a](b) _c_ `d` ![e](f)", &[paragraph(&["<b>a</b> [a](b) _c_ `d` ![e](f)"])]);
    check("~", &[paragraph(&["~"])]);
}

#[test]
fn white_space() {
    check_line("  a  b\tc \t d \t", &[plain("a b c d")]);
    check_line("a\u{a0}\u{a0}b", &[plain("a\u{a0}\u{a0}b")]);
    check_line("a  *b \t c*  d", &[plain("a "), strong("b c"), plain(" d")]);
    check_line("a \\- \\- b", &[plain("a - - b")]);
}

#[test]
fn strong_text() {
    check_line("*a*", &[strong("a")]);
    check_line("*a* *b*", &[strong("a"), plain(" "), strong("b")]);
    check_line("*a**b*", &[strong("a"), strong("b")]);
    check_line("a*b*c", &[plain("a"), strong("b"), plain("c")]);
    check_line("*a b - + # | c*", &[strong("a b - + # | c")]);
    check_line("*\\**", &[strong("*")]);
    check_line("*å*ä*ö*", &[strong("å"), plain("ä"), strong("ö")]);
    check_line("a \\*b\\* ", &[plain("a *b*")]);
}

#[test]
fn faults_of_strong_text() {
    let open = "Strong text must have a closing '*' on the same line.";
    check_fault("*", &format!("At (1, 1): {open}"));
    check_fault("* ", &format!("At (1, 1): {open}"));
    check_fault("5*", &format!("At (1, 2): {open}"));
    check_fault("å *b* *c", &format!("At (1, 7): {open}"));
    check_fault("*a\nb*", &format!("At (1, 1): {open}"));
    check_fault("*a\\*", &format!("At (1, 1): {open}"));
    let empty = "Strong text must not be empty.";
    check_fault("a **", &format!("At (1, 3): {empty}"));
    check_fault("**a**", &format!("At (1, 1): {empty}"));
    let space = "Strong text must not start or end with white space.";
    check_fault("a * b*", &format!("At (1, 3): {space}"));
    check_fault("*a\t*", &format!("At (1, 4): {space}"));
    check_fault("2 * 3", &format!("At (1, 3): {space}"));
    let trailing = "Strong text must not be followed by white space at the end of the line.";
    check_fault("*a* ", &format!("At (1, 4): {trailing}"));
    check_fault("+ å *b*\t\n", &format!("At (1, 8): {trailing}"));
    check_fault("  # *b*  ", &format!("At (1, 8): {trailing}"));
}

#[test]
fn escapes() {
    check_line("\\#\\+\\|\\*\\-\\\\", &[plain("#+|*-\\")]);
    check_line("a\\\\b", &[plain("a\\b")]);
    check_line("\\\\*a*", &[plain("\\"), strong("a")]);
    check_line("*\\-*", &[strong("-")]);
    check_line("# a".replacen('#', "\\#", 1).as_str(), &[plain("# a")]);
}

#[test]
fn faults_of_escapes() {
    let escape =
        "Escape character '\\' must be followed by one of '#', '+', '|', '*', '-' and '\\'.";
    check_fault("\\", &format!("At (1, 1): {escape}"));
    check_fault("å\\", &format!("At (1, 2): {escape}"));
    check_fault("a\\\nb", &format!("At (1, 2): {escape}"));
    for source in ["a \\a", "a \\ ", "a \\_", "a \\å", "a \\1", "a \\\t*"] {
        check_fault(source, &format!("At (1, 3): {escape}"));
    }
    check_fault("|\\a|\n|-|", &format!("At (1, 2): {escape}"));
    check_fault("+ *\\n*", &format!("At (1, 4): {escape}"));
}

#[test]
fn characters() {
    check_line("~ \u{a0}å€\u{ffef}", &[plain("~ \u{a0}å€\u{ffef}")]);
    check_fault("åb\u{0}", "At (1, 3): Character U+0000 is not allowed.");
    check_fault("a\n\n b😀", "At (3, 3): Character U+1F600 is not allowed.");
    check_fault("\u{b}", "At (1, 1): Character U+000B is not allowed.");
    check_fault("\u{85}", "At (1, 1): Character U+0085 is not allowed.");
    check_fault("\u{7f}", "At (1, 1): Character U+007F is not allowed.");
    check_fault("\u{fff0}", "At (1, 1): Character U+FFF0 is not allowed.");
    check_fault("+a\u{1}", "At (1, 3): Character U+0001 is not allowed.");
    check_fault(
        "+a\n\u{1}",
        "At (1, 1): Initial token for unordered list items must be '+' and it must be followed by space.",
    );
}

#[test]
fn lines_are_counted_by_any_end() {
    for end in ["\n", "\r", "\r\n"] {
        let source = ["a", "", "b", "#c"].join(end);
        let fault = parse(&source).unwrap_err();
        assert_eq!((fault.line, fault.column), (4, 1), "{source:?}");
    }
}

#[test]
fn untouched_text_is_borrowed() {
    let document = parse("# a b\n*c d*\ne f \n|g h|\n|-|").unwrap();
    let borrowed = |inline: &Inline<'_>| {
        matches!(inline, Inline::Plain(Cow::Borrowed(_)) | Inline::Strong(Cow::Borrowed(_)))
    };
    let all = document.blocks().iter().flat_map(|block| match block {
        Block::Heading { text, .. } => text.clone(),
        Block::Paragraph { lines } => lines.concat(),
        Block::Table(Table { header, .. }) => header.clone(),
        Block::Rule | Block::UnorderedList { .. } | Block::OrderedList { .. } => Vec::new(),
    });
    assert_eq!(all.filter(borrowed).count(), 4);
}

#[test]
fn plain_text() {
    let source = "# a\nb *c*\nd\n---\n+ e\n+ f\n\n+3 g\n+1 *h*\n|i|j|\n|-|-|\n|*k*||";
    let expected = "a\n\nb c\nd\n\n---\n\n\u{2022} e\n\u{2022} f\n\n3. g\n1. h\n\ni | j\nk | \n";
    assert_eq!(parse(source).unwrap().plain_text(), expected);
    assert_eq!(parse("").unwrap().plain_text(), "");
}

#[test]
fn json_for_pages() {
    let document = parse("# a\n*b* c\n---\n+ d\n+2 e\n|f|\n|-:|\n|g|").unwrap();
    let expected = serde_json::json!([
        {"type": "heading", "level": 1, "text": [{"type": "plain", "text": "a"}]},
        {"type": "paragraph", "lines": [[{"type": "strong", "text": "b"}, {"type": "plain", "text": " c"}]]},
        {"type": "rule"},
        {"type": "unorderedList", "items": [[{"type": "plain", "text": "d"}]]},
        {"type": "orderedList", "items": [{"number": 2, "text": [{"type": "plain", "text": "e"}]}]},
        {"type": "table", "alignments": ["right"], "header": [{"type": "plain", "text": "f"}],
         "rows": [[{"type": "plain", "text": "g"}]]},
    ]);
    assert_eq!(serde_json::to_value(&document).unwrap(), expected);
}
