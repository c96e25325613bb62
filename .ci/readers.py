"""What `tonus record` writes, opened by readers that are not ours and compared with the CSV of the same run; what writers that are not ours
write, read by `tonus analyse`.

Usage: readers.py TONUS (the command). Ends with an error at the first difference.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import edfio
import mne
import mne_bids
import numpy as np
import openhdemg.library as openhdemg
import pyedflib
import scipy.io

ITEMS = [
    "lab.motor_conduction.ulnar",
    "lab.needle.tibialis_anterior",
    "lab.surface_emg.biceps_brachii",
    "bedside.tone.elbow_stretch",
]
PATIENT = ["als", "--at", "18mo"]
VOLTS = {"V": 1.0, "mV": 1e-3, "uV": 1e-6}


def record(tonus, item, form, out):
    """The files of one run, as the command names them."""
    line = [tonus, "record", item, *PATIENT, "--format", form, "--out", str(out), "--json", "--quiet"]
    return json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)["files"]


def exact(path):
    """Channels of a CSV: label to (unit, samples); blocks of several rates follow one another."""
    channels, header = {}, None
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            header = None if line.startswith("# rate_hz") else header
            continue
        cells = next(csv.reader([line]))[1:]
        if header is None:
            header = [cell.removesuffix("]").rsplit(" [", 1) for cell in cells]
            channels.update({label: (unit, []) for label, unit in header})
        else:
            for (label, _), cell in zip(header, cells):
                channels[label][1].append(float(cell))
    return {label: (unit, np.array(samples)) for label, (unit, samples) in channels.items()}


def same(found, wanted, bits, who):
    """Samples agree to two steps of the format's resolution."""
    step = 4 * max(np.ptp(np.append(wanted, 0.0)), 1e-12) / 2**bits
    worst = np.abs(np.asarray(found)[: len(wanted)] - wanted).max()
    assert worst <= 2 * step, f"{who}: {worst} off, {step} a step"


def check_item(tonus, item, folder):
    plain = [exact(f["path"]) for f in record(tonus, item, "csv", folder / "csv")]
    for form, bits in [("edf", 16), ("bdf", 24)]:
        files = record(tonus, item, form, folder / form)
        assert len(files) == len(plain)
        for file, channels in list(zip(files, plain))[:6]:
            path = file["path"]
            with pyedflib.EdfReader(path) as reader:
                for k, label in enumerate(reader.getSignalLabels()):
                    same(reader.readSignal(k), channels[label][1], bits, f"pyedflib {path} {label}")
                # A title too long for the header stands as an annotation of its own.
                texts = [t for t in reader.readAnnotations()[2] if not t.startswith("title: ")]
                assert len(texts) == file["annotations"], path
            if form == "edf":
                edf = edfio.read_edf(path)
                for signal in edf.signals:
                    same(signal.data, channels[signal.label][1], bits, f"edfio {path} {signal.label}")
                texts = [a.text for a in edf.annotations if not a.text.startswith("title: ")]
                assert len(texts) == file["annotations"], path
            rates = {c["rate_hz"] for c in file["channels"]}
            if len(rates) == 1:
                read = mne.io.read_raw_edf if form == "edf" else mne.io.read_raw_bdf
                raw = read(path, preload=True, verbose="ERROR")
                for label, samples in zip(raw.ch_names, raw.get_data()):
                    unit, wanted = channels[label]
                    same(samples, wanted * VOLTS.get(unit, 1.0), bits, f"mne {path} {label}")


def check_bids(tonus, folder):
    root = folder / "bids"
    wanted = {}
    for item in ITEMS:
        for file, plain in zip(record(tonus, item, "bids", root), record(tonus, item, "csv", folder / "csv")):
            wanted[pathlib.Path(file["path"]).name] = (file, exact(plain["path"]))
    validator = pathlib.Path(sys.executable).with_name("bids-validator-deno")
    subprocess.run([validator, "--ignoreWarnings", root], check=True)
    # Every electrode that a channel names is in the participant's list, whichever task came last.
    (listed,) = root.glob("sub-*/emg/*_electrodes.tsv")
    names = {row.split("\t")[0] for row in listed.read_text().splitlines()[1:]}
    for table in root.glob("sub-*/emg/*_channels.tsv"):
        for row in table.read_text().splitlines()[1:]:
            electrode = row.split("\t")[5]
            assert electrode in names | {"n/a"}, f"{table}: {electrode}"
    paths = mne_bids.find_matching_paths(root, suffixes="emg", extensions=".edf")
    assert len(paths) == len(wanted), (len(paths), len(wanted))
    for path in paths[:8]:
        file, channels = wanted[path.basename]
        raw = mne_bids.read_raw_bids(path, verbose="ERROR")
        assert "emg" in raw.get_channel_types(), path
        assert len(raw.annotations) == file["annotations"], path
        if len({c["rate_hz"] for c in file["channels"]}) == 1:
            for label, samples in zip(raw.ch_names, raw.get_data()):
                unit, samples_there = channels[label]
                same(samples, samples_there * VOLTS.get(unit, 1.0), 16, f"mne-bids {path} {label}")


def check_openhdemg(tonus, folder):
    """The table loads with openhdemg's own defaults; signals and discharges are those recorded."""
    item = "lab.surface_emg.biceps_brachii"
    (file,) = record(tonus, item, "openhdemg", folder / "openhdemg")
    (plain,) = record(tonus, item, "csv", folder / "plain")
    with warnings.catch_warnings():
        # It says that reference signal and pulse trains are not in the table; they are not recorded.
        warnings.simplefilter("ignore")
        loaded = openhdemg.emg_from_customcsv(file["path"])
    signals = np.stack([samples for _, samples in exact(plain["path"]).values()], axis=1)
    # pandas reads the last digit of a number as it comes.
    np.testing.assert_allclose(loaded["RAW_SIGNAL"].to_numpy(), signals, rtol=1e-12)
    assert loaded["FSAMP"] == file["channels"][0]["rate_hz"], loaded["FSAMP"]
    assert loaded["NUMBER_OF_MUS"] == len(loaded["MUPULSES"]) > 5
    discharges = sum(len(times) for times in loaded["MUPULSES"])
    # The other annotations say where each unit lies.
    assert discharges == file["annotations"] - loaded["NUMBER_OF_MUS"], (discharges, file["annotations"])


def check_reading(tonus, folder):
    """What others write, Tonus reads: label, unit, rate, length, annotations and size of a sine."""
    rate, size = 2048.0, 350.0
    time = np.arange(int(8 * rate)) / rate
    wave = np.stack([size * np.sin(2 * np.pi * hz * time) for hz in (80.0, 130.0)], axis=1)
    np.save(folder / "a.npy", wave)
    np.savez_compressed(folder / "a.npz", emg=wave.T.astype(np.float32), fs=rate)
    labels = np.array(["one[uV]", "two[uV]"], dtype=object).reshape(2, 1)
    scipy.io.savemat(
        folder / "a.mat", {"Data": wave, "SamplingFrequency": rate, "Description": labels}, do_compression=True
    )
    signals = [
        edfio.EdfSignal(column, rate, label=label, physical_dimension="uV", physical_range=(-400.0, 400.0))
        for column, label in zip(wave.T, ("one", "two"))
    ]
    edfio.Edf(signals, annotations=[edfio.EdfAnnotation(1.5, None, "here")]).write(folder / "a.edf")
    with pyedflib.EdfWriter(str(folder / "a.bdf"), 2, file_type=pyedflib.FILETYPE_BDFPLUS) as writer:
        for k, label in enumerate(("one", "two")):
            writer.setLabel(k, label)
            writer.setPhysicalDimension(k, "uV")
            writer.setSamplefrequency(k, rate)
            writer.setPhysicalMinimum(k, -400.0)
            writer.setPhysicalMaximum(k, 400.0)
        writer.writeSamples([np.ascontiguousarray(column) for column in wave.T])
        writer.writeAnnotation(1.5, -1, "here")
    for name in ("a.npy", "a.npz", "a.mat", "a.edf", "a.bdf"):
        line = [tonus, "analyse", str(folder / name), "--as", "surface", "--rate", str(rate), "--unit", "uV", "--json"]
        said = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
        (found,) = said["recordings"]
        assert [c["unit"] for c in found["channels"]] == ["uV", "uV"], name
        assert all(c["rate_hz"] == rate and c["samples"] == len(wave) for c in found["channels"]), name
        assert found["annotations"] == (1 if name in ("a.edf", "a.bdf") else 0), name
        for measure in (m for m in found["measures"] if m["name"].startswith("rms")):
            assert abs(measure["value"] / (size / np.sqrt(2)) - 1) < 0.01, (name, measure)


def main():
    tonus = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for item in ITEMS:
            here = pathlib.Path(folder) / item
            here.mkdir()
            check_item(tonus, item, here)
        check_bids(tonus, pathlib.Path(folder))
        check_openhdemg(tonus, pathlib.Path(folder))
        check_reading(tonus, pathlib.Path(folder))
    print(f"{len(ITEMS)} items: edfio, pyEDFlib, MNE, MNE-BIDS, the BIDS validator and openhdemg read what was written; NumPy, SciPy, edfio and pyEDFlib write what is read")


main()
