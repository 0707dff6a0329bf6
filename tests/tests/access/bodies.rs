//! A sender without access gets the same answer for every body. Otherwise the answer would reveal
//! which routes exist, and anybody could make the Worker keep megabytes in memory.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tests::Call;

use crate::matrix::{self, Row};
use crate::{Fixture, ROLES, Role};

/// A body that a route refuses.
type Variant = (&'static str, for<'a> fn(Call<'a>) -> Call<'a>);

const WRONG: [Variant; 4] = [
    ("no body", |call| call),
    ("broken", |call| call.body("application/json", b"{".to_vec())),
    ("of another type", |call| call.body("text/csv", b"a,b".to_vec())),
    ("huge", |call| call.body("application/json", vec![b' '; 1 << 20])),
];

/// The roles that a row refuses for who they are, with the status.
fn refused(row: &Row, operator: u16) -> Vec<(Role, u16)> {
    let roles = ROLES.into_iter().zip(row.for_each_role(operator));
    let refused = roles.filter(|(role, status)| {
        // An operator may use these routes, but what the row asks for does not exist.
        let may_use = *role == Role::Operator && row.path.starts_with("/api/v1/operator/");
        [401, 404].contains(status) && !may_use
    });
    refused.collect()
}

#[test]
fn the_body_does_not_change_the_answer_to_those_who_may_not_send_it() {
    let fixture = Fixture::new();
    let mut wrong = Vec::new();
    let mut slow = Vec::new();
    let mut asked = 0;
    for (row, operator) in matrix::rows() {
        let roles = refused(row, operator);
        // The sender of a provider's message is known by the signature of its body.
        if row.method == "GET" || row.path.starts_with("/pay/") || roles.is_empty() {
            continue;
        }
        let path = fixture.path(row);
        for (role, expected) in roles {
            let session = fixture.session(role);
            let what = format!("{} {} as {role:?}", row.method, row.path);
            slow.push((what.clone(), row.method, path.clone(), session.clone(), expected));
            for (name, with) in WRONG {
                let mut call = with(fixture.site.call(row.method, &path));
                if let Some(session) = &session {
                    call = call.session(session);
                }
                let answer = call.send();
                asked += 1;
                if answer.status != expected {
                    wrong.push(format!("{what}, {name}: {expected} expected: {answer}"));
                }
            }
        }
    }
    assert!(asked > 400, "only {asked} requests");
    // Bodies that never come, many at a time, because the Worker drains each for some seconds.
    for some in slow.chunks(32) {
        std::thread::scope(|scope| {
            let asking = some.iter().map(|(what, method, path, session, expected)| {
                let base = fixture.site.base();
                let asked =
                    scope.spawn(move || without_the_body(base, method, path, session.as_deref()));
                (what, expected, asked)
            });
            for (what, expected, asked) in asking.collect::<Vec<_>>() {
                let (status, took) = asked.join().expect("an answer");
                if status != *expected || took > Duration::from_secs(9) {
                    wrong.push(format!("{what}, slow: {expected} expected: {status}, {took:?}"));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Sends the head of a request whose body never comes. Returns the status, and how long it took.
fn without_the_body(
    base: &str,
    method: &str,
    path: &str,
    session: Option<&str>,
) -> (u16, Duration) {
    let host = base.strip_prefix("http://").expect("plain HTTP");
    let cookie =
        session.map_or(String::new(), |token| format!("Cookie: praise_session={token}\r\n"));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {base}\r\n{cookie}\
         Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    let started = Instant::now();
    let mut stream = TcpStream::connect(host).expect("the Worker listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream.write_all(head.as_bytes()).expect("the head is sent");
    let mut status = [0; 12];
    stream.read_exact(&mut status).expect("an answer");
    let status = String::from_utf8_lossy(&status)[9..].parse().expect("a status");
    (status, started.elapsed())
}

#[test]
fn only_an_authorised_sender_is_waited_for() {
    let fixture = Fixture::new();
    let path = "/api/v1/studio/tokens";
    let base = fixture.site.base();
    let (status, took) = without_the_body(base, "POST", path, None);
    assert_eq!(status, 401);
    assert!(took < Duration::from_secs(8), "{took:?}");
    let session = &fixture.writer.person.session;
    let (status, took) = without_the_body(base, "POST", path, Some(session));
    assert_eq!(status, 408);
    assert!((9..20).contains(&took.as_secs()), "{took:?}");
}
