from __future__ import annotations

import time
from typing import Any

import pytest

from counterfoil.language.contact import find_contacts, mask
from counterfoil.language.posts.reading import Post, read_post
from tests.suites.posts import contacts_in, filled, posts

# The share that may be read wrongly, by part: little was changed because of the last of each writer's.
PARTS = {
    "development": 0.05,
    "written_last": 0.05,
    "written_after_that": 0.05,
    "second_mind": 0.05,
    "second_mind_last": 0.1,
    "second_mind_after": 0.05,
    "second_mind_final": 0.16,
}


def read(post: dict[str, Any]) -> Post:
    text = filled(post["text"])
    return read_post(mask(text, find_contacts(text)), spoken=post["mapping"] == "livestream-transcript")


def test_the_suite_holds_more_than_four_hundred_different_posts() -> None:
    assert len({post["text"] for post in posts()}) == 434


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


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Túi da mua 4tr2, để lại 1tr8", 1_800_000),
        ("Xe đạp 900k, ai qua lấy em bớt xăng xe 100k", 900_000),
        ("Bột năng 20k một gói", 20_000),
        ("Đấu giá mô hình xe, khởi điểm 200k, bước giá 20k, mua ngay 600k", 600_000),
        ("Đấu giá mô hình xe, khởi điểm 200k, bước giá 20k", None),
        ("Son kem 13Ok", 130_000),
        ("Túi xách giá 3tr xx", None),
    ],
)
def test_what_an_amount_is_for_decides_whether_it_is_the_price(text: str, price: int | None) -> None:
    [item] = read_post(text).items
    assert (item.price and int(item.price.low)) == price


def test_a_table_is_read_by_the_column_of_what_is_asked() -> None:
    post = (
        "Tên | Giá cũ | Giá mới | Giá sỉ\nNồi cơm | 790k | 590k | 500k\n---|---|---|---\n"
        "Ấm đun | 350k | 229k | 200k\nBếp từ | 900k | hết | hết"
    )
    assert [(item.title, item.price and int(item.price.low)) for item in read_post(post).items] == [
        ("Nồi cơm", 590_000),
        ("Ấm đun", 229_000),
    ]


def test_a_span_of_a_table_quotes_the_post() -> None:
    post = "STT\tTên hàng\tGiá\n1\tÁo len cổ lọ\t150.000\n2\tQuần tây\t220.000"
    for item in read_post(post).items:
        place = item.places["price"]
        assert post[place.start : place.end] in {"150.000", "220.000"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Mình tìm phòng trọ tầm 2tr5 trở xuống", "asks_to_buy"),
        ("Ai có bàn ủi không xài nữa để lại cho mình với, khoảng 200k", "asks_to_buy"),
        ("Tuyển 2 nhân viên bán hàng ca tối, lương 25k/giờ", "hires"),
        ("Hướng dẫn cách phân biệt túi da thật", "nothing_offered"),
    ],
)
def test_a_post_that_asks_hires_or_teaches_offers_nothing(text: str, cause: str) -> None:
    post = read_post(text)
    assert (post.items, post.cause) == ((), cause)


def test_a_seller_may_speak_to_those_who_want_to_buy() -> None:
    assert len(read_post("Tủ quần áo 500k, bạn nào cần mua ib em").items) == 1


@pytest.mark.parametrize("word", ["lấy cả ", "có ai ", "1 | ", "áo 5k\n"])
def test_a_long_post_takes_about_as_long_as_its_parts(word: str) -> None:
    def seconds(times: int) -> float:
        began = time.perf_counter()
        read_post(word * times)
        return time.perf_counter() - began

    seconds(200)
    assert seconds(4_000) < 12 * seconds(1_000) + 0.2
