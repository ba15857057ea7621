//! What people photograph: who sees it, how long, and what is left of what they sent.

use std::{sync::Arc, time::Duration};

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use reqwest::Method;
use serde_json::{Value, json};
use stories::{HOME, Household, Officer, Reply, Server, Trader, engines};

/// Two sides, two officers of whom one has nothing to do with it, and somebody else.
struct Cast {
    officer: Officer,
    elsewhere: Officer,
    siti: Household,
    budi: Trader,
    stranger: Household,
}

#[tokio::test(flavor = "multi_thread")]
async fn disputes_with_photos_are_decided_by_staff() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let officer = Officer::of(&server, "081100000001", "officer", "12.07").await;
        let cast = Cast {
            elsewhere: Officer::of(&server, "081100000002", "officer", "12.07.01").await,
            siti: Household::new(&server).await,
            budi: Trader::ready(&officer, HOME).await,
            stranger: Household::new(&server).await,
            officer,
        };
        let (pickup, used) = about_the_scale(&cast).await;
        about_the_cash(&cast, &pickup, &used).await;
    }
}

/// The job, and the photo of the objection to its weigh-in.
async fn about_the_scale(cast: &Cast) -> (String, String) {
    let Cast { officer, elsewhere, siti, budi, stranger } = cast;
    let (sacks, scale, bathroom) =
        (siti.0.photo().await, budi.actor.photo().await, siti.0.photo().await);
    let mut report = Household::report("instant");
    report["photo_ids"] = json!([bathroom]);
    let report = siti.submits(report).await;
    shows(siti, &report, json!([sacks])).await.expect(200);
    let pickup = budi.accepts(&report).await.text_of("id");
    shows(siti, &report, json!(null)).await.expect_problem(409, "wrong_state");
    let job = format!("/v1/pickups/{pickup}");
    let home = budi.actor.get(&job).await.expect(200)["home"].clone();
    assert_eq!(home["photo_ids"], json!([sacks]));
    let code = siti.handover_code(&pickup).await;
    budi.fetches_with(&pickup, &code, &[&scale]).await.expect(200);
    let objection = json!({ "reason": "berat", "photo_ids": [bathroom] });
    let disputed = siti.0.post(&format!("{job}/dispute"), objection).await.expect(200);
    assert_eq!(disputed["dispute"]["photo_ids"], json!([bathroom]));
    let desk = format!("/v1/staff/pickups/{pickup}/dispute");
    let seen = officer.actor.get(&desk).await.expect(200);
    assert_eq!(
        (&seen["photo_ids"], &seen["dispute"]["photo_ids"]),
        (&json!([scale]), &json!([bathroom]))
    );
    for photo in [&scale, &bathroom] {
        for (who, path) in [
            (&siti.0, format!("{job}/photos/{photo}")),
            (&budi.actor, format!("{job}/photos/{photo}")),
            (&officer.actor, format!("{desk}/photos/{photo}")),
        ] {
            let picture = who.get(&path).await;
            assert_eq!(picture.header("content-type"), Some("image/jpeg"), "{path}");
        }
        for (who, path) in [
            (&stranger.0, format!("{job}/photos/{photo}")),
            (&elsewhere.actor, format!("{desk}/photos/{photo}")),
            (&stranger.0, format!("/v1/photos/{photo}")),
        ] {
            who.get(&path).await.expect_problem(404, "not_found");
        }
    }
    // The home is none of the office's business.
    officer.actor.get(&format!("{desk}/photos/{sacks}")).await.expect_problem(404, "not_found");
    let ruling = json!({ "outcome": "confirm", "reason": "foto timbangan cocok" });
    let resolve = format!("/v1/staff/pickups/{pickup}/resolve");
    officer.actor.post(&resolve, ruling).await.expect(200);
    officer.actor.get(&desk).await.expect_problem(404, "not_found");
    (pickup, bathroom)
}

/// Shows other pictures than before, and has those for something else.
async fn shows(siti: &Household, report: &str, photos: Value) -> Reply {
    let path = format!("/v1/reports/{report}");
    let etag = siti.0.get(&path).await.etag();
    siti.0.change(Method::PATCH, &path, &etag, json!({ "photo_ids": photos })).await
}

async fn about_the_cash(cast: &Cast, pickup: &str, bathroom: &str) {
    let Cast { officer, elsewhere, siti, budi, stranger } = cast;
    let claimed = budi.does(pickup, "payment", json!({ "method": "cash" })).await;
    claimed.expect(201);
    let payment = claimed.text_of("id");
    let notes = siti.0.photo().await;
    let used = json!({ "reason": "kurang", "photo_ids": [notes, bathroom] });
    let dispute = format!("/v1/payments/{payment}/dispute");
    siti.0.post(&dispute, used).await.expect_field("/photo_ids/1");
    let objection = json!({ "reason": "kurang", "photo_ids": [notes] });
    siti.0.post(&dispute, objection).await.expect(200);
    let waiting = officer.actor.get("/v1/staff/payment-disputes").await.expect(200);
    assert_eq!(waiting["data"][0]["dispute"]["photo_ids"], json!([notes]), "{waiting}");
    let desk = format!("/v1/staff/payments/{payment}/dispute/photos/{notes}");
    assert_eq!(officer.actor.get(&desk).await.status, 200);
    elsewhere.actor.get(&desk).await.expect_problem(404, "not_found");
    let below = format!("{dispute}/photos/{notes}");
    assert_eq!(budi.actor.get(&below).await.status, 200);
    stranger.0.get(&below).await.expect_problem(404, "not_found");
    let ruling = json!({ "outcome": "received", "reason": "foto uang cocok" });
    let resolve = format!("/v1/staff/payments/{payment}/resolve");
    let settled = officer.actor.post(&resolve, ruling).await.expect(200);
    assert_eq!(settled["state"], "settled");
    officer.actor.get(&desk).await.expect_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_outlives_a_crash_and_an_unused_one_does_not_outlive_its_day() {
    for engine in engines() {
        let server = Arc::new(Server::start(engine));
        let siti = Household::new(&server).await;
        let (used, unused) = (siti.0.photo().await, siti.0.photo().await);
        server.kill();
        server.launch();
        let path = |photo: &str| format!("/v1/photos/{photo}");
        let seen = siti.0.get(&path(&used)).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        let mut report = Household::report("instant");
        report["photo_ids"] = json!([used]);
        siti.submits(report).await;
        server.skip(25 * 3_600);
        let siti = Household(siti.0.refreshed().await);
        let gone = async {
            // First nobody sees it, then its file goes, then its row.
            while server.count("photo") != 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), gone).await.expect("taken down in time");
        siti.0.get(&path(&unused)).await.expect_problem(404, "not_found");
        assert_eq!(siti.0.get(&path(&used)).await.etag(), seen.etag());
    }
}

/// Pixels that no encoder makes much smaller.
fn grain(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [.., high] = state.to_le_bytes();
        let [low, ..] = (x ^ y).to_le_bytes();
        Rgb([low, high / 16, low / 2])
    })
}

/// Comes again while a busy machine takes longer than its deadline, and says how many were developed at once at most.
async fn patiently(siti: &Household, media_type: &str, picture: &[u8]) -> (Reply, u64) {
    let mut uploaded = siti.0.uploads(media_type, picture).await;
    let mut at_once = 1;
    for _ in 0..30 {
        if uploaded.status != 503 {
            break;
        }
        at_once = 2;
        uploaded = siti.0.uploads(media_type, picture).await;
    }
    (uploaded, at_once)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_picture_takes_at_most_64_mebibytes() {
    let server = Arc::new(Server::start(database::Engine::Sqlite));
    let siti = Household::new(&server).await;
    siti.0.photo().await;
    let camera = grain(4_000, 3_000);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 60).encode_image(&camera).expect("a JPEG");
    let mut flat = Vec::new();
    let screen = RgbImage::from_pixel(4_600, 3_000, Rgb([9, 99, 199]));
    screen.write_with_encoder(PngEncoder::new(&mut flat)).expect("a PNG");
    for (media_type, picture) in [("image/jpeg", jpeg), ("image/png", flat)] {
        let before = server.peak_memory();
        let (uploaded, at_once) = patiently(&siti, media_type, &picture).await;
        let grown = server.peak_memory() - before;
        println!("{media_type} of {} KiB: {grown} KiB", picture.len() / 1_024);
        assert_eq!(uploaded.expect(201)["width"], 1_600);
        assert!(grown <= at_once * 64 * 1_024, "{media_type} took {grown} KiB");
    }
    let huge = RgbImage::from_pixel(11_000, 6_000, Rgb([9, 99, 199]));
    let mut bomb = Vec::new();
    huge.write_with_encoder(PngEncoder::new(&mut bomb)).expect("a PNG");
    let before = server.peak_memory();
    let (refused, _) = patiently(&siti, "image/png", &bomb).await;
    refused.expect_problem(422, "photo_too_many_pixels");
    assert!(server.peak_memory() - before <= 16 * 1_024);
}
