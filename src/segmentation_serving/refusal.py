"""What every part of the package raises when it must not go on."""


class Refused(Exception):
    """Nothing was changed; the message says why and what to do, in few words."""
