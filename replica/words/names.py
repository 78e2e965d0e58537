# ruff: noqa: RUF001 - names with letters that need Unicode are wanted
"""People, places and houses. Given and family names are common or invented, and joined at random: nobody is meant."""

from __future__ import annotations

from typing import Final

from replica.words.lexicon import phrases

GIVEN: Final = phrases("""
    Adisti, Bramantyo, Citra, Damar, Elok, Fajrin, Galuh, Hendarto, Ismaya, Jatmiko, Kirana, Larasati, Mahesa,
    Nirmala, Okta, Prameswari, Raditya, Sekar, Tirta, Utari, Wulandari, Yudistira, Zulaikha, Ayunda, Bagus,
    Cempaka, Dewantara, Endah, Gandi, Harjuna, Indira, Kemala, José, Zoë, Ma'ruf, Nur'aini, Renée, Søren, Björn,
    Anaïs, Tomás, Þóra, Łucja, Ömer, D'Angelo, Çelik, Ambrose, Beatrix, Cosmo, Delphine, Edmund, Fiona, Gideon,
    Harriet, Ingrid, Jasper, Kendra, Leopold, Miriam, Nestor, Ottilie, Percival
""")

FAMILY: Final = phrases("""
    Salendra, Wiratmoko, Purbaningrat, Lesmanawati, Rendragraha, Sastrawinata, Tambunreja, Hutagaluma,
    Sitompeng, Nasurdin, Wangsadipa, Kertarejasa, Mangkupraja, Pandelaki, Rumokoy, Waworundeng, Tanjungsari,
    Gintingsuka, Siregaria, Lubistama, Marpaungan, Daulayra, Okabue, Terrano, Lindqvale, Ashgrove, Marlowey,
    Petrescan, Vandermoor, Quillon, Farrowdale, Brannoch, O'Rendal, D'Sousa, N'Diaye-Lund, Kovačin, Německy,
    Müllerin, Lefèvrais, Peñalta, Åkerhed, Gonçalvim, Yıldırar, Szczepanowicz, Halvorsdal, Ostrander, Wexmoor,
    Tillingham, Castellane, Dunmorrow, Everhart, Fenwicket, Garroway, Hollisterne, Kestrelby, Lockhaven,
    Merrivale, Northam, Pellworth, Ravensdown
""")

TOWNS: Final = phrases("""
    Jakarta, Bandung, Surabaya, Semarang, Yogyakarta, Medan, Makassar, Palembang, Denpasar, Manado, Pontianak,
    Balikpapan, Ambon, Kupang, Mataram, Padang, Pekanbaru, Jambi, Bengkulu, Kendari, Palu, Ternate, Jayapura,
    Sorong, Cirebon, Tegal, Malang, Kediri, Banyuwangi, Singkawang, Tarakan, Bontang, Parepare, Bitung, Maumere,
    Ende, Waingapu, Tual, Sabang, Lhokseumawe
""")

HOUSES: Final = phrases("""
    Samudra Lestari, Cakrawala Muda, Bina Nusa, Teras Warga, Lentera Pesisir, Karya Bahari, Rimba Hijau, Sahabat
    Sungai, Graha Tani, Puspa Raya, Kompas Laut, Jaring Desa, Arus Timur, Panji Kota, Wira Usaha, Titian Ilmu,
    Swara Ladang, Bumi Selaras, Tunas Harapan, Mitra Selat, Citra Angkasa, Pilar Kota, Rumah Benih, Tali Kasih,
    Nada Pagi, Sinar Dermaga, Jejak Gunung, Atap Langit, Pena Warga, Lumbung Kita
""")

AGENCIES: Final = (
    "Anadolu",
    "Antara",
    "Reuters",
    "Al Arabiya",
    "AFP",
    "Al Jazeera",
    "Bernama",
    "Xinhua",
    "Kyodo",
    "Associated Press",
)
