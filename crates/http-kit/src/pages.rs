use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use utoipa::ToSchema;

use crate::{CURSOR_INVALID, FieldProblem, PageLimit, Problem};

const TAG: usize = 16;
const LONGEST: usize = 1_024;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The things on this page.
    pub data: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page out of `rows`, of which one more than `limit` was fetched.
    pub fn from_rows<K: Serialize>(
        mut rows: Vec<T>,
        limit: PageLimit,
        key: impl FnOnce(&T) -> K,
        cursors: &Cursors,
        scope: &str,
    ) -> Self {
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|last| cursors.seal(scope, &key(last)));
        Self { data: rows, next_cursor }
    }

    /// The same page of views.
    pub fn map<V>(self, view: impl FnMut(T) -> V) -> Page<V> {
        let data = self.data.into_iter().map(view).collect();
        Page { data, next_cursor: self.next_cursor }
    }
}

/// Makes and opens cursors: opaque, authenticated, and good for one list of one caller only.
#[derive(Clone)]
pub struct Cursors(Hmac<Sha256>);

impl Cursors {
    /// Cursors made with one key are unreadable with another.
    pub fn new(key: &[u8; 32]) -> Self {
        // HMAC pads a key with zeros to its block of 64 bytes.
        let mut block = [0; 64];
        block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
        Self(Hmac::new(&block.into()))
    }

    /// The cursor that continues the list `scope` after `key`.
    pub fn seal<K: Serialize>(&self, scope: &str, key: &K) -> String {
        // A key that cannot be written makes a cursor nobody can open: a refusal beats a list cut short.
        let mut sealed = serde_json::to_vec(key).unwrap_or_default();
        let tag = self.over(scope, &sealed).finalize().into_bytes();
        sealed.extend(tag.iter().take(TAG));
        BASE64URL_NOPAD.encode(&sealed)
    }

    /// The key inside the cursor; 422 when it was not made by us, for this list.
    pub fn open<K: DeserializeOwned>(
        &self,
        scope: &str,
        cursor: Option<impl AsRef<str>>,
    ) -> Result<Option<K>, Problem> {
        let Some(cursor) = cursor else { return Ok(None) };
        self.opened(scope, cursor.as_ref()).map(Some).ok_or_else(|| {
            let pointer = "?cursor".to_owned();
            let field = FieldProblem { pointer, code: "cursor_invalid" };
            Problem::new(CURSOR_INVALID).with_fields(vec![field])
        })
    }

    fn opened<K: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Option<K> {
        if cursor.len() > LONGEST {
            return None;
        }
        let sealed = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        let (key, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
        self.over(scope, key).verify_truncated_left(tag).ok()?;
        serde_json::from_slice(key).ok()
    }

    fn over(&self, scope: &str, key: &[u8]) -> Hmac<Sha256> {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        let length = u64::try_from(scope.len()).unwrap_or(u64::MAX).to_be_bytes();
        self.0.clone().chain_update(length).chain_update(scope).chain_update(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursors() -> Cursors {
        Cursors::new(&[7; 32])
    }

    fn opens(scope: &str, cursor: &str) -> Option<(i64, String)> {
        cursors().open(scope, Some(cursor)).ok().flatten()
    }

    #[test]
    fn a_cursor_opens_for_its_own_list_only() {
        let key = (5i64, "rpt_1".to_owned());
        let cursor = cursors().seal("list_reports acc_1", &key);
        assert_eq!(opens("list_reports acc_1", &cursor), Some(key.clone()));
        assert_eq!(opens("list_reports acc_2", &cursor), None);
        let foreign = Cursors::new(&[8; 32]).seal("list_reports acc_1", &key);
        assert_eq!(opens("list_reports acc_1", &foreign), None);
        let problem = cursors().open::<i64>("x", Some("forged")).unwrap_err();
        assert_eq!(problem.code(), CURSOR_INVALID);
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let limit = PageLimit::parse(2).unwrap();
        let page = |rows| Page::from_rows(rows, limit, |last: &i64| *last, &cursors(), "s");
        assert_eq!(page(vec![1, 2]).next_cursor, None);
        let page = page(vec![1, 2, 3]);
        assert_eq!(page.data, [1, 2]);
        assert_eq!(cursors().open("s", page.next_cursor).unwrap(), Some(2i64));
    }

    proptest! {
        #[test]
        fn one_changed_bit_closes_a_cursor(at in 0usize..40, bit in 0u8..6) {
            let cursor = cursors().seal("s", &(1i64, "rpt_12345678901".to_owned()));
            let mut bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(opens("s", &BASE64URL_NOPAD.encode(&bytes)), None);
        }

        #[test]
        fn arbitrary_cursors_never_panic(text in ".*") {
            prop_assert_eq!(opens("s", &text), None);
        }
    }
}
