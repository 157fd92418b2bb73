"""A load generator: keep-alive connections in a process of their own; title and price change with every request."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter

from tests.benchmarks.figures import quantile

_PLAIN = "Giày thể thao nam đế êm mẫu {n}, bảo hành 3 tháng"
_COPY = "Giày thể thao nam rep 1:1 full box mẫu {n}"


def body(number: int, *, flagged: bool) -> bytes:
    """A score request that no other one equals; a flagged one says so itself, which the default policy's rule reads."""
    title = (_COPY if flagged else _PLAIN).format(n=number)
    request = {
        "listing": {
            "listing_id": f"shopee:900000001.{number}",
            "platform": "shopee",
            "title": title,
            "category_path": ["Giày Dép Nam", "Giày Thể Thao/ Sneakers"],
            "price": {"amount": str(150_000 + number % 100_000 * 7), "currency": "VND"},
        },
        "seller": {"seller_id": f"shopee:{900_000_001 + number % 500}"},
    }
    return json.dumps(request, ensure_ascii=False).encode()


def request(port: int, content: bytes) -> bytes:
    """An HTTP/1.1 request, as bytes."""
    head = f"POST /v1/score HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of one answer that states its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    return int(lines[0].split()[1]), await reader.readexactly(length)


async def drive(port: int, connections: int, seconds: float, *, flagged: bool, first: int = 0) -> dict[str, float]:
    """Keep that many connections busy, each with one request at a time; figures over all answers."""
    taken: list[float] = []
    statuses: Counter[int] = Counter()
    sizes: list[int] = []
    number = first
    until = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal number
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            number += 1
            content = request(port, body(number, flagged=flagged))
            started = time.perf_counter()
            writer.write(content)
            status, received = await answer(reader)
            taken.append(time.perf_counter() - started)
            statuses[status] += 1
            sizes.append(len(received))
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    spent = time.perf_counter() - started
    return {
        "p50": quantile(taken, 0.5) * 1000,
        "p99": quantile(taken, 0.99) * 1000,
        "per_second": len(taken) / spent,
        "bytes": quantile(sizes, 0.5),
        "failed": len(taken) - statuses[200],
    }


if __name__ == "__main__":
    to, many, long, kind, start = sys.argv[1:]
    print(json.dumps(asyncio.run(drive(int(to), int(many), float(long), flagged=kind == "flagged", first=int(start)))))
