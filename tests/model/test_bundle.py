from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from counterfoil.errors import BundleMismatch
from counterfoil.model.bundle import Bundle
from counterfoil.model.manifest import files_below, read_manifest, sha256_of
from tests.model import calibrated, small


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(small.bundle_folder())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(small.bundle_folder(), tmp_path / "bundle"))


def refusal(folder: Path) -> str:
    with pytest.raises(BundleMismatch) as refused:
        Bundle.load(folder)
    return refused.value.detail


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def sign(folder: Path, name: str) -> None:
    """Give a changed file its right hash, as whoever forges a bundle would."""
    edit_manifest(folder, lambda manifest: manifest["files"].update({name: sha256_of(folder / name)}))


def swap(names: list[str]) -> list[str]:
    return [names[1], names[0], *names[2:]]


def rows(bundle: Bundle) -> NDArray[np.float64]:
    data = small.fitted().data
    return np.column_stack([data.values, bundle.columns.views.columns(data.vectors, data.ngrams)])


def test_a_bundle_gives_the_bits_it_was_saved_with(bundle: Bundle) -> None:
    fitted = small.fitted()
    matrix = rows(bundle)
    margins = fitted.booster.predict(matrix, raw_score=True, num_threads=1)
    risks = bundle.risk(matrix)
    assert [risk.margin for risk in risks] == margins.tolist()
    assert [risk.probability for risk in risks] == fitted.calibration.probability(margins).tolist()
    assert len({risk.margin for risk in risks}) > 10
    views = fitted.views.columns(fitted.data.vectors, fitted.data.ngrams)
    np.testing.assert_array_equal(matrix[:, len(fitted.data.features.names) :], views)


def test_a_row_has_the_same_bits_alone_and_among_others(bundle: Bundle) -> None:
    matrix = rows(bundle)[:20]
    assert [bundle.risk(matrix[i : i + 1])[0] for i in range(20)] == bundle.risk(matrix)


def test_contributions_add_up_to_the_margin(bundle: Bundle) -> None:
    matrix = rows(bundle)
    contributions = bundle.contributions(matrix)
    assert contributions.shape == (len(matrix), len(bundle.columns.names) + 1)
    np.testing.assert_allclose(contributions.sum(axis=1), [risk.margin for risk in bundle.risk(matrix)], atol=1e-9)
    for risk in bundle.risk(matrix)[:5]:
        calibrated = np.log(risk.probability / (1 - risk.probability))
        assert risk.margin + bundle.calibration.term(risk.margin, risk.probability) == pytest.approx(calibrated)


@pytest.mark.parametrize("name", files_below(small.bundle_folder()))
def test_a_changed_byte_is_named_with_both_hashes(copy: Path, name: str) -> None:
    path = copy / name
    before = sha256_of(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    detail = refusal(copy)
    assert name in detail
    assert before in detail
    assert sha256_of(path) in detail


def test_a_missing_file_is_shown_as_a_difference(copy: Path) -> None:
    (copy / "calibration.json").unlink()
    assert "\n-calibration.json" in refusal(copy)


def test_an_extra_file_is_shown_as_a_difference(copy: Path) -> None:
    (copy / "encoder" / "notes.txt").write_text("mine")
    assert "\n+encoder/notes.txt" in refusal(copy)


class Trap:
    """Would leave a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("signed", [False, True], ids=["unlisted", "listed with its right hash"])
@pytest.mark.parametrize("name", ["trees.pkl", "encoder/x.joblib", "views.npy", "hook.py", "pytorch_model.bin"])
def test_what_can_run_code_is_refused_even_when_the_manifest_lists_it(
    copy: Path, tmp_path: Path, name: str, signed: bool
) -> None:
    mark = tmp_path / "ran"
    (copy / name).write_bytes(pickle.dumps(Trap(mark)))
    if signed:
        sign(copy, name)
    detail = refusal(copy)
    assert name in detail
    assert "nothing was loaded" in detail
    assert not mark.exists()


def test_pickled_arrays_inside_the_views_are_never_unpickled(copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with np.load(copy / "views.npz") as views:
        arrays = dict(views)
    arrays["text.mean"] = np.array([Trap(mark)], dtype=object)
    np.savez(copy / "views.npz", **arrays)
    sign(copy, "views.npz")
    assert "views.npz" in refusal(copy)
    assert not mark.exists()


def test_a_link_out_of_the_folder_is_refused(copy: Path, tmp_path: Path) -> None:
    shutil.move(copy / "trees.txt", tmp_path / "elsewhere.txt")
    (copy / "trees.txt").symlink_to(tmp_path / "elsewhere.txt")
    detail = refusal(copy)
    assert "trees.txt" in detail
    assert "plain data" in detail


def test_a_linked_folder_is_refused(copy: Path, tmp_path: Path) -> None:
    shutil.move(copy / "encoder", tmp_path / "encoder")
    (copy / "encoder").symlink_to(tmp_path / "encoder")
    assert "encoder" in refusal(copy)


def test_columns_swapped_in_the_trees_are_shown(copy: Path, bundle: Bundle) -> None:
    path = copy / "trees.txt"
    first, second = bundle.columns.names[:2]
    text = path.read_text()
    assert f"feature_names={first} {second} " in text
    path.write_text(text.replace(f"feature_names={first} {second} ", f"feature_names={second} {first} "))
    sign(copy, "trees.txt")
    detail = refusal(copy)
    assert "trees" in detail
    assert any(f"-{name}" in detail and f"+{name}" in detail for name in (first, second))


def test_columns_swapped_in_the_manifest_are_shown(copy: Path, bundle: Bundle) -> None:
    edit_manifest(copy, lambda manifest: manifest.update(features=swap(manifest["features"])))
    detail = refusal(copy)
    assert any(f"-{name}" in detail and f"+{name}" in detail for name in bundle.columns.names[:2])


@pytest.mark.parametrize("place", [0, 7, -1])
def test_a_column_missing_from_the_manifest_is_shown(copy: Path, bundle: Bundle, place: int) -> None:
    edit_manifest(copy, lambda manifest: manifest["features"].pop(place))
    assert f"+{bundle.columns.names[place]}" in refusal(copy)


def test_a_column_that_this_code_does_not_have_is_shown(copy: Path) -> None:
    edit_manifest(copy, lambda manifest: manifest["features"].insert(3, "moon_phase"))
    assert "-moon_phase" in refusal(copy)


def test_a_definition_that_changed_under_the_same_names_is_refused(copy: Path) -> None:
    edit_manifest(copy, lambda manifest: manifest.update(feature_schema="sha256:0000+views13"))
    detail = refusal(copy)
    assert "sha256:0000+views13" in detail
    assert "train again" in detail


def test_another_encoder_is_refused_even_with_its_right_hash(copy: Path) -> None:
    from safetensors.numpy import load_file, save_file

    table = load_file(copy / "encoder" / "model.safetensors")
    save_file({name: values + 1 for name, values in table.items()}, copy / "encoder" / "model.safetensors")
    sign(copy, "encoder/model.safetensors")
    assert "got encoder" in refusal(copy)


def test_a_folder_without_manifest_says_how_to_make_a_bundle(copy: Path, tmp_path: Path) -> None:
    (copy / "manifest.json").unlink()
    assert "counterfoil train" in refusal(copy)
    assert "counterfoil train" in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 1}', "\x00"])
def test_a_manifest_that_cannot_be_read_is_refused_in_a_sentence(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text)
    assert "got a manifest whose" in refusal(copy)


@pytest.mark.parametrize(
    ("field", "value"), [("format", 2), ("features", "all"), ("created_at", "soon"), ("surprise", 1), ("version", None)]
)
def test_a_wrong_field_of_the_manifest_is_named(copy: Path, field: str, value: object) -> None:
    edit_manifest(copy, lambda manifest: manifest.update({field: value}))
    assert f"whose {field} is wrong" in refusal(copy)


def test_saving_again_replaces_the_older_bundle_and_counts_up(tmp_path: Path) -> None:
    folder = small.save_bundle(tmp_path / "b")
    (folder / "stale.txt").write_text("left over")
    small.save_bundle(folder)
    assert read_manifest(folder).version == 2
    assert not (folder / "stale.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_saving_never_replaces_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BundleMismatch, match="other files"):
        small.save_bundle(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_card_says_what_the_label_means_and_what_it_is_not_for() -> None:
    card = (small.bundle_folder() / "card.md").read_text()
    assert small.MEANING in card
    assert "less than 90 days" in card
    assert "sign of risk" in card
    assert "must not be used for" in card


def test_a_bundle_keeps_its_calibration_sets_with_the_encoder_and_the_time() -> None:
    folder = calibrated.bundle_folder()
    kept, made = Bundle.load(folder).conformal, calibrated.conformal()
    assert kept is not None
    assert (kept.references["all"].margins == made.references["all"].margins).all()
    assert (kept.encoder, kept.calibrated_at, kept.void) == (read_manifest(folder).encoder, small.MADE, None)
    assert read_manifest(folder).metrics["guarantee"] == made.account()


def test_a_bundle_without_calibration_sets_loads_and_states_nothing(bundle: Bundle) -> None:
    assert bundle.conformal is None
    assert "guarantee" not in bundle.manifest.metrics
    (found,) = bundle.guarantees(bundle.risk(rows(bundle)[:1]), [], 0.01)
    assert (found.reason, found.p_value, found.segment) == ("not_calibrated", None, None)


def test_margins_of_another_encoder_state_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(calibrated.bundle_folder(), tmp_path / "bundle"))
    data = json.loads((folder / "conformal.json").read_text())
    (folder / "conformal.json").write_text(json.dumps({**data, "encoder": "of before"}))
    sign(folder, "conformal.json")
    kept = Bundle.load(folder).conformal
    assert kept is not None
    (found,) = kept.judge(np.zeros(1), [calibrated.SEGMENT])
    assert found.reason == "another_encoder"
    assert found.p_value is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "split_conformal"}', "null"])
def test_calibration_sets_that_cannot_be_read_are_refused(tmp_path: Path, text: str) -> None:
    folder = Path(shutil.copytree(calibrated.bundle_folder(), tmp_path / "bundle"))
    (folder / "conformal.json").write_text(text)
    sign(folder, "conformal.json")
    assert "cannot be read" in refusal(folder)
