mod acceptance;
mod codes;
mod following;
mod offers;
mod over_http;
mod routes;
mod world;
