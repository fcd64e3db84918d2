"""The reply that is a stream of events."""

from typing import Any

from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Receive, Scope, Send

from quaestor_artifact_store.service.events import Subscription

__all__ = ["EventStream"]


class EventStream(Response[bytes]):
    """Sends what a subscription has to tell, and leaves it when the client goes."""

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(b"", media_type="text/event-stream")
        self._subscription = subscription

    def to_asgi_response(self, *_args: Any, **_kwargs: Any) -> ASGIResponse:  # noqa: ANN401
        """Give the response as it is sent."""
        return _Streaming(self._subscription)


class _Streaming(ASGIStreamingResponse):
    def __init__(self, subscription: Subscription) -> None:
        super().__init__(
            iterator=subscription.messages,
            media_type="text/event-stream",
            headers={
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # nginx would wait for a buffer to fill
            },
        )
        self._subscription = subscription

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._subscription.leave()
