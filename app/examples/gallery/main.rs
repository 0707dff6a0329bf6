//! Writes every page in both languages as an HTML file, for screenshots and for looking at:
//! `cargo run -p app --features ssr,sandbox --example gallery -- FOLDER`.

use std::path::Path;

mod samples;

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: gallery FOLDER");
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
    for (name, mut context, content) in samples::pages::all() {
        // The files have no client bundle beside them and no server to call.
        context.assets.boot_js = None;
        context.assets.drafts_js = None;
        let html = app::render(&context, content);
        std::fs::write(folder.join(format!("{name}.{}.html", context.lang.tag())), html)?;
        pages += 1;
    }
    println!("{pages} pages in {}", folder.display());
    Ok(())
}
