//! What the stream does ahead of hyper.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::{Activity, Watched};

/// A stream with a request under way, and its other end.
fn busy() -> (Watched<DuplexStream>, DuplexStream, Arc<Activity>) {
    let (ours, theirs) = duplex(1024);
    let activity = Arc::new(Activity::default());
    activity.request_begins();
    (Watched::new(ours, Arc::clone(&activity), None), theirs, activity)
}

/// A large body would else arrive byte by byte, a system call each.
#[tokio::test]
async fn a_byte_read_ahead_comes_with_what_is_behind_it() {
    let (mut stream, mut client, activity) = busy();
    client.write_all(&[7; 100]).await.unwrap();
    stream.flush().await.unwrap();
    let mut buffer = [0; 1024];
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 100);
    assert_eq!(buffer[..100], [7; 100]);
    assert_eq!(activity.read.load(Ordering::Relaxed), 100);
}

#[tokio::test]
async fn a_byte_read_ahead_comes_alone_if_nothing_is_behind_it() {
    let (mut stream, mut client, activity) = busy();
    client.write_all(&[7]).await.unwrap();
    for _ in 0..3 {
        stream.flush().await.unwrap();
    }
    let mut buffer = [0; 1024];
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 1);
    drop(client);
    stream.flush().await.unwrap();
    assert!(activity.ended.load(Ordering::Relaxed));
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
}

#[tokio::test]
async fn nothing_is_read_ahead_unless_an_answer_is_awaited() {
    let (mut stream, mut client, activity) = busy();
    activity.request_ends();
    client.write_all(&[7; 3]).await.unwrap();
    stream.flush().await.unwrap();
    assert_eq!(stream.ahead, None);
    activity.request_begins();
    stream.flush().await.unwrap();
    assert_eq!(stream.ahead, Some(7));
}
