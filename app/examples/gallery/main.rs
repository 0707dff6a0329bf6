//! Writes every page in both languages as files, to look at and to photograph:
//! `cargo run -p app --features ssr --example gallery -- FOLDER`.

use std::path::Path;

mod samples;

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("Say which folder to write to: gallery FOLDER");
        std::process::exit(2);
    };
    let (folder, public) =
        (Path::new(&folder), Path::new(env!("CARGO_MANIFEST_DIR")).join("../public"));
    std::fs::create_dir_all(folder)?;
    for file in std::fs::read_dir(public)? {
        let file = file?;
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), folder.join(file.file_name()))?;
        }
    }
    let mut pages = 0;
    for (name, mut frame, content) in samples::pages::all() {
        // There is no client beside these files, and no server for it to ask.
        frame.assets.boot_js = None;
        frame.assets.drafts_js = None;
        let html = app::render(&frame, content);
        std::fs::write(folder.join(format!("{name}.{}.html", frame.lang.tag())), html)?;
        pages += 1;
    }
    println!("{pages} pages in {}", folder.display());
    Ok(())
}
