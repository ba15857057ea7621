mod acceptance;
mod codes;
mod dispatch;
mod following;
mod offers;
mod over_http;
mod world;
