"""Logging: one structured line for each decision, on standard error; never a finding's words, a name or a token."""

import logging
import sys
from types import TracebackType

import structlog


def set_up_logging(level: str, *, as_json: bool) -> None:
    """Send our own lines and the libraries' warnings to standard error."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_tracebacks,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def without_tracebacks(_logger: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Put file and line in place of a traceback, which would quote the words that the failing code held."""
    told = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = sys.exc_info()[1] if told else None
    if isinstance(told, BaseException):
        error = told
    if error is not None:
        line["where"] = where(error.__traceback__)
    return line


def where(trace: TracebackType | None) -> str:
    """File and line of a fault, without the words of its exception: they might be somebody's."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


class Discreet(logging.Formatter):
    """Says which library warned and of what kind of error, and leaves its words out: libraries print request bodies,
    payloads and tracebacks with somebody's words in them."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0] if record.exc_info else None
        kind = f": {error.__name__}" if error else ""
        return f"{record.levelname} {record.name}:{record.lineno}{kind}"
