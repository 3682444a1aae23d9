//! What is printed: Markdown tables, and a verdict for each target.

/// A bound that a figure must keep.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// A measured figure beside its target.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) what: String,
    pub(crate) measured: f64,
    pub(crate) goal: Goal,
}

impl Verdict {
    pub(crate) fn new(what: impl Into<String>, measured: f64, goal: Goal) -> Self {
        Self { what: what.into(), measured, goal }
    }

    fn row(&self) -> Vec<String> {
        let (goal, met) = match self.goal {
            Goal::AtLeast(bound) => (format!("at least {bound:.2}"), self.measured >= bound),
            Goal::AtMost(bound) => (format!("at most {bound:.2}"), self.measured <= bound),
        };
        let verdict = if met { "met" } else { "not met" };
        vec![self.what.clone(), format!("{:.2}", self.measured), goal, verdict.to_owned()]
    }
}

/// Prints a table with aligned columns.
pub(crate) fn print_table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::len);
        cells.chain(head.get(column).map(|cell| cell.len())).max().unwrap_or_default()
    };
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        for (column, cell) in cells.enumerate() {
            let width = width(column);
            // Names read from the left, figures from the right.
            if column == 0 { print!("| {cell:<width$} ") } else { print!("| {cell:>width$} ") }
        }
        println!("|");
    };
    line(&mut head.iter().copied());
    for column in 0..head.len() {
        let dashes = "-".repeat(width(column));
        print!("| {dashes}{}", if column == 0 { " " } else { ":" });
    }
    println!("|");
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    println!();
}

/// Prints every figure that has a target.
pub(crate) fn print_verdicts(verdicts: &[Verdict]) {
    let rows: Vec<_> = verdicts.iter().map(Verdict::row).collect();
    print_table(&["target", "measured", "goal", "verdict"], &rows);
}
