"""A served file for tests that read one."""

from pathlib import Path

from filelock import FileLock

from segmentation_serving.publication import publish


def served_file(work_file: Path) -> Path:
    """Publish the build of a warehouse folder, once, and say where it is served."""
    folder = work_file.parents[1]
    served = folder / "served" / work_file.name
    # The test processes of a run share what they build.
    with FileLock(folder / "served.lock"):
        if not served.exists():
            publish(folder, folder / "target")
    return served
