//! The D1 implementation, over the Worker's binding.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use worker::D1Database;

use super::{Database, DatabaseError, Rows, Statement, Value};

/// A D1 database. Clones share the binding and the count of statements.
#[derive(Clone)]
pub struct D1 {
    database: Rc<D1Database>,
    sent: Rc<Cell<u64>>,
}

impl D1 {
    /// Wraps a binding.
    pub fn new(database: D1Database) -> D1 {
        D1 { database: Rc::new(database), sent: Rc::default() }
    }
}

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in &statements {
            let params = statement.params.iter().map(js).collect::<Result<Vec<_>, _>>()?;
            let bound = self.database.prepare(statement.sql).bind(&params).map_err(error)?;
            prepared.push(bound);
        }
        self.sent.set(self.sent.get() + statements.len() as u64);
        let results = self.database.batch(prepared).await.map_err(error)?;
        let mut rows = Vec::with_capacity(results.len());
        for result in results {
            rows.push(Rows(result.results::<serde_json::Value>().map_err(error)?));
        }
        Ok(rows)
    }

    fn statements_sent(&self) -> u64 {
        self.sent.get()
    }
}

fn js(value: &Value) -> Result<JsValue, DatabaseError> {
    Ok(match value {
        Value::Null => JsValue::NULL,
        Value::Integer(integer) => JsValue::from_f64(Value::as_double(*integer)?),
        Value::Text(text) => JsValue::from_str(text),
    })
}

fn error(cause: worker::Error) -> DatabaseError {
    DatabaseError::from_text(&cause.to_string())
}
