//! The rows of the growth benchmark are inserted without triggers, and must still fit the schema.

#[path = "../../support/long_history.rs"]
mod long_history;

use shared::money::Currency;

use crate::support::people::Fixture;
use crate::support::world::{World, own_database};

#[test]
fn the_rows_of_a_long_history_refer_to_each_other() {
    let world = World::on(own_database("migrations"), "2026-11-22T09:30:00Z");
    let Fixture { world, article, reader, .. } = &Fixture::on(world, Currency::Cny);
    world.skip_self_check();
    long_history::fill(&world.product.connection(), 2000).unwrap();
    assert_eq!(world.count("praise"), 2000 - 42);
    assert_eq!(world.count(&format!("praise WHERE person_id = '{}'", reader.id)), 48);
    assert!(world.count(&format!("wall_person WHERE article_id = '{}'", article.id)) > 20);
    let orphans = world.rows("SELECT * FROM pragma_foreign_key_check");
    assert!(orphans.is_empty(), "{orphans:?}");
}
