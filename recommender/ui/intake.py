"""Where photos come in: files, the camera, the clipboard, samples."""

from __future__ import annotations

import io

import streamlit as st

from recommender.errors import ImageError
from recommender.images import MAX_BYTES
from recommender.ui.markdown import plain
from recommender.ui.paste import paste_picture
from recommender.ui.uploads import MOST_PHOTOS, Photo, read_upload
from recommender.ui.visit import Visit

_CAMERA = "camera"


def uploader(visit: Visit, prompt: str, *, place: str, add: bool = False) -> None:
    """The field for files, the camera and the clipboard.

    Args:
        visit: gets the photos.
        prompt: what the field asks for.
        place: "first" for the large one of the first page, "again" for the small one.
        add: whether new photos join those that are searched with.
    """
    key = f"photo-{place}-{visit.uploads}"
    with st.container(key=f"upload-{place}", gap="xsmall"):
        st.file_uploader(
            prompt,
            # Of any type: `read_upload` says in a sentence what is wrong with a file, where the
            # browser's own check shows no more than a red name.
            type=None,
            accept_multiple_files=True,
            key=key,
            max_upload_size=MAX_BYTES // 1024**2,
            on_change=_take_files,
            args=(visit, key, add),
        )
        beside = st.columns(2, gap="xsmall") if place == "first" else (st.container(),) * 2
        with beside[0]:
            st.button(
                "Close the camera" if visit.camera else "Use the camera",
                icon=":material/photo_camera:",
                key=f"{_CAMERA}-on-{place}",
                width="stretch",
                on_click=_switch_camera,
                args=(visit,),
            )
        with beside[1]:
            paste_picture(
                key=f"paste-{place}",
                on_paste=lambda data: _take(visit, [("Pasted picture", data)], add=add),
            )
        if visit.camera:
            camera_key = f"{_CAMERA}-{place}-{visit.uploads}"
            st.camera_input(
                "Take a photo",
                key=camera_key,
                on_change=_take_shot,
                args=(visit, camera_key, add),
            )
        for refusal in visit.refusals:
            st.error(refusal, icon=":material/error:")


def samples(visit: Visit, shots: list[tuple[str, bytes]]) -> None:
    """Photos to try with one click.

    Args:
        visit: gets the photo.
        shots: (caption, JPEG) of each.
    """
    with st.container(key="samples"):
        for number, (caption, jpeg) in enumerate(shots, start=1):
            with st.container(key=f"card-sample-{number}", gap="xsmall"):
                st.image(jpeg, width="stretch", output_format="JPEG", alt=caption)
                st.button(
                    caption,
                    key=f"sample-{number}",
                    type="tertiary",
                    width="stretch",
                    on_click=_take,
                    args=(visit, [(caption, jpeg)]),
                )


@st.cache_data(show_spinner=False)
def sample_shots() -> list[tuple[str, bytes]]:
    """(caption, JPEG) of drawn snapshots."""
    from recommender.sample import sample_queries

    shots = []
    for caption, picture in sample_queries():
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=90)
        shots.append((caption, file.getvalue()))
    return shots


def _switch_camera(visit: Visit) -> None:
    visit.camera = not visit.camera


def _take_files(visit: Visit, key: str, add: bool) -> None:
    files = st.session_state[key]
    if files:
        _take(visit, [(file.name, file.getvalue()) for file in files], add=add)


def _take_shot(visit: Visit, key: str, add: bool) -> None:
    shot = st.session_state[key]
    if shot is not None:
        _take(visit, [("Camera photo", shot.getvalue())], add=add)


def _take(visit: Visit, files: list[tuple[str, bytes]], *, add: bool = False) -> None:
    """Search with what can be used of the files; say of each other one what is wrong with it."""
    visit.uploads += 1
    photos: list[Photo] = []
    refusals = []
    room = MOST_PHOTOS - (len(visit.photos) if add else 0)
    for name, data in files:
        try:
            if len(photos) == room:
                raise ImageError(f"left out: one search takes {MOST_PHOTOS} photos at most")
            photos.append(read_upload(name, data))
        except ImageError as error:
            refusals.append(f"{plain(name)}: {plain(str(error))}")
    if photos:
        visit.search_photos(photos, add=add)
    visit.refusals = tuple(refusals)
