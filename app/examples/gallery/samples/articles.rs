//! Articles with their account, terms and wall.

use super::*;

const ZH_TITLES: [&str; 4] = ["清晨五点的面包房", "外婆的晒场", "慢车上的人", "一封没有寄出的信"];
const EN_TITLES: [&str; 4] = [
    "The Bakery at Five in the Morning",
    "What the Tide Table Knows",
    "A Small Repair",
    "Notes from the Slow Train, in Which Nothing at All Happens and Somebody Almost Misses It",
];

const ARTICLE_ZH: &str = include_str!("../article.zh-Hans.html");
const ARTICLE_EN: &str = include_str!("../article.en.html");
const MARKUP_ZH: &str = include_str!("../markup.zh-Hans.html");
const MARKUP_EN: &str = include_str!("../markup.en.html");

/// An article with everything that is hard to lay out, and names that are.
pub fn article_of_markup(lang: Lang) -> ArticlePage {
    let mut page = article_page(lang);
    page.article.html = pick(lang, MARKUP_ZH, MARKUP_EN).to_owned();
    page.article.author = Some("רות כהן".to_owned());
    page.article.summary.account.name = "מכתבים מהחוף".to_owned();
    let names = ["שרה לוי", "محمد علي", "Ẃ̃̂́x", "W\u{E47}\u{E47}\u{E47}\u{E47}x", "ﷺﷺﷺﷺﷺﷺ"];
    for (item, name) in page.wall.items.iter_mut().zip(names) {
        item.name = Some(name.to_owned());
        item.avatar = shared::text::initial(name).map(str::to_owned);
    }
    page
}

pub fn account(lang: Lang) -> AccountRef {
    AccountRef {
        handle: pick(lang, "lin-xiaoyu", "tidewater").to_owned(),
        name: pick(lang, "林小雨", "Tidewater Letters").to_owned(),
        avatar: pick(lang, "林", "T").to_owned(),
    }
}

pub fn summaries(lang: Lang) -> Vec<ArticleSummary> {
    let titles = pick(lang, ZH_TITLES, EN_TITLES);
    let summary = pick(
        lang,
        "天还没亮，整条街只有一扇窗是暖的。面团在木盆里呼吸，师傅不看钟，只用手背去听。",
        "Before it is light there is one warm window in the whole street. The dough breathes in its \
         trough, and the baker does not look at the clock but listens with the back of his hand.",
    );
    let praised = [128, 12, 1, 0];
    (0..titles.len())
        .map(|i| ArticleSummary {
            id: format!("art_{i:026}"),
            slug: pick(lang, format!("文章-{i}"), format!("article-{i}")),
            title: titles[i].to_owned(),
            summary: summary.to_owned(),
            lang,
            account: account(lang),
            published_at: NOW.plus_days(-3 * i as i64),
            praise_count: praised[i],
        })
        .collect()
}

pub fn article_ref(lang: Lang) -> ArticleRef {
    let article = summaries(lang).remove(0);
    ArticleRef { slug: article.slug, title: article.title, account_name: article.account.name }
}

pub fn terms(lang: Lang) -> PraiseTerms {
    let limits = Limits::of(currency(lang));
    PraiseTerms {
        currency: limits.currency,
        presets_minor: limits.default_presets_minor.to_vec(),
        min_minor: limits.praise_min_minor,
        cap_minor: limits.praise_cap_minor,
        ask: Some(
            pick(lang, "如果这篇文字陪了你一程。", "If this kept you company for a while.")
                .to_owned(),
        ),
    }
}

pub fn wall(lang: Lang, more: bool) -> Wall {
    let names: [Option<&str>; 12] = [
        Some("小满"),
        Some("Ada"),
        None,
        Some("一个名字特别特别长的读者朋友"),
        Some("周末"),
        Some("Benedikt Aurelius"),
        Some("阿豆"),
        Some("👩‍🌾 Mo"),
        Some("海边"),
        Some("K."),
        Some("三木"),
        None,
    ];
    let items = names.iter().enumerate().map(|(i, name)| WallTile {
        name: name.map(str::to_owned),
        avatar: name.and_then(shared::text::initial).map(str::to_owned),
        praised_at: NOW.plus_minutes(-(i as i64) * 95),
    });
    Wall {
        count: if more { 128 } else { 15 },
        anonymous_count: if more { 21 } else { 3 },
        items: if more { items.clone().chain(items).collect() } else { items.collect() },
        next_cursor: more.then(|| pick(lang, "YWJj", "YWJj").to_owned()),
    }
}

pub fn article(lang: Lang) -> Article {
    Article {
        version: 1,
        updated_at: summaries(lang).remove(0).published_at,
        summary: summaries(lang).remove(0),
        author: Some(pick(lang, "林知夏", "Ruth Okafor").to_owned()),
        html: pick(lang, ARTICLE_ZH, ARTICLE_EN).to_owned(),
        praise: PraiseOffer { accepting: true, terms: Some(terms(lang)) },
    }
}

pub fn article_page(lang: Lang) -> ArticlePage {
    ArticlePage {
        article: article(lang),
        wall: wall(lang, true),
        wall_continued: false,
        others: summaries(lang).split_off(1),
        sheet: Some(Sheet { key: "8e03978e-40d5-43e8-bc93-6894a57f9324".to_owned(), room: None }),
    }
}
