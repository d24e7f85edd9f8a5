"""Language codes: BCP-47 on the inside, other codes normalised on entry; language data folders in `hexapla/lang/`.

A language is a folder `hexapla/lang/<code>/` of data files (TOML), one file per concern; nothing else in the code
knows one language from another.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from hexapla.errors import Fault, InputError

# ISO 639-2/3, macrolanguage and legacy codes met in corpora -> BCP-47 (IANA registry: shortest code; CLDR: tl -> fil)
_ALIASES = {
    "tl": "fil", "tgl": "fil", "arb": "ar", "ara": "ar", "por": "pt", "pol": "pl", "eng": "en", "deu": "de", "ger": "de",
    "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "nld": "nl", "dut": "nl", "rus": "ru", "ukr": "uk", "tur": "tr",
    "hin": "hi", "ind": "id", "vie": "vi", "zho": "zh", "chi": "zh", "cmn": "zh", "jpn": "ja", "kor": "ko", "swe": "sv",
    "ron": "ro", "rum": "ro", "swa": "sw", "swh": "sw", "iw": "he", "heb": "he", "in": "id", "fas": "fa", "per": "fa",
    "pes": "fa", "ces": "cs", "cze": "cs", "ell": "el", "gre": "el", "hun": "hu", "fin": "fi", "dan": "da", "nob": "no",
    "nb": "no", "nor": "no", "bul": "bg", "hrv": "hr", "srp": "sr", "slk": "sk", "slv": "sl", "tha": "th", "urd": "ur",
    "ben": "bn", "tam": "ta", "tel": "te", "amh": "am", "msa": "ms", "zsm": "ms", "cat": "ca", "eus": "eu", "isl": "is",
    "zho-cn": "zh", "zho-tw": "zh-Hant", "zh-tw": "zh-Hant", "zh-cn": "zh", "zh-hans": "zh", "zh-hant": "zh-Hant",
}  # fmt: skip
# The rest of ISO 639-2, and the individual languages of its macrolanguages, that have a code of two letters (CLDR aliases)
_THREE_LETTERS = (
    "aar=aa abk=ab afr=af aka=ak alb=sq als=sq arg=an arm=hy asm=as ava=av ave=ae aym=ay ayr=ay aze=az azj=az bak=ba "
    "bam=bm baq=eu bel=be bis=bi bod=bo bos=bs bre=br bur=my cha=ch che=ce chu=cu chv=cv cor=kw cos=co cre=cr cym=cy "
    "div=dv drh=mn dzo=dz ekk=et epo=eo est=et ewe=ee fao=fo fij=fj fry=fy fuc=ff ful=ff gaz=om geo=ka gla=gd gle=ga "
    "glg=gl glv=gv grn=gn gug=gn guj=gu hat=ht hau=ha her=hz hmo=ho hye=hy ibo=ig ice=is ido=io iii=ii iku=iu ile=ie "
    "ina=ia ipk=ik jav=jv kal=kl kan=kn kas=ks kat=ka kau=kr kaz=kk khk=mn khm=km kik=ki kin=rw kir=ky kmr=ku kom=kv "
    "kon=kg kua=kj kur=ku lao=lo lat=la lav=lv lim=li lin=ln lit=lt ltz=lb lub=lu lug=lg lvs=lv mac=mk mah=mh mal=ml "
    "mao=mi mar=mr may=ms mkd=mk mlg=mg mlt=mt mol=ro mon=mn mri=mi mya=my nau=na nav=nv nbl=nr nde=nd ndo=ng nep=ne "
    "nno=nn npi=ne nya=ny oci=oc oji=oj ori=or orm=om ory=or oss=os pan=pa pbu=ps pli=pi plt=mg pus=ps que=qu quz=qu "
    "roh=rm run=rn sag=sg san=sa sin=si slo=sk sme=se smo=sm sna=sn snd=sd som=so sot=st sqi=sq srd=sc ssw=ss sun=su "
    "tah=ty tat=tt tgk=tg tib=bo tir=ti ton=to tsn=tn tso=ts tuk=tk twi=ak uig=ug uzb=uz uzn=uz ven=ve vol=vo wel=cy "
    "wln=wa wol=wo xho=xh ydd=yi yid=yi yor=yo zha=za zul=zu "
)  # fmt: skip
_ALIASES |= dict(pair.split("=") for pair in _THREE_LETTERS.split())

_RTL = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
_SHAPE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def normalise(code: str) -> str:
    """A language code as BCP-47, or `InputError`.

    >>> [normalise(c) for c in ("tl", "arb", "por", "pt_BR", "EN")]
    ['fil', 'ar', 'pt', 'pt-BR', 'en']
    """
    if not isinstance(code, str) or not _SHAPE.fullmatch(code.replace("_", "-").strip()):
        raise InputError(
            Fault(
                "bad-lang",
                "language",
                f"{code!r}",
                "a BCP-47 code such as fil, ar or pt-BR",
                "correct the code",
            )
        )
    code = code.replace("_", "-").strip().lower()
    if code in _ALIASES:
        return _ALIASES[code]
    first, *rest = code.split("-")
    return "-".join(
        [
            _ALIASES.get(first, first),
            *(p.upper() if len(p) == 2 else p.title() if len(p) == 4 else p for p in rest),
        ]
    )


def base(lang: str) -> str:
    """The language without script and region: `pt-BR` -> `pt`."""
    return lang.split("-")[0]


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if base(lang) in _RTL or "-Arab" in lang or "-Hebr" in lang else "ltr"


@cache
def data(lang: str, concern: str) -> dict[str, Any]:
    """The parsed `hexapla/lang/<lang>/<concern>.toml`; the base language's if there is none; `{}` if neither."""
    for code in dict.fromkeys((lang, base(lang))):
        file = resources.files("hexapla") / "lang" / code / f"{concern}.toml"
        if file.is_file():
            return tomllib.loads(file.read_text("utf-8"))
    return {}


@cache
def with_data(concern: str) -> tuple[str, ...]:
    """Languages that have a `<concern>.toml`."""
    root = resources.files("hexapla") / "lang"
    return tuple(sorted(d.name for d in root.iterdir() if d.is_dir() and (d / f"{concern}.toml").is_file()))
