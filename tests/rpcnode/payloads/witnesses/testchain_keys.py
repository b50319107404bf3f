"""The keys of neo-go's test chain, and verification scripts as they stand in witnesses there."""

from rpcnode.primitives.ecpoint import ECPoint

KEYS = [
    "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e",
    "02a7bc55fe8684e0119768d104ba30795bdcc86619e864add26156723ed185cd62",
    "02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2",
    "02c429b3ea1aa486cb2edfd6e99d8055c1f81f1a9206664e2c40a586d187257557",
    "02c4de32252c50fa171dbe25379e4e2d55cdc12f69e382c39f59a44573ecff2f9d",
    "03d90c07df63e690ce77912e10ab51acc944b66860237b608c4f8f8309e71ee699",
]
COMMITTEE = [ECPoint.parse(key) for key in KEYS]
VALIDATORS = [COMMITTEE[0], COMMITTEE[1], COMMITTEE[2], COMMITTEE[5]]
SINGLE = "0c21" + KEYS[2] + "4156e7b327"
THREE_OF_FOUR = "13" + "".join("0c21" + str(key) for key in VALIDATORS) + "14" + "419ed0dc3a"
FOUR_OF_SIX = "14" + "".join("0c21" + key for key in KEYS) + "16" + "419ed0dc3a"
