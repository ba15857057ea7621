mod agreement;
mod assignment;
mod endings;
mod over_http;
mod transitions;
mod weighing;
mod world;
