//! Request bodies. An answer that is sent before the body is drained resets the connection: the
//! client may lose the answer, and the next request on the same connection. So a body that no
//! handler wants is drained, up to a limit of size and time.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use shared::limits::BODY_SECONDS;
use worker::{ByteStream, Delay, Request};

/// A route that accepts larger bodies waits longer: one second more for this many bytes of its limit.
const BYTES_PER_SECOND: usize = 64 << 10;

/// How long a client may take to send a body that is discarded.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of a discarded body that are read, enough for a file sent by mistake. The rest of a larger
/// body stays unread, and the connection is reset.
const DRAIN_MAX_BYTES: usize = 8 << 20;

/// The result of reading a body.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more bytes than the caller accepts.
    TooLarge,
    /// It had not arrived after this many seconds.
    TimedOut(u64),
}

/// The most memory that is reserved from `Content-Length` when the sender is unknown.
pub const RESERVED_FOR_ANYONE: usize = 16 << 10;

/// Reads the body of a request, of at most `max` bytes. Sets aside as much memory as the sender
/// declares, up to `reserved` bytes.
pub async fn read(request: &mut Request, max: usize, reserved: usize) -> worker::Result<Body> {
    let declared = request.headers().get("Content-Length").ok().flatten();
    let declared: Option<usize> = declared.and_then(|text| text.parse().ok());
    if declared.is_some_and(|declared| declared > max) {
        return Ok(Body::TooLarge);
    }
    if request.inner().body().is_none() {
        return Ok(Body::Whole(Vec::new()));
    }
    let seconds = BODY_SECONDS + (max / BYTES_PER_SECOND) as u64;
    let deadline = Delay::from(Duration::from_secs(seconds));
    let mut stream = request.stream()?;
    // Growing as it arrives, a body would need up to three times its size for a moment.
    let bytes = Vec::with_capacity(declared.unwrap_or_default().min(reserved));
    let body = match select(pin!(collect(&mut stream, bytes, max)), pin!(deadline)).await {
        Either::Left((body, _)) => body?,
        Either::Right(_) => Body::TimedOut(seconds),
    };
    if !matches!(body, Body::Whole(_)) {
        discard(stream).await;
    }
    Ok(body)
}

async fn collect(stream: &mut ByteStream, mut bytes: Vec<u8>, max: usize) -> worker::Result<Body> {
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() > max {
            return Ok(Body::TooLarge);
        }
    }
    Ok(Body::Whole(bytes))
}

/// A request whose body its handler may leave unread.
pub struct UnreadBody(worker::web_sys::Request);

impl UnreadBody {
    /// Keeps a second handle of a request that is about to be handled.
    pub fn of(request: &Request) -> UnreadBody {
        // `Request::clone` would split the body into two streams.
        UnreadBody(Clone::clone(request.inner()))
    }

    /// Discards the body if the handler has not read it.
    pub async fn drain(self) {
        if self.0.body().is_none() || self.0.body_used() {
            return;
        }
        if let Ok(stream) = Request::from(self.0).stream() {
            discard(stream).await;
        }
    }
}

/// Reads a stream to its end, within [`DRAIN_MAX_BYTES`] and [`DRAIN_TIMEOUT`]. Errors are ignored:
/// the request has its answer already.
async fn discard(mut stream: ByteStream) {
    let mut left = DRAIN_MAX_BYTES;
    let drained = pin!(async {
        while let Some(Ok(chunk)) = stream.next().await {
            match left.checked_sub(chunk.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    });
    select(drained, pin!(Delay::from(DRAIN_TIMEOUT))).await;
}
