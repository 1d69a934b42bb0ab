//! How values are kept in columns.

use std::str::FromStr;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::error::{Result, StoreError};

/// Compression level of raw messages: 1 costs a third of SHA-256's time and halves a mail.
const LEVEL: i32 = 1;

/// What a single message may unpack to at most, octets: a damaged row must not exhaust the memory.
const LARGEST: usize = 1 << 30;

/// A time from a column: milliseconds since 1970.
pub(super) fn time(milliseconds: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| StoreError::value("time", error))
}

/// A time from a column that may be empty.
pub(super) fn time_or_none(milliseconds: Option<i64>) -> Result<Option<Timestamp>> {
    milliseconds.map(time).transpose()
}

/// A value of a domain type from its text.
pub(super) fn parse<T: FromStr<Err: std::fmt::Display>>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|error| StoreError::value(what, error))
}

/// A value of a domain type from its text, which may be missing.
pub(super) fn parse_or_none<T: FromStr<Err: std::fmt::Display>>(
    what: &'static str,
    text: Option<&str>,
) -> Result<Option<T>> {
    text.map(|text| parse(what, text)).transpose()
}

/// A value from its JSON.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| StoreError::value(what, error))
}

/// A value as JSON: one parameter for many rows, which a statement takes apart with `json_each`.
pub(super) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::value(what, error))
}

/// A number of the domain from a column.
pub(super) fn number<T: TryFrom<i64, Error: std::fmt::Display>>(what: &'static str, value: i64) -> Result<T> {
    T::try_from(value).map_err(|error| StoreError::value(what, error))
}

/// The hash by which a message is recognised when it is read again.
pub(super) fn hash(raw: &[u8]) -> [u8; 32] {
    Sha256::digest(raw).into()
}

/// Packs raw messages, one after the other.
pub(super) struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    /// A packer; its working memory is reused from message to message.
    pub(super) fn new() -> Result<Self> {
        zstd::bulk::Compressor::new(LEVEL).map(Self).map_err(|error| StoreError::value("zstd context", error))
    }

    /// The message packed.
    pub(super) fn pack(&mut self, raw: &[u8]) -> Result<Vec<u8>> {
        self.0.compress(raw).map_err(|error| StoreError::value("message to be packed", error))
    }
}

/// Unpacks raw messages, one after the other.
pub(super) struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    /// An unpacker; its working memory is reused from message to message.
    pub(super) fn new() -> Result<Self> {
        zstd::bulk::Decompressor::new().map(Self).map_err(|error| StoreError::value("zstd context", error))
    }

    /// The message unpacked.
    pub(super) fn unpack(&mut self, packed: &[u8]) -> Result<Vec<u8>> {
        let size = match zstd::zstd_safe::get_frame_content_size(packed) {
            Ok(Some(size)) => usize::try_from(size).unwrap_or(usize::MAX),
            _ => return Err(StoreError::value("packed message", "it does not begin as one")),
        };
        if size > LARGEST {
            return Err(StoreError::value("packed message", format!("it claims {size} octets")));
        }
        self.0.decompress(packed, size).map_err(|error| StoreError::value("packed message", error))
    }
}

/// Unpacks one message.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    Unpacker::new()?.unpack(packed)
}

/// Does work that takes the processor for long away from the threads that serve connections.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::Refused("the program is shutting down".to_owned())),
        },
    }
}
