//! The log: tracing events to standard error, as text or as JSON lines.
//!
//! Nothing here decides what is logged, but one promise is kept here whatever the rest of the program does: no
//! personal number gets out. Our own types hide theirs; this net is for texts that come from elsewhere, such as a
//! name that a client chose or the message of a library.

mod mask;

use std::io;

pub use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use mask::Masked;

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines for people.
    Text,
    /// An object of JSON on each line.
    Json,
}

/// A subscriber that writes events up to `level`, with personal numbers masked.
fn subscriber<W>(
    format: Format,
    level: LevelFilter,
    writer: W,
) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let writer = Masking(writer);
    match format {
        Format::Text => {
            let layer = fmt::layer().with_writer(writer).with_ansi(false).with_target(false);
            Box::new(tracing_subscriber::registry().with(level).with(layer))
        }
        Format::Json => {
            let layer =
                fmt::layer().json().flatten_event(true).with_writer(writer).with_target(false);
            Box::new(tracing_subscriber::registry().with(level).with(layer))
        }
    }
}

/// Hands out writers that mask.
struct Masking<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Masking<W> {
    type Writer = Masked<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Masked::new(self.0.make_writer())
    }

    fn make_writer_for(&'a self, meta: &tracing::Metadata<'_>) -> Self::Writer {
        Masked::new(self.0.make_writer_for(meta))
    }
}

/// Makes the log of this process go to standard error. A process that already has a log keeps it: a server in process is
/// a guest.
pub fn install(format: Format, level: LevelFilter) {
    if level != LevelFilter::OFF {
        // An error means that somebody was first, which is theirs to decide.
        drop(tracing::subscriber::set_global_default(subscriber(format, level, io::stderr)));
    }
}

#[cfg(test)]
mod tests;
