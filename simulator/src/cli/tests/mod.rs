use std::collections::HashMap;

use super::{Surroundings, run_in};

mod commands;
mod readme;
mod ready;
mod refusals;

/// What a run of the program came to.
struct Ran {
    code: u8,
    out: String,
    err: String,
}

/// Runs the program with these arguments behind its name.
fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, &HashMap::new())
}

fn run_with(arguments: &[&str], environment: &HashMap<&str, &str>) -> Ran {
    let lookup = |name: &str| environment.get(name).map(|value| (*value).to_owned());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings { out: &mut out, err: &mut err, lookup: &lookup };
    let code = run_in([&["bankid-simulator"], arguments].concat(), &mut surroundings);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code, out: text(out), err: text(err) }
}

/// A folder of this test's own.
fn folder() -> super::temporary::TemporaryFolder {
    super::temporary::TemporaryFolder::new().unwrap()
}
