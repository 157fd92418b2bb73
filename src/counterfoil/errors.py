"""Every error the product raises on purpose, each with its HTTP status and its problem type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place of the input: `pointer` is a JSON pointer fragment such as `#/listing/price`."""

    detail: str
    pointer: str
    code: str = "invalid"


class CounterfoilError(Exception):
    """The root of the tree; `detail` reads *got X, expected Y, where, and what to do next*."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class BadInput(CounterfoilError):
    """What came in breaks the schema or a rule of the contract."""

    status = 422
    slug = "validation-error"
    title = "The input is not valid"


class ReadsTheFuture(BadInput):
    """A fold was asked to look at, or to go back to, an instant before the last event it has read."""

    title = "The time lies before the end of the log"


class BehindTheLog(BadInput):
    """An event became known before the last event of the log, which never runs backwards."""

    title = "The event lies behind the log"


class Conflict(BadInput):
    """The same id arrived with another body."""

    title = "The id is taken by another body"


class MalformedJson(CounterfoilError):
    """The bytes are not JSON."""

    status = 400
    slug = "malformed-json"
    title = "The body is not JSON"


class NotFound(CounterfoilError):
    """There is nothing under that name."""

    status = 404
    slug = "not-found"
    title = "Not found"


class PayloadTooLarge(CounterfoilError):
    """The body or one of its parts is larger than the limit."""

    status = 413
    slug = "payload-too-large"
    title = "The body is too large"


class UnsupportedMediaType(CounterfoilError):
    """The body is not declared as JSON."""

    status = 415
    slug = "unsupported-media-type"
    title = "The media type is not supported"


class ModelUnavailable(CounterfoilError):
    """No model can answer now."""

    status = 503
    slug = "model-unavailable"
    title = "No model is available"


class BundleMismatch(ModelUnavailable):
    """A bundle is not what its manifest, or this code, says it is; nothing of it was loaded."""

    title = "The model bundle was refused"


class KnowledgeMismatch(ModelUnavailable):
    """A store was folded under other knowledge files than those installed."""

    title = "The store was folded under other knowledge"


class MappingError(CounterfoilError):
    """A mapping file is wrong, or does not fit the file it is used on."""

    title = "The mapping does not fit"


class UnreadableFile(CounterfoilError):
    """A file cannot be read, or ends before it should."""

    title = "The file cannot be read"


class TrainingRefused(CounterfoilError):
    """The rows cannot make a model that could be trusted."""

    title = "Training was refused"


class LeakFound(TrainingRefused):
    """What is tested would be known from what is learnt: every figure would flatter."""

    title = "A leak was found"


class EvaluationRefused(CounterfoilError):
    """The rows cannot say how good a model is: too few, or some that it was made from."""

    title = "The evaluation was refused"


class PromotionRefused(CounterfoilError):
    """A model version cannot be put in use; the one in use before still is."""

    title = "The promotion was refused"


class PolicyError(CounterfoilError):
    """A policy file breaks its own rules."""

    title = "The policy was refused"


class SettingsError(CounterfoilError):
    """The instance is set up in a way that cannot be served."""

    title = "The settings were refused"
