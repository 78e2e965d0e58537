"""All enrichers together."""

from __future__ import annotations

import json

from tests.making import article
from workers.enrich.registry import ENRICHERS, enrichment_of, warm_up


def test_each_part_has_its_enrichers_version():
    enrichment = enrichment_of(article())
    assert set(enrichment) == {enricher.name for enricher in ENRICHERS}
    assert all(enrichment[enricher.name]["version"] == enricher.version for enricher in ENRICHERS)


def test_names_are_one_field_each():
    assert len({enricher.name for enricher in ENRICHERS}) == len(ENRICHERS)
    assert all(enricher.name.isidentifier() for enricher in ENRICHERS)


def test_an_enrichment_is_json_and_the_same_each_time():
    warm_up()
    written = article(article_body="The talks failed, Anadolu reported.")
    assert json.loads(json.dumps(enrichment_of(written))) == enrichment_of(written)
