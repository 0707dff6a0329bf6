//! Publishing articles.

use edge::pagination::Cursor;
use edge::publish::{markdown, publish};
use edge::queries::articles;
use shared::api::{PublishArticle, PublishedArticle};
use shared::lang::Lang;
use shared::limits::{ARTICLE_MAX_BYTES, ARTICLE_MAX_MARKS, Limits};
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::people::{Account, Fixture, Person};
use crate::support::world::World;

fn draft(account: &Account, title: &str, markdown: &str) -> PublishArticle {
    PublishArticle {
        account: Some(account.handle.clone()),
        title: title.to_owned(),
        lang: Lang::En,
        author: None,
        slug: None,
        markdown: markdown.to_owned(),
    }
}

fn send(world: &World, person: &Person, new: &PublishArticle) -> Result<PublishedArticle, Problem> {
    let published =
        world.run(async |ctx| publish(ctx.db, ctx.entropy, ctx.now, &person.id, new).await);
    published.map_err(|failure| failure.problem())
}

/// Publishes, must be refused, and asserts that nothing has changed.
fn refused(world: &World, person: &Person, new: &PublishArticle) -> Problem {
    let before = world.dump();
    let problem = send(world, person, new).unwrap_err();
    assert_eq!(world.dump(), before, "a refused article left something behind");
    problem
}

fn shown(world: &World, slug: &str) -> shared::api::Article {
    world.run(async |ctx| articles::find(ctx.db, slug, ctx.now).await.unwrap().unwrap())
}

/// The articles of the corpus: title, language, author, and the text after the front matter.
fn corpus() -> Option<Vec<(String, Lang, String, String)>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if !folder.is_dir() {
        return None;
    }
    let mut files = Vec::new();
    for lang in ["en", "zh"] {
        for entry in std::fs::read_dir(folder.join(lang)).unwrap() {
            files.push(entry.unwrap().path());
        }
    }
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let (front, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        let value = |name: &str| {
            let line = front.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            line.unwrap_or_else(|| panic!("{}: no {name}", path.display())).to_owned()
        };
        let lang = Lang::from_tag(&value("lang")).unwrap();
        (value("title"), lang, value("author"), body.to_owned())
    };
    Some(files.iter().map(read).collect())
}

#[test]
fn every_article_of_the_corpus_is_published_and_read_back() {
    let Some(corpus) = corpus() else {
        eprintln!("SKIPPED: 25 articles of ../shared/corpus are not here");
        return;
    };
    assert_eq!(corpus.len(), 25);
    let world = World::new();
    let account = world.account(&world.person("wen"), "wen-writes", Currency::Cny);
    for (title, lang, author, text) in &corpus {
        let new = PublishArticle {
            lang: *lang,
            author: Some(author.clone()),
            ..draft(&account, title, text)
        };
        let published = send(&world, &account.owner, &new).unwrap();
        assert!(published.created, "{title}");
        let article = shown(&world, &published.slug);
        assert_eq!(&article.summary.title, title);
        assert_eq!(article.summary.lang, *lang);
        assert_eq!(article.author.as_ref(), Some(author));
        assert!(!article.summary.summary.is_empty(), "{title}");
        assert!(article.praise.accepting);
        let body = markdown::without_repeated_heading(text, title, Some(author));
        assert_eq!(article.html, markdown::render(&body).html, "{title}");
        assert!(article.html.len() > text.len() / 2, "{title} was cut short");
        let kept = world.text(&format!(
            "SELECT body FROM article_text WHERE form = 'markdown' AND article_id = '{}'",
            published.id
        ));
        assert_eq!(&kept, text);
    }
    // The list has the newest first, over several pages, each article once.
    let mut titles = Vec::new();
    let mut cursor = None;
    loop {
        let from = Cursor::parse(cursor.as_deref()).unwrap();
        let page = world.run(async |ctx| articles::list(ctx.db, &from).await.unwrap());
        titles.extend(page.items.into_iter().map(|item| item.title));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    titles.sort();
    let mut expected: Vec<_> = corpus.into_iter().map(|(title, ..)| title).collect();
    expected.sort();
    assert_eq!(titles, expected);
}

#[test]
fn publishing_again_keeps_address_date_and_praises_and_replaces_the_text() {
    let Fixture { world, account, article, reader } = Fixture::new(Currency::Cny);
    world.give_praise(&reader, &article, 1000);
    let before = shown(&world, &article.slug);
    world.set_now(world.now().plus_minutes(60));
    let mut new = draft(&account, "Snow", "It thawed, and the road came back.");
    new.lang = Lang::ZhHans;
    let again = send(&world, &account.owner, &new).unwrap();
    assert_eq!((again.created, &again.id, &again.slug), (false, &article.id, &article.slug));
    let after = shown(&world, &article.slug);
    assert_eq!(after.summary.published_at, before.summary.published_at);
    assert_eq!(after.summary.praise_count, 1);
    assert_eq!(after.summary.lang, Lang::ZhHans);
    assert!(after.html.contains("It thawed") && !after.html.contains("It snowed"));
    assert_eq!((world.count("article"), world.count("article_version")), (1, 2));
    assert_eq!(world.number("SELECT updated_at FROM article"), world.now().ms());
    // The slug identifies the article even if the title changes.
    new.title = "The thaw".into();
    new.slug = Some(article.slug.clone());
    assert_eq!(send(&world, &account.owner, &new).unwrap().id, article.id);
    assert_eq!(shown(&world, &article.slug).summary.title, "The thaw");
}

#[test]
fn every_version_is_kept_and_an_unchanged_article_is_none() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    let versions = || {
        let rows = world.rows(
            "SELECT version || ' ' || title || ': ' || body AS said
             FROM article_version JOIN article_text USING (article_id, version)
             WHERE form = 'markdown' ORDER BY version",
        );
        rows.iter().map(|row| row["said"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = versions();
    assert_eq!(first.len(), 1);
    world.set_now(world.now().plus_minutes(1));
    let mut new = draft(&account, "Snow", "It thawed.");
    send(&world, &account.owner, &new).unwrap();
    let second = "2 Snow: It thawed.".to_owned();
    assert_eq!(versions(), [first[0].clone(), second.clone()]);
    world.set_now(world.now().plus_minutes(1));
    let before = world.dump();
    let unchanged = send(&world, &account.owner, &new).unwrap();
    assert_eq!((unchanged.created, &unchanged.id), (false, &article.id));
    assert_eq!(world.dump(), before, "the same article was published as another version");
    // Another author or language alone is another version.
    new.author = Some("Ann".into());
    send(&world, &account.owner, &new).unwrap();
    new.lang = Lang::ZhHans;
    send(&world, &account.owner, &new).unwrap();
    assert_eq!(versions().len(), 4);
    assert_eq!(versions()[..2], [first[0].clone(), second]);
    let hashes = world.number("SELECT count(DISTINCT content_hash) FROM article_version");
    assert_eq!(hashes, 4);
    world.check();
}

#[test]
fn an_account_publishes_as_often_as_its_day_allows() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let other = world.account(&account.owner, "wen-abroad", Currency::Usd);
    let edit = |account: &Account, n: i64| {
        send(&world, &account.owner, &draft(account, "Snow", &format!("It fell {n} times.")))
    };
    let limit = Limits::of(Currency::Cny).account_day_publications;
    for n in 1..limit {
        edit(&account, n).unwrap();
    }
    let before = world.dump();
    let reopens_at = world.now().day(Currency::Cny).plus(1).starts_at(Currency::Cny);
    let refused = edit(&account, limit).unwrap_err();
    assert_eq!(refused, Problem::PublishQuota { limit, reopens_at });
    assert_eq!(world.dump(), before);
    edit(&account, limit - 1).expect("what it says already");
    edit(&other, 1).expect("another account has a day of its own");
    world.set_now(reopens_at);
    edit(&account, limit).expect("the next day");
}

#[test]
fn a_slug_that_another_account_has_gets_a_number() {
    let Fixture { world, article, .. } = Fixture::new(Currency::Cny);
    let mut slugs = vec![article.slug];
    for n in 2..5 {
        let account = world.account(
            &world.person(&format!("writer-{n}")),
            &format!("writer-{n}"),
            Currency::Usd,
        );
        let published = world.article(&account, "Snow");
        // It keeps that slug when it is published again.
        assert_eq!(world.article(&account, "Snow").id, published.id);
        slugs.push(published.slug);
    }
    assert_eq!(slugs, ["snow", "snow-2", "snow-3", "snow-4"]);
}

#[test]
fn a_title_equal_to_a_numbered_slug_is_another_article() {
    let Fixture { world, .. } = Fixture::new(Currency::Cny);
    let account = world.account(&world.person("ann"), "ann-writes", Currency::Cny);
    let first = world.article(&account, "Snow");
    assert_eq!(first.slug, "snow-2");
    let second = world.article(&account, "Snow 2");
    assert_ne!(second.id, first.id);
    assert_eq!(second.slug, "snow-2-2");
    assert_eq!(shown(&world, &first.slug).summary.title, "Snow");
}

#[test]
fn concurrent_articles_with_one_title_get_different_slugs() {
    for seed in 0..10 {
        let world = World::new();
        let accounts: Vec<_> = (0..3)
            .map(|n| {
                let name = format!("writer-{n}");
                world.account(&world.person(&name), &name, Currency::Cny)
            })
            .collect();
        let ended = world.race(seed, 3, async |ctx, i| {
            let new = draft(&accounts[i], "Snow", "It snowed.");
            publish(ctx.db, ctx.entropy, ctx.now, &accounts[i].owner.id, &new).await
        });
        let mut slugs: Vec<_> = ended.into_iter().map(|each| each.unwrap().slug).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 3, "seed {seed}");
    }
}

#[test]
fn the_largest_article_is_published_and_one_byte_more_is_refused() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let sentence = "It snowed all night, and in the morning the road was gone.\n\n";
    let mut text = sentence.repeat(ARTICLE_MAX_BYTES / sentence.len());
    text.push_str(&"x".repeat(ARTICLE_MAX_BYTES - text.len()));
    let published = send(&world, &account.owner, &draft(&account, "Long", &text)).unwrap();
    assert!(shown(&world, &published.slug).html.len() > text.len());
    text.push('x');
    let problem = refused(&world, &account.owner, &draft(&account, "Longer", &text));
    assert_eq!(problem, Problem::TooLarge(ARTICLE_MAX_BYTES));
}

#[test]
fn an_article_whose_page_would_be_too_large_is_refused() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    // Each takes two bytes in Markdown and six in HTML.
    let text = format!("It snowed.{}", "\u{A0}".repeat(200_000));
    let problem = refused(&world, &account.owner, &draft(&account, "Spaces", &text));
    assert_eq!(problem, Problem::PageTooLarge);
    assert_eq!((problem.code(), problem.status()), ("text.page_too_large", 413));
}

#[test]
fn as_much_markup_as_allowed_is_published_and_one_mark_more_is_refused() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    // A line counts, too.
    let mut text = "*a* ".repeat(ARTICLE_MAX_MARKS / 2 - 1) + "*";
    send(&world, &account.owner, &draft(&account, "Marks", &text)).unwrap();
    text.push('*');
    let problem = refused(&world, &account.owner, &draft(&account, "Marks", &text));
    assert_eq!(problem, Problem::TooMuchMarkup(ARTICLE_MAX_MARKS));
    assert_eq!(problem.code(), "text.too_much_markup");
}

#[test]
fn invalid_articles_are_refused_by_field() {
    let Fixture { world, account, reader, .. } = Fixture::new(Currency::Cny);
    let writer = account.owner.clone();
    let good = draft(&account, "Rain", "It rained.");
    let with = |change: &dyn Fn(&mut PublishArticle)| {
        let mut new = good.clone();
        change(&mut new);
        new
    };
    for (new, field) in [
        (with(&|new| new.title = " ".into()), "title"),
        (with(&|new| new.title = "雪".repeat(121)), "title"),
        (with(&|new| new.title = "……".into()), "slug"),
        (with(&|new| new.slug = Some("Not A Slug".into())), "slug"),
        (with(&|new| new.slug = Some("../x".into())), "slug"),
        (with(&|new| new.author = Some("雪".repeat(49))), "author"),
        (with(&|new| new.markdown = String::new()), "markdown"),
        (with(&|new| new.markdown = "<!-- a -->\u{200B}".into()), "markdown"),
        (with(&|new| new.account = Some("nobody".into())), "account"),
    ] {
        let problem = refused(&world, &writer, &new);
        assert_eq!(problem.field(), Some(field), "{problem:?}");
    }
    // Another writer's account looks like one that does not exist.
    let problem = refused(&world, &reader, &good);
    assert_eq!(problem.field(), Some("account"));
    let anonymous = with(&|new| new.account = None);
    assert_eq!(refused(&world, &reader, &anonymous).field(), Some("account"));
    // Without a handle the writer's only account is used.
    assert!(send(&world, &writer, &anonymous).is_ok());
    world.account(&writer, "wen-too", Currency::Usd);
    // With two accounts, the refusal names both.
    let problem = refused(&world, &writer, &anonymous);
    assert_eq!(problem.field(), Some("account"));
    let detail = problem.detail(Lang::En);
    let handles = format!("one of your official accounts: {}, wen-too", account.handle);
    assert!(detail.contains(&handles), "{detail}");
    assert!(send(&world, &writer, &good).is_ok());
}

#[test]
fn the_author_is_shown_if_it_is_not_the_account() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    for (author, named) in [
        (Some("Lu Xun"), Some("Lu Xun")),
        (Some("wen-writes"), None),
        (Some("  "), None),
        (None, None),
    ] {
        let mut new = draft(&account, "Rain", "It rained.");
        new.author = author.map(str::to_owned);
        let published = send(&world, &account.owner, &new).unwrap();
        assert_eq!(shown(&world, &published.slug).author.as_deref(), named, "{author:?}");
    }
}

#[test]
fn an_accounts_page_lists_its_own_articles_only() {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    let other = world.account(&world.person("lu"), "lu-writes", Currency::Usd);
    world.article(&other, "Wind");
    for n in 0..25 {
        world.set_now(world.now().plus_seconds(1));
        world.article(&account, &format!("Snow {n}"));
    }
    let mut titles = Vec::new();
    let mut cursor = None;
    loop {
        let from = Cursor::parse(cursor.as_deref()).unwrap();
        let view = world.run(async |ctx| {
            articles::find_account(ctx.db, &account.handle, &from).await.unwrap().unwrap()
        });
        assert_eq!(view.account.handle, account.handle);
        titles.extend(view.articles.items.into_iter().map(|item| item.title));
        match view.articles.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let mut expected: Vec<_> = (0..25).rev().map(|n| format!("Snow {n}")).collect();
    expected.push("Snow".into());
    assert_eq!(titles, expected);
    let nobody = world.run(async |ctx| {
        articles::find_account(ctx.db, "nobody", &Cursor::parse(None).unwrap()).await.unwrap()
    });
    assert!(nobody.is_none());
}

#[test]
fn an_article_under_review_cannot_be_published_again() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    let writer = &account.owner;
    let mut new = draft(&account, "Snow", "Another text.");
    new.slug = Some(article.slug.clone());
    world.freeze_article(&article);
    assert_eq!(refused(&world, writer, &new), Problem::ArticleFrozen);
    // Another article of the account can be published meanwhile.
    send(&world, writer, &draft(&account, "Rain", "It rained.")).unwrap();
}

#[test]
fn a_suspended_account_publishes_nothing() {
    let Fixture { world, account, article, .. } = Fixture::new(Currency::Cny);
    let writer = &account.owner;
    world.raw("UPDATE official_account SET status = 'suspended'");
    let mut again = draft(&account, "Snow", "Another text.");
    again.slug = Some(article.slug.clone());
    for new in [again, draft(&account, "Rain", "It rained.")] {
        assert_eq!(refused(&world, writer, &new), Problem::AccountSuspended);
    }
}
