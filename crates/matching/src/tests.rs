mod acceptance;
mod codes;
mod explanations;
mod following;
mod offers;
mod over_http;
mod weights;
mod world;
