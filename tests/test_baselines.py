"""Baseline systems on small corpora: they learn, they never see the article they predict, they give the same twice."""

from __future__ import annotations

import dataclasses
import runpy
import sys
from pathlib import Path

import pytest
from toy import article, corpus

from hexapla import taggers
from hexapla.corpus import Corpus
from hexapla.errors import InputError
from hexapla.predictions import Predictions, read_predictions
from hexapla.score import gold_of, score_documents
from hexapla.store import write_corpus
from hexapla.taggers import (
    TAGGERS,
    cross_predict,
    leave_one_article_out,
    new_tagger,
    numbers_by_rule,
    predict,
    train,
)

ROOT = Path(__file__).parents[1]
NAMES = ("Mara Diaz", "Lena Cruz", "Omar Haddad", "Piotr Nowak", "Rosa Lima", "Ana Reyes")
PLACES = ("Cebu", "Gdynia", "Lagos", "Lima", "Oslo", "Davao")


def small(n: int = 5) -> Corpus:
    """Articles that can be learnt from each other: the same frames with other names, in two languages."""
    articles = []
    for k in range(n):
        person, place = NAMES[k % len(NAMES)], PLACES[k % len(PLACES)]
        texts = {
            "en": f"Minister [{person}|PER p] spoke in [{place}|LOC l] today.\nThe port of [{place}|LOC l] is small.",
            "pl": f"Minister [{person}|PER p] mówił w mieście [{place}|LOC l] dziś.\nPort miasta [{place}|LOC l] jest mały.",
        }
        articles.append(article(f"a{k}", texts))
    return Corpus(tuple(articles))


@pytest.mark.parametrize("model", TAGGERS)
def test_a_model_learns_and_repeats_itself(model: str) -> None:
    data = small()
    found = leave_one_article_out(data, model)
    assert score_documents(gold_of(data), found).macro_langs("entities") == pytest.approx(1.0, abs=0.35)
    assert leave_one_article_out(data, model) == found


@pytest.mark.parametrize("model", TAGGERS)
def test_the_held_out_article_is_not_trained_on(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = small(3)
    seen: list[set[str]] = []
    real = taggers.fit

    def spy(tagger: taggers.Tagger, documents: object, *, seed: int = 0) -> None:
        listed = list(documents)  # type: ignore[call-overload]
        seen.append({d.source.article for d in listed})
        real(tagger, listed, seed=seed)

    monkeypatch.setattr(taggers, "fit", spy)
    taggers.leave_one_article_out(data, model)
    assert seen == [{"a1", "a2"}, {"a0", "a2"}, {"a0", "a1"}]


@pytest.mark.parametrize("model", TAGGERS)
def test_the_gold_of_an_article_does_not_change_its_predictions(model: str) -> None:
    data = small(3)
    first = data.articles[0]
    stripped = dataclasses.replace(
        first, documents=tuple(dataclasses.replace(d, mentions=()) for d in first.documents), facts={}
    )
    blind = Corpus((stripped, *data.articles[1:]))
    ids = [d.doc_id for d in first.documents]
    full, without = leave_one_article_out(data, model), leave_one_article_out(blind, model)
    assert [full[i] for i in ids] == [without[i] for i in ids]


@pytest.mark.parametrize("model", TAGGERS)
def test_a_saved_model_predicts_other_articles_and_refuses_its_own(model: str, tmp_path: Path) -> None:
    data = small(5)
    write_corpus(Corpus(data.articles[:4]), tmp_path / "train")
    write_corpus(Corpus(data.articles[4:]), tmp_path / "test")
    train(tmp_path / "train", tmp_path / "model", model=model)
    n = predict(tmp_path / "model", tmp_path / "test", tmp_path / "out.jsonl")
    gold = gold_of(Corpus(data.articles[4:]))
    found = read_predictions(tmp_path / "out.jsonl", gold.lengths)
    assert sum(map(len, found.values())) == n > 0
    assert found == {k: v for k, v in leave_one_article_out(data, model).items() if k in found}
    with pytest.raises(InputError, match="trained-on"):
        predict(tmp_path / "model", tmp_path / "train", tmp_path / "no.jsonl")
    assert not (tmp_path / "no.jsonl").exists()


@pytest.mark.parametrize("model", TAGGERS)
def test_the_linear_and_the_crf_give_valid_tags_for_one_label(model: str) -> None:
    tagger = new_tagger(model)
    taggers.fit(
        tagger,
        [
            d
            for a in (article("x", {"en": "[Ann|PER f] sang.\nRain fell.", "pl": "[Ewa|PER f] tu."}),)
            for d in a.documents
        ],
    )
    rows = taggers.features(["Ann", "sang", "."])
    assert len(tagger.predict(rows)) == 3
    assert set(tagger.predict(rows)) <= {"O", "B-PER"}


def test_what_cannot_be_learnt_is_refused(tmp_path: Path) -> None:
    data = small(2)
    with pytest.raises(InputError, match="bad-model"):
        new_tagger("oracle")
    with pytest.raises(InputError, match="two or more"):
        leave_one_article_out(Corpus(data.articles[:1]), "crf")
    empty = Corpus((article("x", {"en": "Rain fell."}), article("y", {"en": "Snow fell."})))
    with pytest.raises(InputError, match="nothing-to-learn"):
        leave_one_article_out(empty, "crf")
    (tmp_path / "model.json").write_text('{"model": "crf", "features": 0}')
    with pytest.raises(InputError, match="old-model"):
        predict(tmp_path, tmp_path, tmp_path / "out.jsonl")


def test_rules_find_numbers_with_their_values() -> None:
    data = corpus()
    report = score_documents(gold_of(data), numbers_by_rule(data))
    assert report.f1("numbers", label="PERCENT").tp >= 2
    assert report.f1("entities").pred == 0


def test_entities_and_numbers_share_one_file(tmp_path: Path) -> None:
    write_corpus(corpus(), tmp_path / "build")
    n = cross_predict(tmp_path / "build", tmp_path / "both.jsonl", numbers=True)
    found = read_predictions(tmp_path / "both.jsonl", gold_of(corpus()).lengths)
    tracks = {p.track for mentions in found.values() for p in mentions}
    assert "numbers" in tracks
    assert sum(map(len, found.values())) == n


@pytest.mark.parametrize(
    ("name", "options"), [("numbers_rules", []), ("entities_crf", []), ("entities_linear", ["--numbers"])]
)
def test_scripts_write_predictions_that_read(
    name: str, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(small(2), tmp_path / "build")
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr(sys, "argv", [name, str(tmp_path / "build"), str(out), *options])
    with pytest.raises(SystemExit) as done:
        runpy.run_path(str(ROOT / "baselines" / f"{name}.py"), run_name="__main__")
    assert not done.value.code
    found: Predictions = read_predictions(out, gold_of(small(2)).lengths)
    assert len(found) == 4


def test_recorded_results_are_those_of_the_submissions() -> None:
    from baselines.run_all import NAMES, results
    from hexapla.leaderboard import enter
    from hexapla.score import read_gold
    from hexapla.submission import read_submission

    root = Path(__file__).parents[1]
    gold = read_gold(root / "data")
    entries = [
        enter(read_submission(root / "leaderboard" / "submissions" / f"{m}-rules", gold), gold) for m in NAMES
    ]
    assert (root / "baselines" / "results.md").read_text("utf-8") == results(entries, gold)
