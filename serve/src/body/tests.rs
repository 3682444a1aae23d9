use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::{BodyFault, BodyLimits, collect, discard};

const LIMITS: BodyLimits = BodyLimits { bytes: 10, time: Duration::from_secs(10) };

enum Piece {
    Data(&'static [u8]),
    Trailers,
    Broken,
    Stalled,
}

/// A body that comes as scripted. It knows its length if `announced` says so, as one with a Content-Length does.
struct Scripted {
    pieces: VecDeque<Piece>,
    announced: Option<u64>,
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.pieces.pop_front() {
            None => Poll::Ready(None),
            Some(Piece::Data(bytes)) => {
                let left = self
                    .announced
                    .map(|left| left.saturating_sub(u64::try_from(bytes.len()).unwrap()));
                self.announced = left;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(bytes)))))
            }
            Some(Piece::Trailers) => Poll::Ready(Some(Ok(Frame::trailers(http::HeaderMap::new())))),
            Some(Piece::Broken) => Poll::Ready(Some(Err(io::ErrorKind::InvalidData.into()))),
            Some(Piece::Stalled) => {
                self.pieces.push_front(Piece::Stalled);
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.announced == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[track_caller]
fn read(
    pieces: impl IntoIterator<Item = Piece>,
    announced: Option<u64>,
) -> (Result<Bytes, BodyFault>, Duration) {
    let body = Scripted { pieces: pieces.into_iter().collect(), announced };
    paused(async {
        let began = tokio::time::Instant::now();
        (collect(body, LIMITS).await, began.elapsed())
    })
}

fn paused<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

#[track_caller]
fn check(
    pieces: impl IntoIterator<Item = Piece>,
    announced: Option<u64>,
    expected: Result<&'static [u8], BodyFault>,
) {
    assert_eq!(read(pieces, announced).0, expected.map(Bytes::from_static));
}

#[test]
fn bodies_come_whole() {
    use Piece::{Data, Trailers};
    check([], None, Ok(b""));
    check([], Some(0), Ok(b""));
    check([Data(b"abc")], Some(3), Ok(b"abc"));
    check([Data(b"abc")], None, Ok(b"abc"));
    check([Data(b"abc"), Data(b"de"), Data(b"f")], Some(6), Ok(b"abcdef"));
    check([Data(b"abc"), Data(b"de"), Trailers], None, Ok(b"abcde"));
    check([Data(b"0123456789")], Some(10), Ok(b"0123456789"));
}

#[test]
fn a_body_in_one_piece_is_not_copied() {
    let piece: &'static [u8] = b"0123456789";
    let (read, _) = read([Piece::Data(piece)], Some(10));
    assert_eq!(read.unwrap().as_ptr(), piece.as_ptr());
}

#[test]
fn large_bodies_are_refused() {
    use Piece::{Data, Stalled};
    check([Data(b"0123456789a")], None, Err(BodyFault::TooLarge));
    check([Data(b"01234"), Data(b"567890")], None, Err(BodyFault::TooLarge));
    // Refused by what it announces, before anything of it is there.
    check([Stalled], Some(11), Err(BodyFault::TooLarge));
}

#[test]
fn broken_bodies_are_refused() {
    use Piece::{Broken, Data};
    check([Broken], Some(3), Err(BodyFault::Broken));
    check([Data(b"a"), Broken], None, Err(BodyFault::Broken));
    check([Data(b"a"), Data(b"b"), Broken], None, Err(BodyFault::Broken));
}

#[test]
fn slow_bodies_are_refused_in_time() {
    use Piece::{Data, Stalled};
    for pieces in [vec![Stalled], vec![Data(b"a"), Stalled], vec![Data(b"a"), Data(b"b"), Stalled]]
    {
        let (read, took) = read(pieces, Some(5));
        assert_eq!(read, Err(BodyFault::TooSlow));
        assert!(took >= LIMITS.time && took < LIMITS.time * 2, "{took:?}");
    }
}

#[test]
fn unwanted_bodies_are_read_within_the_limits() {
    use Piece::{Broken, Data, Stalled};
    let check = |pieces: Vec<Piece>, expected| {
        let body = Scripted { pieces: pieces.into(), announced: None };
        assert_eq!(paused(discard(body, LIMITS)), expected);
    };
    check(vec![], true);
    check(vec![Data(b"abc"), Data(b"0123456")], true);
    check(vec![Data(b"abc"), Data(b"01234567")], false);
    check(vec![Data(b"abc"), Stalled], false);
    check(vec![Broken], false);
}
