//! The wall: the people who praised, newest first, in equal tiles, without amounts.

use leptos::prelude::*;
use shared::api::Wall;

use crate::address;
use crate::parts::tile;
use crate::words::article::ArticleWords;

/// The count, the tiles, and the links to other pages of the wall. Nothing if nobody praised yet.
pub(crate) fn wall(
    wall: Wall,
    continued: bool,
    slug: &str,
    words: &'static ArticleWords,
) -> Option<impl IntoView + use<>> {
    if wall.count == 0 {
        return None;
    }
    let more = wall.next_cursor.as_deref().map(|cursor| address::wall(slug, cursor));
    let newest = continued.then(|| format!("{}#praise", address::article(slug)));
    let tiles = wall.items.into_iter().map(|person| {
        let name = person.name.unwrap_or_else(|| words.a_reader.to_owned());
        // A person without a name gets the first letter of "a reader".
        let letter = person.avatar.unwrap_or_else(|| words.a_reader_letter.to_owned());
        let title = name.clone();
        view! { <li title=title>{tile(letter)}<span class="name" dir="auto">{name}</span></li> }
    });
    // Only on the first page of the wall, after the named tiles.
    let anonymous = (wall.anonymous_count > 0 && !continued).then(|| {
        let label = (words.wall_anonymous)(wall.anonymous_count);
        view! {
            <li class="unnamed">
                <span class="tile" aria-hidden="true">{format!("+{}", wall.anonymous_count)}</span>
                <span class="name" aria-hidden="true">{words.anonymous}</span>
                <span class="visually-hidden">{label}</span>
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
