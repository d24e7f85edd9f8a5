"""What all languages share: ISO 4217 codes, signs of currencies and units, names that travel, scale letters."""

CURRENCIES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD
KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD
SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF
XPF YER ZAR ZMW DEM FRF ITL ESP NLG BEF ATS PTE GRD IEP FIM LTL LVL EEK SKK SIT
""".split()  # noqa: SIM905 - a column of codes reads better
# where several currencies share a name, the first of these is meant (after the language's own)
PRIORITY = [
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CNY",
    "CHF",
    "INR",
    "KRW",
    "RUB",
    "TRY",
    "BRL",
    "MXN",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "SAR",
    "IRR",
    "ZAR",
]

# signs that mean the same everywhere; CLDR adds the locale's
SYMBOLS = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "CNY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH",
    "₱": "PHP", "₫": "VND", "₪": "ILS", "฿": "THB", "₦": "NGN", "₡": "CRC", "₸": "KZT", "₮": "MNT", "₭": "LAK", "₲": "PYG", "₵": "GHS",
    "₼": "AZN", "₾": "GEL", "៛": "KHR", "r$": "BRL", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "s$": "SGD",
    "nt$": "TWD", "nz$": "NZD", "mx$": "MXN", "cn¥": "CNY", "jp¥": "JPY", "usd$": "USD", "cad$": "CAD", "aud$": "AUD", "nzd$": "NZD",
    "hkd$": "HKD", "sgd$": "SGD", "mxn$": "MXN", "rm": "MYR", "rmb": "CNY", "rs": "INR", "₤": "GBP", "₨": "INR", "ƒ": "AWG",
    "£e": "EGP", "kč": "CZK", "zł": "PLN", "us $": "USD",
}  # fmt: skip

# names that travel, understood in every language after its own
INTERNATIONAL = {
    "EUR": "euro euros", "USD": "dollar dollars", "GBP": "pound pounds", "INR": "rupee rupees", "JPY": "yen", "CNY": "yuan renminbi",
    "PLN": "zloty", "THB": "baht", "MYR": "ringgit ringgits", "ILS": "shekel shekels", "ZAR": "rand", "IRR": "rial rials",
    "SAR": "riyal riyals", "AED": "dirham dirhams", "KWD": "dinar dinars", "PHP": "peso pesos", "CHF": "franc francs",
}  # fmt: skip

UNIT_SIGNS = {
    "kilometer": "km", "meter": "m", "centimeter": "cm", "millimeter": "mm", "kilogram": "kg", "gram": "g", "milligram": "mg", "milliliter": "ml mL",
    "kilometer-per-hour": "km/h kph", "mile-per-hour": "mph", "meter-per-second": "m/s", "celsius": "°C ℃", "fahrenheit": "°F ℉", "degree": "°",
    "square-meter": "m² m2", "square-kilometer": "km² km2", "cubic-meter": "m³ m3", "hectare": "ha", "kilowatt-hour": "kWh", "kilowatt": "kW",
    "megawatt": "MW", "gigawatt": "GW", "gigabyte": "GB", "megabyte": "MB", "terabyte": "TB", "kilohertz": "kHz", "megahertz": "MHz",
    "gigahertz": "GHz", "hertz": "Hz", "volt": "V", "watt": "W",
}  # fmt: skip

LETTERS = {"k": 1000, "K": 1000, "M": 10**6, "B": 10**9, "G": 10**9, "T": 10**12}
