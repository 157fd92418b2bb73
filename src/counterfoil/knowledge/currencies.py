"""Active ISO 4217 codes and how many decimal places each has."""

from __future__ import annotations

# Codes without the usual two places; the list is ISO 4217:2015 with the amendments up to 2026-01.
_PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP "
        "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES "
        "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
        "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
        "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
_MINOR_UNITS = {code: places for places, codes in _PLACES.items() for code in codes.split()}
# Units per US dollar, early 2026, rounded to two digits: for the order of magnitude of a price, never for conversion.
_ROUGH_RATES = {
    "USD": 1.0, "EUR": 0.86, "GBP": 0.75, "CNY": 7.1, "HKD": 7.8, "TWD": 32.0, "JPY": 150.0, "KRW": 1400.0,
    "VND": 26000.0, "THB": 32.0, "IDR": 16600.0, "MYR": 4.1, "PHP": 58.0, "SGD": 1.3, "INR": 88.0, "AUD": 1.5,
}  # fmt: skip


def rough_rate(code: str | None) -> float | None:
    """Units of a currency per US dollar, to two digits and dated early 2026; None when it is not among the few known."""
    return _ROUGH_RATES.get(code) if code is not None else None


def minor_units(code: str) -> int | None:
    """Decimal places of a currency, or None when the code is not an active one."""
    return _MINOR_UNITS.get(code)
