"""Writes about centers: one function for each verb."""

from qcc.centers.services.catalog import load_catalog
from qcc.centers.services.hosting import (
    OfficerSeat,
    accept_rectification,
    check_officers,
    end_hosting,
    establish,
    order_rectification,
)
from qcc.centers.services.planning import (
    book_in_force,
    call_off,
    center_name,
    close_center,
    open_call,
    plan_center,
)

__all__ = [
    "OfficerSeat",
    "accept_rectification",
    "book_in_force",
    "call_off",
    "center_name",
    "check_officers",
    "close_center",
    "end_hosting",
    "establish",
    "load_catalog",
    "open_call",
    "order_rectification",
    "plan_center",
]
