photo_too_large = Fotonya terlalu besar
    .detail = Foto paling besar 8 MiB. Perkecil, lalu kirim lagi.
photo_type_unsupported = Ini bukan foto yang dapat kami baca
    .detail = Kirim gambar JPEG, PNG, atau WebP dan sebutkan jenisnya pada Content-Type.
photo_unreadable = Fotonya tidak dapat dibaca
    .detail = Fotonya rusak, terpotong, atau bukan jenis yang disebutkan. Ambil atau pilih foto lain.
photo_too_many_pixels = Piksel fotonya terlalu banyak
    .detail = Perkecil fotonya: sekitar 12 megapiksel sudah cukup.
photo_form_unsupported = Bentuk gambar ini tidak diterima
    .detail = Kirim foto diam sebagai JPEG: bukan animasi, dan bukan WebP lossless atau tembus pandang.
photos_spent = Anda sudah mengirim banyak foto hari ini
    .detail = Foto lain dapat dikirim nanti; yang sudah terkirim tetap dapat dipakai.

field-photo_unknown = Foto ini belum Anda unggah, atau tidak dipakai dalam satu hari.
field-photo_attached = Foto ini sudah menjadi milik hal lain.
field-photo_doubled = Foto ini sudah disebutkan.
field-photos_too_many = Sebutkan paling banyak lima foto.
