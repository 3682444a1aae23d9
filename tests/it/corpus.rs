//! The corpus of every fuzz target, replayed.

use std::path::Path;

#[test]
#[expect(clippy::print_stdout, reason = "a panic does not name its input, so the test does")]
fn every_target_holds_on_its_corpus() {
    for (name, target) in tests::targets::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
        let mut cases = 0;
        for entry in
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"))
        {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target(&std::fs::read(&path).unwrap());
            cases += 1;
        }
        assert!(cases > 3, "{name} has a corpus of {cases}");
    }
}
