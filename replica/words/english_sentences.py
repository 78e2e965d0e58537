# ruff: noqa: RUF001 - typographic quotes, as the newspaper prints them
"""English sentences. Slots stand close together, so that two stories share few runs of three words."""

from __future__ import annotations

from typing import Final

from replica.words.lexicon import templates

HEADLINES: Final = templates("""
    {place} Puts {topic} on Hold as {group} Walk Out
    {surname} Defends {topic} in {place}
    {topic} to Cost {money}, {org} Warns
    Why {place}’s {topic} Divides {group}
    {org} Asks Court to Review {topic}
    {group} in {place} Win Seat at Table on {topic}
    {topic}: What {surname} Promised {place}
    {surname} Signs {topic} After {n} Days of Talks
    “Not Another {thing}”: {place} Reacts to {topic}
    {org} Counts {n} Flaws in {topic}
    {topic} Returns to {place} With New Rules
    {surname} and {surname2} Clash Over {topic}
    {place} Gives {group} {n} Days to Study {topic}
    {pct} Percent of {place} Backs {topic}, Survey Finds
    Inside {place}’s Quiet Fight for {topic}
    {surname}’s {topic} Plan Meets {feeling} {group}
""")

EXCERPTS: Final = templates("""
    The {topic} in {place} has left {group} {feeling}, and {org} wants answers.
    {surname} says the {topic} could {act}.
    {org} puts the price of the {topic} at {money}.
    Some {n} {group} in {place} are waiting for word on the {topic}.
    In {place}, the {topic} now depends on {paper}.
    {person} expects the {topic} to be settled {when}.
    A {thing} near {place} has become the test of the {topic}.
    The {role} of {place} called the talks on the {topic} {feeling}.
""")

OPENINGS: Final = templates("""
    {person}, the {role}, said on {day} that the {topic} in {place} would go ahead {when}
    {place} has agreed to pause its {topic} after {group} filed {paper} with {org}
    {org} released {paper} on {day} showing that the {topic} cost {place} {money}
    A dispute over the {topic} kept {n} {group} in {place} from work on {day}
    The {role}, {person}, asked {org} on {day} to {act} and leave the {topic} alone
    {person} opened a {thing} in {place} on {day}, the first sign of life in the {topic}
    After {n} days of talks, {group} and {org} signed the {topic} in {place} on {day}
    Residents of {place} learned on {day} that the {topic} would be run by {org}
    {n} {group} gathered in {place} on {day} to hear {person} explain the {topic}
    {org} and {person} parted ways over the {topic} on {day}, leaving {place} {feeling}
    The {topic} reached {place} on {day}, {n} weeks later than {person} had promised
    For {place}, {day} began with {paper} and ended with a new {topic}
""")

CREDITED: Final = templates("""
    {opening}, {agency} reported.
    {opening}, according to {agency}.
    {org}, as quoted by {agency}, stated that {group} had asked {town} to {act}.
    Speaking to {agency}, {surname} called {group} {feeling} and the {thing} a bargain.
    {agency} reported that {n} {group} had crossed into {town} {when}.
""")

CAPTIONS: Final = templates("""
    {person} visits the {thing} in {place}, {date}.
    {group} wait near a {thing} in {town}, {date}.
    A {thing} in {place} after the {topic} was announced, {date}.
    {surname} speaks to {group} outside {org} in {place}, {date}.
""")

ILLUSTRATION: Final = templates("Illustration of a {thing} (Pixabay)")

SENTENCES: Final = templates("""
    {org} counted {n} {group} at the {thing} and {n} more on the road to {town}.
    Each {thing} costs {money}, a sum that {group} call {feeling}.
    Of {n} {group} asked, {pct} percent wanted {place} to {act}.
    The {role} has until next {day} to answer {paper}.
    {surname} took office in {year} and promised to {act}.
    In {town}, {group} tried to {act}, with {feeling} results.
    Nothing in {paper} says who owns the {thing}.
    {aide}, the {aide_role}, left {town} without meeting {group}.
    By noon, {n} trucks stood between the {thing} and {town}.
    Since {year}, {place} has lost {pct} percent of its {group}.
    {org} then hired {n} {group} to {act}.
    The {thing} beside the {thing2} was closed {when}.
    A {traits} {thing} would need {n} {group} and {money} a year.
    {witness}, who has lived in {town} since {year}, remembers when {group} could still {act}.
    Neither {surname} nor {surname2} would say whether {result}.
    It was the {traits} part of the {topic} that worried {group} most.
    {group} from {town} arrived with {n} signatures and {paper}.
    Officials measured the {thing} {n} times and got {n} answers.
    The {topic} was drafted in {year}, when {town} still had {n} {group}.
    {pct} percent of the money comes from {house}, the rest from {group}.
    Two of the {group} had worked on the {thing} in {town} since {year}.
    {org} says it will {act}; {aide} doubts that {result}.
    Rain delayed the {thing} {when}, {paper} shows.
    Last {day}, {n} {group} signed up to {act} in {town}.
    {town} and {place} share one {thing}, {n} kilometers apart.
    The bill for {group} rose from {money} to {money} in {n} months.
    {house} bought the {thing} in {year} and sold it to {org}.
    {aide} carried {paper} from {town} to {place} by motorcycle.
    The plan asks {group} to {act} and {group2} to {act2}.
    If {org} is right, {result} {when}.
    At the {thing}, {witness} keeps a list of {n} broken promises.
    For {n} days the {thing} ran on one engine, {group} recall.
    {surname2} proposed a {traits} alternative: {act}, then {act2}.
    Only {n} of {n} permits mention the {thing} at all.
    {place} last tried a {topic} in {year}; it ended after {n} weeks.
    Critics in {town} are {feeling}, but {group} have begun to {act}.
    The assembly voted {n} to {n}, with {group} watching from the {thing}.
    A {thing} built by {house} stands empty in {town}.
    {surname} met {group} {when} and again on {day}.
    Prices of seats near the {thing} climbed {pct} percent in {town}.
    {org} will publish {paper} {when}, {aide} confirmed.
    {group} and {group2} rarely agree, yet both want {town} to {act}.
    What {place} needs, {paper} concludes, is {n} {group} and a {traits} {thing}.
    {house} lent {money} to the {thing} and forgave {pct} percent of it.
    There were {n} complaints in {year} and {n} in the year that followed.
    “We asked {town} to {act}, and it sent us {paper},” {surname} {said}.
    “If {group} are {feeling}, so am I,” {aide} {said} in {place}.
    “Give us {n} days and one {thing}, and {result},” {surname2} {said}.
    “I counted {n} boats at the {thing}; {house} counted {n},” {witness} {said}.
    “The {topic} isn’t about {group}. It is about who pays {money},” {surname} {said}.
    “Nobody in {town} will {act} for {org},” one of the {group} {said}.
    “We’ll {act} {when},” {aide} {said}, pointing at the {thing}.
    “My mother built that {thing} in {year},” {witness} {said}.
    “{town} has {n} {group}. We have a {traits} {thing} and no road,” {surname2} {said}.
    “It’s cheaper to {act} than to {act2},” {aide} {said}.
    “Ask {house} why {result},” {surname} {said} on {day}.
    “After {year} we stopped counting {group},” {witness} {said} at the {thing}.
    “You can’t {act} with {money}, not in {place},” {surname2} {said}.
    “{org} signed {paper}. It didn’t read it,” {surname} {said}.
    “Between {town} and the {thing}, {n} of our {group} simply vanished from the list,” {aide} {said}.
    “Let {group} decide; {result},” {aide} {said} of the {topic}.
""")
