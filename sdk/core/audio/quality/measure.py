"""Prints what loss and jitter do to speech, as PESQ-WB (ITU-T P.862.2) hears it, for all profiles of impair.rs.

It needs cargo, espeak-ng for a reference of speech (or a WAV file as the only argument), and requirements.txt. PESQ gives
1.0 (bad) to 4.64 (no difference); `drop` is what the network costs against the unimpaired codec.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy
from pesq import PesqError, pesq

HERE = pathlib.Path(__file__).resolve().parent
CRATE = HERE.parent
RATE = 16_000

# Sentences of everyday sounds, in four voices.
SENTENCES = [
    ("en-us", "The train to the coast leaves at seven, and we should not be late again."),
    ("en-us+f3", "She asked whether the blue chair by the window was already taken."),
    ("en-gb", "Please put the fresh bread on the table before the guests arrive."),
    ("en-gb+f2", "Nobody knew why the old clock had stopped in the middle of the night."),
    ("en-us+m3", "A thin layer of ice covered the lake, so they walked around it."),
    ("en-us+f4", "Could you send me those numbers once more, just to be sure?"),
]


def speak(folder):
    """A WAV file of all sentences with pauses between them."""
    parts = []
    rate = None
    for index, (voice, sentence) in enumerate(SENTENCES):
        path = folder / f"sentence{index}.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(path), sentence], check=True)
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            parts.append(numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2"))
        parts.append(numpy.zeros(rate // 2, dtype="<i2"))
    # The engine reads rates of which 10 ms are whole frames, which 22050 Hz is not.
    sound = numpy.concatenate(parts).astype(float)
    wanted = int(len(sound) * RATE / rate)
    spectrum = numpy.fft.rfft(sound)
    scaled = numpy.fft.irfft(spectrum[: wanted // 2 + 1], wanted) * wanted / len(sound)
    path = folder / "speech.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(numpy.clip(scaled, -32768, 32767).astype("<i2").tobytes())
    return path


def read(path):
    with wave.open(str(path)) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        source = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else speak(folder)
        command = ["cargo", "run", "--quiet", "--example", "impair", "--", str(source), str(folder)]
        done = subprocess.run(command, cwd=CRATE, check=True, stdout=subprocess.PIPE, text=True)
        rows = list(csv.DictReader(done.stdout.splitlines(), delimiter="\t"))
        reference = read(folder / "reference.wav")
        best = None
        print("| " + " | ".join([*rows[0], "PESQ-WB", "drop"]) + " |")
        print("|" + " --- |" * (len(rows[0]) + 2))
        for row in rows:
            try:
                score = pesq(RATE, reference, read(folder / f"{row['profile']}.wav"), "wb")
            except PesqError as error:
                print(f"{row['profile']}: {error}", file=sys.stderr)
                continue
            best = score if best is None else best
            print("| " + " | ".join([*row.values(), f"{score:.2f}", f"{best - score:.2f}"]) + " |")


if __name__ == "__main__":
    main()
