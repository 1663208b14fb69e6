"""The wordings themselves. Their texts live here and not in the catalogues of translations: what Meta has
approved is what is sent, so a text changes with a new version only (docs/templates.md, "Changing a wording").
"""

from whatsapp.templates.wordings.draws import DRAWS
from whatsapp.templates.wordings.examples import EXAMPLES
from whatsapp.templates.wordings.money import MONEY
from whatsapp.templates.wordings.orders import ORDERS
from whatsapp.templates.wordings.persons import PERSONS
from whatsapp.templates.wordings.wording import Wording

WORDINGS = (*ORDERS, *MONEY, *DRAWS, *PERSONS)

__all__ = ["EXAMPLES", "WORDINGS", "Wording"]
