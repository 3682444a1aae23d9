//! The one-line language of timelines.

use std::{fmt, str::FromStr, time::Duration};

use super::{End, Hint, Stay, Step, Timeline};
use crate::nearest::nearest;

/// The longest text of a timeline that is looked at, in bytes.
const MAX_BYTES: usize = 16 * 1024;
/// The longest name of a hint that nobody knows yet.
const MAX_NAME: usize = 64;

impl FromStr for Timeline {
    type Err = TimelineFault;

    fn from_str(text: &str) -> Result<Self, TimelineFault> {
        if text.len() > MAX_BYTES {
            return Err(TimelineFault {
                column: 1,
                found: Box::default(),
                expected: Expected::Shorter,
            });
        }
        let mut steps = Vec::new();
        let mut end: Option<(Word<'_>, End)> = None;
        for words in steps_of(text) {
            let Some((word, rest)) = words.split_first() else { continue };
            if let Some((last, _)) = end {
                return Err(last.fault(Expected::EndLast));
            }
            if word.text.is_empty() {
                return Err(word.fault(Expected::Hint { nearest: None }));
            }
            match hint(*word)? {
                Meaning::Pending(_) if steps.len() + 1 == Self::MAX_STEPS => {
                    return Err(word.fault(Expected::FewerSteps));
                }
                Meaning::Pending(hint) => steps.push(Step { hint, stay: stay(rest)? }),
                Meaning::End(meant) => match rest.first() {
                    Some(word) => return Err(word.fault(Expected::EndWithoutStay)),
                    None => end = Some((*word, meant)),
                },
            }
        }
        match end {
            Some((_, end)) => Ok(Self::new(steps, end)),
            None => Err(TimelineFault {
                column: text.chars().count() + 1,
                found: Box::default(),
                expected: if steps.is_empty() {
                    Expected::Hint { nearest: None }
                } else {
                    Expected::End
                },
            }),
        }
    }
}

/// Why a text is no timeline: where, what stands there, and what should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineFault {
    /// The character at which the fault begins, counted from 1.
    pub column: usize,
    /// The word at fault; empty where one is missing.
    pub found: Box<str>,
    /// What was expected instead.
    pub expected: Expected,
}

/// What a timeline should have where it has a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A hint, or `complete`.
    Hint {
        /// The documented one that is probably meant.
        nearest: Option<&'static str>,
    },
    /// A name of letters and digits after `pending:` or `failed:`.
    Name,
    /// A number of collects or a time.
    Stay,
    /// Only one number of collects, and only one time, for a step.
    OneStay,
    /// A number of collects within the limits.
    Collects,
    /// A time within the limits.
    Time,
    /// Nothing after the step that ends the order.
    EndLast,
    /// No number of collects and no time for the step that ends the order: a final answer is given once.
    EndWithoutStay,
    /// A last step that ends the order.
    End,
    /// Fewer steps.
    FewerSteps,
    /// A shorter text.
    Shorter,
}

impl std::error::Error for TimelineFault {}

impl fmt::Display for TimelineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, found, expected } = self;
        write!(f, "at character {column}: ")?;
        match expected {
            Expected::Hint { .. } | Expected::Name if found.is_empty() => {
                f.write_str("expected a hint such as `userSign`, or `complete`")
            }
            Expected::Hint { nearest: Some(nearest) } => {
                write!(f, "`{found}` is no documented hint; did you mean `{nearest}`?")
            }
            Expected::Hint { nearest: None } => write!(
                f,
                "`{found}` is no documented hint; write `pending:{found}` or `failed:{found}` if it is meant"
            ),
            Expected::Name => {
                write!(
                    f,
                    "expected a name of 1 to {MAX_NAME} letters and digits after the colon of `{found}`"
                )
            }
            Expected::Stay => write!(
                f,
                "expected a number of collects (`x2`), a time (`500ms`, `1.5s`, `2m`) or a comma, found `{found}`"
            ),
            Expected::OneStay => write!(f, "`{found}` says a second time how long the step stays"),
            Expected::Collects => write!(
                f,
                "expected a number of collects from x1 to x{}, found `{found}`",
                Stay::MAX_COLLECTS
            ),
            Expected::Time => {
                write!(
                    f,
                    "expected a time from 1ms to {}h, found `{found}`",
                    Stay::MAX_TIME.as_secs() / 3600
                )
            }
            Expected::EndLast => write!(f, "`{found}` ends the order, so no step can follow it"),
            Expected::EndWithoutStay => {
                write!(f, "a final answer is given once, so `{found}` has no meaning here")
            }
            Expected::End => {
                f.write_str("the last step must be `complete` or the hint of a failed order")
            }
            Expected::FewerSteps => {
                write!(f, "a timeline has at most {} steps", Timeline::MAX_STEPS)
            }
            Expected::Shorter => write!(f, "a timeline has at most {MAX_BYTES} bytes"),
        }
    }
}

/// A word of the text, and the character it begins at, from 1.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    column: usize,
}

impl Word<'_> {
    fn fault(self, expected: Expected) -> TimelineFault {
        let found = self.text.chars().take(MAX_NAME).collect::<String>().into();
        TimelineFault { column: self.column, found, expected }
    }
}

/// The words of each step. A step without words is given as one empty word, except that a text of nothing has no steps.
fn steps_of(text: &str) -> Vec<Vec<Word<'_>>> {
    let mut steps = Vec::new();
    let mut column = 1;
    if text.trim().is_empty() {
        return steps;
    }
    for step in text.split(',') {
        let mut words = Vec::new();
        let mut at = column;
        for piece in step.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                words.push(Word { text: word, column: at });
            }
            at += piece.chars().count();
        }
        if words.is_empty() {
            words.push(Word { text: "", column: at });
        }
        steps.push(words);
        column = at + 1;
    }
    steps
}

enum Meaning {
    Pending(Hint),
    End(End),
}

fn hint(word: Word<'_>) -> Result<Meaning, TimelineFault> {
    let text = word.text;
    if text == "complete" {
        Ok(Meaning::End(End::Complete))
    } else if let Some(name) = text.strip_prefix("pending:") {
        Ok(Meaning::Pending(Hint::pending(checked_name(word, name)?)))
    } else if let Some(name) = text.strip_prefix("failed:") {
        Ok(Meaning::End(End::Failed(Hint::failed(checked_name(word, name)?))))
    } else if Hint::PENDING.contains(&text) {
        Ok(Meaning::Pending(Hint::pending(text)))
    } else if Hint::FAILED.contains(&text) {
        Ok(Meaning::End(End::Failed(Hint::failed(text))))
    } else {
        let known = Hint::PENDING.into_iter().chain(Hint::FAILED).chain(["complete"]);
        Err(word.fault(Expected::Hint { nearest: nearest(text, known) }))
    }
}

fn checked_name<'a>(word: Word<'_>, name: &'a str) -> Result<&'a str, TimelineFault> {
    let fits =
        (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits { Ok(name) } else { Err(word.fault(Expected::Name)) }
}

fn stay(words: &[Word<'_>]) -> Result<Stay, TimelineFault> {
    let (mut collects, mut millis) = (None, None);
    for word in words {
        let again = if let Some(count) = word.text.strip_prefix('x') {
            // A sign is no digit, though `parse` takes one.
            let digits = count.bytes().all(|b| b.is_ascii_digit());
            let count = digits.then(|| count.parse().ok()).flatten();
            let count = count.filter(|n| (1..=Stay::MAX_COLLECTS).contains(n));
            collects.replace(count.ok_or_else(|| word.fault(Expected::Collects))?).is_some()
        } else {
            millis.replace(time(*word)?).is_some()
        };
        if again {
            return Err(word.fault(Expected::OneStay));
        }
    }
    Ok(match (collects, millis) {
        (None, None) => Stay::For { collects: 1, millis: 0 },
        (collects, millis) => {
            Stay::For { collects: collects.unwrap_or(0), millis: millis.unwrap_or(0) }
        }
    })
}

/// A time as timelines write it, for others who take times.
pub(crate) fn parse_time(text: &str) -> Option<Duration> {
    let millis = time(Word { text, column: 1 }).ok()?;
    Some(Duration::from_millis(millis.into()))
}

/// A time: digits, with or without decimals, and a unit.
fn time(word: Word<'_>) -> Result<u32, TimelineFault> {
    let unit_at =
        word.text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.text.len());
    let (number, unit) = word.text.split_at(unit_at);
    let unit_ms: u32 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(word.fault(Expected::Stay)),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits =
        |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return Err(word.fault(Expected::Stay));
    }
    let parsed = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let scale = 10_u64.pow(u32::try_from(decimals.len()).unwrap_or(0));
    let millis = parsed(whole)
        .saturating_mul(scale)
        .saturating_add(parsed(decimals))
        .saturating_mul(unit_ms.into())
        / scale;
    u32::try_from(millis)
        .ok()
        .filter(|ms| (1..=Stay::MAX_TIME.as_millis()).contains(&(*ms).into()))
        .ok_or_else(|| word.fault(Expected::Time))
}
