mod claims;
mod lifecycle;
mod over_http;
mod privacy;
mod submission;
mod world;
