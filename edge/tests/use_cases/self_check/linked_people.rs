//! Tampering with linked people, cards and limits.

use shared::api::UpdateLimits;
use shared::money::Currency;

use super::Tampering;
use crate::support::people::Fixture;

/// Two writers who were linked by a card a day ago, and two readers, one of whom waits for a raised
/// limit.
pub fn fixture() -> Fixture {
    let fixture = Fixture::new(Currency::Cny);
    let Fixture { world, account, article, reader } = &fixture;
    let lu = world.person("lu");
    let second = world.account(&lu, "lu-writes", Currency::Cny);
    world.attach_card(&account.owner, &account.handle, "sbxcard_6222020200112233");
    world.attach_card(&lu, &second.handle, "sbxcard_6222020200112233");
    world.advance_minutes(24 * 60);
    world.give_praise(reader, article, 1000);
    world.give_praise(&world.person("bo"), &world.article(&second, "Rain"), 1000);
    for day_minor in [5000, 6000] {
        let update = UpdateLimits {
            currency: Currency::Cny,
            praise_minor: None,
            day_minor: Some(Some(day_minor)),
            month_minor: None,
        };
        world.run(async |ctx| {
            edge::limits::reader_limits::update(ctx.db, ctx.now, &reader.id, &update)
                .await
                .unwrap();
        });
    }
    fixture
}

/// Each check, and the SQL changes that it must report. They are made without the triggers.
pub const TAMPERING: &[Tampering] = &[
    (
        "two people who are paid to one verified card have a link",
        &[
            "DELETE FROM human_link",
            "UPDATE human_link SET fingerprint = 'x'",
            "UPDATE human_link SET provider = 'x'",
            "UPDATE official_account SET owner_id = (SELECT person_id FROM reader_limit)
             WHERE handle = 'lu-writes'",
        ],
    ),
    (
        "who stands for a human is nobody else's part",
        &[
            "UPDATE person SET linked_at = NULL",
            "UPDATE person SET human_id = (SELECT person_id FROM reader_limit), linked_at = 1
             WHERE id = (SELECT human_id FROM person WHERE human_id IS NOT NULL)",
        ],
    ),
    (
        "people whom a link joins are one human",
        &["UPDATE person SET human_id = NULL, linked_at = NULL"],
    ),
    (
        "links join everybody who is one human",
        &[
            "UPDATE human_link SET dissolved_at = 1",
            "UPDATE human_link SET made_at = NULL",
            "UPDATE person SET linked_at = 1,
               human_id = (SELECT human_id FROM person WHERE human_id IS NOT NULL)
             WHERE id = (SELECT person_id FROM reader_limit)",
        ],
    ),
    (
        "an account has one card at most",
        &["DROP INDEX bank_card_current; UPDATE bank_card SET removed_at = NULL"],
    ),
    (
        "no human exceeds a cap under several sign-ins",
        &[
            "UPDATE writer_day SET booked_minor = 2600000",
            "UPDATE reader_day SET reserved_minor = 60000;
             UPDATE person SET linked_at = 1, human_id = (SELECT min(person_id) FROM reader_day)
             WHERE id = (SELECT max(person_id) FROM reader_day)",
        ],
    ),
    (
        "a raise that waits has its job, and has not waited past its time",
        &[
            "DELETE FROM job WHERE kind = 'raise_limit'",
            "UPDATE job SET done_at = 1 WHERE kind = 'raise_limit'",
            "UPDATE reader_limit SET next_at = 1",
        ],
    ),
    (
        "no limit of a reader's own is above the product's",
        &[
            "UPDATE reader_limit SET limit_minor = 100001",
            "UPDATE reader_limit SET next_minor = 100001",
            "UPDATE reader_limit SET scope = 'praise', limit_minor = 20001",
            "UPDATE person SET kind = 'guest'; UPDATE reader_limit SET limit_minor = 20001",
        ],
    ),
];
