//! The yardstick: actix as bare as it gets, in a process of its own.

use std::{
    io::{self, Write as _},
    process::Stdio,
};

use actix_web::{App, HttpResponse, HttpServer, Responder, get, http::header::ContentType};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::Fault;

/// As many as the stories give the server.
const WORKERS: usize = 2;

#[get("/")]
async fn hello() -> impl Responder {
    HttpResponse::Ok().content_type(ContentType::json()).body(r#"{"hello":"world"}"#)
}

/// Says where it listens, then hello until it is killed.
pub(crate) fn serve() -> Result<(), Fault> {
    let server = HttpServer::new(|| App::new().service(hello)).workers(WORKERS);
    let server = server.bind("127.0.0.1:0")?;
    for address in server.addrs() {
        writeln!(io::stdout(), "{address}")?;
    }
    Ok(actix_web::rt::System::new().block_on(server.run())?)
}

/// This very program as the yardstick; it ends when the child is dropped.
pub(crate) async fn start() -> Result<(Child, String), Fault> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("hello").stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let output = child.stdout.take().ok_or("no standard output")?;
    let address = BufReader::new(output).lines().next_line().await?.ok_or("hello ended")?;
    Ok((child, address))
}
