"""How every picture looks: colours, type, the frame around the plot, the file."""

import io
import textwrap
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import Stroke, withStroke

WIDTH = 9.0
DOTS_PER_INCH = 160
INK = "#1f2328"
QUIET = "#57606a"
FAINT = "#d8dee4"
SPECIAL = "#8c959f"
PAPER = "#ffffff"
BLUES = ("#f6f9fc", "#c6dbef", "#6baed6", "#2171b5", "#08306b")
# Okabe and Ito (2008), without yellow, which vanishes on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "^", "s", "D")
MARGIN = 0.3
_TITLE_LETTERS = 76
_SUBTITLE_LETTERS = 118
_CAPTION_LETTERS = 150
_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": QUIET,
    "axes.unicode_minus": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


def drawing() -> AbstractContextManager[None]:
    """Context in which pictures are drawn: our settings, whatever the user's are."""
    return matplotlib.style.context(["default", _SETTINGS])


class Look(NamedTuple):
    """Colour and marker of a segment."""

    colour: str
    marker: str


def looks_of(segment_keys: Iterable[str]) -> dict[str, Look]:
    """Give each segment a colour, and beyond seven another marker as well.

    Keys are taken in their natural order (behavioural_2 before behavioural_10), so that
    a segment keeps its look while it grows or shrinks.
    """
    ordered = sorted(segment_keys, key=lambda key: (len(key), key))
    return {
        key: Look(
            PALETTE[place % len(PALETTE)],
            MARKERS[place // len(PALETTE) % len(MARKERS)],
        )
        for place, key in enumerate(ordered)
    }


def look_of(looks: Mapping[str, Look], segment_key: str) -> Look:
    """Look of a segment; special ones are grey."""
    return looks.get(segment_key, Look(SPECIAL, "o"))


class Sheet:
    """A figure with a title, a subtitle and a caption, measured in inches.

    Parameters
    ----------
    title : what the picture shows, as a finding
    subtitle : how to read it
    caption : where the numbers come from
    plot_height : inches between subtitle and caption
    """

    def __init__(
        self, title: str, subtitle: str, caption: str, plot_height: float
    ) -> None:
        title_lines = textwrap.wrap(title, _TITLE_LETTERS)
        subtitle_lines = textwrap.wrap(subtitle, _SUBTITLE_LETTERS)
        caption_lines = textwrap.wrap(caption, _CAPTION_LETTERS)
        head = 0.25 + 0.27 * len(title_lines) + 0.19 * len(subtitle_lines) + 0.08
        foot = 0.2 + 0.15 * len(caption_lines)
        self.height = head + plot_height + foot
        self.plot_height = plot_height
        self._foot = foot
        self.figure = Figure(figsize=(WIDTH, self.height), dpi=DOTS_PER_INCH)
        FigureCanvasAgg(self.figure)
        top = self.height - 0.22
        self._write(title_lines, top, 13, 0.27, INK, "bold")
        top -= 0.27 * len(title_lines) + 0.02
        self._write(subtitle_lines, top, 9.5, 0.19, QUIET)
        self._write(caption_lines, foot - 0.1, 7.5, 0.15, QUIET)

    def _write(
        self,
        lines: list[str],
        top: float,
        size: float,
        step: float,
        colour: str,
        weight: str = "normal",
    ) -> None:
        for number, line in enumerate(lines):
            self.figure.text(
                MARGIN / WIDTH,
                (top - step * number) / self.height,
                line,
                size=size,
                color=colour,
                weight=weight,
                va="top",
            )

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at inches from the lower left corner of the plot's room, bare."""
        axes = self.figure.add_axes(
            (
                left / WIDTH,
                (self._foot + bottom) / self.height,
                width / WIDTH,
                height / self.height,
            )
        )
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        return axes

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, height = self.figure.canvas.get_width_height()
        return int(width), int(height)

    def png(self) -> bytes:
        """Bytes of the picture, the same for the same picture."""
        buffer = io.BytesIO()
        self.figure.savefig(
            buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None}
        )
        return buffer.getvalue()


def bare(axes: Axes) -> None:
    """Take away frame and ticks."""
    axes.set_axis_off()


def halo(width: float = 3) -> list[Stroke]:
    """White rim that keeps text readable over points."""
    return [withStroke(linewidth=width, foreground=PAPER)]


def key_of(look: Look, label: str, is_filled: bool = True, size: float = 7) -> Line2D:
    """Entry of a legend."""
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=look.marker,
        markersize=size,
        markerfacecolor=look.colour if is_filled else PAPER,
        markeredgecolor=look.colour,
        label=label,
    )


def wrapped(text: str, letters: int) -> str:
    """Break a text into even lines of at most so many letters, between words if any."""

    def lines_of(most: int) -> list[str]:
        return textwrap.wrap(text, most, break_on_hyphens=False)

    lines = lines_of(letters)
    longest = max((len(word) for word in text.split()), default=0)
    for fewer in range(max(longest, 1), letters):
        if len(lines_of(fewer)) == len(lines):
            return "\n".join(lines_of(fewer))
    return "\n".join(lines)
