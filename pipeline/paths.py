"""Folders of the published site: permanent, since addresses are made of them."""

from __future__ import annotations

import datetime as dt


def day_folder(date: dt.date) -> str:
    """Return the folder of a day below the site: ``2024/02/07/``."""
    return f"{date.year:04d}/{date.month:02d}/{date.day:02d}/"
