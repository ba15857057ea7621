photo_too_large = The photo is too large
    .detail = A photo has at most 8 MiB. Make it smaller, then send it again.
photo_type_unsupported = This is not a photo we can read
    .detail = Send a JPEG, PNG or WebP picture and say which in the Content-Type.
photo_unreadable = The photo cannot be read
    .detail = It is damaged, cut off, or something else than it says. Take or choose another one.
photo_too_many_pixels = The photo has too many pixels
    .detail = Make it smaller: about 12 megapixels are enough for anybody.
photo_form_unsupported = This kind of picture is not accepted
    .detail = Send a still photo as JPEG: no animation, and no WebP that is lossless or transparent.
photos_spent = You have sent many photos today
    .detail = More can be sent later; those sent already can still be used.

field-photo_unknown = This photo has not been uploaded by you, or was not used within a day.
field-photo_attached = This photo belongs to something else already.
field-photo_doubled = This photo has been named before.
field-photos_too_many = Name at most five photos.
