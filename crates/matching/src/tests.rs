mod acceptance;
mod codes;
mod following;
mod known;
mod offers;
mod over_http;
mod world;
