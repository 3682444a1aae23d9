//! QR codes as pictures (protocol section 7.3): what JavaScript makes images of.

use bankid_core::symbol::{DoesNotFit, Level, PATH_BYTES, Symbol};
use napi_derive::napi;

use crate::error::{Answer, Failure, answer};

/// A code with its quiet zone.
#[derive(Debug)]
#[napi(object, object_from_js = false)]
pub struct QrDrawing {
    /// The `d` of one SVG path that fills the dark modules, each a unit wide.
    pub path: String,
    /// Modules in a row and in a column.
    pub size: u32,
}

/// The code of a text of BankID's: version 6, level L.
#[napi(catch_unwind)]
pub fn draw_bankid(text: String) -> Answer<QrDrawing> {
    answer(drawing(Symbol::bankid(&text)))
}

/// The smallest code of a text at level M, or else at level L.
#[napi(catch_unwind)]
pub fn draw_qr(text: String, is_medium: bool) -> Answer<QrDrawing> {
    answer(drawing(Symbol::of(&text, if is_medium { Level::M } else { Level::L })))
}

fn drawing(symbol: Result<Symbol, DoesNotFit>) -> Result<QrDrawing, Box<Failure>> {
    let symbol = symbol.map_err(|fault| Failure::argument("text", &fault))?;
    let mut room = vec![0; PATH_BYTES];
    let path = room.first_chunk_mut().map(|room| symbol.svg_path(room).to_owned());
    // There is room, and the size is at most 65.
    let size = u32::try_from(symbol.picture_size()).unwrap_or_default();
    Ok(QrDrawing { path: path.unwrap_or_default(), size })
}
