//! The wall: who praised, newest first, in equal tiles. Never how much.

use leptos::prelude::*;
use shared::api::Wall;

use crate::address;
use crate::parts::tile;
use crate::words::reading::ReadingWords;

/// The count, the tiles, and the way to more of them.
pub(crate) fn wall(
    wall: Wall,
    continued: bool,
    slug: &str,
    words: &'static ReadingWords,
) -> Option<impl IntoView + use<>> {
    if wall.count == 0 {
        return None;
    }
    let more = wall.next_cursor.as_deref().map(|cursor| address::wall(slug, cursor));
    let newest = continued.then(|| format!("{}#praise", address::article(slug)));
    let tiles = wall.items.into_iter().map(|person| {
        let name = person.name.unwrap_or_else(|| words.a_reader.to_owned());
        // Somebody without a name gets the first letter of what stands for it.
        let letter = person.avatar.unwrap_or_else(|| words.a_reader_letter.to_owned());
        let title = name.clone();
        view! { <li title=title>{tile(letter)}<span class="name">{name}</span></li> }
    });
    // Once, on the first page of the wall, behind the newest.
    let anonymous = (wall.anonymous_count > 0 && !continued).then(|| {
        let spoken = (words.wall_anonymous)(wall.anonymous_count);
        view! {
            <li class="folded">
                <span class="tile" aria-hidden="true">{format!("+{}", wall.anonymous_count)}</span>
                <span class="name" aria-hidden="true">{words.anonymous}</span>
                <span class="spoken">{spoken}</span>
            </li>
        }
    });
    Some(view! {
        <h2 class="count">{(words.people_praised)(wall.count)}</h2>
        <ul class="wall" aria-label=words.wall>{tiles.collect_view()}{anonymous}</ul>
        <p class="more">
            {newest.map(|href| view! { <a class="button quiet" href=href>{words.wall_newest}</a> })}
            {more.map(|href| view! { <a class="button quiet" href=href>{words.wall_more}</a> })}
        </p>
    })
}
