//! The yardstick: actix as bare as it gets, in a process of its own.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use actix_web::{
    App, HttpResponse, HttpServer, Responder, get,
    http::header::ContentType,
    web::{Bytes, Data},
};

use crate::Fault;

/// As many as the stories give the server.
const WORKERS: usize = 2;

#[get("/")]
async fn hello(body: Data<Bytes>) -> impl Responder {
    HttpResponse::Ok().content_type(ContentType::json()).body(Bytes::clone(&body))
}

/// Says where it listens, then the same few bytes, or as many as are asked for, until it is killed.
pub(crate) fn serve(bytes: Option<usize>) -> Result<(), Fault> {
    let body = match bytes {
        Some(bytes) => Bytes::from(vec![b'0'; bytes]),
        None => Bytes::from_static(br#"{"hello":"world"}"#),
    };
    let body = Data::new(body);
    let server = HttpServer::new(move || App::new().app_data(body.clone()).service(hello));
    let server = server.workers(WORKERS).bind("127.0.0.1:0")?;
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
        Self::run(&[])
    }

    /// Its answers are so many bytes long.
    pub(crate) fn of_size(bytes: usize) -> Result<Self, Fault> {
        Self::run(&["--bytes", &bytes.to_string()])
    }

    fn run(choices: &[&str]) -> Result<Self, Fault> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = command.arg("hello").args(choices).stdout(Stdio::piped()).spawn()?;
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
