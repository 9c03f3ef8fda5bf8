"""Makes speech, and says what became of it on its way: the half of `bench native` that needs PESQ.

    speech.py speak FILE SECONDS                       a WAV file of sentences, at most so long
    speech.py score FILE SPOKEN_US HEARD_FILE HEARD_US one JSON object: PESQ-WB, the delay in milliseconds, and how much of the
                                                       speech was silence, in percent

SPOKEN_US and HEARD_US say when the first sample of each file was spoken and heard, on one clock. Needs espeak-ng and
sdk/core/audio/quality/requirements.txt.
"""

import json
import pathlib
import sys
import tempfile
import wave

import numpy
from pesq import PesqError, pesq

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sdk/core/audio/quality"))
import measure  # noqa: E402

RATE = measure.RATE
# Nothing is later than that.
MOST_LATE = 6 * RATE
# Sound is looked at in pieces of 10 ms; what is so far below the loud ones of the speech is silence.
PIECE = RATE // 100
SILENCE_DB = -45


def speak(path, seconds):
    with tempfile.TemporaryDirectory() as folder:
        samples = measure.read(measure.speak(pathlib.Path(folder)))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples[: seconds * RATE].tobytes())


def at_rate(path):
    """The samples of a mono file, at the rate PESQ wants."""
    with wave.open(path) as file:
        rate, samples = file.getframerate(), numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    if rate == RATE:
        return samples.astype(float)
    wanted = len(samples) * RATE // rate
    spectrum = numpy.fft.rfft(samples)
    return numpy.fft.irfft(spectrum[: wanted // 2 + 1], wanted) * wanted / len(samples)


def lag(reference, heard):
    """How many samples later the reference is found in what was heard, between none and MOST_LATE."""
    size = len(reference) + len(heard)
    product = numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(reference, size))
    return int(numpy.argmax(numpy.fft.irfft(product, size)[:MOST_LATE]))


def missing(reference, heard):
    """Percent of the speech in whose place there is more silence than it has itself, wherever that lies."""
    loudness = lambda sound: numpy.sqrt(numpy.mean(sound[: len(sound) // PIECE * PIECE].reshape(-1, PIECE) ** 2, axis=1))
    spoken = loudness(reference)
    silence = numpy.percentile(spoken, 95) * 10 ** (SILENCE_DB / 20)
    silent = [int(numpy.sum(pieces < silence)) for pieces in (spoken, loudness(heard))]
    return max(0, silent[1] - silent[0]) / (len(spoken) - silent[0]) * 100


def score(reference_path, spoken_us, heard_path, heard_us):
    reference, heard = at_rate(reference_path), at_rate(heard_path)
    # Both on the speaker's clock: what was heard before the file was spoken is cut off, what is missing is silence.
    early = (spoken_us - heard_us) * RATE // 1_000_000
    heard = heard[early:] if early >= 0 else numpy.concatenate([numpy.zeros(-early), heard])
    heard = numpy.concatenate([heard, numpy.zeros(max(0, len(reference) - len(heard)))])
    if not numpy.any(heard):
        return {"pesq_wb": None, "delay_ms": None, "missing_percent": 100}
    late = lag(reference, heard)
    window = heard[late : late + len(reference)]
    window = numpy.concatenate([window, numpy.zeros(len(reference) - len(window))])
    try:
        result = pesq(RATE, reference.astype("int16"), numpy.clip(window, -32768, 32767).astype("int16"), "wb")
    except PesqError:
        result = None
    return {"pesq_wb": result, "delay_ms": late * 1000 / RATE, "missing_percent": missing(reference, window)}


def main():
    match sys.argv[1:]:
        case ["speak", path, seconds]:
            speak(path, int(seconds))
        case ["score", reference, spoken_us, heard, heard_us]:
            print(json.dumps(score(reference, int(spoken_us), heard, int(heard_us))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
