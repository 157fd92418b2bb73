"""The request that the contract shows."""

from __future__ import annotations

from typing import Any

from tests.instances import fake_phone


def contract_example() -> dict[str, Any]:
    """The request of the API's contract; its placeholders are filled in."""
    return {
        "listing": {
            "listing_id": "shopee:178926468.21448123670",
            "platform": "shopee",
            "url": "https://shopee.vn/product/178926468/21448123670",
            "title": "Nước hoa D.I.O.R Sauvage EDP 100ml auth - xả kho",
            "description": "Hàng auth 1:1, full box, bao check ...",
            "language": "vi",
            "brand": "Dior",
            "category_path": ["Sức Khỏe & Sắc Đẹp", "Nước hoa"],
            "price": {
                "amount": "390000", "currency": "VND", "amount_max": None, "list_amount": "3250000", "pack_quantity": 1,
            },
            "gtins": ["3348901250153"],
            "mpn": None,
            "attributes": {"volume_ml": 100},
            "images": [{"url": "https://.../1.jpg", "sha256": "9f2c..."}],
            "stats": {
                "sold_count": 412, "rating_counts": {"1": 31, "2": 4, "3": 6, "4": 9, "5": 188}, "rating_average": 4.3,
                "rating_count": 238, "image_count": 4, "favourites": 12, "stock": 9999,
            },
            "condition": "new",
            "channel": "marketplace",
            "ships_from": "Hà Nội",
            "fulfilment": "seller",
            "created_at": "2026-11-02T03:10:00Z",
            "observed_at": "2026-11-23T15:01:07Z",
        },
        "seller": {
            "seller_id": "shopee:178926468",
            "display_name": "authentic_store_hn",
            "registered_at": "2026-10-29T00:00:00Z",
            "identity_verified": False,
            "official_store": False,
            "contacts": [{"kind": "phone", "value": fake_phone()}],
            "contact_hashes": ["tel:k3:5d1f5d1f5d1f5d1f", "bank:k3:77aa77aa77aa77aa"],
            "stats": {
                "rating_average": 4.9, "rating_counts": {"good": 188, "normal": 9, "bad": 31}, "followers": 41,
                "listing_count": 41, "response_rate": 0.97, "response_seconds": 600,
            },
        },
        "options": {
            "policy": "default", "include": ["reasons", "checks", "percentile"], "locale": "vi", "as_of": None,
            "record": True,
        },
    }  # fmt: skip
