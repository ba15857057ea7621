use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, BodyLimit, Caller, Kit, Problem, ProblemBody, Upload};

use super::Picture;
use crate::{Kind, PhotoError, PhotoView, Photos, error::PHOTO_TOO_LARGE, rules::LARGEST_BODY};

const LIMIT: BodyLimit = BodyLimit { largest: LARGEST_BODY, refusal: PHOTO_TOO_LARGE };

/// Uploads a photo
///
/// It is turned upright, scaled to at most 1,600 pixels and encoded anew as JPEG: nothing of what a camera writes
/// beside the picture is kept. Name it in the `photo_ids` of a command within 24 hours, or it is taken down again.
#[utoipa::path(
    tag = "photos", operation_id = "upload_photo",
    params(("Idempotency-Key" = String, Header, description = "1–255 characters, unique per command")),
    request_body(
        description = "The picture, at most 8 MiB and about 12 megapixels",
        content((Picture = "image/jpeg"), (Picture = "image/png"), (Picture = "image/webp"))
    ),
    responses(
        (status = 201, description = "The photo, ready to be attached", body = PhotoView),
        (status = 413, description = "`photo_too_large`", body = ProblemBody),
        (status = 415, description = "`photo_type_unsupported`", body = ProblemBody),
        (status = 422, description = "`photo_unreadable`, `photo_too_many_pixels` or `photo_form_unsupported`", body = ProblemBody),
        (status = 429, description = "`photos_spent`: enough for a day", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[post("/v1/photos")]
pub(crate) async fn upload_photo(
    caller: Caller,
    upload: Upload,
    photos: Data<Photos>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let kind = Kind::of_media_type(upload.media_type().as_deref())?;
    let _seat = photos.seat()?;
    let (once, raw) = upload.read(LIMIT).await?;
    let once = once.required()?;
    if let Some(answered) = kit.answered(&once).await? {
        return Ok(answered);
    }
    let taken = photos.receive(&kit.database, caller.account, kind, raw).await?;
    kit.run(once, move |conn| -> Result<Answer, PhotoError> {
        let photo = photos.keep_in(conn, &taken)?;
        Ok(Answer::created(format!("/v1/photos/{}", photo.id), &PhotoView::from(&photo)))
    })
    .await
}
