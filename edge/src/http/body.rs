//! The bodies of requests. Whoever answers before having read one hangs up on a sender who is
//! still sending: the answer may be lost, and with it the next request on the same connection. So
//! what nobody wants is read all the same, within reason.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::select;
use worker::{ByteStream, Delay, Request};

/// How long somebody may take to send what is thrown away.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes that are read only to be thrown away: what somebody may send by mistake. Beyond it the
/// line goes dead.
const THROWN_AWAY_MAX_BYTES: usize = 8 << 20;

/// The body of a request, if it has at most `max` bytes; `None` if it has more.
pub async fn read(request: &mut Request, max: usize) -> worker::Result<Option<Vec<u8>>> {
    let declared = request.headers().get("Content-Length").ok().flatten();
    if declared.and_then(|text| text.parse().ok()).is_some_and(|declared: usize| declared > max) {
        return Ok(None);
    }
    if request.inner().body().is_none() {
        return Ok(Some(Vec::new()));
    }
    let mut stream = request.stream()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() > max {
            throw_away(stream).await;
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// A request whose body may be left over once it is answered.
pub struct Unread(worker::web_sys::Request);

impl Unread {
    /// Remembers a request that is about to be handled.
    pub fn of(request: &Request) -> Unread {
        // Not the request's own `clone`, which would make a second body of one.
        Unread(Clone::clone(request.inner()))
    }

    /// Reads what the handler has left of the body.
    pub async fn read_away(self) {
        if self.0.body().is_none() || self.0.body_used() {
            return;
        }
        if let Ok(stream) = Request::from(self.0).stream() {
            throw_away(stream).await;
        }
    }
}

/// What goes wrong here is the sender's, who has an answer already.
async fn throw_away(mut stream: ByteStream) {
    let mut left = THROWN_AWAY_MAX_BYTES;
    let to_the_end = pin!(async {
        while let Some(Ok(chunk)) = stream.next().await {
            match left.checked_sub(chunk.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    });
    select(to_the_end, pin!(Delay::from(PATIENCE))).await;
}
