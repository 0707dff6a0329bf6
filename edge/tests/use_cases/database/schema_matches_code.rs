//! Facts that both the code and the schema state, compared with each other.

use std::collections::BTreeSet;

use shared::lang::Lang;
use shared::limits::Limits;
use shared::machine::{
    DisputeState, FreezeState, IntentState, MACHINES, OrderState, PartState, PayoutState,
    PraiseState, RefundState, Visibility,
};
use shared::money::Currency;

use crate::support::people::Fixture;
use crate::support::world::World;

#[test]
fn the_first_policy_equals_the_limits_in_the_code() {
    let world = World::new();
    let rows = world.rows("SELECT * FROM policy ORDER BY currency");
    assert_eq!(rows.len(), Currency::ALL.len());
    for (row, currency) in rows.iter().zip(Currency::ALL) {
        // Destructured, so that a new limit does not compile until it is compared with its column.
        let Limits {
            currency,
            praise_min_minor,
            praise_cap_minor,
            reader_day_minor,
            guest_day_minor,
            payer_day_minor,
            article_day_minor,
            writer_day_minor,
            hold_days,
            undo_minutes,
            account_day_publications,
            default_presets_minor: _,
        } = *Limits::of(currency);
        let expected = serde_json::json!({
            "version": 1, "currency": currency.code(), "effective_from": 0,
            "praise_min_minor": praise_min_minor, "praise_cap_minor": praise_cap_minor,
            "reader_day_minor": reader_day_minor, "guest_day_minor": guest_day_minor,
            "payer_day_minor": payer_day_minor,
            "article_day_minor": article_day_minor, "writer_day_minor": writer_day_minor,
            "hold_days": hold_days, "undo_minutes": undo_minutes,
            "account_day_publications": account_day_publications,
            // Only the policy says who may receive; the limits in the code do not.
            "receivers": "individual",
        });
        assert_eq!(*row, expected);
    }
}

#[test]
fn a_policy_round_trips_through_its_document() {
    let world = World::new();
    for row in world.rows(
        "SELECT policy.*, document FROM policy JOIN policy_document USING (version, currency)",
    ) {
        let document: serde_json::Value =
            serde_json::from_str(row["document"].as_str().unwrap()).unwrap();
        let mut columns = row.as_object().unwrap().clone();
        columns.remove("document");
        columns.remove("effective_from");
        assert_eq!(document, serde_json::Value::Object(columns));
    }
}

#[test]
fn transitions_in_the_schema_equal_the_machines_in_the_code() {
    let world = World::new();
    let schema: BTreeSet<_> = world
        .rows("SELECT machine, from_state, to_state FROM transition")
        .iter()
        .map(|row| {
            ["machine", "from_state", "to_state"].map(|c| row[c].as_str().unwrap().to_owned())
        })
        .collect();
    let code: BTreeSet<_> = MACHINES
        .iter()
        .flat_map(|machine| {
            machine.steps.iter().map(|(from, to)| [machine.name, from, to].map(str::to_owned))
        })
        .collect();
    assert_eq!(schema, code);
}

#[test]
fn states_in_the_schema_are_readable_by_the_code() {
    let world = World::new();
    let schema = |machine: &str| -> BTreeSet<String> {
        let rows = world
            .rows(&format!("SELECT DISTINCT to_state FROM transition WHERE machine = '{machine}'"));
        rows.iter().map(|row| row["to_state"].as_str().unwrap().to_owned()).collect()
    };
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(schema("intent"), names(IntentState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(
        schema("provider_order"),
        names(OrderState::ALL.iter().map(|s| s.as_str()).collect())
    );
    assert_eq!(schema("praise"), names(PraiseState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(schema("refund"), names(RefundState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(schema("payout"), names(PayoutState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(schema("payout_part"), names(PartState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(schema("dispute"), names(DisputeState::ALL.iter().map(|s| s.as_str()).collect()));
    assert_eq!(schema("freeze"), names(FreezeState::ALL.iter().map(|s| s.as_str()).collect()));
}

/// Finds by trial the bounds of a praise that the CHECKs of a table allow.
fn bounds(table: &str, currency: Currency) {
    let Fixture { world, article, reader, .. } = Fixture::new(currency);
    world.skip_self_check();
    world.give_praise(&reader, &article, 1000);
    for row in world.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        world.raw(&format!("DROP TRIGGER {}", row["name"].as_str().unwrap()));
    }
    let limits = Limits::of(currency);
    let (min, cap) = (limits.praise_min_minor, limits.praise_cap_minor);
    for (minor, fits) in [
        (i64::MIN, false),
        (-min, false),
        (0, false),
        (min - 1, false),
        (min, true),
        (cap, true),
        (cap + 1, false),
        (i64::MAX, false),
    ] {
        let outcome = world.product.raw(&format!("UPDATE {table} SET amount_minor = {minor}"));
        assert_eq!(outcome.is_ok(), fits, "{table}, {minor} {currency}: {outcome:?}");
    }
}

#[test]
fn praise_bounds_in_the_schema_equal_the_limits_in_the_code() {
    for currency in Currency::ALL {
        bounds("intent", currency);
        bounds("praise", currency);
    }
}

#[test]
fn currencies_languages_and_visibilities_in_the_schema_equal_the_code() {
    let text = World::new().table_sql();
    let list = |names: Vec<&str>| {
        let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
        format!("IN ({})", quoted.join(", "))
    };
    let lists = |column: &str| -> BTreeSet<String> {
        let marker = format!("CHECK ({column} ");
        text.split(&marker)
            .skip(1)
            .map(|rest| rest[..=rest.find(')').unwrap()].to_owned())
            .collect()
    };
    let one = |names| BTreeSet::from([list(names)]);
    assert_eq!(lists("currency"), one(Currency::ALL.map(Currency::code).to_vec()));
    assert_eq!(lists("visibility"), one(Visibility::ALL.iter().map(|one| one.as_str()).collect()));
    assert_eq!(lists("lang"), one(Lang::ALL.map(Lang::tag).to_vec()));
}

#[test]
fn praise_states_on_the_wall_equal_the_code() {
    for state in PraiseState::ALL {
        let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
        world.skip_self_check();
        world.give_praise(&reader, &article, 1000);
        // Any state can be set directly while only the wall's triggers are active.
        world.raw("PRAGMA ignore_check_constraints = ON");
        for row in world
            .rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'wall%'")
        {
            world.raw(&format!("DROP TRIGGER {}", row["name"].as_str().unwrap()));
        }
        world.raw("UPDATE praise SET state = ''");
        world.raw(&format!("UPDATE praise SET state = '{state}'"));
        let stands = i64::from(state.stands());
        assert_eq!(world.number("SELECT standing FROM wall_person"), stands, "{state}");
        assert_eq!(world.number("SELECT persons FROM wall_count"), stands, "{state}");
        assert_eq!(world.number("SELECT persons_public FROM wall_count"), stands, "{state}");
        // The self-check counts the same way.
        let found = world.violations();
        assert!(found.iter().all(|violation| !violation.check.contains("wall")), "{found:#?}");
    }
}

#[test]
fn an_account_offers_the_default_amounts_of_its_currency() {
    for currency in Currency::ALL {
        let Fixture { world, article, .. } = Fixture::new(currency);
        let shown = world.run(async |ctx| {
            edge::queries::articles::find(ctx.db, &article.slug, ctx.now).await.unwrap()
        });
        let terms = shown.unwrap().praise.terms.unwrap();
        let limits = Limits::of(currency);
        assert_eq!(terms.currency, currency);
        assert_eq!(terms.presets_minor, limits.default_presets_minor);
        assert_eq!(
            (terms.min_minor, terms.cap_minor),
            (limits.praise_min_minor, limits.praise_cap_minor)
        );
    }
}

impl World {
    /// The SQL text of every table of the product's schema.
    fn table_sql(&self) -> String {
        let rows =
            self.rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL");
        rows.iter().map(|row| row["sql"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
    }
}
