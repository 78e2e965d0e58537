"""The English edition's words."""

from __future__ import annotations

from typing import Final

from replica.words import english_sentences as sentences
from replica.words.lexicon import Lexicon, phrases, sections
from replica.words.names import FAMILY, HOUSES, TOWNS

SECTIONS: Final = sections("""
    National | national | ferry permit, village library fund, school boat service, census of wells, flood wall,
      land title drive, bridge toll;
    World | world | border water treaty, island grain pact, straits patrol accord, orchard sanctions list, river
      ceasefire, summit seating plan, envoy exchange;
    Economy & Business | economy | sago export quota, cocoa auction, harbor bond, rattan tariff, copra levy,
      freight rebate, small lender merger;
    Politics | politics | ward boundary bill, ballot paper tender, party ledger rule, assembly recess, council
      reshuffle, campaign curfew, recall petition;
    Sports | sports | badminton ladder, canoe regatta, hill marathon, takraw final, cycling tour, chess league,
      futsal transfer window;
    Science & Tech | science | tide forecast model, orchid genome, weather balloon network, soil archive, comet
      survey, battery ferry trial, coral nursery;
    Culture | culture | shadow puppet archive, gamelan workshop, batik register, film print vault, street choir,
      manuscript loan, mask festival;
""")

TRAITS: Final = phrases("""
    coastal, highland, cross-border, provincial, long-delayed, northern, rural, citywide, experimental, joint,
    temporary, revised, disputed, eastern, second, inner-city, seasonal, low-cost, voluntary, shared, nightly,
    regional, reopened, four-year
""")

ROLES: Final = phrases("""
    deputy minister for inland ports, chair of the harbor commission, head of the river agency, provincial
    secretary, director of public works, auditor general's envoy, leader of the growers' union, dean of the
    maritime faculty, mayor, chief statistician, assembly member, council speaker, spokesperson of the relief
    board, curator, head coach, regional inspector, trade attaché, ombudsman
""")

GROUPS: Final = phrases("""
    ferry crews, rice millers, night nurses, school bus drivers, palm-sugar growers, harbor pilots, market
    cleaners, radio amateurs, kite makers, bridge engineers, seaweed farmers, tram conductors, beekeepers,
    lighthouse keepers, printers, potters, dockside cooks, seed savers, river scouts, retired teachers
""")

THINGS: Final = phrases("""
    tide gauge, repair yard, seed bank, water tower, grain silo, ticket hall, weather mast, cold store,
    footbridge, pumping station, fish auction, bus depot, solar roof, archive room, night market, ferry ramp,
    training kitchen, sorting shed, reading garden, signal tower, nursery pond, toll booth
""")

ACTS: Final = phrases("""
    shorten the queue at the gate, publish the ledger every month, move the depot inland, share the cost with
    the districts, train a second crew, open the records to residents, repaint the warning signs, replace the
    oldest engines, lower the fee for students, hold the vote after harvest, test the water twice a day, invite
    an outside auditor, keep two boats in reserve, map each broken culvert, pay the arrears in rice, limit
    traffic to daylight, write to every household, plant mangroves along the bank, translate the rules into five
    languages, freeze new permits
""")

RESULTS: Final = phrases("""
    prices would settle before the rains, the waiting list would be halved, every ward would have a clinic boat,
    the old route would close, two thousand families would be reconnected, the shortfall would shrink, repairs
    would take a single night, the quarrel would end in court, traders would return to the square, the fund
    would last another decade, classes could start on time, the reservoir would fill by spring, nobody would
    need a second permit, the ferry would run at dawn, rents would stay where they are, the record would finally
    be complete
""")

PAPERS: Final = phrases("""
    an internal memo, a public ledger, a closed hearing, a leaked draft, a two-page statement, a radio
    interview, a late session of the assembly, a letter to residents, a survey of households, a roadside
    briefing, an engineer's notebook, a petition, a harbor log, a budget annex
""")

WHENS: Final = phrases("""
    within two weeks, before the rains, by the end of the quarter, after the harvest, at dawn, before the school
    year, over three nights, in stages, as soon as the tide allows, once the audit is signed, later this month,
    early next year, for the first time since the earthquake, during the dry season
""")

FEELINGS: Final = phrases("""
    cautious, unusually blunt, patient, divided, relieved, skeptical, hopeful, puzzled, tired of waiting,
    determined, wary, openly pleased, unmoved, curious
""")

SPOKEN: Final = phrases("said, added, told reporters, explained, argued, recalled, insisted, noted")

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
    "pct": tuple(f"{n / 10:.1f}" for n in range(11, 780, 3)),
    "money": tuple(f"{n / 10:.1f} billion rupiah" for n in range(12, 900, 7)),
    "year": tuple(str(year) for year in range(1974, 2022)),
    "orgs": ("Institute", "Foundation", "Cooperative", "Union", "Trust", "Forum", "& Partners", "Chamber"),
}

ENGLISH: Final = Lexicon(
    pools=POOLS,
    sections=SECTIONS,
    headlines=sentences.HEADLINES,
    excerpts=sentences.EXCERPTS,
    openings=sentences.OPENINGS,
    sentences=sentences.SENTENCES,
    credited=sentences.CREDITED,
    captions=sentences.CAPTIONS,
    weekdays=phrases("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    months=phrases("""
    January, February, March, April, May, June, July, August, September, October, November, December
"""),
)
