//! The pull request as expressions see it: its fields, their types and their values in one place.

use super::cel::{Fields, Lazy, Mark, Value};
use super::types::{Record, Type};
use crate::facts::{PullRequest, Review, ReviewState, Reviews};
use crate::finding::Cited;

/// The type of `pr`. Outside of a pull request it is null, as any record may be.
pub fn of_pull_request() -> Type {
    let state = ReviewState::ALL.iter().map(|state| state.name().into()).collect();
    let review = record([
        ("by", Type::String),
        ("on", Type::Timestamp),
        ("outdated", Type::Bool),
        ("state", Type::OneOf(state)),
    ]);
    record([
        ("approvals", Type::list(Type::String)),
        ("author", Type::String),
        ("base_branch", Type::String),
        ("draft", Type::Bool),
        ("labels", Type::list(Type::String)),
        ("number", Type::Int),
        ("reviews", Type::list(review)),
        ("title", Type::String),
    ])
}

/// The value of `pr`.
pub fn value_of(pr: &PullRequest) -> Value {
    Value::Lazy(Lazy::new(OfPullRequest(pr.clone())))
}

struct OfPullRequest(PullRequest);

/// What a policy that asks for reviews is told where nobody looked them up.
const NOT_LOOKED_UP: &str = "nobody looked up the reviews of the pull request; `--online` does in a workflow";

impl Fields for OfPullRequest {
    fn names(&self) -> &'static [&'static str] {
        &["approvals", "author", "base_branch", "draft", "labels", "number", "reviews", "title"]
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        let pr = &self.0;
        let text = |text: &String| Value::Text(text.clone());
        let reviews = || match &pr.reviews {
            Reviews::Known(reviews) => Ok(reviews),
            Reviews::NotAsked => Err(Mark::Never(NOT_LOOKED_UP.to_owned())),
            Reviews::Unavailable(why, help) => Err(Mark::Unknown(why.clone(), help.clone())),
        };
        Ok(match field {
            "approvals" => {
                let stands = |review: &&Review| review.state == ReviewState::Approved && !review.outdated;
                Value::List(reviews()?.iter().filter(stands).map(|review| text(&review.by)).collect())
            }
            "author" => text(&pr.author),
            "base_branch" => text(&pr.base_branch),
            "draft" => Value::Bool(pr.draft),
            "labels" => Value::List(pr.labels.iter().map(text).collect()),
            "number" => Value::Int(i64::from(pr.number)),
            "reviews" => Value::List(reviews()?.iter().map(of_review).collect()),
            "title" => text(&pr.title),
            _ => Value::Null,
        })
    }

    fn cite(&self, _: &str, _: &Value) -> Option<Cited> {
        None
    }

    fn identity(&self) -> String {
        format!("pull request {}", self.0.number)
    }
}

fn of_review(review: &Review) -> Value {
    map([
        ("by", Value::Text(review.by.clone())),
        ("on", Value::Time(review.on.seconds())),
        ("outdated", Value::Bool(review.outdated)),
        ("state", Value::Text(review.state.name().to_owned())),
    ])
}

fn record<const N: usize>(fields: [(&str, Type); N]) -> Type {
    Type::Record(Record::Fields(fields.into_iter().map(|(name, of)| (name.into(), of)).collect()))
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Day;

    /// The names of all fields of a type, those of the records in its lists included.
    fn typed(of: &Type) -> Vec<String> {
        match of {
            Type::Record(Record::Fields(fields)) => {
                fields.iter().flat_map(|(name, of)| [name.to_string()].into_iter().chain(typed(of))).collect()
            }
            Type::List(item) => typed(item),
            _ => Vec::new(),
        }
    }

    fn named(value: &Value) -> Vec<String> {
        match value {
            Value::Lazy(pr) => {
                let field = |name: &&str| {
                    [(*name).to_owned()].into_iter().chain(named(&pr.get(name).ok().flatten().expect("a value")))
                };
                pr.names().iter().flat_map(|name| field(name).collect::<Vec<_>>()).collect()
            }
            Value::Map(fields) => {
                fields.iter().flat_map(|(name, value)| [name.clone()].into_iter().chain(named(value))).collect()
            }
            Value::List(items) => items.iter().flat_map(named).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn types_values_and_schemas_have_the_same_fields() {
        let on = Day::parse("2026-06-01").expect("a day");
        let review = Review { by: "b".to_owned(), on, state: ReviewState::Approved, outdated: false };
        let pr = PullRequest {
            number: 1,
            title: String::new(),
            author: "a".to_owned(),
            draft: false,
            labels: Vec::new(),
            base_branch: "main".to_owned(),
            reviews: Reviews::Known(vec![review]),
        };
        let fields = typed(&of_pull_request());
        assert_eq!(fields, named(&value_of(&pr)));
        let schemas = crate::embedded::SCHEMAS;
        for (name, place) in [
            ("policy-test", "/properties/cases/items/properties/pull_request/properties"),
            ("policy", "/properties/examples/items/properties/pull_request/properties"),
        ] {
            let text = schemas.iter().find(|(path, _)| *path == format!("{name}.schema.json")).expect(name).1;
            let schema: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
            let properties = schema.pointer(place).and_then(|p| p.as_object()).expect(place);
            let reviews = properties["reviews"]["items"]["properties"].as_object().expect("fields of a review");
            let mut known: Vec<&String> = properties.keys().chain(reviews.keys()).collect();
            // Approvals follow from the reviews.
            let mut wanted: Vec<&String> = fields.iter().filter(|field| *field != "approvals").collect();
            known.sort();
            wanted.sort();
            assert_eq!(known, wanted, "{name}");
            let states: Vec<&str> = ReviewState::ALL.iter().map(|state| state.name()).collect();
            assert_eq!(reviews["state"]["enum"], serde_json::json!(states), "{name}");
        }
    }
}
