//! A client as thin as it gets, so that the server is what is measured.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::Fault;

/// One connection that stays open.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    pub(crate) async fn open(address: &str) -> Result<Self, Fault> {
        let stream = TcpStream::connect(address.trim_start_matches("http://")).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16_384) })
    }

    /// Sends one written request and reads its whole answer.
    pub(crate) async fn send(&mut self, request: &str) -> Result<Reply, Fault> {
        self.stream.write_all(request.as_bytes()).await?;
        let head_end = self.read_head().await?;
        let head: Vec<u8> = self.buffer.drain(..head_end).collect();
        let head = String::from_utf8(head)?;
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        let length = content_length(&head)?;
        while self.buffer.len() < length {
            self.read_more().await?;
        }
        let body = self.buffer.drain(..length).collect();
        Ok(Reply { status, body })
    }

    async fn read_head(&mut self) -> Result<usize, Fault> {
        loop {
            let end = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            if let Some(end) = end {
                return Ok(end + 4);
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> Result<(), Fault> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(())
    }
}

fn content_length(head: &str) -> Result<usize, Fault> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Ok(length.ok_or("an answer without content-length")?.1.trim().parse()?)
}
