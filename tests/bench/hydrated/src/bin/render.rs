//! Renders what a server of a hydrated app would send. Reads the data as JSON and writes
//! `{"main":…,"data":…}`, both as HTML to be inserted into a document.

use std::error::Error;
use std::io::{Read, Write};

use hydrated::{DATA_ID, Data, render};

fn main() -> Result<(), Box<dyn Error>> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let data: Data = serde_json::from_str(&input)?;
    // A `<` could end the element that contains the data.
    let json = serde_json::to_string(&data)?.replace('<', "\\u003c");
    let element = format!("<script type=\"application/json\" id=\"{DATA_ID}\">{json}</script>");
    let parts = serde_json::json!({ "main": render(data), "data": element });
    Ok(std::io::stdout().write_all(parts.to_string().as_bytes())?)
}
