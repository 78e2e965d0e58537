"""Settings: read from three places, each wrong value with an error that names it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from stories.errors import UsageError
from stories.settings import Settings
from stories.site_settings import SiteSettings

MONGO = "mongodb://someone:geheim@db.example:27017/?replicaSet=rs0"


def load(tmp_path: Path, **variables: str) -> Settings:
    return Settings.load({f"KLIPING_{name.upper()}": value for name, value in variables.items()}, folder=tmp_path)


def test_nothing_set_is_every_default(tmp_path: Path):
    assert load(tmp_path) == Settings()
    assert Settings().delay == 1.0


def test_every_setting_is_read_in_its_kind(tmp_path: Path):
    settings = load(
        tmp_path,
        home=str(tmp_path / "h"),
        mongo_url=MONGO,
        redis_url="rediss://:geheim@queue.example:6379/1",
        database="d",
        contact="me@example.org",
        replica="http://127.0.0.1:8093",
        delay="0.5",
        concurrency="4",
        hours="22:00-05:00 Asia/Jakarta",
        daily_pages="2000",
        sites='{"tempo-en": {"delay": 2, "hours": "01:00-05:00 UTC"}}',
        lease_seconds="30",
        browser="/usr/bin/chromium",
        browser_pages="2",
        retain="runs=90d ticks=1y",
        log_level="debug",
        console_token="t",
        fail_at="after_save",
    )
    assert settings == Settings(
        home=tmp_path / "h",
        mongo_url=MONGO,
        redis_url="rediss://:geheim@queue.example:6379/1",
        database="d",
        contact="me@example.org",
        replica="http://127.0.0.1:8093",
        delay=0.5,
        concurrency=4,
        hours="22:00-05:00 Asia/Jakarta",
        daily_pages=2000,
        sites=(SiteSettings(site="tempo-en", delay=2, hours="01:00-05:00 UTC"),),
        lease_seconds=30,
        browser="/usr/bin/chromium",
        browser_pages=2,
        retain="runs=90d ticks=1y",
        log_level="debug",
        console_token="t",
        fail_at="after_save",
    )
    assert {f.name for f in fields(Settings) if getattr(settings, f.name) is None} == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delay", "slow"),
        ("delay", "-1"),
        ("delay", "3601"),
        ("delay", "nan"),
        ("delay", "inf"),
        ("concurrency", "0"),
        ("concurrency", "65"),
        ("concurrency", "2.5"),
        ("concurrency", "many"),
        ("hours", "01:00-05:00"),
        ("hours", "01:00-25:00 UTC"),
        ("hours", "01:00-05:00 Mars/Olympus"),
        ("daily_pages", "0"),
        ("daily_pages", "many"),
        ("sites", "tempo-en"),
        ("sites", "[]"),
        ("sites", '{"tempo-en": 2}'),
        ("sites", '{"tempo-en": {"speed": 2}}'),
        ("sites", '{"tempo-en": {"delay": "2"}}'),
        ("sites", '{"tempo-en": {"delay": true}}'),
        ("sites", '{"tempo-en": {"delay": -2}}'),
        ("sites", '{"tempo-en": {"hours": "always"}}'),
        ("lease_seconds", "0"),
        ("lease_seconds", "-600"),
        ("lease_seconds", "ten"),
        ("lease_seconds", "86401"),
        ("run_seconds", "9" * 20),
        ("database", "a.b"),
        ("database", "a/b"),
        ("database", "a" * 64),
        ("log_level", "LOUD"),
        ("mongo_url", "localhost:27017"),
        ("mongo_url", "http://localhost:27017"),
        ("mongo_url", "mongodb://"),
        ("mongo_url", "mongodb://h:port"),
        ("mongo_url", "mongodb://h:99999"),
        ("redis_url", "redis://"),
        ("redis_url", "redis//localhost"),
        ("redis_url", "mongodb://h"),
        ("redis_url", "redis://a,b"),
        ("redis_url", "redis+sentinel://a,b"),
        ("redis_url", "redis+sentinel://a,b/kliping/first"),
        ("mongo_url", "mongodb://a:27017,b:port"),
        ("replica", "https://127.0.0.1:8093"),
        ("replica", "http://en.tempo.co"),
        ("replica", "http://10.0.0.1:8093"),
        ("replica", "http://127.0.0.1.example.org:8093"),
        ("replica", "127.0.0.1:8093"),
        ("replica", "http://127.0.0.1:0"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_the_variable(tmp_path: Path, name: str, value: str):
    with pytest.raises(UsageError, match=f"KLIPING_{name.upper()}"):
        load(tmp_path, **{name: value})


@pytest.mark.parametrize("value", ["0", "3600", "0.25"])
def test_the_bounds_of_the_delay_are_allowed(tmp_path: Path, value: str):
    assert load(tmp_path, delay=value).delay == float(value)


@pytest.mark.parametrize("value", ["http://127.0.0.1:8093", "http://localhost:8093", "http://[::1]:8093"])
def test_a_replica_on_this_machine(tmp_path: Path, value: str):
    assert load(tmp_path, replica=value).replica == value


@pytest.mark.parametrize(
    "value",
    [
        "unix:///run/valkey.sock",
        "redis://h",
        "redis+sentinel://:p@a:26379,b:26379,c:26379/kliping/0?sentinel_password=q",
        "rediss+sentinel://a/kliping",
        "mongodb+srv://cluster.example.net",
        "mongodb://u:p@a:27017,b:27017,c:27017/?authSource=admin&replicaSet=rs0",
    ],
)
def test_further_forms_of_addresses(tmp_path: Path, value: str):
    name = "mongo_url" if value.startswith("mongo") else "redis_url"
    assert getattr(load(tmp_path, **{name: value}), name) == value


def test_a_home_that_is_a_file(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="KLIPING_HOME"):
        load(tmp_path, home=str(tmp_path / "file"))


def test_an_unknown_name_is_an_error_that_lists_the_known_ones(tmp_path: Path):
    with pytest.raises(UsageError, match=r"'mongo_uri'.*mongo_url"):
        load(tmp_path, mongo_uri=MONGO)


def test_other_variables_and_empty_ones_are_nobodys(tmp_path: Path):
    assert Settings.load({"PATH": "/bin", "KLIPING_DELAY": "", "KLIPINGDELAY": "x"}, folder=tmp_path) == Settings()


# -- files ------------------------------------------------------------------------------------------------------


def test_a_file_below_the_environment_below_the_options(tmp_path: Path):
    (tmp_path / "kliping.toml").write_text('delay = 5\nconcurrency = 3\ncontact = "file@example.org"\n')
    read = Settings.load(
        {"KLIPING_CONCURRENCY": "4"}, folder=tmp_path, overrides={"contact": "me@example.org", "delay": None}
    )
    assert (read.delay, read.concurrency, read.contact) == (5.0, 4, "me@example.org")


@pytest.mark.parametrize(
    "text",
    ["delay = ", "delay = 'slow'", "dealy = 1", "\x00", "concurrency = [1]", "concurrency = 2.9",
     "concurrency = true", "delay = true", "concurrency = inf", "delay = 1e400", "run_seconds = nan",
     "contact = ['me@example.org']", "home = true", "retain = {}", "lease_seconds = 600.5", "sites = 1"],
)  # fmt: skip
def test_a_file_that_is_wrong_is_an_error_of_ours(tmp_path: Path, text: str):
    (tmp_path / "kliping.toml").write_text(text)
    with pytest.raises(UsageError):
        load(tmp_path)


def test_a_file_in_another_encoding_is_an_error_of_ours(tmp_path: Path):
    (tmp_path / "kliping.toml").write_bytes(b"contact = '\xff'")
    with pytest.raises(UsageError, match=r"kliping\.toml"):
        load(tmp_path)


# -- secrets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mongo_url", "redis_url", "console_token"])
def test_a_secret_can_stand_in_a_file(tmp_path: Path, name: str):
    value = {"mongo_url": MONGO, "redis_url": "redis://:geheim@h", "console_token": "geheim"}[name]
    (tmp_path / "secret").write_text(f"{value}\n")
    assert getattr(load(tmp_path, **{f"{name}_file": str(tmp_path / "secret")}), name) == value


@pytest.mark.parametrize("reverse", [False, True])
def test_a_value_beside_its_file_is_an_error(tmp_path: Path, *, reverse: bool):
    """Which of the two won was the environment's order."""
    (tmp_path / "secret").write_text("geheim")
    given = {"KLIPING_CONSOLE_TOKEN": "t", "KLIPING_CONSOLE_TOKEN_FILE": str(tmp_path / "secret")}
    with pytest.raises(UsageError, match="both KLIPING_CONSOLE_TOKEN and KLIPING_CONSOLE_TOKEN_FILE are set"):
        Settings.load(dict(reversed(given.items())) if reverse else given, folder=tmp_path)


def test_a_text_of_another_kind_is_not_shown(tmp_path: Path):
    (tmp_path / "kliping.toml").write_text("mongo_url = ['mongodb://u:geheim@h']")
    with pytest.raises(UsageError, match="KLIPING_MONGO_URL is not a text") as raised:
        load(tmp_path)
    assert "geheim" not in str(raised.value)


def test_a_secret_file_that_is_not_there_is_an_error_that_names_the_variable(tmp_path: Path):
    with pytest.raises(UsageError, match="KLIPING_MONGO_URL_FILE"):
        load(tmp_path, mongo_url_file=str(tmp_path / "absent"))


def test_secrets_are_not_shown(tmp_path: Path):
    settings = Settings(mongo_url=MONGO, redis_url="redis://:geheim@h", console_token="geheim")
    assert "geheim" not in repr(settings)
    assert "geheim" not in f"{settings}"


@pytest.mark.parametrize(
    ("name", "value"), [("mongo_url", "mongo://me:geheim@h"), ("redis_url", "redis://:geheim@h:port/")]
)
def test_an_error_does_not_show_a_secret(tmp_path: Path, name: str, value: str):
    with pytest.raises(UsageError) as error:
        load(tmp_path, **{name: value})
    assert "geheim" not in str(error.value)


# -- single sites -----------------------------------------------------------------------------------------------


def test_a_site_may_have_settings_of_its_own(tmp_path: Path):
    (tmp_path / "kliping.toml").write_text("""
        delay = 1.5
        daily_pages = 100
        [sites.tempo-en]
        delay = 2
        hours = "01:00-05:00 Asia/Jakarta"
        [sites.suarakita]
        daily_pages = 7
    """)
    settings = load(tmp_path)
    own = settings.of_site("tempo-en")
    assert (own.delay, own.hours, own.daily_pages) == (2, "01:00-05:00 Asia/Jakarta", 100)
    other = settings.of_site("suarakita")
    assert (other.delay, other.hours, other.daily_pages) == (1.5, None, 7)
    assert settings.of_site("tempo-id") == settings
    assert Settings.load(settings.as_variables(), folder=tmp_path / "elsewhere") == settings


def test_what_is_wrong_with_a_sites_setting_is_said_with_its_name(tmp_path: Path):
    (tmp_path / "kliping.toml").write_text('[sites.tempo-en]\nhours = "at night"\n')
    with pytest.raises(UsageError, match=r"\[sites\.tempo-en\]: KLIPING_HOURS='at night': write it as '01:"):
        load(tmp_path)
    (tmp_path / "kliping.toml").write_text("[sites.tempo-en]\nconcurrency = 2.5\n")
    with pytest.raises(UsageError, match=r"KLIPING_SITES, or .* tempo-en: concurrency = 2\.5 is not a number"):
        load(tmp_path)


# -- on ---------------------------------------------------------------------------------------------------------


def test_a_child_reads_what_its_parent_had(tmp_path: Path):
    settings = Settings(home=tmp_path, mongo_url=MONGO, delay=0.1, concurrency=7, replica="http://127.0.0.1:1")
    variables = settings.as_variables()
    assert all(name.startswith("KLIPING_") for name in variables)
    assert "KLIPING_CONTACT" not in variables
    assert Settings.load(variables, folder=tmp_path) == settings


def test_a_real_site_needs_a_contact():
    with pytest.raises(UsageError, match="KLIPING_CONTACT"):
        Settings().require_contact()
    Settings(contact="me@example.org").require_contact()
    Settings(replica="http://127.0.0.1:1").require_contact()
