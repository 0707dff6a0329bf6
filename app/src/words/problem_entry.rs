//! Words of `/problems/{code}`, beside those of the problem itself.

use shared::lang::Lang;

/// What the page says around a problem.
pub(crate) struct ProblemEntryWords {
    pub what_to_do: &'static str,
    /// Where the sentences contain sample amounts, fields or times.
    pub samples: &'static str,
    pub for_programs: &'static str,
    /// Between these stands `type`, as code.
    pub document: (&'static str, &'static str),
    pub code: &'static str,
    pub status: &'static str,
    pub kind: &'static str,
    pub members: &'static str,
}

impl ProblemEntryWords {
    /// In a language.
    pub(crate) const fn of(lang: Lang) -> &'static ProblemEntryWords {
        match lang {
            Lang::En => &EN,
            Lang::ZhHans => &ZH_HANS,
        }
    }
}

static EN: ProblemEntryWords = ProblemEntryWords {
    what_to_do: "What you can do",
    samples: "Amounts, fields and times on this page are examples. The response you \
              received has the real values.",
    for_programs: "For programs",
    document: (
        "The API answers with a problem document (RFC 9457). Its ",
        " is the address of this page. Rely on the code: it never changes.",
    ),
    code: "Code",
    status: "HTTP status",
    kind: "Type",
    members: "Other fields",
};

static ZH_HANS: ProblemEntryWords = ProblemEntryWords {
    what_to_do: "你可以这样做",
    samples: "本页的金额、字段和时间仅为示例，以你实际收到的响应为准。",
    for_programs: "供程序使用",
    document: (
        "API 的错误响应采用 RFC 9457 格式，其中的 ",
        " 就是本页的地址。请以代码为准，代码不会改变。",
    ),
    code: "代码",
    status: "HTTP 状态码",
    kind: "类型",
    members: "其他字段",
};
