"""One visitor of the app without a browser: its WebSocket and its HTTP, as the page speaks them."""

from __future__ import annotations

import random
import re
import urllib.request
from contextlib import ExitStack
from typing import Any

PATIENCE = 600
"""Seconds after which an answer is given up."""


class Visitor:
    """A session of the app, driven as Streamlit's page in the browser drives it."""

    def __init__(self, address: str, *, seed: int = 0) -> None:
        """Connect.

        Args:
            address: of the server, such as ``http://127.0.0.1:8501``.
            seed: decides what is clicked.
        """
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        self._address = address
        self._dice = random.Random(seed)
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                f"{address.replace('http', 'ws', 1)}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                max_size=None,
                open_timeout=PATIENCE,
            )
        )
        self._query = ""
        self._page = ""
        self._session = ""
        self.buttons: dict[str, list[str]] = {}
        self.uploaders: list[str] = []
        self.pictures: list[str] = []

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the tab."""
        self._open.close()

    def search(self, times: int, photo: bytes, *, pictures: bool = True) -> int:
        """Search with a photo, then click through what is found.

        Args:
            times: how many searches.
            photo: a file.
            pictures: whether to fetch the pictures of every page, as a browser does.

        Returns:
            the number of pictures fetched.
        """
        self.run()
        fetched = self.fetch_pictures() if pictures else 0
        for number in range(times):
            if number == 0:
                self.upload(photo)
            else:
                self.click(self._dice.choice(self.buttons["Find similar"]))
            fetched += self.fetch_pictures() if pictures else 0
        return fetched

    def run(self, *widgets: Any) -> None:
        """Let the app draw the page, after these widgets changed, and read what it draws."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ClientState_pb2 import ClientState
        from streamlit.proto.WidgetStates_pb2 import WidgetStates

        state = ClientState(
            query_string=self._query,
            page_script_hash=self._page,
            widget_states=WidgetStates(widgets=widgets),
        )
        self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        self.buttons, self.uploaders, self.pictures = {}, [], []
        while True:
            message = self._receive()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                self._session = message.new_session.initialize.session_id or self._session
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta":
                self._note(message.delta.new_element)
            elif kind == "script_finished":
                return

    def click(self, button: str) -> None:
        """Click a button and wait for the page."""
        from streamlit.proto.WidgetStates_pb2 import WidgetState

        self.run(WidgetState(id=button, trigger_value=True))

    def upload(self, photo: bytes) -> None:
        """Drop a photo on the page's upload field and wait for the page."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsRequest, UploadedFileInfo
        from streamlit.proto.WidgetStates_pb2 import WidgetState

        field = self.uploaders[0]
        request = FileURLsRequest(
            request_id="1", file_names=["photo.jpg"], session_id=self._session
        )
        self._socket.send(BackMsg(file_urls_request=request).SerializeToString())
        while (message := self._receive()).WhichOneof("type") != "file_urls_response":
            pass
        urls = message.file_urls_response.file_urls[0]
        _put(self._address + "/" + urls.upload_url.lstrip("/"), photo)
        info = UploadedFileInfo(
            file_id=urls.file_id, name="photo.jpg", size=len(photo), file_urls=urls
        )
        files = FileUploaderState(uploaded_file_info=[info])
        self.run(WidgetState(id=field, file_uploader_state_value=files))

    def fetch_pictures(self) -> int:
        """Fetch the pictures of the page, as a browser does; how many."""
        for url in self.pictures:
            with urllib.request.urlopen(self._address + url, timeout=PATIENCE) as answer:
                answer.read()
        return len(self.pictures)

    def _receive(self) -> Any:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = ForwardMsg()
        received = self._socket.recv(timeout=PATIENCE)
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        return message

    def _note(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "button":
            label = re.sub(r":material/\w+:\s*", "", element.button.label)
            self.buttons.setdefault(label, []).append(element.button.id)
        elif kind == "file_uploader":
            self.uploaders.append(element.file_uploader.id)
        elif kind == "imgs":
            urls = [image.url for image in element.imgs.imgs]
            self.pictures += [url for url in urls if url.startswith("/")]
        elif kind == "html":
            self.pictures += [f"/{url}" for url in re.findall(r'src="(.+?)"', element.html.body)]


def _put(url: str, data: bytes) -> None:
    boundary = "a-line-that-no-jpeg-has"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="photo.jpg"; filename="photo.jpg"'
        "\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    request = urllib.request.Request(
        url,
        data=head.encode() + data + f"\r\n--{boundary}--\r\n".encode(),
        method="PUT",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        answer.read()
