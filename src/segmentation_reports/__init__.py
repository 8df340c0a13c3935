"""Pictures of the segmentations, drawn from the marts; nothing here learns."""

from segmentation_reports.report import Report, make_report
from segmentation_reports.warehouse import Marts, UnreadableWarehouse, read_marts

__all__ = ["Marts", "Report", "UnreadableWarehouse", "make_report", "read_marts"]
