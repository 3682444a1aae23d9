//! The request of `/collect` and `/cancel`: both say which order, and nothing else (2.10, 2.11).
use core::fmt;

use serde::Serialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::Text;
use crate::error::Invalid;
use crate::order::OrderRef;

/// The body of `/collect` and `/cancel`, as a client writes it.
///
/// ```
/// use bankid_core::{order::OrderRef, request::ByOrderRef};
///
/// let order_ref = OrderRef::try_from("131daac9-16c6-4618-beb0-365768f37288")?;
/// let json = serde_json::to_string(&ByOrderRef { order_ref: &order_ref })?;
/// assert_eq!(json, r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ByOrderRef<'a> {
    /// Which order.
    pub order_ref: &'a OrderRef,
}

/// Reads the body of `collect` and `cancel` (2.10, 2.11): one JSON object with an `orderRef`.
///
/// The text comes back as it stands; whether an order of that name exists, an empty name included, is for the store to say.
///
/// # Errors
/// `Invalid request`, also when the member is missing.
pub fn parse_order_ref(body: &[u8]) -> Result<Text<'_>, Invalid> {
    const BAD: Invalid = Invalid::request(Some("orderRef"));
    let text = core::str::from_utf8(body).or(Err(Invalid::request(None)))?;
    let mut json = serde_json::Deserializer::from_str(text);
    match json.deserialize_map(OrderRefVisitor) {
        Ok(order_ref) if json.end().is_ok() => order_ref.ok_or(BAD),
        Ok(_) | Err(_) => Err(Invalid::request(None)),
    }
}

struct OrderRefVisitor;

impl<'de> Visitor<'de> for OrderRefVisitor {
    type Value = Option<Text<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut order_ref: Option<Option<Text<'de>>> = None;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if &*key != "orderRef" {
                map.next_value::<IgnoredAny>()?;
            } else if order_ref.is_some() {
                return Err(de::Error::duplicate_field("orderRef"));
            } else {
                order_ref = Some(map.next_value()?);
            }
        }
        Ok(order_ref.flatten())
    }
}
