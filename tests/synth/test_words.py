"""What sellers say: slang that no list holds, traps that all meet, filters that make words rarer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from statistics import mean

import pytest

from counterfoil.knowledge.brands import brands
from counterfoil.language.lexicon import lexicon
from counterfoil.language.normalise import fold_text
from counterfoil.language.views import views
from counterfoil.synth.accounts import accounts
from counterfoil.synth.calendar import DAY, END, START, month
from counterfoil.synth.dice import streams
from counterfoil.synth.goods import catalogue
from counterfoil.synth.offers import offers
from counterfoil.synth.shown import listing
from counterfoil.synth.spoken import phrases, spoken
from counterfoil.synth.sweeps import filtered
from counterfoil.synth.write import Market, simulate

# The rows of the trap table, each with words by which it is known in a title.
TRAPS = {
    "imitation leather": ("giả da", "da giả"),
    "imitation fur, hair, lashes, nails": ("lông giả", "tóc giả", "mi giả", "móng giả", "giả lông"),
    "imitation wood, stone, carbon": ("giả gỗ", "giả đá", "đá giả", "giả carbon", "giả kim loại"),
    "two garments in one": ("giả váy", "giả vest", "giả hai", "fake 2 lớp", "cổ giả", "cổ áo giả", "giả jean", "giả denim"),
    "artificial plants and candles": ("hoa giả", "cỏ giả", "cây giả", "nến giả"),
    "lures": ("mồi giả", "mồi nhái", "nhái hơi"),
    "toy and prop": ("tiền giả", "máu giả", "camera giả", "râu giả", "tuyết giả", "hình xăm giả"),
    "giả is another word": ("tác giả", "độc giả", "khán giả", "sứ giả", "học giả", "giả kim", "giả lập", "giả sử"),
    "against fakes": ("tem chống", "soi tiền giả", "thử tiền giả", "tem vỡ"),
    "rep is a reply": ("rep inbox", "rep tin", "rep hơi", "em rep", "12 reps"),
    "F1": ("hạt giống", "giống f1", "giống lai f1", "hamster f1", "formula 1"),
    "siêu cấp": ("siêu cấp nước", "siêu cấp ẩm", "siêu cấp vip pro", "siêu cấp đẹp", "mô hình siêu cấp"),
    "one to one": ("1 đổi 1", "tỉ lệ 1:1", "pha 1:1", "kèm 1:1", "quà 1:1"),
    "names": ("replica", "authentic"),
    "compatible": (" cho ", "dùng cho", "dành cho", "phù hợp", "tương thích"),
    "used": ("2hand", "like new", "vintage", "pass lại", "second hand", "qua sử dụng"),
    "denied": ("không bán hàng nhái", "nói không với", "không rep", "phân biệt thật giả", "tránh mua phải", "hoàn tiền", "đền "),
    "look-alikes of marks": ("3 sọc", "cỏ bốn lá", "táo tươi", "cá sấu", "trái táo", "vương miện"),
}  # fmt: skip


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate(60_000, seed=2)


def test_no_slang_holds_a_form_of_the_lexicon() -> None:
    lists = phrases()
    slang = [*lists["slang"], *(word for row in lists["later"] for word in row["words"])]
    assert {
        word: [term.id for term in lexicon().seen(views(word))] for word in slang if lexicon().seen(views(word))
    } == {}


def test_three_new_words_come_up_in_their_months_and_are_not_said_before() -> None:
    later = phrases()["later"]
    assert [row["month"] for row in later] == [6, 10, 14]
    for row in later:
        first = next(at for at in range(START, START + 540 * DAY, DAY) if month(at) == row["month"])
        assert not set(row["words"]) & set(spoken(first - DAY).new)
        assert set(row["words"]) <= set(spoken(first).new)


def test_a_claim_that_a_sweep_named_is_used_15_percent_less_a_month() -> None:
    firsts = [next(at for at in range(START, END, DAY) if month(at) == number) for number in range(1, 19)]
    use = [spoken(at).use for at in firsts]
    assert use[:5] == [1.0] * 5
    assert use == sorted(use, reverse=True)
    # The first sweep, in month 5, names a third of the claims.
    assert use[5:8] == pytest.approx([1 - (1 - 0.85**months) / 3 for months in (1, 2, 3)])


@pytest.mark.slow
def test_new_brands_are_unknown_unlisted_and_not_sold_before_their_month(market: Market) -> None:
    fresh = {good.brand: good.since for good in catalogue().branded if good.since}
    assert sorted(fresh.values()) == [8, 13]
    assert not {fold_text(brand or "") for brand in fresh} & {fold_text(known.name) for known in brands()}
    seen: set[str] = set()
    for body, truth in zip(market.listings, market.truth, strict=True):
        named = [brand for brand in fresh if brand and fold_text(brand) in fold_text(body["listing"]["title"])]
        for brand in named:
            seen.add(brand)
            at = datetime.fromisoformat(body["listing"]["observed_at"]).timestamp()
            assert month(at) >= fresh[brand]
            assert truth["new_brand"]
    assert seen == set(fresh)


@pytest.mark.slow
def test_every_row_of_the_trap_table_stands_in_honest_listings_and_some_in_copies(market: Market) -> None:
    honest: Counter[str] = Counter()
    copied: Counter[str] = Counter()
    for body, truth in zip(market.listings, market.truth, strict=True):
        title = f" {body['listing']['title'].lower()} "
        for row, words in TRAPS.items():
            if any(word in title for word in words):
                (copied if truth["counterfeit"] else honest)[row] += 1
    print(f"honest: {dict(honest)}; copies: {dict(copied)}")
    assert all(honest[row] >= 20 for row in TRAPS), honest
    assert all(copied[row] >= 1 for row in TRAPS), copied


@pytest.mark.slow
def test_a_word_filter_removes_copies_and_some_innocents() -> None:
    chance = streams(4)
    offered = list(offers(accounts(25_000, 4, chance), chance))
    removed = [
        offer.fake
        for offer in offered
        if filtered(offer, listing(offer, chance.words, chance.shown)["title"], chance.labels) is not None
    ]
    wrong = 1 - mean(removed)
    print(f"{len(removed)} removed by word, {wrong:.3f} of them innocent")
    assert len(removed) > 40
    assert 0.06 < wrong < 0.20  # 10-15 % is aimed at; the counts are small
