use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use primitives::Invalid;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{FieldProblem, INVALID_FIELDS, Kit, NOT_FOUND, Problem, command::Refusal};

/// The query of a request; what cannot be accepted is a 422 that points at `?name`.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

/// The ids in a path; what is malformed is a plain 404.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

/// How many things a page has: 1 – 100, 20 unless asked for otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "u32")]
#[schema(value_type = u32, minimum = 1, maximum = 100, default = 20)]
pub struct PageLimit(u8);

impl PageLimit {
    /// Accepts 1 – 100.
    pub fn parse(limit: u32) -> Result<Self, Invalid> {
        let within = u8::try_from(limit).ok().filter(|limit| (1..=100).contains(limit));
        within.map(Self).ok_or(Invalid("limit_out_of_range"))
    }

    /// How many rows to fetch: one more than shown, which tells whether there is a next page.
    pub fn fetch(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// How many rows to show.
    pub fn rows(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(20)
    }
}

impl TryFrom<u32> for PageLimit {
    type Error = Invalid;

    fn try_from(limit: u32) -> Result<Self, Invalid> {
        Self::parse(limit)
    }
}

impl<T> Query<T> {
    /// The value inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Path<T> {
    /// The value inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(read_query(request).map(Self))
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Path::<T>::from_request(request, payload).into_inner();
        let clean = !request.match_info().iter().any(|(_, value)| value.contains('\0'));
        let found = read.ok().filter(|_| clean).map(|path| Self(path.into_inner()));
        ready(found.ok_or_else(|| Problem::new(NOT_FOUND)))
    }
}

fn read_query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    let kit = Kit::of(request)?;
    let pairs = form_urlencoded::parse(request.query_string().as_bytes());
    if let Some((name, _)) = pairs.clone().find(|(name, value)| has_nul(name) || has_nul(value)) {
        return Err(refused(&name, "control_character"));
    }
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let name = error.path().iter().next().map(ToString::to_string).unwrap_or_default();
        let refusal = Refusal::read(&error.inner().to_string(), &kit.texts);
        refused(refusal.member.as_deref().unwrap_or(&name), refusal.code)
    })
}

fn has_nul(text: &str) -> bool {
    text.contains('\0')
}

fn refused(name: &str, code: &'static str) -> Problem {
    let field = FieldProblem { pointer: format!("?{name}"), code };
    Problem::new(INVALID_FIELDS).with_fields(vec![field])
}
