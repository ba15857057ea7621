# syntax=docker/dockerfile:1

# The image has TLS to PostgreSQL (feature pg-tls), which needs OpenSSL's headers; a plain `cargo build` needs neither.
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/source/target \
    cargo build --release --locked --package server --features pg-tls \
    && install -D target/release/jumpa-madu /out/jumpa-madu

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/jumpa-madu --create-home --shell /usr/sbin/nologin jumpa-madu
COPY --from=build /out/jumpa-madu /usr/local/bin/jumpa-madu
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/jumpa-madu/
USER 10001:10001
WORKDIR /var/lib/jumpa-madu
VOLUME /var/lib/jumpa-madu
ENV JUMPA_MADU_DATA_DIR=/var/lib/jumpa-madu
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["jumpa-madu", "doctor"]
ENTRYPOINT ["jumpa-madu"]
CMD ["serve"]
