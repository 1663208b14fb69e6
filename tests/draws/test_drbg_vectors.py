"""The generator of a draw against NIST's own answers: CAVP, HMAC_DRBG, SHA-256, never reseeded.

As the protocol of those has it, 128 bytes are generated twice and the second ones are compared.

Behind it the choice of one of many: limits of which a word of 64 bits holds one and a bit, so that what must
be passed over comes every few words and a plain remainder would choose otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from raffles.draws import verify_draw
from raffles.draws.fairness import ALGORITHM, Generator
from raffles.draws.verify_draw import Drbg
from tests.draws import documents


@dataclass(frozen=True)
class Vector:
    entropy: str
    nonce: str
    personalization: str
    returned: str


VECTORS = [
    Vector(
        "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        "659ba96c601dc69fc902940805ec0ca8",
        "",
        "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
        "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
        "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
        "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
    ),
    Vector(
        "79737479ba4e7642a221fcfd1b820b134e9e3540a35bb48ffae29c20f5418ea3",
        "3593259c092bef4129bc2c6c9e19f343",
        "",
        "cf5ad5984f9e43917aa9087380dac46e410ddc8a7731859c84e9d0f31bd43655"
        "b924159413e2293b17610f211e09f770f172b8fb693a35b85d3b9e5e63b1dc25"
        "2ac0e115002e9bedfb4b5b6fd43f33b8e0eafb2d072e1a6fee1f159df9b51e6c"
        "8da737e60d5032dd30544ec51558c6f080bdbdab1de8a939e961e06b5f1aca37",
    ),
    Vector(
        "5cacc68165a2e2ee20812f35ec73a79dbf30fd475476ac0c44fc6174cdac2b55",
        "6f885496c1e63af620becd9e71ecb824",
        "e72dd8590d4ed5295515c35ed6199e9d211b8f069b3058caa6670b96ef1208d0",
        "f1012cf543f94533df27fedfbf58e5b79a3dc517a9c402bdbfc9a0c0f721f9d5"
        "3faf4aafdc4b8f7a1b580fcaa52338d4bd95f58966a243cdcd3f446ed4bc546d"
        "9f607b190dd69954450d16cd0e2d6437067d8b44d19a6af7a7cfa8794e5fbd72"
        "8e8fb2f2e8db5dd4ff1aa275f35886098e80ff844886060da8b1e7137846b23b",
    ),
    Vector(
        "8df013b4d103523073917ddf6a869793059e9943fc8654549e7ab22f7c29f122",
        "da2625af2ddd4abcce3cf4fa4659d84e",
        "b571e66d7c338bc07b76ad3757bb2f9452bf7e07437ae8581ce7bc7c3ac651a9",
        "b91cba4cc84fa25df8610b81b641402768a2097234932e37d590b1154cbd23f9"
        "7452e310e291c45146147f0da2d81761fe90fba64f94419c0f662b28c1ed94da"
        "487bb7e73eec798fbcf981b791d1be4f177a8907aa3c401643a5b62b87b89d66"
        "b3a60e40d4a8e4e9d82af6d2700e6f535cdb51f75c321729103741030ccc3a56",
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_both_generators_give_what_nist_says(vector: Vector) -> None:
    """Neither has a nonce of its own: it comes right behind the entropy, before the personalization."""
    entropy, personalization = (
        bytes.fromhex(vector.entropy + vector.nonce),
        bytes.fromhex(vector.personalization),
    )
    for generator in (Generator(entropy, personalization), Drbg(entropy + personalization)):
        generator.generate(128)
        assert generator.generate(128).hex() == vector.returned


@dataclass(frozen=True)
class Choice:
    """What is chosen, one after another, of `limit` by this seed."""

    seed: str
    limit: int
    chosen: tuple[int, ...]


ONE_SEED = "0cf9e122a4dae70fc1f24bdba2f30e37aae4cedae834b9f1ca48257f6795dc68"
OTHER_SEED = "6fd9da50e0326b785ecbf4196880cb32e02094f630efdad3de0d07ef2cbb34ca"
CHOICES = [
    Choice(
        ONE_SEED,
        2**63 + 1,
        (5647381813130327547, 5812141424592184028, 2315381218846292473, 2483633040447869770),
    ),
    Choice(
        OTHER_SEED,
        2**63 + 1,
        (1826152029950553359, 6192035263028335366, 7990483699205667278, 7339765549093657899),
    ),
    Choice(
        ONE_SEED,
        3 * 2**62 + 1,
        (10005827245928159847, 5647381813130327547, 5812141424592184028, 9331834270556621609),
    ),
    Choice(
        OTHER_SEED,
        2**63 + 2**61,
        (1826152029950553359, 6192035263028335366, 7990483699205667278, 7339765549093657899),
    ),
]
# A word and whether it is taken for one of 2^63 + 1: the first one beyond is what would come a second time.
BORDER = [(2**63, True), (2**63 + 1, False), (2**64 - 1, False)]


def words(seed: str) -> Iterator[int]:
    return documents._words(bytes.fromhex(seed))


@pytest.mark.parametrize("choice", CHOICES)
def test_what_would_make_some_more_likely_is_passed_over(choice: Choice) -> None:
    ours = Generator(bytes.fromhex(choice.seed), ALGORITHM.encode())
    everybodys = Drbg(bytes.fromhex(choice.seed) + ALGORITHM.encode())
    own, turns = words(choice.seed), range(len(choice.chosen))
    assert tuple(ours.below(choice.limit) for _turn in turns) == choice.chosen
    assert tuple(verify_draw.below(everybodys, choice.limit) for _turn in turns) == choice.chosen
    assert tuple(documents._below(own, choice.limit) for _turn in turns) == choice.chosen


@pytest.mark.parametrize("choice", CHOICES)
def test_a_plain_remainder_would_choose_otherwise(choice: Choice) -> None:
    plain = zip(words(choice.seed), choice.chosen, strict=False)
    assert any(word % choice.limit != chosen for word, chosen in plain)


class Given(Generator):
    """Gives these words instead of its own."""

    def __init__(self, *given: int) -> None:
        self.given = [word.to_bytes(8, "big") for word in given]

    def generate(self, count: int) -> bytes:
        return self.given.pop(0)[:count]


@pytest.mark.parametrize(("word", "is_taken"), BORDER)
def test_the_border_of_what_is_taken(word: int, *, is_taken: bool) -> None:
    expected = word % (2**63 + 1) if is_taken else 7
    assert Given(word, 7).below(2**63 + 1) == expected
    assert verify_draw.below(Given(word, 7), 2**63 + 1) == expected  # type: ignore[arg-type]
