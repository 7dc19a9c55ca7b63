"""What a rule says when it refuses. Free of Django, so that rules stay pure."""


class Refused(Exception):
    """A rule says no.

    The sentence is German and complete, because people read it: what happened, that nothing was lost, what to do.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Forged(Refused):
    """What is stored is not what the application wrote, so nobody gets it (ADR 23)."""
