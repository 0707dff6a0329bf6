//! The one schema that cannot be derived. `PraiseOffer` flattens an optional struct, whose fields
//! are either all present or all absent. A derived schema would allow `null` instead.

use utoipa::openapi::{AllOfBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{PraiseOffer, PraiseTerms};

impl PartialSchema for PraiseOffer {
    fn schema() -> RefOr<Schema> {
        let accepting = |value: bool| {
            let only = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([value]));
            ObjectBuilder::new().property("accepting", only).required("accepting")
        };
        let open = AllOfBuilder::new()
            .item(accepting(true))
            .item(Ref::from_schema_name(PraiseTerms::name()));
        let offer = OneOfBuilder::new().item(open).item(accepting(false)).description(Some(
            "Whether and how an article receives praise. When it does not, the reason is the \
             writer's business: only `accepting` is there.",
        ));
        offer.into()
    }
}

impl ToSchema for PraiseOffer {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((PraiseTerms::name().into_owned(), PraiseTerms::schema()));
        PraiseTerms::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn an_offer_has_all_terms_or_only_says_that_there_are_none() {
        let schema = serde_json::to_value(PraiseOffer::schema()).unwrap();
        let accepting = |value: bool| {
            json!({
                "type": "object",
                "required": ["accepting"],
                "properties": { "accepting": { "type": "boolean", "enum": [value] } },
            })
        };
        let terms = json!({ "$ref": "#/components/schemas/PraiseTerms" });
        let open = json!({ "allOf": [accepting(true), terms] });
        assert_eq!(schema["oneOf"], json!([open, accepting(false)]));
        let description = schema["description"].as_str().unwrap();
        assert!(description.starts_with("Whether and how an article receives praise."));
    }

    #[test]
    fn what_an_offer_refers_to_is_defined_with_it() {
        let mut schemas = Vec::new();
        PraiseOffer::schemas(&mut schemas);
        let defined = |name: &str| -> Value {
            let (_, schema) = schemas.iter().find(|(defined, _)| defined == name).unwrap();
            serde_json::to_value(schema).unwrap()
        };
        let currency = &defined("PraiseTerms")["properties"]["currency"];
        assert_eq!(
            *currency,
            json!({
                "$ref": "#/components/schemas/Currency",
                "description": "What the account receives.",
            })
        );
        assert_eq!(defined("Currency")["enum"], json!(["CNY", "USD"]));
    }
}
