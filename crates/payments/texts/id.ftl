no_receipt_yet = Nota belum ada
    .detail = Nota terbit segera setelah tugas dibayar dan kedua pihak setuju.
payment_exists = Tugas ini sudah punya pembayaran
    .detail = Lihat pembayaran yang disebut dalam `payment_id`. Pembayaran baru hanya mungkin setelah yang itu ditolak.
balance_insufficient = Saldo dompet tidak cukup
    .detail = Isi saldo dompet, atau bayar tunai.
own_wallet = Ini dompet Anda sendiri
    .detail = Tidak seorang pun mengisi dompetnya sendiri. Mintalah rekan kerja.

field-top_up_out_of_range = Isi saldo Rp 1 sampai Rp 50.000.000.
field-method_unknown = Bayar dengan tunai (cash) atau dompet (wallet).
