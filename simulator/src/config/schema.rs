use schemars::generate::SchemaSettings;

use super::Config;

pub(super) fn of_config() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "Configuration of bankid-simulator".into());
    schema.to_value()
}
