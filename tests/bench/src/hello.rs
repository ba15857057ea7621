//! The yardstick: actix as bare as it gets, in a process of its own.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use actix_web::{App, HttpResponse, HttpServer, Responder, get, http::header::ContentType};

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

/// This very program as the yardstick; it ends when dropped.
pub(crate) struct Hello {
    process: Child,
    pub(crate) address: String,
}

impl Hello {
    pub(crate) fn start() -> Result<Self, Fault> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("hello").stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("no standard output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            let _ended = self.process.wait();
        }
    }
}
