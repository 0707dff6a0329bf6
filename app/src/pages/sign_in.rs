//! `/sign-in` in the sandbox: one button per person to sign in as.

use leptos::prelude::*;

use crate::document::Document;
use crate::page::{PageContext, Role, SandboxPerson, SignInPage};
use crate::parts::refusal::refusal;
use crate::words::Words;
use crate::words::receipt::ReceiptWords;

pub(super) fn page(context: &PageContext, page: SignInPage) -> Document {
    let words = Words::of(context.lang);
    let empty = page.people.is_empty().then(|| view! { <p class="empty">{words.nobody}</p> });
    let groups = [
        (Role::Reader, words.role_reader),
        (Role::Writer, words.role_writer),
        (Role::Operator, words.role_operator),
    ];
    let groups = groups.map(|(role, heading)| {
        let people: Vec<_> = page.people.iter().filter(|person| person.role == role).collect();
        (!people.is_empty()).then(|| {
            let buttons = people
                .into_iter()
                .map(|person| button(person, &page.return_to, words))
                .collect_view();
            view! { <section class="people"><h2>{heading}</h2>{buttons}</section> }
        })
    });
    let guest = page.guests.then(|| {
        let receipt = ReceiptWords::of(context.lang);
        view! {
            <form class="people" method="post" action="/guest">
                <input type="hidden" name="return" value=page.return_to.clone()/>
                <button class="person">
                    <span>{receipt.guest}</span>
                    <small>{receipt.guest_hint}</small>
                </button>
            </form>
        }
    });
    let refused = page.refusal.map(|problem| {
        view! { <div class="refusal" role="alert">{refusal(&problem, context.lang)}</div> }
    });
    Document::private(
        words.sign_in_title,
        view! {
            <h1>{words.sign_in_title}</h1>
            <p class="intro">{words.sign_in_intro}</p>
            {refused}
            {empty}
            {guest}
            {groups}
        },
    )
}

fn button(person: &SandboxPerson, return_to: &str, words: &'static Words) -> AnyView {
    let same = person.same_as.as_deref().map(|other| {
        view! { <small>{(words.same_as)(other)}</small> }
    });
    view! {
        <form method="post" action="/sign-in">
            <input type="hidden" name="provider" value=person.provider.clone()/>
            <input type="hidden" name="subject" value=person.subject.clone()/>
            <input type="hidden" name="return" value=return_to.to_owned()/>
            <button class="person">
                <span>{person.label.clone()}</span>
                {same}
            </button>
        </form>
    }
    .into_any()
}
