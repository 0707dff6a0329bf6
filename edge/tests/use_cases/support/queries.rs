//! Queries on a world's databases.

use serde_json::Value;

use super::world::World;

impl World {
    /// The rows of a query on the product's database.
    pub fn rows(&self, sql: &str) -> Vec<Value> {
        self.product.query(sql)
    }

    /// The only value of a query with one row and one column; `Null` without a row.
    pub fn value(&self, sql: &str) -> Value {
        let rows = self.rows(sql);
        assert!(rows.len() <= 1, "{} rows from {sql}", rows.len());
        let row = rows.into_iter().next();
        row.and_then(|row| row.as_object()?.values().next().cloned()).unwrap_or_default()
    }

    /// The number of open jobs about something that ends. Recurring schedules are not counted.
    pub fn open_jobs(&self) -> i64 {
        self.count(
            "job WHERE done_at IS NULL AND kind NOT IN ('settle', 'reconcile', 'self_check')",
        )
    }

    /// A number from a query; 0 without a row.
    pub fn number(&self, sql: &str) -> i64 {
        self.value(sql).as_i64().unwrap_or(0)
    }

    /// A text from a query; empty without a row or for NULL.
    pub fn text(&self, sql: &str) -> String {
        self.value(sql).as_str().unwrap_or_default().to_owned()
    }

    /// The number of rows in a table, with an optional WHERE.
    pub fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table}"))
    }

    /// The id of an intent's order.
    pub fn order_of(&self, intent_id: &str) -> String {
        self.text(&format!("SELECT id FROM provider_order WHERE intent_id = '{intent_id}'"))
    }

    /// The state of an intent in the database.
    pub fn state_of(&self, intent_id: &str) -> String {
        self.text(&format!("SELECT state FROM intent WHERE id = '{intent_id}'"))
    }

    /// The balance of a ledger account over all owners and currencies.
    pub fn balance(&self, account: &str) -> i64 {
        self.number(&format!(
            "SELECT coalesce(sum(balance_minor), 0) FROM ledger_balance WHERE account = '{account}'"
        ))
    }

    /// The money at the provider, whether or not a bill has confirmed it, before fees.
    pub fn provider_balance(&self) -> i64 {
        ["provider_unsettled", "provider_settled", "provider_fee"]
            .iter()
            .map(|account| self.balance(account))
            .sum()
    }

    /// The amount reserved for a reader, over all days and currencies.
    pub fn reserved(&self, person_id: &str) -> i64 {
        self.number(&format!(
            "SELECT coalesce(sum(reserved_minor), 0) FROM reader_day
             WHERE person_id = '{person_id}'"
        ))
    }

    /// `from>to` for each event of a state machine, oldest first.
    pub fn events(&self, machine: &str) -> Vec<String> {
        let rows = self.rows(&format!(
            "SELECT from_state || '>' || to_state AS step FROM event
             WHERE machine = '{machine}' ORDER BY id"
        ));
        rows.iter().map(|row| row["step"].as_str().unwrap().to_owned()).collect()
    }

    /// Every row of every table, to compare before and after.
    pub fn dump(&self) -> String {
        let tables = self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY name",
        );
        let mut text = String::new();
        for table in &tables {
            let name = table["name"].as_str().unwrap();
            for row in self.rows(&format!("SELECT * FROM {name}")) {
                text.push_str(&format!("{name} {row}\n"));
            }
        }
        text
    }

    /// The same without the counts of attempts, which also change when a start is refused.
    pub fn dump_without_attempts(&self) -> String {
        let everything = self.dump();
        let kept = everything.lines().filter(|line| !line.starts_with("attempt "));
        kept.collect::<Vec<_>>().join("\n")
    }

    /// Runs SQL on the product's database, without faults.
    pub fn raw(&self, sql: &str) {
        self.product.raw(sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }
}
