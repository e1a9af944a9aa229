"""What the pages need besides the store: plays, the signals' phrases, settings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from features.signal import Signal
from serving.after import AfterPort, nothing_after
from serving.learning.telling import LearnedPort, nothing_learned
from serving.params import ConcessionParams, ServingParams, TriageParams
from serving.play import Play
from serving.web.words import Words


@dataclass(frozen=True)
class Guide:
    """Plays by id, signals by name (one that is not in it is shown without its phrase), settings, and how work is triaged.

    `learned` hands what was learned of the plays as it is now, `after` what is due after saves and losses.
    """

    plays: Mapping[str, Play]
    signals: Mapping[str, Signal]
    params: ServingParams
    triage: TriageParams
    concessions: ConcessionParams
    learned: LearnedPort = nothing_learned
    after: AfterPort = nothing_after

    @property
    def holidays(self) -> Collection[date]:
        """Days on which no step is due, besides weekends."""
        return self.triage.holidays

    def play_name(self, playbook: str | None, words: Words) -> str | None:
        """The play's name; its id when the play is not ours, None for none."""
        if playbook is None:
            return None
        play = self.plays.get(playbook)
        return playbook if play is None else words.pick(play.name)
