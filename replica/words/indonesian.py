"""The Indonesian edition's words."""

from __future__ import annotations

from typing import Final

from replica.words import indonesian_sentences as sentences
from replica.words.lexicon import Lexicon, phrases, sections
from replica.words.names import FAMILY, HOUSES, TOWNS

SECTIONS: Final = sections("""
    Politik | politik | batas daerah pemilihan, tender surat suara, buku kas partai, masa reses dewan, susunan
      komisi, jam malam kampanye, petisi warga;
    Hukum | hukum | sidang sengketa dermaga, gugatan tambak, perkara izin feri, audit lumbung, berkas pagar
      laut, putusan ganti rugi, laporan timbangan;
    Ekonomi | ekonomi | kuota sagu, lelang kakao, obligasi pelabuhan, tarif rotan, pungutan kopra, subsidi
      ongkos kirim, peleburan bank kecil;
    Lingkungan | lingkungan | tanggul banjir, kebun bakau, jalur burung, bank sampah sungai, peta sumur,
      pembibitan karang, hutan kota;
    Internasional | internasional | perjanjian air perbatasan, pakta gandum, patroli selat, daftar sanksi,
      gencatan senjata sungai, jadwal konferensi, pertukaran utusan;
    Sains | sains | model ramalan pasang, genom anggrek, jaringan balon cuaca, arsip tanah, survei komet, uji
      feri baterai, katalog gempa;
    Olahraga | olahraga | liga bulu tangkis, lomba dayung, maraton bukit, final sepak takraw, tur sepeda, liga
      catur, bursa pemain futsal;
    Gaya Hidup | gaya-hidup | arsip wayang, lokakarya gamelan, pasar batik, bioskop keliling, paduan suara
      jalanan, kelas tenun, festival topeng;
""")

TRAITS: Final = phrases("""
    pesisir, dataran tinggi, lintas batas, tingkat provinsi, yang tertunda, wilayah utara, perdesaan, sekota,
    percobaan, bersama, sementara, versi baru, yang disengketakan, kawasan timur, tahap kedua, musiman, berbiaya
    murah, sukarela, malam hari, empat tahunan
""")

ROLES: Final = phrases("""
    wakil menteri pelabuhan pedalaman, ketua komisi dermaga, kepala badan sungai, sekretaris provinsi, direktur
    pekerjaan umum, ketua serikat petani, dekan fakultas kelautan, wali kota, kepala statistik daerah, anggota
    dewan, juru bicara badan bantuan, kurator, pelatih kepala, inspektur wilayah, atase perdagangan, komisioner
    ombudsman
""")

GROUPS: Final = phrases("""
    awak feri, penggiling padi, perawat jaga malam, sopir bus sekolah, perajin gula aren, pandu kapal, petugas
    kebersihan pasar, pegiat radio, pembuat layang-layang, insinyur jembatan, petani rumput laut, kondektur
    trem, peternak lebah, penjaga mercusuar, tukang cetak, perajin gerabah, juru masak dermaga, penyimpan benih,
    penjelajah sungai, guru pensiunan
""")

THINGS: Final = phrases("""
    alat ukur pasang, bengkel kapal, bank benih, menara air, lumbung padi, ruang tiket, tiang cuaca, gudang
    beku, jembatan gantung, rumah pompa, tempat pelelangan ikan, pul bus, atap surya, ruang arsip, pasar malam,
    landasan feri, dapur latihan, gudang sortir, taman baca, menara sinyal, kolam pembibitan
""")

ACTS: Final = phrases("""
    memendekkan antrean di gerbang, menerbitkan buku kas tiap bulan, memindahkan pul ke pedalaman, berbagi biaya
    dengan kecamatan, melatih regu kedua, membuka catatan bagi warga, mengecat ulang rambu, mengganti mesin
    tertua, menurunkan tarif pelajar, menunda pemungutan suara sampai panen, menguji air dua kali sehari,
    mengundang auditor luar, menyiapkan dua kapal cadangan, memetakan gorong-gorong rusak, membayar tunggakan
    dengan beras, membatasi lalu lintas pada siang hari, menyurati setiap rumah, menanam bakau di tepi kali,
    menerjemahkan aturan ke lima bahasa, membekukan izin baru
""")

RESULTS: Final = phrases("""
    harga akan tenang sebelum musim hujan, daftar tunggu tinggal separuh, tiap kampung punya perahu klinik,
    jalur lama akan ditutup, dua ribu keluarga kembali tersambung, kekurangan dana menyusut, perbaikan selesai
    dalam semalam, perselisihan berakhir di pengadilan, pedagang kembali ke alun-alun, dana cukup untuk sepuluh
    tahun lagi, sekolah mulai tepat waktu, waduk penuh pada April, tak ada yang butuh izin kedua, feri berangkat
    saat subuh, sewa kios tidak naik, catatan akhirnya lengkap
""")

PAPERS: Final = phrases("""
    memo internal, buku kas terbuka, rapat tertutup, draf yang bocor, keterangan tertulis, wawancara radio,
    sidang larut malam, surat kepada warga, survei rumah tangga, keterangan di tepi jalan, catatan insinyur,
    petisi, log pelabuhan, lampiran anggaran
""")

WHENS: Final = phrases("""
    dalam dua pekan, sebelum musim hujan, pada akhir triwulan, setelah panen, saat subuh, sebelum tahun ajaran,
    selama tiga malam, secara bertahap, begitu air pasang, setelah audit diteken, akhir bulan ini, awal tahun
    depan, untuk pertama kali sejak gempa, pada musim kemarau
""")

FEELINGS: Final = phrases("""
    hati-hati, blak-blakan, sabar, terbelah, lega, ragu, berharap, bingung, lelah menunggu, bulat tekadnya,
    waspada, gembira, tak tergerak
""")

SPOKEN: Final = phrases("kata, ujar, tutur, ucap, jelas, tegas, kenang")

POOLS: Final = {
    "town": TOWNS,
    "house": HOUSES,
    "witness": FAMILY,
    "group": GROUPS,
    "group2": GROUPS,
    "thing": THINGS,
    "thing2": THINGS,
    "act": ACTS,
    "act2": ACTS,
    "result": RESULTS,
    "paper": PAPERS,
    "when": WHENS,
    "feeling": FEELINGS,
    "said": SPOKEN,
    "roles": ROLES,
    "traits": TRAITS,
    "n": tuple(str(n) for n in range(3, 900)),
    "pct": tuple(f"{n // 10},{n % 10}" for n in range(11, 780, 3)),
    "money": tuple(f"Rp {n // 10},{n % 10} miliar" for n in range(12, 900, 7)),
    "year": tuple(str(year) for year in range(1974, 2022)),
    "orgs": ("Yayasan", "Koperasi", "Serikat", "Forum", "Lembaga", "Himpunan", "Balai", "Dewan"),
}

INDONESIAN: Final = Lexicon(
    pools=POOLS,
    sections=SECTIONS,
    headlines=sentences.HEADLINES,
    excerpts=sentences.EXCERPTS,
    openings=sentences.OPENINGS,
    sentences=sentences.SENTENCES,
    credited=sentences.CREDITED,
    captions=sentences.CAPTIONS,
    weekdays=phrases("Senin, Selasa, Rabu, Kamis, Jumat, Sabtu, Minggu"),
    months=phrases("""
    Januari, Februari, Maret, April, Mei, Juni, Juli, Agustus, September, Oktober, November, Desember
"""),
)
