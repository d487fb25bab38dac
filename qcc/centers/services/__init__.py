"""Writes about centers: one function for each verb."""

from qcc.centers.services.catalog import load_catalog
from qcc.centers.services.changes import (
    dismiss_change,
    except_officer,
    read_evidence,
    replace_officer,
    report_change,
    return_proposal,
)
from qcc.centers.services.hosting import (
    OfficerSeat,
    accept_rectification,
    check_officers,
    end_hosting,
    establish,
    order_rectification,
)
from qcc.centers.services.planning import (
    begin_designation,
    book_in_force,
    call_off,
    center_name,
    close_center,
    end_designation,
    lapse_call,
    open_call,
    plan_center,
)
from qcc.centers.services.proposals import (
    Replacement,
    Upload,
    check_replacement,
    propose_exception,
    propose_replacement,
)

__all__ = [
    "OfficerSeat",
    "Replacement",
    "Upload",
    "accept_rectification",
    "begin_designation",
    "book_in_force",
    "call_off",
    "center_name",
    "check_officers",
    "check_replacement",
    "close_center",
    "dismiss_change",
    "end_designation",
    "end_hosting",
    "establish",
    "except_officer",
    "lapse_call",
    "load_catalog",
    "open_call",
    "order_rectification",
    "plan_center",
    "propose_exception",
    "propose_replacement",
    "read_evidence",
    "replace_officer",
    "report_change",
    "return_proposal",
]
