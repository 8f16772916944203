"""The model of tunes that comes with the studio: small, told of honestly, and worth having."""

import hashlib

from rnn_melody.copying import read_known
from rnn_melody.events import bar_units, read_voice, regular_bars
from rnn_melody.model import open_model
from rnn_melody.network.net import nats_of
from rnn_melody.signs import Frame
from rnn_melody.training.material import row_of
from rnn_melody.training.previews import draw
from rnn_melody_examples import jig

from aigc_studio.api import KeySignature, Melody, Metre, Note
from aigc_studio.folders import resources_folder
from aigc_studio.library import ModelStore

FOLDER = resources_folder() / "models" / "rnn-melody" / "fiddle"
_MOST_BYTES = 4_000_000
SCALE = (62, 64, 66, 67, 69, 71, 73, 74)


def dance(turns: tuple[int, ...]) -> Melody:
    """A plain jig in D by its degrees: eight bars, of which the last is a long tonic."""
    pitches = [SCALE[degree] for degree in turns]
    notes = [Note(240 * number, 240, pitch) for number, pitch in enumerate(pitches)]
    notes.append(Note(240 * len(notes), 720, 62))
    return Melody(tuple(notes), metres=(Metre(0, 6, 8),), keys=(KeySignature(0, 2),))


def nats(melody: Melody) -> float:
    """Nats a note, by the shipped model."""
    model = open_model(FOLDER)
    voice = read_voice(melody)[0]
    (found,) = nats_of(model.writer, [row_of(voice, model.signs)])
    return float(found.sum()) / voice.counted


def test_it_is_small_enough_to_come_along() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= _MOST_BYTES


def test_it_is_a_model_of_the_library_whose_card_says_where_it_comes_from() -> None:
    (info,) = ModelStore().list("rnn-melody")
    assert (info.name, info.shipped) == ("fiddle", True)
    weights = (FOLDER / "weights.safetensors").read_bytes()
    assert info.weights_digest == hashlib.sha256(weights).hexdigest()
    card = info.card
    assert card["command"].startswith("aigc-studio train rnn-melody --data fiddle-tunes")
    assert card["data"]["pack"] == "fiddle-tunes"
    assert len(card["data"]["fingerprint"]) == 64
    assert "public domain" in card["licence"]["en"].lower()
    assert "Transcribed by Jack Campin, John Chambers" in card["credit"]
    assert card["method"]
    assert card["learnt"]["tunes"] == 3487


def test_what_was_held_out_is_expected_well_enough() -> None:
    (info,) = ModelStore().list("rnn-melody")
    assert info.card["metrics"]["nats_per_note"] <= 1.5


def test_it_expects_a_tune_more_than_the_same_notes_in_no_order() -> None:
    """Bars that come back are expected; notes by chance are not."""
    first = (0, 2, 4, 4, 2, 4, 5, 4, 2, 1, 2, 1)
    tune = dance((*first, 0, 2, 4, 7, 4, 2, 1, 2, 4, 3, 2, 1, *first, 0, 2, 4, 3, 2, 1))
    assert nats(tune) < 2.0
    assert nats(tune) < nats(jig()) - 0.5


def test_what_it_writes_is_complete_in_its_metre_and_mostly_in_its_key() -> None:
    model = open_model(FOLDER)
    for metre in ("2/4", "3/4", "4/4", "6/8", "9/8"):
        frame = Frame(regular_bars(metre, 8), model.signs, 7, "major")
        voice = draw(model.writer, frame, 7, "major")
        assert sum(voice.durations) == 8 * bar_units(metre)
        pitches = [pitch for pitch in voice.pitches if pitch >= 0]
        assert len(pitches) >= 16
        inside = [pitch % 12 in (7, 9, 11, 0, 2, 4, 6) for pitch in pitches]
        assert sum(inside) >= 0.8 * len(inside)


def test_it_tells_what_it_has_learnt() -> None:
    assert read_known(FOLDER)
    learnt = open_model(FOLDER).learnt
    assert max(learnt["metres"], key=learnt["metres"].__getitem__) == "6/8"
    assert learnt["lowest"] >= 55
