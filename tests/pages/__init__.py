"""The web pages of a served Baseroom, as a browser and as somebody who should not be there meet them."""
