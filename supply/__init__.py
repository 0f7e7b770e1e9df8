"""What the program is made of: exact dependencies with hashes, licences, the bill of materials.

Nothing here is part of the program; README.md beside this file says what is made and checked how.
"""
