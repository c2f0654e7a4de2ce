"""Writes a recorded call into Undertone's audio log.

    pip install -r requirements.txt
    python producer.py localhost:9092 my-call-1 call.wav
"""

import json
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Producer

TOPIC = "undertone.audio.v1"
CHUNK_MS = 20
# WAVE format tag and bits per sample, to Undertone's word for it.
ENCODINGS = {(1, 16): "s16le", (6, 8): "alaw", (7, 8): "mulaw"}


@dataclass(frozen=True)
class Recording:
    """One channel, as it stands in the file."""

    encoding: str
    rate_hz: int
    sample_bytes: int
    data: bytes


def read_wav(path: str) -> Recording:
    """Reads a WAV file of one channel: 16-bit PCM, A-law or µ-law."""
    file = Path(path).read_bytes()
    chunks, at = {}, 12
    while at + 8 <= len(file):
        name, size = struct.unpack_from("<4sI", file, at)
        chunks[name] = file[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if b"fmt " not in chunks or b"data" not in chunks:
        raise ValueError(f"{path} is no WAV file")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if (tag, bits) not in ENCODINGS or channels != 1:
        raise ValueError(f"{path}: one channel of 16-bit PCM, A-law or µ-law is needed")
    return Recording(ENCODINGS[tag, bits], rate_hz, bits // 8, chunks[b"data"])


def records_of(recording: Recording) -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Type, headers and value of all records of the call, in the order in which they have to stand in the log."""
    as_json = {"content-type": "application/json"}
    # A recording can wait, so it is not live: Undertone takes its time and skips nothing.
    started = {"live": False, "notice": "given", "legs": ["customer"], "feed": "example"}
    yield "call.started", as_json, json.dumps(started).encode()

    chunk_samples = recording.rate_hz * CHUNK_MS // 1000
    samples = len(recording.data) // recording.sample_bytes
    for seq, offset in enumerate(range(0, samples, chunk_samples)):
        end = min(samples, offset + chunk_samples)
        headers = {
            "content-type": "application/octet-stream",
            "leg": "customer",
            "encoding": recording.encoding,
            "rate": str(recording.rate_hz),
            "channels": "1",
            "seq": str(seq),
            "offset-samples": str(offset),
        }
        chunk = recording.data[offset * recording.sample_bytes : end * recording.sample_bytes]
        yield "audio.chunk", headers, chunk

    yield "call.ended", as_json, json.dumps({"reason": "completed"}).encode()


def main(bootstrap: str, call_id: str, path: str) -> None:
    recording = read_wav(path)
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            # Retries must neither double chunks nor change their order.
            "enable.idempotence": True,
            # As Java's and Undertone's own, so that all that is written about a call lies in one partition.
            # The default of librdkafka is another.
            "partitioner": "murmur2_random",
            "linger.ms": 20,
        }
    )
    failures = []

    def delivered(error, _message) -> None:
        if error is not None:
            failures.append(error)

    count = 0
    for kind, headers, value in records_of(recording):
        attributes = {
            "ce_specversion": "1.0",
            "ce_type": kind,
            "ce_source": f"urn:example:recorder:{call_id}",
            "ce_id": str(count),
            "tenant": "default",
        }
        record = {"key": call_id, "value": value, "headers": attributes | headers, "on_delivery": delivered}
        while True:
            try:
                producer.produce(TOPIC, **record)
                break
            except BufferError:
                # The local queue is full: wait until the broker has taken some of it.
                producer.poll(0.1)
        producer.poll(0)
        count += 1
    producer.flush()
    if failures:
        sys.exit(f"{len(failures)} of {count} records were not written: {failures[0]}")
    print(f"{count} records written to {TOPIC}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: python producer.py BOOTSTRAP CALL_ID FILE.wav")
    main(*sys.argv[1:])
