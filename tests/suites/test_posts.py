from __future__ import annotations

from typing import Any

import pytest

from counterfoil.language.contact import find_contacts, mask
from counterfoil.language.post import Post, read_post
from tests.suites.posts import contacts_in, filled, posts

# The share that may be read wrongly, by part: little was changed because of the last one.
PARTS = {"development": 0.05, "written_last": 0.05, "written_after_that": 0.1}


def read(post: dict[str, Any]) -> Post:
    text = filled(post["text"])
    return read_post(mask(text, find_contacts(text)), spoken=post["mapping"] == "livestream-transcript")


def test_the_suite_holds_more_than_two_hundred_different_posts() -> None:
    assert len({post["text"] for post in posts()}) == 230


@pytest.mark.parametrize("part", PARTS)
def test_the_number_of_offers_is_right(part: str) -> None:
    suite = posts(part)
    wrong = [post["text"] for post in suite if len(read(post).items) != len(post["items"])]
    assert len(wrong) <= PARTS[part] * len(suite), wrong


@pytest.mark.parametrize("part", PARTS)
def test_every_price_is_right_where_a_post_states_one(part: str) -> None:
    stating = [post for post in posts(part) if any(item["price"] for item in post["items"])]
    wrong = [
        post["text"]
        for post in stating
        if [item["price"] for item in post["items"]]
        != [item.price and int(item.price.low) for item in read(post).items]
    ]
    assert len(stating) >= 25
    assert len(wrong) <= PARTS[part] * len(stating), wrong


def test_the_brand_is_right_in_19_offers_of_20() -> None:
    pairs = [
        (wanted["brand"], item.brand)
        for post in posts()
        for wanted, item in zip(post["items"], read(post).items, strict=False)
    ]
    assert sum(wanted != found for wanted, found in pairs) <= 0.05 * len(pairs)


def test_an_offer_nobody_prices_gets_no_price() -> None:
    hidden = [post for post in posts() if post["items"] and not any(item["price"] for item in post["items"])]
    assert len(hidden) >= 6
    assert not [post["text"] for post in hidden if any(item.price for item in read(post).items)]


@pytest.mark.parametrize(
    "post", [post for post in posts() if contacts_in(post["text"])], ids=lambda post: post["text"][:24]
)
def test_no_contact_of_a_post_is_left_in_the_clear(post: dict[str, Any]) -> None:
    text = filled(post["text"])
    masked = mask(text, find_contacts(text))
    assert not [contact for contact in contacts_in(post["text"]) if contact in masked]
