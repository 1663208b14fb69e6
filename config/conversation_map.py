"""docs/conversation.md, made from the map that the engine itself follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from whatsapp.conversation.flow import CHANGING, LASTING, OFFERED, ROUTES, SHOWING, WORDS
from whatsapp.conversation.states import Kind, State, Word
from whatsapp.conversation.turn import Route
from whatsapp.conversation.words import WORDS as SPOKEN

HEAD = """# The conversation

Made by `python manage.py conversation_map` from `whatsapp/conversation/flow.py`; `make check` fails when it
is out of date. The engine refuses every edge that is not declared here.

A message is read in this order: a word that is the yes to an **offer** that stands, a **word that works
everywhere**, a **button**, then what the **state** makes of it. A button that only shows something is right
whenever it is pressed, and so is one to a winner: a prize is claimed once, and what is shown of its winner
can be said anew. Any other button that changes something is right as long as the chat stands where it was
shown; after that it explains itself and changes nothing.

Behind `join`, `verify` and `prize` a code may stand that says which raffle is meant: “join MOTO”.
"""

MEANINGS = {
    State.MENU: "nothing is going on",
    State.RAFFLES: "a list of raffles was shown; a number means a place in it",
    State.NUMBERS: "a raffle is chosen, numbers are awaited",
    State.CONFIRM: "numbers are held by a draft order",
    State.PAYMENT: "an order waits for its receipt, or for staff",
    State.ORDERS: "a list of orders was shown",
    State.WHICH_ORDER: "a receipt came and more than one order waits",
    State.CANCEL: "asked whether an order is to be cancelled",
    State.SHOWN_AS: "a winner is asked for the name or city to show in public",
    State.AGENT: "a person answers, the bot is silent",
}


def conversation_map() -> str:
    parts = [HEAD, *_states(), *_diagram(), *_words(), *_buttons(), *_by_state()]
    return "\n".join(parts).rstrip() + "\n"


def _states() -> Iterator[str]:
    yield "## States\n"
    yield "| state | what it means |"
    yield "|---|---|"
    for state in State:
        yield f"| {state} | {MEANINGS[state]} |"
    yield ""


def _diagram() -> Iterator[str]:
    """Only what a state itself makes of a message; words and buttons lead on from everywhere."""
    yield "## From state to state by plain text and files\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in State:
        targets = sorted(ROUTES[state][Kind.TEXT].edges - {state})
        yield from (f"    {state} --> {target}" for target in targets)
        if State.PAYMENT not in targets and state != State.PAYMENT:
            yield f"    {state} --> {State.PAYMENT}: receipt"
    yield "```"
    yield ""


def _words() -> Iterator[str]:
    spoken: dict[Word, list[str]] = defaultdict(list)
    for text, (word, _) in SPOKEN.items():
        spoken[word].append(text)
    yield "## Words that work everywhere\n"
    yield "| word | step | leads to | said as |"
    yield "|---|---|---|---|"
    for word, route in WORDS.items():
        yield f"| {word} | {route.name} | {_edges(route)} | {', '.join(sorted(spoken[word]))} |"
    for word, route in OFFERED.items():
        yield f"| {word} | {route.name} | {_edges(route)} | the same, while an offer waits for its yes |"
    yield ""


def _buttons() -> Iterator[str]:
    tables = (
        ("Buttons that only show", SHOWING),
        ("Buttons to a winner", LASTING),
        ("Buttons that change something", CHANGING),
    )
    for title, table in tables:
        yield f"## {title}\n"
        yield "| button | step | leads to |"
        yield "|---|---|---|"
        yield from (f"| {verb} | {route.name} | {_edges(route)} |" for verb, route in table.items())
        yield ""


def _by_state() -> Iterator[str]:
    yield "## What each state makes of everything else\n"
    yield "| state | message | step | leads to |"
    yield "|---|---|---|---|"
    for state, routes in ROUTES.items():
        for kind, route in routes.items():
            yield f"| {state} | {_kind(kind)} | {route.name} | {_edges(route)} |"


def _kind(kind: Kind) -> str:
    return "an old or unknown button" if kind == Kind.TAP else kind.value


def _edges(route: Route) -> str:
    return _listed(route.edges)


def _listed(states: Iterable[State]) -> str:
    found = set(states)
    return "any state" if found == set(State) else ", ".join(state for state in State if state in found)
