//! Values are made once, and no more are kept than the bound says.

use super::*;

#[test]
fn one_value_is_made_once_but_a_failure_is_tried_again() {
    let once = Once::new();
    once.get(|| Err::<u8, _>(Error::OwnCertificate)).unwrap_err();
    assert_eq!(*once.get(|| Ok(1)).unwrap(), 1);
    assert_eq!(*once.get(|| Ok(2)).unwrap(), 1);
}

#[test]
fn the_oldest_makes_room() {
    let cache = Cache::new(2);
    for key in [1, 2, 1, 3] {
        cache.get(&key, || Ok(key * 10)).unwrap();
    }
    assert_eq!(lock(&cache.held).values.len(), 2);
    // 1 was made first, so it had to go.
    assert_eq!(*cache.get(&1, || Ok(11)).unwrap(), 11);
    assert_eq!(*cache.get(&3, || Ok(31)).unwrap(), 30);
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let cache: Cache<u8, u8> = Cache::new(2);
    cache.get(&1, || Err(Error::OwnCertificate)).unwrap_err();
    assert!(lock(&cache.held).values.is_empty() && lock(&cache.held).by_age.is_empty());
}
