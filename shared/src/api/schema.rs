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
