//! Problems as JSON, in the form of RFC 9457.

use serde::{Deserialize, Serialize};

use crate::calendar::Moment;
use crate::money::{Currency, Money};

/// An attempt that waits for its payment, offered in place of a new one. It has no amount, because
/// problem documents are also sent to the public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingIntent {
    /// `int_…`. It is continued on the page `/i/{id}`, and cancelled there or by the API.
    pub id: String,
    /// Slug of the article.
    pub article: String,
    /// Title of the article.
    pub title: String,
    /// The currency of its amount.
    pub currency: Currency,
    /// Until when it can be paid.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Moment,
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDocument {
    /// URI reference of this kind of problem: the page that explains it, relative to the API's
    /// origin.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What it means and what to do next, in the language asked for.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// Id of the request, for support: the log has it too.
    pub request_id: String,
    /// The field that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The amount of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
    /// When the request is possible again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub reopens_at: Option<Moment>,
    /// The attempt that can be continued or cancelled instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_intent: Option<WaitingIntent>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::problem::Problem;

    #[test]
    fn too_many_attempts_that_wait_name_the_oldest() {
        let expires_at = Moment::from_rfc3339("2026-11-22T09:30:00Z").unwrap();
        let oldest = WaitingIntent {
            id: "int_1".to_owned(),
            article: "the-five-orange-pips".to_owned(),
            title: "The Five Orange Pips".to_owned(),
            currency: Currency::Usd,
            expires_at,
        };
        let problem =
            Problem::OpenIntents { oldest: Box::new(oldest.clone()), reopens_at: expires_at };
        let document = problem.document(Lang::En, "req_1");
        assert_eq!(document.open_intent, Some(oldest));
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(json["open_intent"]["expires_at"], "2026-11-22T09:30:00Z");
        assert_eq!(serde_json::from_value::<ProblemDocument>(json).unwrap(), document);
    }

    #[test]
    fn a_document_leaves_out_what_a_problem_does_not_have() {
        let json = serde_json::to_value(Problem::NotFound.document(Lang::En, "req_1")).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/problems/not_found",
                "title": "Not found",
                "status": 404,
                "detail": "The address may be mistyped, or what was here has been removed. \
                           All articles are on the front page.",
                "code": "not_found",
                "request_id": "req_1",
            })
        );
    }
}
