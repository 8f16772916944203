"""The zoo: plugins that say odd things, in real workers. Each kind is one sentence or nothing, and
the next job works."""

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kinds import a_text, there

from aigc_studio.api import (
    Candidate,
    Event,
    GenerateRequest,
    Image,
    Message,
    Metric,
    Partial,
    Preview,
    Progress,
    StudioError,
    Text,
    limits,
)
from aigc_studio.api.events import Checkpoint
from aigc_studio.host import PluginRecord, Registry, Run, RunState, WorkerPool
from aigc_studio.host.describing import describe
from aigc_studio.host.plugin_files import source_at
from aigc_studio.translation import Localized, localized

ZOO = Path(__file__).parents[1] / "plugins" / "bad"


def kinds(name: str, table: str) -> list[str]:
    """The names of the kinds that a plugin of the zoo has."""
    return list(runpy.run_path(str(ZOO / f"{name}.py"))[table])


Speaker = tuple[PluginRecord, WorkerPool]


def speaking(name: str, folders: pytest.TempPathFactory) -> Iterator[Speaker]:
    """A plugin of the zoo and a pool for it, to be shared by the tests of a class."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGC_STUDIO_HOME", str(folders.mktemp("home")))
        record = describe(there(source_at(ZOO / f"{name}.py")))
        pool = WorkerPool(folders.mktemp("exchange"))
        yield record, pool
        pool.close()


def asked(
    pool: WorkerPool, record: PluginRecord, kind: str, count: int = 1
) -> tuple[Run, list[Event]]:
    """A run that has ended, and all that it told."""
    events: list[Event] = []
    request = GenerateRequest(prompt=kind, count=count)
    run = pool.start(record, "generate", request, on_event=events.append)
    assert run.wait(60), kind
    return run, events


def works(pool: WorkerPool, record: PluginRecord) -> None:
    """The next job comes to its end."""
    run, events = asked(pool, record, "well")
    assert run.state is RunState.DONE
    assert [a_text(each.artifact).value for each in events if isinstance(each, Candidate)]


def words_of(event: Event) -> list[Localized]:
    """All words of an event."""
    if isinstance(event, Metric):
        return [event.name]
    if isinstance(event, Candidate):
        return [event.title, event.strip]
    if isinstance(event, Preview | Partial):
        return [event.title]
    assert not isinstance(event, Checkpoint)
    return [event.text]


class TestWordsAndNumbers:
    """One worker for all kinds: whatever was said before, it serves the next."""

    @pytest.fixture(scope="class")
    @classmethod
    def speaker(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
        yield from speaking("says", tmp_path_factory)

    @pytest.mark.parametrize("kind", kinds("says", "WORDS"))
    def test_words_end_no_run_and_come_plain(self, speaker: Speaker, kind: str) -> None:
        record, pool = speaker
        run, events = asked(pool, record, kind)
        assert run.state is RunState.DONE, run.error
        made = [each for each in events if isinstance(each, Candidate)]
        assert a_text(made[-1].artifact).value == "after"
        for event in events:
            for words in words_of(event):
                texts = [words] if isinstance(words, str) else list(words.values())
                for text in texts:
                    assert type(text) is str
                    assert len(text) <= limits.SENTENCE
                    assert not set(text) & set("\0\x1b\u202e\u2028\r\ud800")
        works(pool, record)

    @pytest.mark.parametrize("kind", kinds("says", "REFUSED"))
    def test_what_does_not_fit_is_one_sentence(self, speaker: Speaker, kind: str) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, kind)
        sentence = there(run.error).sentence
        assert sentence.startswith("The plugin Says did not keep to the rules: "), sentence
        assert len(sentence) < 400
        assert "says.py, line" in sentence  # where it was yielded
        works(pool, record)

    @pytest.mark.parametrize(
        ("kind", "field"),
        [("progress-huge", "step"), ("position", "position"), ("seed", "seed"),
         ("metric-step", "step"), ("strip", "strip"), ("picture", "9000×8000"),
         ("notes", "100001 notes"), ("text-long", "bytes")],
    )  # fmt: skip
    def test_the_sentence_says_which(self, speaker: Speaker, kind: str, field: str) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, kind)
        assert field in there(run.error).sentence

    @pytest.mark.parametrize("kind", ["error", "error-loud", "error-long"])
    def test_errors_of_any_length_are_cut(self, speaker: Speaker, kind: str) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, kind)
        error = there(run.error)
        assert len(error.sentence) <= limits.SENTENCE
        assert len(error.details) < 100_000
        assert all(len(each) <= limits.SENTENCE for each in error.errors.values())
        works(pool, record)

    def test_a_half_translated_title_loses_no_result_and_its_author_is_told(
        self, speaker: Speaker
    ) -> None:
        record, pool = speaker
        _run, events = asked(pool, record, "title-half")
        first = next(each for each in events if isinstance(each, Candidate))
        assert first.title == {"en": "made"}
        said = next(each.text for each in events if isinstance(each, Message))
        assert said == (
            "For the author of the plugin Says: the title of its Candidate has no words in zh."
        )

    def test_previews_are_made_smaller(self, speaker: Speaker) -> None:
        record, pool = speaker
        for kind in ("preview-text", "preview-picture", "preview-melody"):
            _run, events = asked(pool, record, kind)
            (preview,) = (each.artifact for each in events if isinstance(each, Preview))
            if isinstance(preview, Text):
                assert len(preview) == limits.PREVIEW_CHARACTERS
            elif isinstance(preview, Image):
                pixels = preview.width * preview.height
                assert limits.PREVIEW_PIXELS * 0.99 < pixels <= limits.PREVIEW_PIXELS
                assert preview.width / preview.height == pytest.approx(1.5, abs=0.01)
            else:
                assert len(preview.notes) == limits.PREVIEW_NOTES


class TestOwnLine:
    """Whatever is written into the worker's own line ends the run at once."""

    @pytest.fixture(scope="class")
    @classmethod
    def speaker(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
        yield from speaking("speaks", tmp_path_factory)

    @pytest.mark.parametrize(
        "kind",
        [
            *kinds("speaks", "LINES"),
            *(kind for kind in kinds("speaks", "WITH_RUN") if kind != "event-title"),
            "dumps",
            "fence",
            "closed",
        ],
    )
    def test_it_is_one_sentence_that_names_the_plugin(self, speaker: Speaker, kind: str) -> None:
        record, pool = speaker
        run, events = asked(pool, record, kind)
        assert run.state is RunState.FAILED, kind
        sentence = there(run.error).sentence
        assert sentence.startswith("The plugin Speaks did not keep to the rules: "), sentence
        assert len(sentence) < 400
        assert not [each for each in events if isinstance(each, Message)], "it went on"
        again = pool.start(record, "generate", GenerateRequest(prompt="quick"))
        assert again.events().__next__() is not None  # the next run gets a worker of its own
        again.cancel()
        assert again.wait(10)

    def test_a_reader_of_events_is_told_as_well(self, speaker: Speaker) -> None:
        record, pool = speaker
        run = pool.start(record, "generate", GenerateRequest(prompt="event-shape"))
        with pytest.raises(StudioError, match="Speaks did not keep to the rules"):
            list(run.events())
        assert run.wait(10)
        assert run.state is RunState.FAILED

    def test_what_an_idle_worker_says_costs_the_worker_and_no_run(self, speaker: Speaker) -> None:
        record, pool = speaker
        run, events = asked(pool, record, "thread")
        assert run.state is RunState.DONE
        assert events
        import time

        time.sleep(0.6)
        again, _events = asked(pool, record, "thread")
        assert again.state is RunState.DONE
        assert again.pid != run.pid

    def test_a_worker_whose_code_is_broken_ends_the_run(self, speaker: Speaker) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, "dumps-raises")
        assert "Speaks" in there(run.error).sentence


def test_a_run_gives_as_many_candidates_as_one_may_and_those_are_kept(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("bad/floods").record("floods")
    run, events = asked(pool, record, "candidates:20000")
    assert len([each for each in events if isinstance(each, Candidate)]) == limits.CANDIDATES
    assert "more than 1000 results in one run" in there(run.error).sentence
    run, events = asked(pool, record, f"candidates:{limits.CANDIDATES - 1}")
    assert run.state is RunState.DONE
    assert len([each for each in events if isinstance(each, Candidate)]) == limits.CANDIDATES
    run, events = asked(pool, record, "strip:1001")
    assert "more than 1000 frames in one run" in there(run.error).sentence
    # Who asks for more gets more: a shell reads them one by one.
    run, events = asked(pool, record, "candidates:1500", count=1500)
    assert run.state is RunState.DONE


@pytest.mark.parametrize("kind", ["messages:300", "progress:5000", "previews:400"])
def test_floods_of_news_are_cut_and_end_well(
    registry: Callable[..., Registry], pool: WorkerPool, kind: str
) -> None:
    record = registry("bad/floods").record("floods")
    run, events = asked(pool, record, kind)
    assert run.state is RunState.DONE, run.error
    for event in events:
        if isinstance(event, Message | Progress):
            assert len(localized(event.text)) <= limits.SENTENCE


def test_metrics_have_so_many_names(registry: Callable[..., Registry], pool: WorkerPool) -> None:
    record = registry("bad/floods").record("floods")
    run, _events = asked(pool, record, f"names:{limits.METRICS}")
    assert run.state is RunState.DONE
    run, _events = asked(pool, record, f"names:{limits.METRICS + 1}")
    assert "more than 256 names" in there(run.error).sentence


class TestObjects:
    """Errors and values that break whoever looks at them: one worker for all, and it stays."""

    @pytest.fixture(scope="class")
    @classmethod
    def speaker(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
        yield from speaking("raises_oddly", tmp_path_factory)

    @pytest.mark.parametrize("kind", [*kinds("raises_oddly", "RAISED"), "waits"])
    def test_an_odd_error_is_one_sentence_and_costs_no_worker(
        self, speaker: Speaker, kind: str
    ) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, kind)
        assert run.state is RunState.FAILED
        error = there(run.error)
        assert "ended its own worker" not in error.sentence
        assert 10 < len(error.sentence) <= limits.SENTENCE
        if kind != "invalid":  # which are a generator's own words
            assert error.sentence.startswith("The plugin Raises oddly "), error.sentence
        works(pool, record)

    @pytest.mark.parametrize("kind", [*kinds("raises_oddly", "YIELDED"), "beat"])
    def test_an_odd_value_is_taken_or_one_sentence(self, speaker: Speaker, kind: str) -> None:
        record, pool = speaker
        run, _events = asked(pool, record, kind)
        if run.state is not RunState.DONE:
            assert there(run.error).sentence.startswith("The plugin Raises oddly "), run.error
            assert "ended its own worker" not in there(run.error).sentence
        assert not run.worker_ended
        works(pool, record)
