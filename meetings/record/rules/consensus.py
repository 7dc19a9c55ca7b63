"""A resolution arises in Einvernehmen of the partners, never by a majority (finding 15; scenario 37).

The agreement has no voting rule. How many seats a partner has decides nothing.
"""

from collections.abc import Collection, Mapping

from kok.errors import require


def check_decides(*, decides: bool) -> None:
    """Under Verschiedenes nothing is resolved (7.4). Raises Refused."""
    require(
        decides,
        "Unter Verschiedenes wird nichts beschlossen. Der Beschluss wurde nicht eingetragen. "
        "Legen Sie einen eigenen TOP dafür an: Tagesordnung ergänzen.",
    )


def check_resolution(positions: Mapping[str, bool], all_partners: Collection[str], *, decides: bool = True) -> None:
    """Whether a resolution arises: every partner has said that it agrees.

    `positions` says for each partner whether it agrees; there are no positions of persons. `decides`: whether
    something can be resolved under the item. Raises Refused.
    """
    check_decides(decides=decides)
    require(
        not disagreeing(positions, all_partners),
        "Ohne Einvernehmen entsteht kein Beschluss. Halten Sie die Auffassungen aller Partner fest.",
    )


def disagreeing(positions: Mapping[str, bool], all_partners: Collection[str]) -> tuple[str, ...]:
    """The partners that do not agree, or have not said so: their positions are to be recorded."""
    return tuple(partner for partner in all_partners if not positions.get(partner, False))
