"""Beside each wording Meta wants an example of each value."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "es": {
            "code": "K7M2XQ",
            "title": "Moto 0 km",
            "numbers": "005, 012, 100-149",
            "draw": "sábado, 28 de noviembre de 2026, 20:00",
            "deadline": "viernes, 27 de noviembre de 2026, 18:30",
            "reason": "No se lee el importe",
            "amount": "Gs. 40.000",
            "missing": "Gs. 10.000",
            "number": "012",
            "prize": "una moto 0 km",
            "surplus": "Gs. 5.000",
            "kept": "Gs. 30.000",
            "reference": "TRX-20261127-0042",
            "message": "Ya encontramos tu transferencia",
            "result": "ganó el número 045",
            "link": "https://raffles.example/draws/MOTO/",
        },
        "pt_BR": {
            "code": "K7M2XQ",
            "title": "Moto 0 km",
            "numbers": "005, 012, 100-149",
            "draw": "sábado, 28 de novembro de 2026, 20:00",
            "deadline": "sexta-feira, 27 de novembro de 2026, 18:30",
            "reason": "Não dá para ler o valor",
            "amount": "R$ 40,00",
            "missing": "R$ 10,00",
            "number": "012",
            "prize": "uma moto 0 km",
            "surplus": "R$ 5,00",
            "kept": "R$ 30,00",
            "reference": "TRX-20261127-0042",
            "message": "Já encontramos a sua transferência",
            "result": "ganhou o número 045",
            "link": "https://raffles.example/draws/MOTO/",
        },
        "en": {
            "code": "K7M2XQ",
            "title": "New motorcycle",
            "numbers": "005, 012, 100-149",
            "draw": "Saturday, November 28, 2026, 8:00 PM",
            "deadline": "Friday, November 27, 2026, 6:30 PM",
            "reason": "The amount cannot be read",
            "amount": "$40.00",
            "missing": "$10.00",
            "number": "012",
            "prize": "a new motorcycle",
            "surplus": "$5.00",
            "kept": "$30.00",
            "reference": "TRX-20261127-0042",
            "message": "We have found your transfer",
            "result": "number 045 has won",
            "link": "https://raffles.example/draws/MOTO/",
        },
    }
)
