//! The nearest known name to a misspelt one, so that a refusal can say what was probably meant.
//!
//! It only proposes: nothing is ever accepted because it is near.

/// The candidate that `word` most likely stands for, if one is near enough to be worth naming.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = folded(word);
    // A third of the letters may be wrong, and four at most: more, and the proposal would be a guess in the dark.
    let allowed = word.chars().count().div_ceil(3).min(4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters and digits in lower case: `user-sign`, `user_sign` and `userSign` are one word to whoever mistypes them.
fn folded(word: &str) -> String {
    // Names are short; a long text is no misspelt name, and the distance is quadratic in its length.
    word.chars().take(64).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
