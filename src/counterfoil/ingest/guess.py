"""What a column of a foreign file probably is, by its name and by whether its cells can be read so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from counterfoil.errors import MappingError
from counterfoil.ingest import convert
from counterfoil.ingest.convert import UnfitError
from counterfoil.ingest.mapping_file import FIELDS

# What columns are called in exports, folded, the likelier first; `_id` fields become templates.
_NAMES: dict[str, str] = {
    "listing.listing_id": "listing_id item_id itemid product_id sku_id id ma_san_pham",
    "seller.seller_id": "seller_id shop_id shopid seller_name shop_name current_seller seller shop ten_shop nguoi_ban",
    "listing.title": "title name product_name item_name ten_san_pham ten tieu_de",
    "listing.description": "description desc product_description mo_ta noi_dung",
    "listing.url": "url link product_url item_url duong_dan",
    "listing.brand": "brand brand_name thuong_hieu nhan_hieu",
    "listing.category_path": "category_path category categories category_name danh_muc nganh_hang",
    "listing.price.amount": "price sale_price current_price price_min gia gia_ban",
    "listing.price.amount_max": "price_max max_price gia_cao_nhat",
    "listing.price.list_amount": "original_price list_price price_before_discount gia_goc gia_niem_yet",
    "listing.price.currency": "currency tien_te",
    "listing.gtins": "gtin ean barcode isbn ma_vach",
    "listing.stats.sold_count": "sold_count quantity_sold sold historical_sold all_time_quantity_sold da_ban",
    "listing.stats.rating_average": "rating_average rating_star rating avg_rating diem_danh_gia",
    "listing.stats.rating_count": "rating_count review_count reviews so_danh_gia",
    "listing.stats.image_count": "image_count number_of_images so_anh",
    "listing.stats.favourites": "favourites liked_count likes",
    "listing.stats.stock": "stock ton_kho",
    "listing.ships_from": "ships_from ship_from shop_location location gui_tu",
    "listing.created_at": "created_at ctime create_time ngay_dang",
    "listing.observed_at": "observed_at crawled_at crawl_date scraped_at timestamp ngay_thu_thap",
    "seller.display_name": "seller_name shop_name current_seller seller shop ten_shop nguoi_ban",
    "seller.registered_at": "seller_registered_at shop_created_at registered_at ngay_tham_gia",
    "seller.official_store": "seller_official official_store is_official official is_official_shop mall",
    "seller.identity_verified": "seller_verified identity_verified verified",
    "seller.stats.rating_average": "seller_rating shop_rating",
    "seller.stats.followers": "seller_followers followers follower_count nguoi_theo_doi",
    "seller.stats.listing_count": "seller_listings listing_count shop_item_count",
    "seller.stats.response_rate": "seller_response_rate response_rate ty_le_phan_hoi",
}
_NO_BRAND = frozenset({"oem", "no brand", "nobrand", "khong thuong hieu", "none", "n/a", "khac"})
_LAYOUTS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the filled cells of the first rows."""

    name: str
    cells: tuple[str, ...]

    def all_read(self, read: Callable[[str], object]) -> bool:
        """Whether nearly every filled cell can be read so."""
        failed = 0
        for cell in self.cells:
            try:
                read(cell)
            except UnfitError:
                failed += 1
        return bool(self.cells) and failed <= len(self.cells) * 0.02

    def exceeds_one(self, number: Callable[[str], Decimal]) -> bool:
        """Whether these are percentages rather than shares."""
        with suppress(UnfitError):
            return any(number(cell) > 1 for cell in self.cells)
        return False


def _fold(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return bare.replace("đ", "d")


def slug(name: str) -> str:
    """The name of a column as it is compared: no accents, no case, one `_` for what is no letter."""
    return re.sub(r"\W+", "_", _fold(name)).strip("_")


def number_format(columns: Sequence[Column]) -> tuple[Callable[[str], Decimal], list[str]]:
    """How numbers are written, from the cells of the price: the reader, and the lines for [file]."""
    price = _named(columns, _NAMES["listing.price.amount"])
    cells = [cell.strip("₫đ VND") for cell in price.cells] if price is not None else []
    if cells and any("." in cell for cell in cells) and all(re.fullmatch(r"\d{1,3}(\.\d{3})*", cell) for cell in cells):
        return lambda text: convert.as_decimal(text, thousands=".", point=","), ['thousands = "."', 'decimal = ","']
    if cells and any("," in cell for cell in cells):
        return lambda text: convert.as_decimal(text, thousands=","), ['thousands = ","']
    return convert.as_decimal, []


def _named(columns: Sequence[Column], names: str) -> Column | None:
    by_slug = {slug(column.name): column for column in reversed(columns)}
    return next((by_slug[name] for name in names.split() if name in by_slug), None)


def fields_of(columns: Sequence[Column], number: Callable[[str], Decimal], platform: str) -> dict[str, str]:
    """Field of the contract -> its value in TOML; raises `MappingError` when no column could be a title."""
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        column = _named(columns, names)
        if column is None:
            continue
        if field.endswith("_id"):
            prefix = "" if column.cells and all(":" in cell for cell in column.cells) else f"{platform}:"
            found[field] = quoted(f"{prefix}{{{column.name}}}")
        elif (value := _value(FIELDS[field], column, number)) is not None:
            found[field] = value
    if "listing.title" not in found:
        found["listing.title"] = quoted(_likeliest_title(columns, number))
    for needed in ("listing.price.amount", "seller.seller_id"):
        if needed not in found:
            block = needed.rsplit(".", 1)[0] + "."
            found = {field: value for field, value in found.items() if not field.startswith(block)}
    return found


def _likeliest_title(columns: Sequence[Column], number: Callable[[str], Decimal]) -> str:
    texts = [one for one in columns if one.cells and "://" not in one.cells[0] and not one.all_read(number)]
    if not texts:
        names = [column.name for column in columns]
        raise MappingError(f"got no column that could be a title, expected one with texts; the columns are {names}")
    return max(texts, key=lambda column: len(set(column.cells))).name


def _value(kind: str, column: Column, number: Callable[[str], Decimal]) -> str | None:
    """The TOML value for one field, or None when the cells do not look like it."""
    name = quoted(column.name)
    match kind:
        case "money" | "count" | "number" | "share":
            unit = next((sign for sign in ("₫", "đ", "VND", "%") if any(sign in cell for cell in column.cells)), "")
            bare = Column(column.name, tuple(cell.replace(unit, "") for cell in column.cells) if unit else column.cells)
            if not bare.all_read(number):
                return None
            extra = f", unit = {quoted(unit)}" if unit else ""
            if kind == "share" and bare.exceeds_one(number):
                extra += ", percent = true"
            if kind == "number" and "rating" in column.name and any(cell in ("0", "0.0") for cell in column.cells):
                extra += ', none = ["0", "0.0"]'
            return f"{{ column = {name}{extra} }}" if extra else name
        case "flag":
            return name if column.all_read(convert.as_flag) else None
        case "time":
            return _time_value(column)
        case "list":
            marks = (" > ", ">", " | ", "|", "/")
            separator = next(
                (mark for mark in marks if sum(mark in c for c in column.cells) > len(column.cells) / 2), None
            )
            return f"{{ column = {name}, separator = {quoted(separator)} }}" if separator else name
        case _ if slug(column.name) in _NAMES["listing.brand"]:
            words = sorted({cell for cell in column.cells if _fold(cell) in _NO_BRAND})
            return f"{{ column = {name}, none = [{', '.join(map(quoted, words))}] }}" if words else name
        case _:
            return name


def _time_value(column: Column) -> str | None:
    def reads(layout: str | None, epoch: str | None) -> bool:
        zone = ZoneInfo("UTC")
        return column.all_read(
            lambda cell: convert.as_time(cell, zone, layout=layout, epoch=epoch, ends_day=False, now=None)
        )

    name = quoted(column.name)
    if all(re.fullmatch(r"\d{10}(\.0)?|\d{13}", cell) for cell in column.cells):
        return f'{{ column = {name}, epoch = "{"ms" if column.cells and len(column.cells[0]) == 13 else "s"}" }}'
    if reads(None, None):
        return name
    layout = next((layout for layout in _LAYOUTS if reads(layout, None)), None)
    return f"{{ column = {name}, format = {quoted(layout)} }}" if layout else None


def quoted(text: str) -> str:
    """The text as a TOML string."""
    import orjson

    return orjson.dumps(text).decode()  # a JSON string is a TOML basic string
