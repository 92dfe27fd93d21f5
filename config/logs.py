"""Logs say which brand and which request, never what was written or by whom it was meant: content stays in the database."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Addresses that carry a key in their path: whoever reads the log could open what they lead to.
_KEYED = re.compile(r"(/invitation/|/password/reset/key/|/m/)[^/\s\"']+")


def without_keys(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take the key out of every address that has one, and all of a query: the composer's preview sends what is being typed."""
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    for name, value in event.items():
        if isinstance(value, str) and _KEYED.search(value):
            event[name] = _KEYED.sub(r"\1***", value)
    return event


def with_brand(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the id of the brand whose scope is open, if any."""
    from tenants.walls.scope import current_brand  # not at import: logging is set up before the apps are

    if brand := current_brand():
        event["brand"] = str(brand.id)
    return event


def logging_of(level: str, *, for_machines: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING: JSON lines for machines, plain lines for people."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_brand,
        without_keys,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # Plain: what else would draw a failure shows the values that its functions had, keys and what was written among them.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if for_machines else plain
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"error_stream": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["error_stream"], "level": level},
        # One line per request comes from django_structlog with its id; these say it again, and httpx2 says whole addresses.
        "loggers": {
            "django.server": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "weasyprint.progress": {"propagate": False},  # whoever draws listens to it
        },
    }
