"""Ordinary words of titles that lie within a slip of a name or a claim, and are never taken for one."""

from __future__ import annotations

# By our own reading: words inside claims that mean nothing alone, and words that were put right in honest titles.
ORDINARY = frozenset(
    """
    authorized bangla batches bath bathing batwing beach best bike bikes bill brand brown cambo cannot cap cape caps
    car card cards care cars case cases catch check city clasic class classic classics clean close color copper cosy
    cozy cup cute deepfake difference docter doctor ear ears face faces factor fade fame fan fare fast feel feet first
    fit five flake force form fox from ful full good grade guangzhou hand happy head heads high highest home hot
    identical image just khan kick kill kit knock lace lake lapop laptop late legit life lifestyle light like liked
    live look looks love make male martin master match matte milan mini minor mist mixer moon more most motor nice
    only order original originale over pack pad pads page paper parfum parfums paris part pass passes patch phil pink
    plus pocket pods pond ponds power premium pro quantity quartz race rack rare real reel relax repair report retro
    ride ring rope sailor same sample sea seal set shape shave shoes skin slim sneaker sneakers soap sport spray star
    store studio style super supper support swiss tags tape tell tester this tone toner tool top total touch tube type
    update upper version vest vietnam wake ware warm water wave wide wine wise
    """.split()  # noqa: SIM905
)
