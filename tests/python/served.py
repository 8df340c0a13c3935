"""A served file for tests that read one."""

from pathlib import Path

from segmentation_serving.publication import publish


def served_file(work_file: Path) -> Path:
    """Publish the build of a warehouse folder, once, and say where it is served."""
    folder = work_file.parents[1]
    served = folder / "served" / work_file.name
    if not served.exists():
        publish(folder, folder / "target")
    return served
