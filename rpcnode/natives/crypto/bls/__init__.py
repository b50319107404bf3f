"""The curve BLS12-381: two groups of points, the pairing of them, and the field that it ends in.

Points are public where contracts use them, so nothing here takes constant time.
"""
