"""Finance's workbook, from the marts: sheets whose formulas add up by themselves."""

from segmentation_workbook.marts import Finance, UnreadableMarts, read_finance
from segmentation_workbook.workbook import make_workbook

__all__ = ["Finance", "UnreadableMarts", "make_workbook", "read_finance"]
