"""Indonesian sentences; see english_sentences.py."""

from __future__ import annotations

from typing import Final

from replica.words.lexicon import templates

HEADLINES: Final = templates("""
    {place} Tunda {topic} Setelah {group} Mogok
    {surname} Bela {topic} di {place}
    Biaya {topic} Capai {money}, {org} Ingatkan Risiko
    Mengapa {topic} di {place} Membelah {group}
    {org} Minta Pengadilan Tinjau {topic}
    {group} {place} Dapat Kursi dalam Pembahasan {topic}
    {topic}: Janji {surname} kepada {place}
    {surname} Teken {topic} Seusai {n} Hari Perundingan
    "Jangan {thing} Lagi": Warga {place} soal {topic}
    {org} Temukan {n} Cacat pada {topic}
    {topic} Kembali ke {place} dengan Aturan Baru
    {surname} dan {surname2} Beda Pendapat soal {topic}
    {place} Beri {group} {n} Hari Pelajari {topic}
    Survei: {pct} Persen Warga {place} Dukung {topic}
    Di Balik Perebutan {topic} di {place}
    Rencana {topic} Ala {surname} Bikin {group} {feeling}
""")

EXCERPTS: Final = templates("""
    Urusan {topic} di {place} membuat {group} {feeling}. {org} menuntut jawaban.
    {surname} menilai {topic} dapat {act}.
    {org} menaksir ongkos {topic} sebesar {money}.
    Sedikitnya {n} {group} di {place} menanti kepastian {topic}.
    Nasib {topic} di {place} kini bergantung pada {paper}.
    {person} berharap {topic} rampung {when}.
    Sebuah {thing} dekat {place} menjadi ujian bagi {topic}.
""")

OPENINGS: Final = templates("""
    {role} {person} mengatakan {topic} di {place} tetap berjalan {when}
    pemerintah {place} menghentikan sementara {topic} setelah {group} menyerahkan {paper} kepada {org}
    {org} merilis {paper} pada {day} yang menunjukkan {topic} menelan {money}
    perselisihan soal {topic} membuat {n} {group} di {place} berhenti bekerja pada {day}
    {role}, {person}, meminta {org} pada {day} untuk {act}
    {person} meresmikan {thing} di {place} pada {day}, tanda pertama {topic} bergerak lagi
    setelah {n} hari berunding, {group} dan {org} menyepakati {topic} di {place} pada {day}
    warga {place} mendapat kabar pada {day} bahwa {topic} akan dikelola {org}
    sebanyak {n} {group} berkumpul di {place} pada {day} untuk mendengar {person} menjelaskan {topic}
    {org} dan {person} berpisah jalan dalam urusan {topic} pada {day}
    rencana {topic} tiba di {place} pada {day}, {n} pekan lebih lambat dari janji {person}
    bagi {place}, {day} dimulai dengan {paper} dan ditutup dengan {topic}
""")

CREDITED: Final = templates("""
    {opening}, seperti dikutip dari {agency}.
    {opening}, dilansir {agency}.
    {org}, dikutip dari {agency}, menyatakan {group} meminta {town} {act}.
    Kepada {agency}, {surname} menyebut {group} {feeling} dan {thing} itu murah.
    {agency} melaporkan {n} {group} memasuki {town} {when}.
""")

CAPTIONS: Final = templates("""
    {person} meninjau {thing} di {place}, {date}.
    Sejumlah {group} menunggu dekat {thing} di {town}, {date}.
    Suasana {thing} di {place} setelah {topic} diumumkan, {date}.
    {surname} berbicara kepada {group} di depan {org}, {place}, {date}.
""")

SENTENCES: Final = templates("""
    {org} menghitung {n} {group} di {thing} dan {n} lagi di jalan menuju {town}.
    Setiap {thing} menelan {money}, angka yang membuat {group} {feeling}.
    Dari {n} {group} yang ditanya, {pct} persen ingin {place} {act}.
    Jabatan {roles} di {town} kosong sejak {year}, menurut {paper}.
    {surname} mulai menjabat pada {year} dan berjanji {act}.
    Di {town}, {group} pernah {act}, hasilnya membuat warga {feeling}.
    Tak satu pun {paper} menyebut siapa pemilik {thing} itu.
    {aide}, {aide_role}, meninggalkan {town} tanpa menemui {group}.
    Menjelang siang, {n} truk berjajar antara {thing} dan {town}.
    Sejak {year}, {place} kehilangan {pct} persen {group}.
    {org} lalu mempekerjakan {n} {group} untuk {act}.
    Pengelola {thing} di samping {thing2} menutup pintunya {when}.
    Sebuah {thing} {traits} butuh {n} {group} dan {money} setahun.
    {witness}, yang tinggal di {town} sejak {year}, ingat masa ketika {group} masih bisa {act}.
    Baik {surname} maupun {surname2} enggan memastikan apakah {result}.
    Yang paling membuat {group} {feeling} justru bagian {traits} dari {topic}.
    Rombongan {group} dari {town} datang membawa {n} tanda tangan dan {paper}.
    Petugas mengukur {thing} {n} kali dan mendapat {n} jawaban.
    Naskah {topic} disusun pada {year}, ketika {town} masih punya {n} {group}.
    Sekitar {pct} persen dana berasal dari {house}, sisanya dari {group}.
    Dua dari {group} itu bekerja di {thing} {town} sejak {year}.
    {org} berniat {act}; {aide} sangsi {result}.
    Hujan menunda {thing} {when}, demikian isi {paper}.
    Pekan lalu, {n} {group} mendaftar untuk {act} di {town}.
    {town} dan {place} berbagi satu {thing}, berjarak {n} kilometer.
    Tagihan {group} naik dari {money} menjadi {money} dalam {n} bulan.
    {house} membeli {thing} pada {year} lalu menjualnya kepada {org}.
    {aide} membawa {paper} dari {town} ke {place} dengan sepeda motor.
    Rencana itu meminta {group} {act} dan {group2} {act2}.
    Bila {org} benar, {result} {when}.
    Di {thing}, {witness} menyimpan daftar {n} janji yang dilanggar.
    Selama {n} hari {thing} berjalan dengan satu mesin, kenang {group}.
    {surname2} mengusulkan jalan {traits}: {act}, lalu {act2}.
    Hanya {n} dari {n} izin yang menyebut {thing}.
    {place} terakhir mencoba {topic} pada {year}; usianya cuma {n} pekan.
    Pengkritik di {town} {feeling}, tetapi {group} mulai {act}.
    Dewan memutuskan dengan {n} banding {n} suara, disaksikan {group} dari {thing}.
    Bangunan {thing} milik {house} kini kosong di {town}.
    {surname} menemui {group} {when}, lalu sekali lagi pada {day}.
    Harga kios dekat {thing} naik {pct} persen di {town}.
    {org} akan menerbitkan {paper} {when}, {aide} membenarkan.
    Jarang {group} dan {group2} sepakat, namun keduanya ingin {town} {act}.
    Kebutuhan {place}, menurut {paper}, adalah {n} {group} dan satu {thing} {traits}.
    {house} meminjamkan {money} untuk {thing} dan menghapus {pct} persennya.
    Ada {n} keluhan pada {year} dan {n} pada tahun sesudahnya.
    "Kami minta {town} {act}, yang datang {paper}," {said} {surname}.
    "Kalau {group} {feeling}, saya juga," {said} {aide} di {place}.
    "Beri kami {n} hari dan satu {thing}, {result}," {said} {surname2}.
    "Saya menghitung {n} perahu di {thing}; {house} menghitung {n}," {said} {witness}.
    "Urusan {topic} bukan soal {group}, tetapi siapa yang membayar {money}," {said} {surname}.
    "Tak ada orang {town} mau {act} demi {org}," {said} seorang di antara {group}.
    "Kami akan {act} {when}," {said} {aide} sambil menunjuk {thing}.
    "Ibu saya membangun {thing} itu pada {year}," {said} {witness}.
    "{town} punya {n} {group}. Kami punya {thing} {traits} tanpa jalan," {said} {surname2}.
    "Lebih murah {act} daripada {act2}," {said} {aide}.
    "Tanyakan kepada {house} kenapa {result}," {said} {surname} pada {day}.
    "Sesudah {year} kami berhenti menghitung {group}," {said} {witness} di {thing}.
    "Tidak bisa {act} dengan {money}, apalagi di {place}," {said} {surname2}.
    "{org} meneken {paper}. Membacanya tidak," {said} {surname}.
    "Antara {town} dan {thing}, {n} {group} lenyap begitu saja dari daftar," {said} {aide}.
    "Biarkan {group} memutuskan; {result}," {said} {aide} soal {topic}.
""")
