//! The security headers of every answer. `public/_headers` gives static files the same.

/// Scripts and styles load from this site only, and no site may frame or embed its answers. Browsers
/// report violations to `/reports`.
pub const SECURITY_HEADERS: [(&str, &str); 8] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         worker-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default; report-uri /reports; report-to reports",
    ),
    ("Reporting-Endpoints", "reports=\"/reports\""),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
];

#[cfg(test)]
mod tests {
    use super::SECURITY_HEADERS;

    #[test]
    fn static_files_have_the_same_headers() {
        let file = include_str!("../../../public/_headers");
        let everything = file.split_once("\n/*\n").expect("a rule for every file").1;
        let rule = everything.split("\n\n").next().expect("its headers");
        let there: Vec<_> = rule.lines().filter_map(|line| line.trim().split_once(": ")).collect();
        assert_eq!(there, SECURITY_HEADERS);
    }
}
