use schemars::generate::SchemaSettings;

use super::Config;

pub(super) fn of_config() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "Configuration of bankid-simulator".into());
    let mut schema = schema.to_value();
    // Any crate of a build may turn on serde_json's order of insertion, for all; the file stays the same.
    schema.sort_all_objects();
    schema
}
