"""Bodies that must be refused, each with the status and the places that must come back."""

from __future__ import annotations

import json
from typing import Any

LONE = "\\ud800"


def body(**listing: Any) -> dict[str, Any]:
    """A request with a title."""
    return {"listing": {"title": "Túi vải", **listing}}


def sent(text: str) -> bytes:
    """The text of a listing after its title, as it would be sent."""
    return f'{{"listing": {{"title": "a", {text}}}}}'.encode()


def price(amount: str, currency: str = "VND") -> bytes:
    """A listing with a price, the amount written as it stands."""
    return sent(f'"price": {{"amount": {amount}, "currency": "{currency}"}}')


# What is sent, and the status and places that must come back.
REFUSED: dict[str, tuple[bytes, int, list[str]]] = {
    "bad JSON": (b'{"listing": ', 400, []),
    "a trailing comma": (b'{"listing": {"title": "a",}}', 400, []),
    "two bodies": (b'{"listing": {"title": "a"}} {}', 400, []),
    "an empty body": (b"", 400, []),
    "only white space": (b" \n", 400, []),
    "a byte order mark": (b'\xef\xbb\xbf{"listing": {"title": "a"}}', 400, []),
    "UTF-16": ('{"listing": {"title": "a"}}'.encode("utf-16"), 400, []),
    "invalid UTF-8": (b'{"listing": {"title": "\xff\xfe"}}', 400, []),
    "a raw NUL byte": (b'{"listing": {"title": "a\x00"}}', 400, []),
    "100,000 brackets": (b"[" * 100_000, 400, []),
    "100,000 open objects": (b'{"a":' * 100_000, 400, []),
    "a number of 5,000 digits": (price("9" * 5_000), 400, []),
    "a lone surrogate in the title": (f'{{"listing": {{"title": "{LONE}"}}}}'.encode(), 400, []),
    "a lone low surrogate": (b'{"listing": {"title": "\\udc00a"}}', 400, []),
    "a lone surrogate in an id": (sent(f'"listing_id": "{LONE}"'), 400, []),
    "a lone surrogate in attributes": (sent(f'"attributes": {{"x": "{LONE}"}}'), 400, []),
    "a lone surrogate as a name": (sent(f'"attributes": {{"{LONE}": 1}}'), 400, []),
    "an array": (b"[]", 422, ["#"]),
    "a text": (b'"listing"', 422, ["#"]),
    "null": (b"null", 422, ["#"]),
    "no listing": (b"{}", 422, ["#/listing"]),
    "a listing that is a text": (b'{"listing": "a"}', 422, ["#/listing"]),
    "no title": (b'{"listing": {}}', 422, ["#/listing/title"]),
    "a blank title": (b'{"listing": {"title": " \\t\\u00a0"}}', 422, ["#/listing/title"]),
    "a title that is a number": (b'{"listing": {"title": 5}}', 422, ["#/listing/title"]),
    "a title of 3,000 characters": (json.dumps(body(title="a" * 3_000)).encode(), 422, ["#/listing/title"]),
    "a NUL in the title": (b'{"listing": {"title": "a\\u0000"}}', 422, ["#/listing/title"]),
    "a NUL in an id": (sent('"listing_id": "l\\u0000"'), 422, ["#/listing/listing_id"]),
    "a NUL in attributes": (sent('"attributes": {"x": ["\\u0000"]}'), 422, ["#/listing/attributes/x/0"]),
    "a NUL in an image": (sent('"images": [{"url": "\\u0000"}]'), 422, ["#/listing/images/0/url"]),
    "a negative price": (price('"-5"'), 422, ["#/listing/price/amount"]),
    "a price that is NaN": (price("NaN"), 422, ["#/listing/price/amount"]),
    "a price that is infinite": (price("Infinity"), 422, ["#/listing/price/amount"]),
    "a price that says NaN": (price('"NaN"'), 422, ["#/listing/price/amount"]),
    "a price that says sNaN": (price('"sNaN"'), 422, ["#/listing/price/amount"]),
    "a price that says Infinity": (price('"-Infinity"'), 422, ["#/listing/price/amount"]),
    "a price that is a float": (price("390000.0"), 422, ["#/listing/price/amount"]),
    "a price of 1e400": (price("1e400"), 422, ["#/listing/price/amount"]),
    "a price that says 1e400": (price('"1e400"'), 422, ["#/listing/price/amount"]),
    "a price of 30 digits": (price("9" * 30), 422, ["#/listing/price/amount"]),
    "a price that is true": (price("true"), 422, ["#/listing/price/amount"]),
    "a price in words": (price('"ba trăm nghìn"'), 422, ["#/listing/price/amount"]),
    "a price without a currency": (sent('"price": {"amount": "1"}'), 422, ["#/listing/price/currency"]),
    "an unknown currency": (price('"1"', "XYZ"), 422, ["#/listing/price/currency"]),
    "a currency in small letters": (price('"1"', "vnd"), 422, ["#/listing/price/currency"]),
    "đồng with decimals": (price('"390000.5"'), 422, ["#/listing/price"]),
    "đồng with a point between thousands": (price('"390.000"'), 422, ["#/listing/price"]),
    "a pack of none": (
        sent('"price": {"amount": "1", "currency": "VND", "pack_quantity": 0}'),
        422,
        ["#/listing/price/pack_quantity"],
    ),
    "a naive time": (sent('"observed_at": "2026-11-01T08:00:00"'), 422, ["#/listing/observed_at"]),
    "a future time": (sent('"observed_at": "2026-11-24T08:06:00Z"'), 422, ["#/listing/observed_at"]),
    "a future time of making": (sent('"created_at": "2031-01-01T00:00:00Z"'), 422, ["#/listing/created_at"]),
    "a date that is none": (sent('"observed_at": "2026-02-30T00:00:00Z"'), 422, ["#/listing/observed_at"]),
    "a time as a number": (sent('"observed_at": 1700000000'), 422, ["#/listing/observed_at"]),
    "a time before all time": (sent('"observed_at": "0001-01-01T00:00:00+14:00"'), 422, ["#/listing/observed_at"]),
    "a time after all time": (sent('"observed_at": "9999-12-31T23:59:59-14:00"'), 422, ["#/listing/observed_at"]),
    "unknown fields": (
        b'{"listing": {"title": "a", "a/b~": 1}, "seler": 1, "options": {"polcy": 1}}',
        422,
        ["#/listing/a~1b~0", "#/options/polcy", "#/seler"],
    ),
    "an unknown field of an image": (sent('"images": [{"alt": ""}]'), 422, ["#/listing/images/0/alt"]),
    "a true count": (sent('"stats": {"sold_count": true}'), 422, ["#/listing/stats/sold_count"]),
    "true stars": (sent('"stats": {"rating_average": true}'), 422, ["#/listing/stats/rating_average"]),
    "a negative count": (sent('"stats": {"stock": -1}'), 422, ["#/listing/stats/stock"]),
    "half a count": (sent('"stats": {"stock": 1.5}'), 422, ["#/listing/stats/stock"]),
    "a huge count": (sent(f'"stats": {{"stock": {"9" * 30}}}'), 422, ["#/listing/stats/stock"]),
    "stars that are NaN": (sent('"stats": {"rating_average": NaN}'), 422, ["#/listing/stats/rating_average"]),
    "six stars": (sent('"stats": {"rating_average": 6}'), 422, ["#/listing/stats/rating_average"]),
    "a huge number in attributes": (sent(f'"attributes": {{"x": {"9" * 30}}}'), 422, ["#/listing/attributes/x"]),
    "NaN in attributes": (sent('"attributes": {"x": [1, NaN]}'), 422, ["#/listing/attributes/x/1"]),
    "1e400 in attributes": (sent('"attributes": {"x": -1e400}'), 422, ["#/listing/attributes/x"]),
    "attributes 100 deep": (
        sent(f'"attributes": {{"x": {"[" * 100}{"]" * 100}}}'),
        422,
        ["#/listing/attributes/x" + "/0" * 11],
    ),
    "201 attributes": (json.dumps(body(attributes=dict.fromkeys(map(str, range(201)), 0))).encode(), 422, ["#/listing/attributes"]),
    "a condition that is none": (sent('"condition": "fake"'), 422, ["#/listing/condition"]),
    "a seller without an id": (b'{"listing": {"title": "a"}, "seller": {}}', 422, ["#/seller/seller_id"]),
    "the last of two keys": (b'{"listing": {"title": "a"}, "listing": {}}', 422, ["#/listing/title"]),
    "a policy that is a path": (
        b'{"listing": {"title": "a"}, "options": {"policy": "../../x.toml"}}',
        422,
        ["#/options/policy"],
    ),
    "a policy that is a file": (
        b'{"listing": {"title": "a"}, "options": {"policy": "pyproject.toml"}}',
        422,
        ["#/options/policy"],
    ),
    "an include that is none": (
        b'{"listing": {"title": "a"}, "options": {"include": ["reasons", "all"]}}',
        422,
        ["#/options/include/1"],
    ),
}  # fmt: skip
